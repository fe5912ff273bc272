// One campaign: its picture with the rows at each transition, the same as a table, what was said about it last, and its versions.
import Campaigns

/// The page of a campaign.
enum CampaignPage {
    /// Of a larger picture nobody sees the whole: the table stands first.
    private static let mostDrawnFirst = 150
    /// The newest; all others are asked for by their numbers.
    private static let mostVersions: Int64 = 10

    static func page(_ campaign: Answer, audiences: Answer, status: Answer, source: Address) -> Page {
        let json = campaign.json
        let (id, name) = (json.text("id") ?? "", json.text("name") ?? "")
        let definition = json["definition"] ?? .null
        let graph = CampaignGraph(definition)
        let transitions = json["transitions"] ?? .null
        let picture: HTML = """
            <h2>Picture</h2>
            <p class="soft">Each line begins with the rows that it has now; ▲ counts rows that are lost or in doubt there.</p>
            <div data-part="canvas">\(Canvas(id, graph, transitions: transitions).html)</div>
            """
        let table = transitionTable(id, graph, transitions, words: json["words"] ?? .null)
        let isLarge = graph.activities.count > mostDrawnFirst
        return Page(
            section: .campaigns, title: name.isEmpty ? id : name, trail: [("Campaigns", Page.Section.campaigns.address)],
            events: "campaign:\(id)", source: source, sequence: campaign.sequence, clock: campaign.clock,
            body: """
                \(head(json, id))
                \(isLarge ? "\(table)\(picture)" : "\(picture)\(table)" as HTML)
                <div data-part="audiences">\(written(audiences))</div>
                \(said(id, status))
                \(versions(id, json.integer("version") ?? 1))
                <h2>Definition</h2>
                <details><summary>As JSON</summary><pre tabindex="0"><code>\(PrettyJSON.text(definition))</code></pre></details>
                """)
    }

    private static func head(_ json: JSON, _ id: String) -> HTML {
        let audiences = json.elements("audiences").map { Words.plain($0) }
        let links = audiences.map { "<a href=\"\(Address("audiences", $0))\">\($0)</a> " as HTML }
        return """
            <p class="soft"><code>\(id)</code> · \(StateMark.html(json.text("state") ?? "?")), version \
            \(HTML.live("campaign.version", json.integer("version"))) · valid \(CampaignsPage.validity(json)) · time zone \
            \(json.text("timezone") ?? "UTC") · writes \(audiences.isEmpty ? "no audience" : "\(links)" as HTML)</p>
            """
    }

    /// The audiences that it writes, and who came and went within the last hour.
    private static func written(_ audiences: Answer) -> HTML {
        guard audiences.isThere else { return Page.refusal(audiences) }
        var table = Table(
            "Audiences that it writes",
            [
                .text("Audience"), .number("Members"), .number("entered, last hour"), .number("left, last hour"), .text("State"),
            ])
        for item in audiences.json.elements("items") {
            let (id, label) = (item.text("id") ?? "", item.text("label") ?? "")
            let hour = item["day"]?["lastHour"] ?? .null
            table.add([
                "<a href=\"\(Address("audiences", id))\">\(label.isEmpty ? id : label)</a>", "\(Words.number(item.integer("size")))",
                "<span class=\"enters\">\(hour.integer("entered").map(Words.signed) ?? "–")</span>",
                "<span class=\"leaves\">\(hour.integer("left").map { Words.signed(-$0) } ?? "–")</span>", AudiencesPage.state(item),
            ])
        }
        return table.isEmpty ? "" : "<h2>Audiences that it writes</h2>\(table.html(empty: ""))"
    }

    private static func transitionTable(_ id: String, _ graph: CampaignGraph, _ transitions: JSON, words: JSON) -> HTML {
        let counted: [String] = if case .object(let members) = transitions { members.map(\.name) } else { [] }
        var table = Table(
            "Activities and their transitions",
            [.text("From"), .text("What it does"), .text("Output"), .text("To"), .number("Rows now"), .text("Lost or in doubt")])
        for (place, activity) in graph.activities.enumerated() {
            let outputs = graph.outputs(of: place, counted: counted)
            let said = ActivityWords.html(activity.json, words: words[activity.id], isPlain: true)
            let name: HTML = "<a href=\"\(Address("campaigns", id, "activities", activity.id))\">\(activity.name)</a>"
            if outputs.isEmpty { table.add([name, said, "–", "–", "–", "–"]) }
            for (number, output) in outputs.enumerated() {
                let counts = transitions[graph.transition(place, output)] ?? .null
                let targets = graph.edges.filter { $0.source == place && $0.output == output }.map { graph.activities[$0.target].name }
                let losses: HTML = TransitionLosses(counts).words.map { "<span class=\"needs\">\($0)</span>" } ?? "none"
                table.add([
                    name, number == 0 ? said : "", "\(output)",
                    targets.isEmpty ? "nobody takes it" : "\(targets.joined(separator: ", "))",
                    .live("transitions.\(graph.transition(place, output)).rows", counts.integer("rows")), losses,
                ])
            }
        }
        return "<h2>The same as a table</h2><div data-part=\"transitions\">\(table.html(empty: "<p>It has no activities.</p>"))</div>"
    }

    /// The last control events about it.
    private static func said(_ id: String, _ status: Answer) -> HTML {
        let all = status.json["figures"]?.elements("publications") ?? []
        let own = all.filter { $0.text("campaign") == id }
        guard let last = own.first else { return "" }
        let problems = last.elements("problems")
        let problem: HTML =
            problems.isEmpty
            ? ""
            : """
            <div class="notice"><p class="needs"><span aria-hidden="true">▲</span> The last control event about it was refused:</p>\
            \(PublicationTable.problems(problems))</div>
            """
        return "<h2>Last control events about it</h2>\(problem)\(PublicationTable.html(own))"
    }

    private static func versions(_ id: String, _ newest: Int64) -> HTML {
        let numbers = stride(from: newest, to: max(0, newest - mostVersions), by: -1)
        let links = numbers.map { number -> HTML in
            let mark = number == newest ? ", the newest" : ""
            return "<li><a href=\"\(Address("campaigns", id, "versions", "\(number)"))\">Version \(grouped(number))</a>\(mark)</li>"
        }
        return "<h2>Versions</h2><ul>\(links)</ul>"
    }
}
