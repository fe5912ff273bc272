// Whether the daemon is ready and why not, as a value: for /readyz, the metrics, and the line that systemctl shows.
import Campaigns

/// One thing that keeps the daemon from being ready, or does not.
package struct HealthCheck: Sendable {
    /// The worst first: of several the first says how it is.
    package enum Reason: String, CaseIterable, Sendable {
        /// Another process has taken over.
        case fenced
        case stopping
        /// No broker has answered for a while.
        case kafkaUnreachable = "kafka-unreachable"
        /// No commit was acknowledged for a while.
        case commitsStalled = "commits-stalled"
        /// The wall clock stepped, and is not followed.
        case clockStepped = "clock-stepped"
        /// The state is not that of the last commit yet.
        case starting
    }

    package var reason: Reason
    package var isOK: Bool
    /// Since when it is so, milliseconds since the Unix epoch.
    package var since: Int64
    /// How it is.
    package var message: String
    /// What to do where it is not well.
    package var help: String { reason.help }
}

/// All checks at one moment.
package struct HealthReport: Sendable {
    /// The worst first.
    package var checks: [HealthCheck]
    /// The last commit that was acknowledged or repeated; nil: none is known.
    var sequence: Int64?
    /// How much of the journal was repeated.
    var replayedRatio: Double

    /// Whether nothing is wrong.
    package var isReady: Bool { worst == nil }

    /// What is wrong most.
    package var worst: HealthCheck? { checks.first { !$0.isOK } }

    /// The state in one sentence, the same everywhere.
    package var sentence: String {
        guard let worst else { return "ready" + (sequence.map { " at commit \($0)" } ?? "") }
        return "not ready: \(worst.reason.rawValue): \(worst.message)"
    }

    /// Lines for people: the sentence, or a line for each reason; `isVerbose`: a line for each check, with what to do.
    package func text(isVerbose: Bool) -> String {
        if isVerbose {
            let lines = checks.map { check in
                "\(check.isOK ? "ok" : "NOT OK") \(check.reason.rawValue) since \(InstantText.text(of: check.since)): \(check.message)"
                    + (check.isOK ? "" : ". \(check.help)")
            }
            return ([sentence] + lines).map { $0 + "\n" }.joined()
        }
        if isReady { return sentence + "\n" }
        return checks.filter { !$0.isOK }.map { "\($0.reason.rawValue): \($0.message)\n" }.joined()
    }

    /// The same for programs: whether it is ready, the sentence, and every check.
    package var json: [UInt8] {
        var text = JSONText()
        let checks = checks.map { check in
            JSON.object([
                .init("check", .string(check.reason.rawValue)), .init("ok", .boolean(check.isOK)),
                .init("since", .string(InstantText.text(of: check.since))), .init("message", .string(check.message)),
                .init("help", .string(check.help)),
            ])
        }
        text.append(
            .object([.init("ready", .boolean(isReady)), .init("status", .string(sentence)), .init("checks", .array(checks))]))
        return text.bytes
    }
}

extension HealthCheck.Reason {
    fileprivate var help: String {
        switch self {
        case .fenced: "Two daemons of one group run: stop one, or give it a group of its own"
        case .stopping: "It ends by itself within ten seconds"
        case .kafkaUnreachable: "Look at the brokers, at the network between, and at kafka.bootstrap.servers; it goes on by itself"
        case .commitsStalled: "Look in the log for what the brokers refuse, and at what status says is under way"
        case .clockStepped: "Set the wall clock right; or, if it is right, restart the daemon to take it"
        case .starting: "It repeats the journal; newer checkpoints (checkpoints.every) leave less to repeat"
        }
    }
}
