// Log lines: one per event on standard error, `<instant> <level> <message> key=value …`. A line never holds a row's data.
//
// Nobody waits for who reads them: what standard error cannot take is dropped, and the next line that it takes is behind one that counts.
import Campaigns
import Glibc
import Synchronization

package enum Log {
    package enum Level: Int, CustomStringConvertible {
        case debug, information, warning, error

        package var description: String {
            switch self {
            case .debug: "debug"
            case .information: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }
    }

    private static let target = LogTarget(descriptor: STDERR_FILENO)
    private static let minimumLevel = Atomic(Level.information.rawValue)

    /// Leaves out what is less urgent from now on; nil leaves out everything.
    package static func show(from level: Level?) { minimumLevel.store(level?.rawValue ?? .max, ordering: .relaxed) }

    static func debug(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) { write(.debug, message, fields) }
    static func information(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) { write(.information, message, fields) }
    static func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) { write(.warning, message, fields) }
    static func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) { write(.error, message, fields) }

    private static func write(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, String>) {
        guard level.rawValue >= minimumLevel.load(ordering: .relaxed) else { return }
        var line = "\(InstantText.text(of: wallMilliseconds())) \(level) \(message)"
        for (key, value) in fields { line += " \(key)=\(quoted(value))" }
        target.write(line + "\n")
    }

    private static func quoted(_ value: String) -> String {
        let needsQuotes = value.unicodeScalars.contains { $0 <= " " || $0 == "\"" || $0 == "\u{7f}" || $0.properties.isWhitespace }
        if !value.isEmpty && !needsQuotes { return value }
        var text = JSONText()
        text.append(string: value)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
