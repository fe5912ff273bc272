// Questions about state: they wait, few at a time, are answered between two commits by whoever has the state machine then, and their
// answers leave when the commit that they are of is acknowledged: nothing that is not committed is ever shown (contract §8).
import Campaigns
import Engine
package import HTTP
import Kafka
import Synchronization

/// Who asks.
package struct Recipient: Sendable {
    let send: @Sendable (Response) -> Void
    let isGone: @Sendable () -> Bool

    /// `send` takes the one answer; `isGone` says that nobody is there any more to read it.
    package init(isGone: @escaping @Sendable () -> Bool = { false }, send: @escaping @Sendable (Response) -> Void) {
        self.isGone = isGone
        self.send = send
    }

    /// A client.
    init(_ responder: Responder) {
        self.init(isGone: { responder.isOver }, send: { responder.answer($0) })
    }
}

/// What came of a question.
package enum CommittedAnswer: Sendable {
    /// It is written already.
    case written(Response)
    /// All that it takes was gathered, and nothing of the engine is needed to write it: a thread of its own does.
    case gathered(@Sendable () -> Response)
}

/// `answer` is called with the state machine at the end of a commit, on the thread that has it; nil: somebody else answers.
package final class Questions: Sendable {
    package typealias Asked = @Sendable (StateMachine) -> CommittedAnswer?

    private struct Question {
        let kind: RequestMetrics.Question
        let answer: Asked
        let recipient: Recipient
    }

    private struct Held {
        /// The newest commit that the answer is of; it leaves when this one is acknowledged.
        let sequence: Int64
        /// What it says it is of.
        let shown: Int64
        let clock: Int64
        let answer: CommittedAnswer
        let recipient: Recipient
    }

    private struct State {
        /// Of the life that is live; nil while none is.
        var wakeUp: WakeUp?
        var waiting: [Question] = []
        var held: [Held] = []
        var acknowledged: Int64 = 0
        /// Of the engine's time, what questions may take yet.
        var allowanceNanoseconds: Int64 = most
        var lastRefill: UInt64 = 0

        static let most: Int64 = 50_000_000
    }

    /// Nothing is live yet, or nothing is again.
    static var starting: ProblemDocument {
        ProblemDocument(.starting, "the state of the last commit is being loaded", hint: "GET /readyz?verbose tells how far it is")
    }

    /// More wait nowhere: who comes then is told to come again.
    static let mostWaiting = 64
    /// Between two commits, when more changes wait; one question is answered whole.
    private static let sliceNanoseconds: UInt64 = 1_000_000
    /// The same when nothing else is to be done.
    private static let idleSliceNanoseconds: UInt64 = 20_000_000

    private let state = Mutex(State())
    private let metrics: RequestMetrics
    /// Writes what was gathered.
    private let writing = SideThread(mostWaiting: 2 * mostWaiting)

    init(_ metrics: RequestMetrics) { self.metrics = metrics }

    /// Whether somebody waits for an answer.
    var isWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// Takes a question; answers at once where nobody will be able to.
    func ask(_ kind: RequestMetrics.Question, _ responder: Responder, _ answer: @escaping Asked) {
        ask(kind, Recipient(responder), answer)
    }

    package func ask(_ kind: RequestMetrics.Question, _ recipient: Recipient, _ answer: @escaping Asked) {
        let refusal: ProblemDocument? = state.withLock { state in
            guard let wakeUp = state.wakeUp else {
                return Questions.starting
            }
            guard state.waiting.count < Self.mostWaiting else {
                return ProblemDocument(.tooBusy, "\(Self.mostWaiting) questions wait for an answer already")
            }
            state.waiting.append(Question(kind: kind, answer: answer, recipient: recipient))
            wakeUp.signal()
            return nil
        }
        if let refusal { recipient.send(refusal.response) }
    }

    /// Asks whether something is against a step; where nothing is, `next` goes on and answers, on the same thread, without waiting.
    func check(
        _ responder: Responder, _ problem: @escaping @Sendable (StateMachine) -> ProblemDocument?, then next: @escaping @Sendable () -> Void
    ) {
        ask(.validation, responder) { machine in
            if let problem = problem(machine) { return .written(problem.response) }
            // Somebody who was told that it took too long may ask again.
            if !responder.isOver { next() }
            return nil
        }
    }

    // Of the loop.

    /// A life is live at a commit; what was asked of the one before is not committed, and never will be.
    func begin(at sequence: Int64, _ wakeUp: WakeUp) {
        let lost = state.withLock { state in
            defer { state.held = [] }
            (state.wakeUp, state.acknowledged) = (wakeUp, sequence)
            return state.held
        }
        refuse(lost)
    }

    /// The life is over.
    func end() {
        let lost = state.withLock { state in
            defer { (state.held, state.wakeUp) = ([], nil) }
            return state.held
        }
        refuse(lost)
    }

    private func refuse(_ lost: [Held]) {
        for held in lost { held.recipient.send(ProblemDocument(.starting, "the commit that was asked about did not come about").response) }
    }

    /// Answers what waits: while nothing else is to be done, or for a slice of the engine's time, and never more than a share of it. What
    /// time has changed and is decided over several commits is shown by none of them: the answers come behind the last.
    func answer(_ machine: StateMachine, isIdle: Bool) {
        let started = monotonicNanoseconds()
        let count = state.withLock { $0.waiting.count }
        guard count > 0, !machine.engine.isCrossing, refill(at: started) > 0 || isIdle else { return }
        let slice = isIdle ? Self.idleSliceNanoseconds : Self.sliceNanoseconds
        var now = started
        // Who asks meanwhile comes next: the inputs and the clock are looked at in between.
        for _ in 0..<count where now - started < slice {
            guard let question = state.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }) else { break }
            if question.recipient.isGone() { continue }
            let began = monotonicNanoseconds()
            let answer = question.answer(machine)
            metrics.asked(question.kind, for: .nanoseconds(Int64(monotonicNanoseconds() - began)))
            now = monotonicNanoseconds()
            guard let answer else { continue }
            let ready: Held? = state.withLock { state in
                // Commits of the clock alone show what the last one before them shows.
                let isThere = state.acknowledged >= machine.effectiveSequence
                let held = Held(
                    sequence: machine.sequence, shown: isThere ? min(machine.sequence, state.acknowledged) : machine.sequence,
                    clock: machine.engine.clock, answer: answer, recipient: question.recipient)
                if isThere { return held }
                state.held.append(held)
                return nil
            }
            if let ready { send(ready) }
        }
        // One that took very long does not keep the others waiting until they give up.
        let taken = isIdle ? 0 : Int64(now - started)
        state.withLock { $0.allowanceNanoseconds = max($0.allowanceNanoseconds - taken, -10 * State.most) }
    }

    /// A twentieth of the time since is allowed again.
    private func refill(at now: UInt64) -> Int64 {
        state.withLock { state in
            state.allowanceNanoseconds = min(
                State.most, state.allowanceNanoseconds + Int64(min(now - state.lastRefill, 1_000_000_000) / 20))
            state.lastRefill = now
            return state.allowanceNanoseconds
        }
    }

    /// Commits up to this one are acknowledged: the answers of their states leave.
    func acknowledge(_ sequence: Int64) {
        let ready = state.withLock { state in
            state.acknowledged = sequence
            let ready = state.held.filter { $0.sequence <= sequence }
            state.held.removeAll { $0.sequence <= sequence }
            return ready
        }
        for held in ready { send(held) }
    }

    /// Sends an answer whose commit is acknowledged; one that is not written yet is, beside the thread that asks for it.
    private func send(_ held: Held) {
        switch held.answer {
        case .written(var response):
            response.note(sequence: held.shown, clock: held.clock)
            held.recipient.send(response)
        case .gathered(let write):
            let isTaken = writing.run {
                if held.recipient.isGone() { return }
                var response = write()
                response.note(sequence: held.shown, clock: held.clock)
                held.recipient.send(response)
            }
            if !isTaken { held.recipient.send(ProblemDocument(.tooBusy, "too many answers wait to be written").response) }
        }
    }
}

extension Response {
    /// Which committed state it shows.
    mutating func note(sequence: Int64, clock: Int64) {
        headers["Audienced-Sequence"] = String(sequence)
        if clock != .min { headers["Audienced-Clock"] = InstantText.text(of: clock) }
    }
}
