// All audiences: who is in each, how that went within a day, and what needs somebody.
import Campaigns

/// The page at the root.
enum AudiencesPage {
    /// - Parameters:
    ///   - list: GET audiences?trend=1.
    ///   - text: what was looked for.
    ///   - state: the only state that was asked for.
    static func page(_ list: Answer, text: String?, state: String?, source: Address) -> Page {
        let items = list.json.elements("items")
        var table = Table(
            "Audiences",
            [
                .text("Audience"), .text("Campaign"), .number("Members"), .text("24 h"), .number("entered 24 h"), .number("left 24 h"),
                .text("Last change"), .text("State"),
            ], filter: "q")
        for item in items { table.add(row(item)) }
        let isSearch = text?.isEmpty == false || state?.isEmpty == false
        let empty: HTML =
            isSearch
            ? "<p>No audience is called so, or is in this state. <a href=\"/\">Show all</a></p>"
            : """
            <p>There is no audience yet. A campaign that saves one makes it: <a href="/publish">publish one here</a>, or on the command \
            line:</p><pre><code>audienced publish campaign.json</code></pre>
            """
        let next: HTML =
            list.json.text("next").map { cursor in
                "<p><a href=\"\(Address("", query: [("q", text), ("state", state), ("after", cursor)]))\">Next page</a></p>"
            } ?? ""
        return Page(
            section: .audiences, title: "Audiences", events: "audiences", refreshSeconds: 30, source: source, sequence: list.sequence,
            clock: list.clock,
            body: """
                \(form(text, state))
                <div data-part="list">\(table.html(empty: empty))</div>
                \(next)
                """)
    }

    private static func form(_ text: String?, _ state: String?) -> HTML {
        let states = ["live", "scheduled", "completed", "stopped", "retired"].map { name -> HTML in
            let isChosen: HTML = name == state ? " selected" : ""
            return "<option value=\"\(name)\"\(isChosen)>\(name)</option>"
        }
        return """
            <form method="get" action="/" class="find" role="search">
            <div><label for="q">Name contains</label><input id="q" name="q" type="search" value="\(text ?? "")" autocomplete="off"></div>
            <div><label for="state">State</label><select id="state" name="state"><option value="">all</option>\(states)</select></div>
            <button type="submit">Find</button>
            </form>
            """
    }

    private static func row(_ item: JSON) -> [HTML] {
        let (id, campaign) = (item.text("id") ?? "", item.text("campaign") ?? "")
        let label = item.text("label") ?? ""
        let name: HTML = "<a href=\"\(Address("audiences", id))\">\(label.isEmpty ? id : label)</a>"
        let soft: HTML = label.isEmpty || label == id ? "" : " <span class=\"soft\">\(id)</span>"
        let day = item["day"] ?? .null
        let entered: HTML = "<span class=\"enters\">\(Words.signed(day.integer("entered") ?? 0))</span>"
        let left: HTML = "<span class=\"leaves\">\(Words.signed(-(day.integer("left") ?? 0)))</span>"
        return [
            "\(name)\(soft)", "<a href=\"\(Address("campaigns", campaign))\">\(campaign)</a>",
            .live("audiences.\(id).size", item.integer("size")), Chart.sparkline(day.elements("sizes")), entered, left,
            lastChange("audiences.\(id)", item), state(item),
        ]
    }

    /// When an audience changed last; `name`: of the audience in frames.
    static func lastChange(_ name: String, _ item: JSON) -> HTML {
        .ago("\(name).lastChangeTime", item["lastChangeTime"], commit: .live("\(name).lastChange", item.integer("lastChange")))
    }

    /// The worst is said: of a list nobody opens each item.
    static func state(_ item: JSON) -> HTML {
        let mark = StateMark.html(item.text("state") ?? "?", isComplete: item.boolean("complete") ?? true)
        guard let rejected = item.integer("rejected"), rejected > 0 else { return mark }
        return "\(mark) <span class=\"needs\"><span aria-hidden=\"true\">▲</span> \(Words.counted(rejected, "row")) without identity</span>"
    }
}
