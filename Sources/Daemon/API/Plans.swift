// Plans and outlooks that are asked for (POST campaigns:plan, GET audiences/{id}/outlook): one at a time, since each takes the memory of a
// second state. The loop takes what is asked (Loop/CommitLoop+Plan.swift), copies its state between commits, and a thread makes the plan of
// the copy (Loop/PlanMaker.swift).
import Campaigns
import HTTP
import Kafka
import Synchronization

package final class Plans: Sendable {
    /// What is done on the copy.
    enum Trial: Sendable {
        /// These are published, one after the other.
        case publishing([JSON])
        /// So many milliseconds pass, and nothing is written; one audience is told of.
        case waiting(milliseconds: Int64, audience: String)
    }

    /// What somebody wants to know.
    struct Order: Sendable {
        let trial: Trial
        let recipient: Recipient
    }

    private struct State {
        /// Of the life that is live; nil while none is.
        var wakeUp: WakeUp?
        var asked: Order?
        var isUnderWay = false
    }

    private let state = Mutex(State())
    private let metrics: RequestMetrics

    init(_ metrics: RequestMetrics) { self.metrics = metrics }

    /// Takes an order; answers at once where a plan is under way, or nobody is there to make one.
    func ask(_ order: Order) {
        let refusal: ProblemDocument? = state.withLock { state in
            guard let wakeUp = state.wakeUp else { return Questions.starting }
            if state.asked?.recipient.isGone() == true { state.asked = nil }
            guard state.asked == nil, !state.isUnderWay else {
                return ProblemDocument(.tooBusy, "a plan is being made, and there is one at a time")
            }
            state.asked = order
            wakeUp.signal()
            return nil
        }
        if let refusal { order.recipient.send(refusal.response) }
    }

    // Of the loop.

    /// A life is live.
    func begin(_ wakeUp: WakeUp) { state.withLock { $0.wakeUp = wakeUp } }

    /// The life is over. What is being made of a copy goes on.
    func end() {
        let lost = state.withLock { state in
            defer { (state.wakeUp, state.asked) = (nil, nil) }
            return state.asked
        }
        lost?.recipient.send(Questions.starting.response)
    }

    /// Whether somebody waits for a plan that was not begun.
    var isAsked: Bool { state.withLock { $0.asked != nil } }

    /// What is asked for, to be made now; `done` says when it is.
    func take() -> Order? {
        state.withLock { state in
            guard let order = state.asked else { return nil }
            (state.asked, state.isUnderWay) = (nil, true)
            return order
        }
    }

    /// The next may be asked for.
    func done() { state.withLock { $0.isUnderWay = false } }

    /// Copying took so much of the engine's time.
    func copied(for duration: Duration) { metrics.asked(.plan, for: duration) }
}
