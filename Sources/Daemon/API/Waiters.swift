// Who waits for a commit: for a sequence, or for what became of a control event. Looked at with every acknowledgement, and ten times a
// second for those whose time is up.
import HTTP
import Kafka
import Synchronization

final class Waiters: Sendable {
    /// What answers.
    typealias Step = @Sendable () -> Void
    /// What answers once it is there; nil: not yet.
    typealias Check = @Sendable (CommittedState) -> Step?

    private struct Waiter {
        let check: Check
        let late: Step
        let deadline: Deadline
        let responder: Responder
    }

    private struct State {
        var waiters: [Waiter] = []
        var isTicking = false
    }

    private static let most = 1024
    private static let tickMilliseconds: UInt32 = 100
    private let state = Mutex(State())
    private let read: @Sendable (Check) -> Step?

    /// `read` asks the committed state.
    init(reading read: @escaping @Sendable (Check) -> Step?) { self.read = read }

    /// Answers as soon as the check does, or when the time is up.
    func wait(_ responder: Responder, for duration: Duration, _ check: @escaping Check, late: @escaping Step) {
        if let step = read(check) { return step() }
        if duration <= .zero { return late() }
        let (isFull, starts) = state.withLock { state in
            if state.waiters.count >= Self.most { return (true, false) }
            state.waiters.append(Waiter(check: check, late: late, deadline: Deadline(after: duration), responder: responder))
            defer { state.isTicking = true }
            return (false, !state.isTicking)
        }
        if isFull { return responder.answer(ProblemDocument(.tooBusy, "\(Self.most) wait for a commit already")) }
        if starts { _ = startThread { self.tick() } }
        // What was committed between the two looks.
        look()
    }

    /// Waits for a commit; `late` is told the newest there is.
    func wait(
        until sequence: Int64, for duration: Duration, _ responder: Responder, _ reached: @escaping Step,
        late: @escaping @Sendable (_ newest: Int64) -> ProblemDocument
    ) {
        wait(responder, for: duration) {
            $0.sequence >= sequence ? reached : nil
        } late: { [read] in
            _ = read { state in
                responder.answer(late(state.sequence))
                return nil
            }
        }
    }

    /// Something was committed.
    func look() {
        let waiting = state.withLock { $0.waiters }
        if waiting.isEmpty { return }
        var answered: [(Responder, Step)] = []
        for waiter in waiting {
            if let step = read(waiter.check) {
                answered.append((waiter.responder, step))
            } else if waiter.deadline.hasPassed {
                answered.append((waiter.responder, waiter.late))
            }
        }
        // Two threads may look at once: whoever takes one away answers it.
        let taken = state.withLock { state in
            let there = answered.filter { one in state.waiters.contains { $0.responder === one.0 } }
            state.waiters.removeAll { waiter in waiter.responder.isGone || answered.contains { $0.0 === waiter.responder } }
            return there
        }
        for (_, step) in taken { step() }
    }

    /// Until nobody waits.
    private func tick() {
        while true {
            pause(milliseconds: Self.tickMilliseconds)
            look()
            let isOver = state.withLock { state in
                if state.waiters.isEmpty { state.isTicking = false }
                return state.waiters.isEmpty
            }
            if isOver { return }
        }
    }
}
