// How a log line is written: `{"time": …, "level": …, "event": …, "message": …, …}`, for the journal of systemd with syslog's number before
// it, so that `journalctl -p warning` finds it; or, for people, `<instant> <level> <message> key=value …`.
import Campaigns
import Glibc

/// Who reads the lines.
enum LogFormat: String, CaseIterable, Sendable {
    case text, json
    /// JSON, behind `<4>`.
    case journal

    /// What standard error leads to.
    static var ofStandardError: LogFormat {
        if isatty(STDERR_FILENO) == 1 { return .text }
        return isJournal(getenv("JOURNAL_STREAM").map { String(cString: $0) }, STDERR_FILENO) ? .journal : .json
    }

    /// Whether a descriptor is the stream that `JOURNAL_STREAM` names (systemd.exec(5)): device and inode.
    static func isJournal(_ stream: String?, _ descriptor: Int32) -> Bool {
        var status = stat()
        guard let stream, fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}

struct LogText {
    /// What somebody else says, a library or a system, may be long.
    private static let mostBytes = 500
    /// Fields that are numbers.
    private static let numbers: Set = [
        "sequence", "partition", "offset", "count", "records", "events", "bytes", "duration_ms", "commits_replayed", "audiences", "attempt",
        "code", "version", "seconds", "after_seconds", "by_milliseconds", "limit_milliseconds", "longest_hold_microseconds", "rows",
        "rounds", "parts", "members", "problems", "drift", "decisions", "records_passed_over", "decisions_passed_over",
        "audiences_in_parts_alone",
    ]

    /// Since the Unix epoch.
    var milliseconds: Int64
    var level: Log.Level
    var event: LogEvent
    var message: String
    var fields: KeyValuePairs<String, String>

    /// The line with its end.
    func text(as format: LogFormat) -> String {
        switch format {
        case .text: plain
        case .json: json
        case .journal: "<\(level.severity)>" + json
        }
    }

    private var plain: String {
        var line = "\(InstantText.text(of: milliseconds)) \(level) \(Self.cut(message))"
        for (key, value) in fields { line += " \(key)=\(Self.quoted(Self.cut(value)))" }
        return line.filter { !$0.isNewline } + "\n"
    }

    private var json: String {
        var text = JSONText()
        func append(_ name: String, _ value: String) {
            text.append(raw: text.bytes.isEmpty ? "{" : ",")
            text.append(string: name)
            text.append(raw: ":")
            if Self.numbers.contains(name), let number = Int64(value) {
                text.append(integer: number)
            } else {
                text.append(string: Self.cut(value))
            }
        }
        append("time", InstantText.text(of: milliseconds))
        append("level", "\(level)")
        append("event", event.rawValue)
        append("message", message)
        for (key, value) in fields { append(key, value) }
        text.append(raw: "}\n")
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private static func cut(_ value: String) -> String { value.utf8.count <= mostBytes ? value : value.cut(toBytes: mostBytes) }

    private static func quoted(_ value: String) -> String {
        let needsQuotes = value.unicodeScalars.contains { $0 <= " " || $0 == "\"" || $0 == "\u{7f}" || $0.properties.isWhitespace }
        if !value.isEmpty && !needsQuotes { return value }
        var text = JSONText()
        text.append(string: value)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}

extension Log.Level {
    /// Syslog's number.
    fileprivate var severity: Int {
        switch self {
        case .debug: 7
        case .information: 6
        case .warning: 4
        case .error: 3
        }
    }
}
