// How the program ends (contract §6).
import Glibc

/// What the process ends with.
public enum ExitCode: Int32, Sendable {
    case done = 0
    /// `--strict` was given and something was refused, or problems were found.
    case refused = 1
    /// What was planned differs from what is.
    case differs = 2
    /// A threshold of a plan is exceeded.
    case exceeded = 3
    /// Usage or configuration.
    case usage = 64
    /// The input's or the topics' data do not fit what was committed.
    case data = 65
    /// No broker within the time limit, or no server.
    case unavailable = 69
    case `internal` = 70
    /// The data directory is in use.
    case locked = 73
    /// A successor has taken over; not to be restarted by itself.
    case fenced = 75
    /// The server refused the token, or needs one.
    case noAccess = 77
}

extension ExitCode {
    /// What the process ends with when the daemon ends by itself.
    init(_ kind: DaemonFailure.Kind) {
        switch kind {
        case .configuration: self = .usage
        case .data: self = .data
        case .unavailable: self = .unavailable
        case .fault: self = .internal
        case .successor: self = .fenced
        }
    }
}

/// Ends the process at once, without running what others registered for the end: librdkafka's threads may still run.
public func exit(status: ExitCode) -> Never {
    fflush(nil)
    _exit(status.rawValue)
}
