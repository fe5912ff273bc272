// The HTTP server: what a program needs of it. The library behind it runs one thread; a second one looks after the times.
import Glibc
import Synchronization

/// A running server.
///
/// A resource is a row of a table. Its handler runs on the server's one thread, so it answers at once, or hands the responder to whoever
/// will answer; meanwhile the connection waits and costs no thread.
///
///     let routes = [
///         Route(
///             .get, "/api/v1/audiences/{id}", name: "audience", summary: "One audience.", role: .observe,
///             query: [QueryParameter("layout", .flag, default: "0", "Adds places.")]
///         ) { request, responder in
///             guard let audience = summary.audiences[request.parameters["id"]!] else {
///                 return responder.answer(ProblemDocument(.notFound, "there is no such audience"))
///             }
///             var response = Response(json: audience.json(layout: request.query.flag("layout")))
///             response.entityTag = "\(audience.sequence)"
///             responder.answer(response)
///         },
///         Route(.get, "/api/v1/audiences/{id}/members", name: "members", summary: "…", role: .read) { request, responder in
///             let question = engine.ask(…) { responder.answer(Response(json: $0)) }     // later, from the engine's thread
///             responder.whenGone { question.cancel() }
///         },
///         Route(.get, "/api/v1/events", name: "events", summary: "…", role: .observe, answers: ["text/event-stream"]) { _, responder in
///             if let stream = responder.openStream() { readers.add(stream) }            // stream.send(bytes, event: "status")
///         },
///     ]
///     let server = try Server(.tcp(host: "127.0.0.1", port: 8080), routes: routes, access: Access(tokens: tokens))
///     …
///     server.stop()
public final class Server: Sendable {
    /// What is listened on; a port that was 0 is known now.
    public let address: BoundAddress
    private let core: ServerCore
    private let library: Library
    private let sweeper: Sweeper
    private let socket: ListeningSocket
    private let isStopped = Atomic<Bool>(false)

    /// Starts to answer. `/problems/<code>` is there without being asked for.
    /// - Parameters:
    ///   - problemPage: what somebody who wants a page is shown in the place of a problem document, given the target that was asked for;
    ///     nil: the document.
    ///   - whenAnswered: is told of every request, on the server's thread, before its answer is sent.
    public init(
        _ listen: Listen, routes: [Route], access: Access, bounds: ServerBounds = ServerBounds(),
        problemPage: (@Sendable (ProblemDocument, _ target: String) -> Response?)? = nil,
        whenAnswered: (@Sendable (AnsweredRequest) -> Void)? = nil
    ) throws(ServerError) {
        socket = try ListeningSocket.open(listen)
        address = socket.address
        guard address.isLocal || !access.tokens.isEmpty else {
            socket.close()
            throw .tokenNeeded(address: listen.description)
        }
        let check = HeadCheck(
            router: Router(routes + ProblemPages.routes), access: CurrentAccess(access), hosts: HostRule(address, further: access.hosts),
            address: address,
            bounds: bounds)
        core = ServerCore(check: check, problemPage: problemPage, whenAnswered: whenAnswered)
        do throws(ServerError) {
            library = try Library(core, listeningDescriptor: socket.descriptor)
        } catch {
            socket.close()
            throw error
        }
        do throws(ServerError) {
            sweeper = try Sweeper(core)
        } catch {
            library.stopListening()
            core.endExchanges()
            library.stop()
            socket.removeFile()
            throw error
        }
    }

    /// Takes other tokens from the next request on. Streams that are open go on.
    /// - Throws: where others than this machine may connect, a token is needed; then those of before hold on.
    public func replace(tokens: [Token]) throws(ServerError) {
        guard address.isLocal || !tokens.isEmpty else { throw .tokenNeeded(address: address.base) }
        core.check.access.replace(tokens: tokens)
    }

    /// Lets nobody in any more, ends streams, answers what waits with 503, and waits a moment until that is sent. Can be called again;
    /// not from a handler.
    public func stop() {
        guard !isStopped.exchange(true, ordering: .sequentiallyConsistent) else { return }
        library.stopListening()
        socket.removeFile()
        core.endExchanges()
        let deadline = ContinuousClock.now + core.bounds.stopping
        while !core.table.exchanges.isEmpty, .now < deadline { usleep(5000) }
        sweeper.stop()
        // An exchange that began meanwhile has seen the flag; it is suspended no more.
        core.endExchanges()
        library.stop()
    }

    deinit { stop() }
}
