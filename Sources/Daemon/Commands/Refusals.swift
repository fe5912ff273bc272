// How often an output that brokers refuse is sent again by another life of the loop, and when that has an end.
import Kafka

/// Lives of the loop in a row that ended because brokers refused something. Another life mends what was read of the topic at the start of
/// this one and has changed since: limits of size and time. What it does not mend it meets again, within moments. The rule:
///
/// - A permission that is missing is waited for as long as it takes. Who took it away hears of it from others too, and gives it back
///   without coming here; then the daemon goes on by itself, and nothing is lost meanwhile. Starts are far apart, and one line says why.
/// - Anything else (a rule of the topic, a check of the broker's, a size that no smaller form meets) ends the daemon with 65 when each
///   life met it for a minute, and three at least did: a restart does not mend it, so somebody has to look. Nothing of the transaction is
///   committed, and the next start sends the same again.
///
/// Whether other commits went through in those lives does not matter: other partitions may be ahead of what is refused each time. A life
/// that went on for longer than a minute before it was refused begins a new series.
struct Refusals {
    private static let fewest = 3

    /// How long a series may be.
    private let patience: Duration
    private var count = 0
    /// The cause of the last one. Where it was met may differ: of several partitions and topics any may refuse first.
    private var codeName: String?
    private var end = Deadline(after: .zero)

    init(patience: Duration = Patience.refusal) { self.patience = patience }

    /// Takes a refusal into account.
    /// - Parameter life: how long the life that it ended had been ready; nil when it never was.
    /// - Returns: how many lives in a row it ended.
    /// - Throws: when it has been the end of enough of them.
    mutating func note(_ refusal: KafkaError, after life: Duration?) throws(DaemonFailure) -> Int {
        if refusal.codeName != codeName || life ?? .zero > patience {
            count = 0
            end = Deadline(after: patience)
        }
        count += 1
        codeName = refusal.codeName
        if !refusal.isForbidden && count >= Self.fewest && end.hasPassed {
            throw DaemonFailure(
                .data, "\(count) lives in a row ended at an output that is refused: \(refusal)",
                hint: "nothing of its transaction is committed, and the next start sends it again")
        }
        return count
    }
}
