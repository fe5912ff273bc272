// Who waits for a commit: for a sequence, or for what became of a control event. Looked at with every acknowledgement, and ten times a
// second for those whose time is up.
import HTTP
import Kafka
import Synchronization

final class Waiters: Sendable {
    /// The answer once it is there; nil: not yet.
    typealias Check = @Sendable (CommittedState) -> Response?

    private struct Waiter {
        let check: Check
        let late: @Sendable () -> Response
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
    private let read: @Sendable (Check) -> Response?

    /// `read` asks the committed state.
    init(reading read: @escaping @Sendable (Check) -> Response?) { self.read = read }

    /// Answers as soon as the check does, or when the time is up.
    func wait(_ responder: Responder, for duration: Duration, _ check: @escaping Check, late: @escaping @Sendable () -> Response) {
        if let response = read(check) { return responder.answer(response) }
        if duration <= .zero { return responder.answer(late()) }
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

    /// Something was committed.
    func look() {
        let waiting = state.withLock { $0.waiters }
        if waiting.isEmpty { return }
        var answered: [(Responder, Response)] = []
        for waiter in waiting {
            if let response = read(waiter.check) {
                answered.append((waiter.responder, response))
            } else if waiter.deadline.hasPassed {
                answered.append((waiter.responder, waiter.late()))
            }
        }
        state.withLock { state in
            state.waiters.removeAll { waiter in waiter.responder.isGone || answered.contains { $0.0 === waiter.responder } }
        }
        for (responder, response) in answered { responder.answer(response) }
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
