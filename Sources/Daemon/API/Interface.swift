// Between the loop and those who ask: committed state, and questions. One for the whole process; lives of the loop come and go.
import Campaigns
import HTTP
import Kafka
import Synchronization

package final class Interface: Sendable {
    package let questions: Questions
    package let plans: Plans
    /// The identities of namespaces in their order, for lists of members.
    let orders = IdentityOrders()
    let counts = CountedTransitions()
    /// Who follows what is committed.
    let streams = EventStreams()
    private let state: SharedState
    /// Who waits for a commit.
    let waiters: Waiters

    /// A box, so that who waits can read it.
    private final class SharedState: Sendable {
        let value = Mutex(CommittedState())
    }

    /// `metrics` is told how long questions take.
    package init(_ metrics: RequestMetrics = RequestMetrics()) {
        questions = Questions(metrics)
        plans = Plans(metrics)
        let state = SharedState()
        self.state = state
        waiters = Waiters { check in state.value.withLock { check($0) } }
    }

    /// Reads the committed state; the body must not wait.
    func committed<Result: Sendable>(_ body: (CommittedState) -> Result) -> Result { state.value.withLock { body($0) } }

    // Of the loop.

    /// A life is live.
    /// - Parameter controlOffset: what lies before it on the control topic is in.
    func begin(_ machine: StateMachine, _ wakeUp: WakeUp, controlOffset: Int64) {
        machine.summarizes = true
        let whole = machine.summary()
        state.value.withLock { $0.take(whole, controlOffset: controlOffset) }
        orders.begin()
        counts.begin()
        questions.begin(at: machine.sequence, wakeUp)
        plans.begin(wakeUp)
    }

    /// Commits are acknowledged.
    func acknowledge(_ change: CommittedChange) {
        state.value.withLock { $0.take(change) }
        questions.acknowledge(change.sequence)
        waiters.look()
    }

    /// The life is over.
    func end() {
        questions.end()
        plans.end()
    }
}
