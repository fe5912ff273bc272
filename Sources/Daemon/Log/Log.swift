// Log lines: one per event on standard error, as JSON for machines, or as text where a terminal shows them (LogText.swift). A line never
// holds a row's data, an identity, a key, a token or the value of a header.
//
// Nobody waits for who reads them: what standard error cannot take is dropped, and the next line that it takes is behind one that counts.
import Glibc
import Synchronization

package enum Log {
    package enum Level: Int, CaseIterable, CustomStringConvertible, Sendable {
        case debug, information, warning, error

        package var description: String {
            switch self {
            case .debug: "debug"
            case .information: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }

        /// The level that lines call so; nil: none does.
        package init?(_ name: String) {
            guard let level = Self.allCases.first(where: { $0.description == name }) else { return nil }
            self = level
        }
    }

    private static let target = LogTarget(descriptor: STDERR_FILENO) { dropped in
        line(.warning, .linesDropped, "log lines were dropped", ["count": String(dropped)])
    }
    private static let format = Mutex(LogFormat.ofStandardError)
    private static let minimumLevel = Atomic(Level.information.rawValue)
    /// The level that counts instead until an instant of the monotonic clock; 0: none does.
    private static let levelForAWhile = Atomic(Level.information.rawValue)
    private static let endOfTheWhile = Atomic<UInt64>(0)

    /// How lines are written, whatever standard error is.
    static func write(as format: LogFormat) { self.format.withLock { $0 = format } }

    // Which lines are shown.

    /// Leaves out what is less urgent from now on; nil leaves out everything.
    package static func show(from level: Level?) { minimumLevel.store(level?.rawValue ?? .max, ordering: .relaxed) }

    /// The same for a while, after which the level is by itself what it was. At most a day.
    package static func show(from level: Level, for time: Duration) {
        let nanoseconds = UInt64(max(0, min(time.components.seconds, 86_400))) * 1_000_000_000
        levelForAWhile.store(level.rawValue, ordering: .relaxed)
        endOfTheWhile.store(monotonicNanoseconds() + nanoseconds, ordering: .releasing)
        information(
            .levelChanged, "the log level is another for a while", ["shown_from": "\(level)", "seconds": "\(time.components.seconds)"])
    }

    /// Ends what was set for a while.
    static func reopen() {
        if endOfTheWhile.exchange(0, ordering: .relaxed) == 0 { return }
        information(.levelChanged, "the log level is what it was at the start")
    }

    /// Whether lines of a level are written now.
    static func isShown(_ level: Level) -> Bool {
        let end = endOfTheWhile.load(ordering: .acquiring)
        if end > 0 {
            if monotonicNanoseconds() < end { return level.rawValue >= levelForAWhile.load(ordering: .relaxed) }
            // Unless somebody has set another meanwhile.
            _ = endOfTheWhile.compareExchange(expected: end, desired: 0, ordering: .relaxed)
        }
        return level.rawValue >= minimumLevel.load(ordering: .relaxed)
    }

    // Lines.

    static func debug(_ event: LogEvent, _ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.debug, event, message, fields)
    }

    static func information(_ event: LogEvent, _ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.information, event, message, fields)
    }

    static func warning(_ event: LogEvent, _ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.warning, event, message, fields)
    }

    static func error(_ event: LogEvent, _ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.error, event, message, fields)
    }

    static func write(_ level: Level, _ event: LogEvent, _ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        if isShown(level) { target.write(line(level, event, message, fields)) }
    }

    private static func line(
        _ level: Level, _ event: LogEvent, _ message: String, _ fields: KeyValuePairs<String, String>
    ) -> String {
        LogText(milliseconds: wallMilliseconds(), level: level, event: event, message: message, fields: fields)
            .text(as: format.withLock { $0 })
    }
}
