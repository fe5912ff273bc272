// Routes as a handler asks them: who composes an answer of others' answers gets them by the same table, with the same checks of the role
// and the query, as a client would over a connection.

/// A table of routes without a server.
public struct InnerRoutes: Sendable {
    private let router: Router

    /// Traps when two routes are the same.
    public init(_ routes: [Route]) { router = Router(routes) }

    /// Asks for a target, with the role of who sent the request; `take` gets the answer, at once or later, on any thread. A body is sent as
    /// it came, to a route that changes nothing.
    public func ask(
        _ target: String, _ method: Method = .get, for request: Request, _ responder: Responder,
        take: @escaping @Sendable (Response) -> Void
    ) {
        let inner = Responder(within: responder, InnerAnswer(take))
        do throws(ProblemDocument) {
            let (route, asked) = try read(target, method, request)
            route.handler(asked, inner)
        } catch {
            inner.answer(error)
        }
    }

    private func read(_ text: String, _ method: Method, _ request: Request) throws(ProblemDocument) -> (Route, Request) {
        guard let target = RequestTarget(text) else { throw ProblemDocument(.pathMalformed, "\(shown(text)) is no path") }
        guard case .found(let route, let parameters) = router.match(method.rawValue, target) else {
            throw ProblemDocument(.notFound, "there is nothing at \(shown(String(target.path)))")
        }
        precondition(!route.changes, "what changes something is asked for by a client itself")
        try Access().check(request.asker, route)
        let query = try Query(target.query, declared: route.query)
        // Versions that the client has are those of the whole answer.
        let headers: Headers = ["Accept": MediaType.json]
        let body = method.mayChange ? request.body : []
        let asked = Request(
            method: method, target: text, parameters: parameters, query: query, headers: headers,
            wantedType: route.answers.contains(MediaType.json) ? MediaType.json : route.answers[0], asker: request.asker, body: body)
        return (route, asked)
    }
}
