// A plan as a page: who would leave and enter, with some of them and why, what each transition would carry, and the button.
import Campaigns

/// Draws a plan of the API.
struct PlanView {
    private let json: JSON

    init(_ json: JSON) { self.json = json }

    private var counts: String {
        let all = [("enter", "entered"), ("leave", "left"), ("change", "updated")].map { word, member in
            "\(Words.number(json.integer(member))) \(word)"
        }
        return all.joined(separator: ", ")
    }

    var html: HTML {
        let campaign = json.elements("campaigns").first ?? .null
        let (base, version) = (campaign.integer("baseVersion"), campaign.integer("version") ?? 1)
        let warnings = campaign.elements("warnings")
        let head = base.map { "version \(grouped($0)) → \(grouped(version))" } ?? "a new campaign"
        return """
            <h2>Plan for \(campaign.text("campaign") ?? "?"), \(head)</h2>
            <p class="verdict">\(counts).</p>
            <p class="soft">On commit \(Words.number(json.integer("sequence"))). Nothing is published yet.</p>
            \(warnings.isEmpty ? "" : "<div class=\"notice\"><p>Hardly meant:</p>\(PublicationTable.problems(warnings))</div>" as HTML)
            \(audiences)
            \(json.elements("audiences").map(Self.reasons))
            \(json.elements("audiences").map(Self.examples))
            \(transitions(campaign))
            \(sent)
            <p><button type="button" class="main" id="go" data-version="\(base.map(String.init) ?? "")">Publish: \(counts)</button></p>
            <p class="soft">It is published only \(base.map { "over version \(grouped($0))" } ?? "where there is none of its id yet"); if \
            somebody else is faster, nothing happens. It needs a token of role publish: the browser asks for it, any name will do.</p>
            """
    }

    private var audiences: HTML {
        var table = Table(
            "Audiences", [.text("Audience"), .number("Now"), .number("Then"), .number("Leave"), .number("Enter"), .number("Change")])
        for item in json.elements("audiences") {
            let retired: HTML = item.boolean("retired") == true ? " <span class=\"needs\">▲ is emptied and retired</span>" : ""
            table.add([
                "\(item.text("audience") ?? "?")\(retired)", "\(Words.number(item["now"]?.integer("members")))",
                "\(Words.number(item["then"]?.integer("members")))",
                "<span class=\"leaves\">\(Words.signed(-(item.integer("left") ?? 0)))</span>",
                "<span class=\"enters\">\(Words.signed(item.integer("entered") ?? 0))</span>", "\(Words.number(item.integer("updated")))",
            ])
        }
        return table.html(empty: "<p>No audience is concerned.</p>")
    }

    /// How many go and come for which reason; of many some were asked.
    static func reasons(_ audience: JSON) -> HTML {
        let name = audience.text("audience") ?? "?"
        var table = Table("Why: \(name)", [.text("What"), .number("Members"), .text("Reason")])
        for (status, word) in kinds {
            let (all, asked) = (audience.integer(status) ?? 0, audience["asked"]?.integer(status) ?? 0)
            for item in audience.elements("reasons") where item.text("status") == status {
                let members = item.integer("members") ?? 0
                let share = groupedShare(members, ofAsked: asked, of: all)
                table.add(["\(word)", "\(share)", "\(item.text("reason") ?? "–")"])
            }
        }
        guard !table.isEmpty else { return "" }
        return "<h3>Why, \(name)</h3>\(table.html(empty: ""))"
    }

    /// Leavers first: they are what one regrets.
    private static let kinds = [("left", "leaves"), ("entered", "enters"), ("updated", "changes")]

    static func examples(_ audience: JSON) -> HTML {
        var table = Table(
            "Some of them: \(audience.text("audience") ?? "?")", [.text("Who"), .text("What"), .text("Now"), .text("Then")])
        for (status, word) in kinds {
            for item in audience.elements("examples") where item.text("status") == status {
                table.add([
                    "\(item["identity"]?.text("id") ?? "?")", "\(word)", "\(item["now"]?.text("reason") ?? "–")",
                    "\(item["then"]?.text("reason") ?? "–")",
                ])
            }
        }
        guard !table.isEmpty else { return "" }
        return "<h3>Some of them, \(audience.text("audience") ?? "?")</h3>\(table.html(empty: ""))"
    }

    private func transitions(_ campaign: JSON) -> HTML {
        var table = Table("Transitions", [.text("Transition"), .number("Now"), .number("Then"), .number("Difference")])
        for transition in campaign.members("transitions") {
            let (now, then) = (transition.value["now"]?.integer("rows"), transition.value["then"]?.integer("rows"))
            table.add([
                "\(transition.name)", "\(Words.number(now))", "\(Words.number(then))", "\(Words.signed((then ?? 0) - (now ?? 0)))",
            ])
        }
        return table.isEmpty ? "" : "<h3>Transitions</h3>\(table.html(empty: ""))"
    }

    /// What leaves the house at once.
    private var sent: HTML {
        let requests = json.elements("requests").map { item -> HTML in
            """
            <li>\(Words.counted(item.integer("count") ?? 0, "request")) of \(item.text("channel") ?? "?") by \
            \(item.text("activity") ?? "?")</li>
            """
        }
        let alerts = json.elements("alerts").map { item -> HTML in
            let title = item.text("title") ?? item.text("activity") ?? "?"
            return "<li>the alert “\(title)”, with \(Words.counted(item.integer("rows") ?? 0, "row"))</li>"
        }
        return requests.isEmpty && alerts.isEmpty ? "" : "<h3>Sent at once</h3><ul>\(requests)\(alerts)</ul>"
    }
}
