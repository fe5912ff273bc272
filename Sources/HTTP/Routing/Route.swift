// One row of the table of routes: all that is to be known of a resource before it is asked. The checks of a request and the description of
// the interface are made from the same rows.

/// A method on a path, who may ask, with what, and who answers.
public struct Route: Sendable {
    /// Answers a request, at once or later, from any thread; it runs on the server's one thread and must not wait.
    public typealias Handler = @Sendable (Request, Responder) -> Void

    /// A body that a request may or must have.
    public struct Content: Sendable {
        /// Media types without parameters. What may change something takes JSON alone: a form of a foreign page cannot send that.
        public var types: [String]
        /// The longest.
        public var maximumBytes: Int

        public init(types: [String] = ["application/json"], maximumBytes: Int = 1 << 20) {
            self.types = types
            self.maximumBytes = maximumBytes
        }

        /// A definition, or several, a line each.
        public static let definitions = Content(types: ["application/json", "application/x-ndjson"], maximumBytes: 10 << 20)
        /// No more than its type: `{}` or nothing.
        public static let nothing = Content(maximumBytes: 1024)
    }

    /// GET answers HEAD too.
    public let method: Method
    /// `/api/v1/audiences/{id}/members/{namespace}/{identity}`
    public let path: String
    /// For people and machines: the name of the operation in the description, the label of metrics.
    public let name: String
    /// One sentence for the description of the interface.
    public let summary: String
    /// Who may ask; nil: anybody, also without a token.
    public let role: Role?
    /// What it may be asked with.
    public let query: [QueryParameter]
    /// Its body; nil: none.
    public let content: Content?
    /// The media types of its answers, the favourite first.
    public let answers: [String]
    /// Whether an answer takes so much that no page of somebody else's may ask, as for a change.
    public var isCostly = false
    let pattern: PathPattern
    let handler: Handler

    public init(
        _ method: Method, _ path: String, name: String, summary: String, role: Role?, query: [QueryParameter] = [],
        content: Content? = nil, answers: [String] = ["application/json"], handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.summary = summary
        self.role = role
        self.query = query
        self.content = content ?? (method.mayChange ? .nothing : nil)
        self.answers = answers
        self.handler = handler
        pattern = PathPattern(path)
        precondition(method.mayChange || content == nil, "a GET has no body: \(path)")
        precondition(Set(query.map(\.name)).count == query.count, "a parameter of the query stands twice: \(path)")
        let json = [MediaType.json, MediaType.lines]
        precondition(self.content?.types.allSatisfy(json.contains) ?? true, "a form of a foreign page could send that: \(path)")
    }

    /// Whether it changes something: then a token is needed wherever the request comes from.
    var changes: Bool { role == .publish }
}
