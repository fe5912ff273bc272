// All that is decided before a handler is called: one head in, a request or a refusal out. No socket and no thread.

/// The rules of one server.
struct HeadCheck: Sendable {
    enum Verdict {
        case accepted(Route, Request)
        case rejected(Rejection)
    }

    /// A refusal.
    struct Rejection: Error {
        var problem: ProblemDocument
        var headers: Headers = [:]
        /// Whether nothing more is read from the connection: where the next request begins, nobody knows.
        var closes = false
        /// For metrics: the route, if it was found.
        var route: String?
        /// Who asked, as far as it is known; nil: no route was found.
        var asker: Asker?
    }

    let router: Router
    let access: CurrentAccess
    let hosts: HostRule
    let address: BoundAddress
    let bounds: ServerBounds

    /// - Parameters:
    ///   - peer: who is at the other end.
    ///   - local: the address that the connection came to, asked for only where it matters.
    func verdict(on head: RequestHead, peer: @autoclosure () -> String, local: @autoclosure () -> String?) -> Verdict {
        do throws(Rejection) {
            try checkFraming(head)
            let target = try target(of: head)
            try checkHost(head, target, local)
            let (route, parameters) = try route(head, target)
            var asker: Asker?
            do throws(ProblemDocument) {
                if route.method.mayChange || route.isCostly { try HostRule.checkOrigin(head.headers) }
                let access = access.now
                let known = try access.asker(head.headers, of: peer(), on: address)
                asker = known
                try access.check(known, route)
                try checkContent(head, route)
                if route.method.mayChange { try checkConditions(head) }
                let wanted = try wantedType(head, route)
                let query = try Query(target.query, declared: route.query)
                let request = Request(
                    method: route.method, target: head.target, parameters: parameters, query: query, headers: head.headers,
                    wantedType: wanted, asker: known)
                return .accepted(route, request)
            } catch {
                var rejection = Rejection(
                    problem: error, route: route.name, asker: asker ?? Asker(token: nil, role: nil, peer: peer()))
                if error.code.status == 401 { rejection.headers.add("WWW-Authenticate", self.access.now.challenge(head.headers)) }
                throw rejection
            }
        } catch {
            return .rejected(error)
        }
    }

    /// Two programs on the way must not read the borders of a request differently.
    private func checkFraming(_ head: RequestHead) throws(Rejection) {
        func repeated(_ detail: String) -> Rejection { Rejection(problem: ProblemDocument(.headersRepeated, detail), closes: true) }
        for name in ["Host", "Content-Length", "Transfer-Encoding", "Content-Type"] where head.headers.values(name).count > 1 {
            throw repeated("the header \(name) is given more than once")
        }
        if let encoding = head.headers["Transfer-Encoding"] {
            if head.headers["Content-Length"] != nil { throw repeated("Content-Length and Transfer-Encoding are both given") }
            guard encoding.lowercased() == "chunked" else {
                let detail = "the Transfer-Encoding \(shown(encoding)) is not known"
                throw Rejection(problem: ProblemDocument(.requestMalformed, detail, hint: "chunked, or Content-Length"), closes: true)
            }
        }
        if let length = head.headers["Content-Length"] {
            let isNumber = length.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && Int(length) != nil
            guard isNumber else {
                throw Rejection(problem: ProblemDocument(.requestMalformed, "Content-Length is no number"), closes: true)
            }
        }
        guard head.bytes <= bounds.headBytes else {
            throw Rejection(problem: ProblemDocument(.headTooLong, "it has \(head.bytes) bytes, \(bounds.headBytes) are the most"))
        }
        guard head.target.utf8.count <= bounds.targetBytes else {
            let detail = "it has \(head.target.utf8.count) bytes, \(bounds.targetBytes) are the most"
            throw Rejection(problem: ProblemDocument(.targetTooLong, detail))
        }
    }

    private func target(of head: RequestHead) throws(Rejection) -> RequestTarget {
        if let target = RequestTarget(head.target) { return target }
        guard head.target == "*" else {
            throw Rejection(problem: ProblemDocument(.requestMalformed, "the target of the request is no path"), closes: true)
        }
        throw notAllowed(head.method, Router.everyMethod)
    }

    private func notAllowed(_ method: String, _ allowed: String) -> Rejection {
        Rejection(
            problem: ProblemDocument(.methodNotAllowed, "\(shown(method)) is not for this path", hint: "it takes \(allowed)"),
            headers: ["Allow": allowed])
    }

    private func checkHost(_ head: RequestHead, _ target: RequestTarget, _ local: () -> String?) throws(Rejection) {
        let host = head.headers["Host"]
        if case .unix = address.kind { return }
        guard let host else {
            throw Rejection(problem: ProblemDocument(.requestMalformed, "the header Host is missing"), closes: true)
        }
        let local = hosts.acceptsOwnAddress ? local() : nil
        for name in [host, target.authority ?? host] where !hosts.accepts(name, local: local) {
            let hint = "ask \(address.base), or add the name to http.hosts"
            throw Rejection(problem: ProblemDocument(.hostForeign, "\(shown(name)) is not this server", hint: hint))
        }
    }

    private func route(_ head: RequestHead, _ target: RequestTarget) throws(Rejection) -> (Route, [String: String]) {
        switch router.match(head.method, target) {
        case .found(let route, let parameters): return (route, parameters)
        case .otherMethods(let allowed): throw notAllowed(head.method, allowed)
        case .unknownPath: throw Rejection(problem: ProblemDocument(.notFound, "there is nothing at \(shown(String(target.path)))"))
        case .malformed:
            let hint = "encode each piece by itself: %2F is a slash, %25 a percent sign, texts are UTF-8"
            throw Rejection(problem: ProblemDocument(.pathMalformed, "a piece of the path is not encoded as a URL wants it", hint: hint))
        }
    }

    private func checkContent(_ head: RequestHead, _ route: Route) throws(ProblemDocument) {
        let maximumBytes = route.content?.maximumBytes ?? 0
        if let content = route.content {
            let type = head.headers["Content-Type"]
            guard let type, content.types.contains(MediaType.essence(of: type)) else {
                throw ProblemDocument(
                    .contentTypeUnknown, type.map { "the body cannot be \(shown($0))" } ?? "the header Content-Type is missing",
                    hint: "Content-Type: \(content.types.joined(separator: " or "))")
            }
            if let encoding = head.headers["Content-Encoding"], encoding.lowercased() != "identity" {
                throw ProblemDocument(
                    .contentTypeUnknown, "the body cannot be \(shown(encoding))", hint: "send it without Content-Encoding")
            }
        }
        guard head.bodyBytes ?? 0 <= maximumBytes, route.content != nil || !head.hasBody else { throw Self.tooLong(maximumBytes) }
    }

    /// A version that is not written as one would be passed over, and what was to be guarded by it done all the same.
    private func checkConditions(_ head: RequestHead) throws(ProblemDocument) {
        for name in ["If-Match", "If-None-Match"] {
            let lists = head.headers.values(name)
            if lists.count > 1 { throw ProblemDocument(.headersRepeated, "the header \(name) is given twice", hint: "give it once") }
            guard let list = lists.first, !EntityTag.isList(list) else { continue }
            throw ProblemDocument(
                .requestMalformed, "the header \(name) cannot be \(shown(list))", hint: #"a version in quotes, as in "3", or *"#)
        }
    }

    static func tooLong(_ maximumBytes: Int) -> ProblemDocument {
        ProblemDocument(.bodyTooLong, maximumBytes == 0 ? "this takes no body" : "\(maximumBytes) bytes are the most here")
    }

    private func wantedType(_ head: RequestHead, _ route: Route) throws(ProblemDocument) -> String {
        guard let type = MediaType.chosen(accept: head.headers.items("Accept"), from: route.answers) else {
            let hint = "it has \(route.answers.map { MediaType.essence(of: $0) }.joined(separator: ", "))"
            throw ProblemDocument(.notAcceptable, "Accept excludes all that this has", hint: hint)
        }
        return type
    }
}
