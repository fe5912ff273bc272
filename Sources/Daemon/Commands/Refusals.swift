// How often an output that brokers refuse is sent again by another life of the loop, and when that has an end.
import Kafka

/// Lives of the loop in a row that ended because brokers refused something. Another life mends what was read of the topic at the start of
/// this one and has changed since: limits of size and time. What it does not mend it meets again, within moments. The rule:
///
/// - A permission that is missing is waited for as long as it takes. Who took it away hears of it from others too, and gives it back
///   without coming here; then the daemon goes on by itself, and nothing is lost meanwhile. Starts are far apart, and one line says why:
///   one for each operation and topic, since after one is granted the next may be missing.
/// - Anything else (a rule of the topic, a check of the broker's, a size that no smaller form meets) ends the daemon with 65 when each
///   life met it for a minute, and three at least did: a restart does not mend it, so somebody has to look. Nothing of the transaction is
///   committed, and the next start sends the same again.
///
/// Whether other commits went through in those lives does not matter: other partitions may be ahead of what is refused each time. A life
/// that went on for longer than a minute before it was refused begins a new series.
struct Refusals {
    private static let fewest = 3
    /// So many operations and topics are told apart.
    private static let mostMet = 1_000

    /// How long a series may be.
    private let patience: Duration
    private var count = 0
    /// The cause of the last one. Where it was met may differ: of several partitions and topics any may refuse first.
    private var codeName: String?
    /// The operations and topics for which a permission was missing, and how many lives ended since the last that was new.
    private var met: Set<String> = []
    private var countSinceNews = 0
    private var end = Deadline(after: .zero)

    init(patience: Duration = Patience.refusal) { self.patience = patience }

    /// Takes a refusal into account.
    /// - Parameter life: how long the life that it ended had been ready; nil when it never was.
    /// - Returns: how many lives in a row ended since one met something new: 1 when this is it.
    /// - Throws: when it has been the end of enough of them.
    mutating func note(_ refusal: KafkaError, after life: Duration?) throws(DaemonFailure) -> Int {
        if refusal.codeName != codeName || life ?? .zero > patience {
            (count, countSinceNews) = (0, 0)
            met = []
            end = Deadline(after: patience)
        }
        count += 1
        codeName = refusal.codeName
        countSinceNews += 1
        // Of the partitions of a topic any is met first.
        let what = "\(refusal.operation) \(refusal.object.prefix { $0 != "/" })"
        if refusal.isForbidden && met.count < Self.mostMet && met.insert(what).inserted { countSinceNews = 1 }
        if !refusal.isForbidden && count >= Self.fewest && end.hasPassed {
            throw DaemonFailure(
                .data, "\(count) lives in a row ended at an output that is refused: \(refusal)",
                hint: "nothing of its transaction is committed, and the next start sends it again")
        }
        return countSinceNews
    }
}
