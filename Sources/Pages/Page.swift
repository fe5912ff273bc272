// What all pages have: the head, the way to the others, the line that tells how it is and of which commit, and where the same is as JSON.
import Campaigns

/// One page of the console.
package struct Page: Sendable {
    /// Those that the head leads to.
    enum Section: String, CaseIterable {
        case audiences = "Audiences"
        case campaigns = "Campaigns"
        case publish = "Publish"
        case system = "System"
        case manual = "Manual"

        var address: Address {
            switch self {
            case .audiences: Address("")
            case .campaigns: Address("campaigns")
            case .publish: Address("publish")
            case .system: Address("system")
            case .manual: Address("manual")
            }
        }
    }

    /// Of HTTP.
    package var status = 200
    var section: Section?
    /// What it is about, as the title and the heading have it.
    var title: String
    /// Where it lies below its section.
    var trail: [(name: String, address: Address)] = []
    /// The stream that tells what changes; nil: nothing is live here.
    var events: String?
    /// After how many seconds the script takes the parts anew that no stream tells.
    var refreshSeconds = 10
    /// Of the API: the same as JSON.
    var source: Address?
    /// What is shown is of a commit.
    var sequence: Int64?
    var clock: String?
    var body: HTML

    /// The whole document.
    package var html: HTML {
        let sections = Section.allCases.map { section -> HTML in
            let current: HTML = section == self.section ? " aria-current=\"page\"" : ""
            return "<a href=\"\(section.address)\"\(current)>\(section.rawValue)</a>"
        }
        let follows: HTML = events.map { " data-events=\"\($0)\" data-refresh=\"\(refreshSeconds)\"" } ?? ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · audienced</title>
            <link rel="icon" href="/console.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/console.css">
            <script src="/console.js" defer></script>
            </head>
            <body\(follows)>
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            <a class="brand" href="/">audienced</a>
            <nav aria-label="Sections">\(sections)</nav>
            </header>
            \(stateLine)
            <main id="main">
            \(crumbs)
            <h1>\(title)</h1>
            \(body)
            </main>
            <footer>\(sourceLink)</footer>
            </body>
            </html>
            """
    }

    private var stateLine: HTML {
        // The manual is of the program, not of a commit.
        if section == .manual { return "" }
        let time: HTML = clock.map { ", \(HTML.time(.string($0)))" } ?? ""
        let commit: HTML =
            sequence.map { "<span id=\"commit\">commit <span data-value=\"sequence\">\(Words.number($0))</span>\(time)</span>" }
            ?? "<span id=\"commit\"></span>"
        let link: HTML = "<span id=\"link\" role=\"status\"></span>"
        let controls: HTML =
            events == nil
            ? "" : "<span id=\"live\" hidden>as it was</span> <button id=\"pause\" type=\"button\" hidden>Pause updates</button>"
        let reload: HTML = "<a href=\"\" id=\"reload\">Reload</a>"
        return "<section class=\"stateline\" aria-label=\"How current this is\">\(commit) \(link) \(controls) \(reload)</section>"
    }

    private var crumbs: HTML {
        guard !trail.isEmpty else { return "" }
        let links = trail.map { "<a href=\"\($0.address)\">\($0.name)</a> <span aria-hidden=\"true\">/</span> " as HTML }
        return "<nav class=\"crumbs\" aria-label=\"Breadcrumb\">\(links)<span aria-current=\"page\">\(title)</span></nav>"
    }

    private var sourceLink: HTML {
        guard let source else { return "<a href=\"/api/v1/openapi.json\">The API</a>" }
        return "<a href=\"\(source.ofAPI)\">This page as JSON</a> · <a href=\"/api/v1/openapi.json\">The API</a>"
    }
}

extension Page {
    /// Of a page whose first answer is a problem.
    package static func refused(_ answer: Answer, title: String) -> Page {
        Page(
            status: answer.status, title: answer.json.text("title") ?? title, trail: [("Audiences", Section.audiences.address)],
            body: "\(refusal(answer))\(next(after: answer))")
    }

    /// What somebody can do who was refused a page.
    private static func next(after answer: Answer) -> HTML {
        switch answer.status {
        case 401:
            """
            <p>Reload this page: the browser asks for a name and a password. Any name will do; the password is the token, one of \
            <code>http.tokens</code> in the daemon’s configuration.</p>
            """
        case 429, 503: "<p>Reload this page in a moment. <a href=\"/system\">How the daemon is</a></p>"
        default: "<p><a href=\"/system\">How the daemon is</a></p>"
        }
    }

    /// Why a part is not there.
    static func refusal(_ answer: Answer) -> HTML {
        let hint: HTML = answer.json.text("hint").map { "<p class=\"soft\">\($0)</p>" } ?? ""
        return "<div class=\"notice\"><p>\(Words.sentence(answer.json.text("detail") ?? "there is no answer"))</p>\(hint)</div>"
    }
}
