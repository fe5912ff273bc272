// One request and its answer, between the server's thread and the thread that answers.
//
// The library's thread calls `step` until a response is queued. While a handler has not answered, the connection is suspended: under our
// lock, so an answer that comes at the same time resumes it afterwards and not before. A suspended connection has to be resumed before the
// library stops, or it aborts the process.
internal import CMicrohttpd
import Glibc
import Synchronization

/// The library's connection, which is valid until it says that the request is completed.
struct ConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}

final class Exchange: Sendable {
    enum Outcome: Sendable {
        case response(Response)
        case stream(EventStream, Headers)
        /// Nobody is there to read an answer.
        case nothing
    }

    private enum Stage {
        case head
        case rejected(HeadCheck.Rejection)
        case body(Route, Request)
        case handling
        case queued
    }

    private struct State {
        var stage = Stage.head
        var head: RequestHead?
        var route: String?
        var asker: Asker?
        var begin = ContinuousClock.now
        /// Why the body is not taken, and how much of it came all the same.
        var refusal: ProblemDocument?
        var excessBytes = 0
        var heldBytes = 0
        /// nil while nobody waits, and after the request is completed.
        var suspended: ConnectionHandle?
        var isCompleted = false
        var outcome: Outcome?
        var isAnswered = false
        var isGone = false
        var whenGone: [@Sendable () -> Void] = []
        var stream: EventStream?
    }

    let descriptor: Int32
    let core: ServerCore
    private let target: String
    private let state = Mutex(State())

    init(_ core: ServerCore, target: String, descriptor: Int32) {
        self.core = core
        self.target = target
        self.descriptor = descriptor
    }

    // The library's thread.

    /// The next call of the library for this request.
    func step(_ connection: OpaquePointer, _ call: LibraryCall) -> Bool {
        let stage = state.withLock { $0.stage }
        switch stage {
        case .head: return begin(connection, call)
        case .rejected(let rejection):
            return call.bytes.isEmpty ? reject(connection, rejection) : true
        case .body(let route, let request):
            return call.bytes.isEmpty ? handle(connection, route, request) : append(call.bytes, limit: route.content?.maximumBytes ?? 0)
        case .handling: return settle(connection)
        case .queued: return true
        }
    }

    private func begin(_ connection: OpaquePointer, _ call: LibraryCall) -> Bool {
        let head = call.head(connection, target: target)
        let descriptor = descriptor
        let verdict = core.check.verdict(
            on: head, peer: SocketAddress.peer(of: descriptor), local: SocketAddress.local(of: descriptor)?.text)
        switch verdict {
        case .accepted(let route, let request):
            state.withLock {
                $0.head = head
                $0.route = route.name
                $0.asker = request.asker
                $0.begin = .now
                $0.stage = .body(route, request)
            }
        case .rejected(let rejection):
            state.withLock {
                $0.head = head
                $0.route = rejection.route
                $0.asker = rejection.asker
                $0.begin = .now
                $0.stage = .rejected(rejection)
            }
            if rejection.closes || !head.isDrainable { return reject(connection, rejection) }
        }
        core.table.enter(.body, self)
        return true
    }

    private func reject(_ connection: OpaquePointer, _ rejection: HeadCheck.Rejection) -> Bool {
        var response = rejection.problem.response
        for header in rejection.headers.all { response.headers.add(header.name, header.value) }
        if rejection.closes { response.headers["Connection"] = "close" }
        return queue(connection, .response(response))
    }

    /// A body of which nobody told the length may turn out too long: the library takes an answer only at its end.
    private func append(_ bytes: UnsafeRawBufferPointer, limit: Int) -> Bool {
        state.withLock { state in
            guard case .body(let route, var request) = state.stage else { return false }
            // The only reference to the bytes, so they are not copied.
            state.stage = .head
            if state.refusal == nil {
                if request.body.count + bytes.count > limit {
                    state.refusal = HeadCheck.tooLong(limit)
                } else if !core.holdBody(bytes.count) {
                    state.refusal = ProblemDocument(.tooBusy, "too many bodies are being read at once")
                }
            }
            if state.refusal != nil {
                state.excessBytes += bytes.count
                request.body = []
                core.releaseBody(state.heldBytes)
                state.heldBytes = 0
            } else {
                state.heldBytes += bytes.count
                request.body.append(contentsOf: bytes)
            }
            state.stage = .body(route, request)
            return state.excessBytes <= max(ServerBounds.excessBytes, limit)
        }
    }

    private func handle(_ connection: OpaquePointer, _ route: Route, _ request: Request) -> Bool {
        let refusal = state.withLock {
            $0.stage = .handling
            return $0.refusal
        }
        core.table.enter(.answer, self)
        let responder = Responder(self)
        if core.isStopping {
            responder.answer(Self.stopping)
        } else if let refusal {
            responder.answer(refusal)
        } else {
            route.handler(request, responder)
        }
        return settle(connection)
    }

    /// Queues the answer, or suspends the connection until there is one.
    private func settle(_ connection: OpaquePointer) -> Bool {
        let outcome: Outcome? = state.withLock { state in
            if let outcome = state.outcome {
                state.outcome = nil
                return outcome
            }
            if core.isStopping { return .response(Self.stopping.response) }
            MHD_suspend_connection(connection)
            state.suspended = ConnectionHandle(pointer: connection)
            return nil
        }
        guard let outcome else { return true }
        return queue(connection, outcome)
    }

    private func queue(_ connection: OpaquePointer, _ outcome: Outcome) -> Bool {
        let (head, answered) = state.withLock { state in
            state.stage = .queued
            state.isAnswered = true
            return (state.head, (state.route, state.asker, state.begin))
        }
        guard let head else { return false }
        let status: Int
        let isQueued: Bool
        switch outcome {
        case .nothing: return false
        case .response(let response):
            core.table.enter(.sending, self)
            let prepared = PreparedResponse(core.page(for: response, to: head) ?? response, for: head)
            status = prepared.status
            isQueued = prepared.queue(on: connection)
        case .stream(let stream, let headers):
            core.table.enter(head.method == "HEAD" ? .sending : .stream, self)
            status = 200
            isQueued = stream.queue(on: connection, headers: headers)
        }
        if let whenAnswered = core.whenAnswered {
            let problem: ProblemDocument? = if case .response(let response) = outcome { response.problem } else { nil }
            whenAnswered(
                AnsweredRequest(
                    route: answered.0, method: head.method, target: target, status: status, duration: .now - answered.2,
                    asker: answered.1, instance: problem?.instance))
        }
        return isQueued
    }

    /// The library is done with the request, for good or for bad, and with the connection as far as we know it.
    func complete(isWhole: Bool) {
        let (stream, unsent, heldBytes, callbacks, isLeft) = state.withLock { state in
            state.isCompleted = true
            state.suspended = nil
            let unsent = state.outcome
            state.outcome = nil
            let isLeft = !isWhole && !state.isGone
            if isLeft { state.isGone = true }
            return (state.stream, unsent, state.heldBytes, Self.takeCallbacks(&state), isLeft)
        }
        core.releaseBody(heldBytes)
        if case .response(let response) = unsent { response.discard() }
        stream?.complete()
        core.table.completed(descriptor)
        if isLeft { for callback in callbacks { callback() } }
    }

    /// They are let go of without the lock: the responder may end with them, and asks for the lock.
    private static func takeCallbacks(_ state: inout State) -> [@Sendable () -> Void] {
        let callbacks = state.whenGone
        state.whenGone = []
        return callbacks
    }

    // Any thread.

    private static let stopping = ProblemDocument(.stopping, "the daemon is stopping")

    /// Takes the first answer; what comes later, or when nobody is there any more, is thrown away.
    func answer(_ outcome: Outcome) {
        let isTaken = state.withLock { state in
            guard !state.isAnswered, !state.isCompleted else { return false }
            state.isAnswered = true
            state.outcome = outcome
            if case .stream(let stream, _) = outcome { state.stream = stream }
            Self.resume(&state)
            return true
        }
        if isTaken { return }
        switch outcome {
        case .response(let response): response.discard()
        case .stream(let stream, _): stream.complete()
        case .nothing: break
        }
    }

    private static func resume(_ state: inout State) {
        guard let handle = state.suspended else { return }
        state.suspended = nil
        MHD_resume_connection(handle.pointer)
    }

    var isGone: Bool { state.withLock { $0.isGone } }
    var isAnswered: Bool { state.withLock { $0.isAnswered } }

    /// Calls the body once if the client goes away before its answer is there; at once if it went.
    func whenGone(_ body: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            if !state.isGone, !state.isCompleted { state.whenGone.append(body) }
            return state.isGone
        }
        if isGone { body() }
    }

    /// The sweeper: the socket says that nobody is there. The library does not look at suspended connections.
    func clientLeft() {
        let (callbacks, stream) = state.withLock { state in
            state.isGone = true
            if !state.isAnswered, !state.isCompleted {
                state.isAnswered = true
                state.outcome = .nothing
                Self.resume(&state)
            }
            return (Self.takeCallbacks(&state), state.stream)
        }
        stream?.end()
        for callback in callbacks { callback() }
    }

    /// The sweeper: the time is over.
    func endLate() {
        let problem = ProblemDocument(.answerTooLate, "the answer was not there in time")
        if !isAnswered { answer(.response(problem.response)) }
        state.withLock { $0.stream }?.end()
    }

    /// The sweeper: a stream that said nothing for long.
    func beat() { state.withLock { $0.stream }?.beat(after: core.bounds.heartbeat) }

    /// The server stops.
    func endForStop() {
        answer(.response(Self.stopping.response))
        state.withLock { $0.stream }?.end()
    }
}
