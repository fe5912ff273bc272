// A page as a row of a table: where it lies, what it may be asked with, what it asks the API, and how the answers are drawn.
package import HTTP

/// One page.
package struct ConsolePage: Sendable {
    /// What a page asks the API.
    package struct Question: Sendable {
        package let address: Address
        /// Sent with the body of the page's own request, if that has one.
        package let method: Method

        init(_ address: Address, _ method: Method = .get) {
            self.address = address.ofAPI
            self.method = method
        }

        /// Of an address outside of the API.
        init(outside address: Address) {
            self.address = address
            method = .get
        }
    }

    /// What is asked when some answers are there; nothing more: the page can be drawn.
    typealias Asks = @Sendable (Request, [Answer]) -> [Question]

    package let method: Method
    package let path: String
    package let name: String
    package let summary: String
    package let query: [QueryParameter]
    /// Round by round.
    let rounds: [Asks]
    /// Whether there is a page also where the first answer is a problem.
    let takesProblems: Bool
    let draw: @Sendable (Request, [Answer]) -> Page

    init(
        _ path: String, _ name: String, _ summary: String, method: Method = .get, query: [QueryParameter] = [],
        takesProblems: Bool = false,
        asks rounds: Asks..., draw: @escaping @Sendable (Request, [Answer]) -> Page
    ) {
        self.method = method
        self.path = path
        self.name = "page-\(name)"
        self.summary = summary
        self.query = query
        self.rounds = rounds
        self.takesProblems = takesProblems
        self.draw = draw
    }

    /// What is asked in a round; nil: there is no further one.
    package func questions(_ request: Request, round: Int, after answers: [Answer]) -> [Question]? {
        if round >= rounds.count || (round > 0 && !takesProblems && answers.first?.isThere == false) { return nil }
        return rounds[round](request, answers)
    }

    /// The page of these answers.
    package func page(_ request: Request, _ answers: [Answer]) -> Page {
        if !takesProblems, let first = answers.first, !first.isThere { return .refused(first, title: "There is no such page") }
        return draw(request, answers)
    }
}

extension Request {
    /// A parameter of the path, which the route has.
    func piece(_ name: String) -> String { parameters[name] ?? "" }

    /// A text of the query that is not empty: forms send empty ones too.
    func given(_ name: String) -> String? { query.text(name).flatMap { $0.isEmpty ? nil : $0 } }
}
