// The console at `/`: each row of its table of pages becomes a route, which asks the API's own routes and draws what they answer. It has no
// other way to anything.
import Campaigns
import HTTP
import Pages
import Storage
import Synchronization

extension Resources {
    /// Pages and their files. `routes`: what pages may ask.
    func console(over routes: [Route]) -> [Route] {
        let inner = InnerRoutes(routes)
        let pages = ConsolePages.all.map { page -> Route in
            var route = Route(
                page.method, page.path, name: page.name, summary: page.summary, role: .observe, query: page.query,
                content: page.method == .post ? .definitions : nil, answers: ["text/html"]
            ) { request, responder in
                PageMaking(page: page, request: request, responder: responder, inner: inner, thread: drawing).ask(round: 0, after: [])
            }
            // It asks the resource of the same path.
            route.isCostly = routes.contains { $0.isCostly && $0.path == Self.root + page.path }
            return route
        }
        return pages + ConsoleFile.all.map(\.route)
    }

    /// What somebody who wants a page is shown where there is none, with the reason; nil: the API answers all with its documents.
    static func problemPage(_ problem: ProblemDocument, target: String) -> Response? {
        if target.hasPrefix(root + "/") { return nil }
        let page = Page.refused(
            Answer(status: problem.code.status, json: problem.json, sequence: nil, clock: nil), title: "There is no such page")
        return Response(page)
    }
}

/// One page on its way.
private struct PageMaking: Sendable {
    let page: ConsolePage
    let request: Request
    let responder: Responder
    let inner: InnerRoutes
    /// Where pages are drawn: neither the server's thread nor the engine's has the time.
    let thread: SideThread

    /// Asks what a round asks, all at once; when all is answered the next round follows, or the page is drawn.
    func ask(round: Int, after answers: [Answer]) {
        guard let questions = page.questions(request, round: round, after: answers) else { return draw(answers) }
        if questions.isEmpty { return go(on: round, answers) }
        let gathering = Gathering(questions.count)
        for (place, question) in questions.enumerated() {
            inner.ask(question.address.text, question.method, for: request, responder) { response in
                if let all = gathering.take(Answer(response), at: place) { go(on: round, answers + all) }
            }
        }
    }

    private func go(on round: Int, _ answers: [Answer]) {
        let isTaken = thread.run {
            if !responder.isOver { ask(round: round + 1, after: answers) }
        }
        if !isTaken { responder.answer(ProblemDocument(.tooBusy, "too many pages wait to be drawn")) }
    }

    private func draw(_ answers: [Answer]) {
        let drawn = page.page(request, answers)
        responder.answer(Response(drawn))
    }
}

extension Response {
    fileprivate init(_ page: Page) {
        self.init(status: page.status, headers: ["Content-Type": "text/html; charset=utf-8"], body: .bytes(page.html.bytes))
    }
}

/// The answers of a round.
private final class Gathering: Sendable {
    private let answers: Mutex<[Answer?]>

    init(_ count: Int) { answers = Mutex(Array(repeating: nil, count: count)) }

    /// All of them, when this is the last that was missing.
    func take(_ answer: Answer, at place: Int) -> [Answer]? {
        answers.withLock { answers in
            answers[place] = answer
            let all = answers.compactMap { $0 }
            return all.count == answers.count ? all : nil
        }
    }
}

extension Answer {
    fileprivate init(_ response: Response) {
        guard case .bytes(let bytes) = response.body else { preconditionFailure("no page asks for a file") }
        self.init(
            status: response.status, json: JSON(text: bytes) ?? .null,
            sequence: response.headers["Audienced-Sequence"].flatMap { Int64($0) }, clock: response.headers["Audienced-Clock"])
    }
}

extension ConsoleFile {
    /// A browser keeps it, and asks each time whether it is still the same.
    fileprivate var route: Route {
        var response = Response(headers: ["Content-Type": type, "Cache-Control": "no-cache"], body: .bytes(bytes))
        response.entityTag = String(Digest.sha256(of: bytes).prefix(16))
        let essence = String(type.prefix { $0 != ";" })
        let answer = response
        return Route(.get, path, name: "file\(path)", summary: "A file of the console.", role: nil, answers: [essence]) { _, responder in
            responder.answer(answer)
        }
    }
}
