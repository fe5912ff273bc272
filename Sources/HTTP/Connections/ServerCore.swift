// What the server's thread, the sweeper and whoever answers share.
import Synchronization

final class ServerCore: Sendable {
    let check: HeadCheck
    let bounds: ServerBounds
    let table: ConnectionTable
    let whenAnswered: (@Sendable (AnsweredRequest) -> Void)?
    private let problemPage: (@Sendable (ProblemDocument, String) -> Response?)?
    private let streams = Atomic<Int>(0)
    private let heldBodyBytes = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)

    init(
        check: HeadCheck, problemPage: (@Sendable (ProblemDocument, String) -> Response?)?,
        whenAnswered: (@Sendable (AnsweredRequest) -> Void)?
    ) {
        self.check = check
        bounds = check.bounds
        table = ConnectionTable(check.bounds)
        self.problemPage = problemPage
        self.whenAnswered = whenAnswered
    }

    var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

    /// From now on nothing is suspended any more; what is, is answered and goes on.
    func endExchanges() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        for exchange in table.exchanges { exchange.endForStop() }
    }

    /// What somebody is shown who wants a page more than a problem document; nil: the answer stays as it is.
    func page(for response: Response, to head: RequestHead) -> Response? {
        guard let problem = response.problem,
            MediaType.chosen(accept: head.headers.items("Accept"), from: [MediaType.problem, MediaType.page]) == MediaType.page,
            var page = problemPage?(problem, head.target)
        else { return nil }
        page.status = response.status
        page.problem = problem
        for header in response.headers.all where page.headers[header.name] == nil { page.headers.add(header.name, header.value) }
        return page
    }

    /// Whether there is room for one more stream; if so it is taken.
    func takeStream() -> Bool {
        guard streams.add(1, ordering: .relaxed).newValue > bounds.streams else { return true }
        returnStream()
        return false
    }

    /// Whether there is room for more bytes of bodies; if so they are counted.
    func holdBody(_ bytes: Int) -> Bool {
        guard heldBodyBytes.add(bytes, ordering: .relaxed).newValue > bounds.heldBodyBytes else { return true }
        releaseBody(bytes)
        return false
    }

    func releaseBody(_ bytes: Int) { heldBodyBytes.subtract(bytes, ordering: .relaxed) }

    func returnStream() { streams.subtract(1, ordering: .relaxed) }
}

/// What became of a request, for metrics and the audit log.
public struct AnsweredRequest: Sendable {
    /// `Route.name`; nil when none was found.
    public let route: String?
    /// As the client wrote it.
    public let method: String
    /// With its query, encoded, as it came: it may hold identities.
    public let target: String
    /// Of the answer.
    public let status: Int
    /// From the whole head to the beginning of the answer.
    public let duration: Duration
    /// nil when the request was refused before a route was found; without a token where none was given, or a wrong one.
    public let asker: Asker?
    /// Of the problem document, as `instance` names it.
    public let instance: String?
}
