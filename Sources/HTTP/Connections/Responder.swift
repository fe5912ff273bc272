// How a handler answers: once, now or later, from any thread.

/// The answer to one request. A handler that lets go of it without an answer has a mistake, and the client gets 500.
public final class Responder: Sendable {
    private let exchange: Exchange
    /// Takes the answer in the client's place.
    private let inner: InnerAnswer?

    init(_ exchange: Exchange) {
        self.exchange = exchange
        inner = nil
    }

    /// A part of the answer that another responder will give.
    init(within other: Responder, _ inner: InnerAnswer) {
        exchange = other.exchange
        self.inner = inner
    }

    deinit {
        guard !isAnswered else { return }
        answer(ProblemDocument(.fault, "the request was not answered"))
    }

    /// Answers; only the first answer counts.
    public func answer(_ response: Response) {
        if let inner { inner.take(response) } else { exchange.answer(.response(response)) }
    }

    /// Refuses.
    public func answer(_ problem: ProblemDocument) { answer(problem.response) }

    /// Answers with a stream of events; nil when too many are open, which the client is told.
    public func openStream(_ headers: Headers = [:]) -> EventStream? {
        precondition(inner == nil, "a stream is no part of another answer")
        guard exchange.core.takeStream() else {
            answer(ProblemDocument(.tooManyStreams, "\(exchange.core.bounds.streams) event streams are open", hint: "close one"))
            return nil
        }
        let stream = EventStream(exchange.core)
        exchange.answer(.stream(stream, headers))
        return stream
    }

    /// Whether an answer would reach nobody: it was answered, also by the server when it took too long, or nobody is there any more.
    public var isOver: Bool { isAnswered || exchange.isAnswered || exchange.isGone }
    private var isAnswered: Bool { inner?.isTaken ?? exchange.isAnswered }
    /// Whether nobody is there any more to read an answer.
    public var isGone: Bool { exchange.isGone }

    /// Calls the body once, on any thread, if the client goes away before the answer is sent: what was begun for it can end.
    public func whenGone(_ body: @escaping @Sendable () -> Void) { exchange.whenGone(body) }
}
