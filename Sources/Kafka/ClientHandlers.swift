// Where log lines and statistics of a client go.

import CRdkafka

/// How urgent a log line is: syslog's levels.
public enum LogLevel: Int32, Sendable {
    case emergency, alert, critical, error, warning, notice, information, debug
}

/// One line of librdkafka's log.
public struct LogLine: Sendable {
    /// How bad it is.
    public let level: LogLevel
    /// librdkafka's short name of what it is about: `FAIL`, `CONFWARN`, …
    public let facility: String
    /// What happened, in librdkafka's words.
    public let text: String

    /// Whether it tells only that the client itself is being closed: what was under way fails then, whatever is wrong with the broker.
    public var isOfClosing: Bool { text.contains(String(cString: rd_kafka_err2str(RD_KAFKA_RESP_ERR__DESTROY))) }
}

/// Where a client's log lines and statistics go. Nothing is ever written to standard error.
public struct ClientHandlers: Sendable {
    /// Called from any thread, also from librdkafka's own: it must be quick and must not call this module.
    public let log: @Sendable (LogLine) -> Void
    /// Receives JSON every `statistics.interval.ms`, on the thread that polls; the bytes are valid during the call only.
    public let statistics: (@Sendable (UnsafeRawBufferPointer) -> Void)?

    public init(
        log: @escaping @Sendable (LogLine) -> Void, statistics: (@Sendable (UnsafeRawBufferPointer) -> Void)? = nil
    ) {
        self.log = log
        self.statistics = statistics
    }

    /// Throws everything away.
    public static let silent = ClientHandlers(log: { _ in })
}
