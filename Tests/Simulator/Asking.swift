// Somebody who asks a process about its state all the time: no answer may be of a commit that is not in the journal, whatever becomes of
// the process (contract §8).
import Daemon
import HTTP
import Synchronization

/// `@unchecked Sendable`: a simulation has one thread.
final class Asking: @unchecked Sendable {
    let interface = Interface()
    private let broker: SimulatedBroker
    private let journal: String
    private(set) var answers = 0
    /// The first answer that was wrong.
    private(set) var mistake: String?

    init(_ broker: SimulatedBroker, journal: String) {
        self.broker = broker
        self.journal = journal
    }

    /// Asks what the last commit is.
    func ask() {
        interface.questions.ask(
            .members,
            Recipient { [self] response in
                // It is refused while nothing is live, and when the commit did not come about.
                guard response.status == 200 else { return }
                answers += 1
                let sequence = response.headers["Audienced-Sequence"].flatMap(Int64.init)!
                if sequence > 0, !broker.hasCommitted(sequence, in: journal) {
                    mistake = mistake ?? "an answer shows commit \(sequence), which the journal does not have"
                }
            }
        ) { _ in .written(Response(text: "asked")) }
    }
}
