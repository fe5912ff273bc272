// One activity of a campaign: what it does, what comes in and goes out, and some of the rows that are there.
import Campaigns

/// The page of an activity.
enum ActivityPage {
    /// The transition whose rows are shown: what goes out, or what came in where nothing does; nil: there is no such activity.
    static func shown(_ id: String, of campaign: Answer) -> String? {
        guard let activity = CampaignGraph(campaign.json["definition"] ?? .null).activities.first(where: { $0.id == id }) else {
            return nil
        }
        let names = campaign.json.members("transitions").map(\.name)
        return names.first { CampaignGraph.parts(of: $0).activity == id } ?? CampaignGraph.inbounds(of: activity.json).first
    }

    static func page(_ id: String, campaign: Answer, rows: Answer?, source: Address) -> Page {
        let json = campaign.json
        let (campaignId, name) = (json.text("id") ?? "", json.text("name") ?? "")
        let graph = CampaignGraph(json["definition"] ?? .null)
        let trail = [
            ("Campaigns", Page.Section.campaigns.address), (name.isEmpty ? campaignId : name, Address("campaigns", campaignId)),
        ]
        guard let place = graph.activities.firstIndex(where: { $0.id == id }) else {
            let names = graph.activities.map(\.id).joined(separator: ", ")
            return Page(
                status: 404, section: .campaigns, title: "There is no such activity", trail: trail,
                body: "<p>The campaign \(campaignId) has no activity <code>\(id)</code>. It has \(names).</p>")
        }
        let activity = graph.activities[place]
        let transitions = json["transitions"] ?? .null
        var table = Table("In and out", [.text("Transition"), .text("Way"), .number("Rows now"), .text("Lost or in doubt")])
        let counted = json.members("transitions").map(\.name)
        let outs = graph.outputs(of: place, counted: counted).map { graph.transition(place, $0) }
        for (name, way) in CampaignGraph.inbounds(of: activity.json).map({ ($0, "in") }) + outs.map({ ($0, "out") }) {
            let counts = transitions[name] ?? .null
            table.add([
                "\(name)", "\(way)", .live("transitions.\(name).rows", counts.integer("rows")),
                "\(TransitionLosses(counts).words ?? "none")",
            ])
        }
        return Page(
            section: .campaigns, title: activity.name, trail: trail, events: "campaign:\(campaignId)", source: source,
            sequence: campaign.sequence, clock: campaign.clock,
            body: """
                <p class="soft"><code>\(id)</code> · \(activity.type)</p>
                <p>\(ActivityWords.html(activity.json, words: json["words"]?[activity.id]))</p>
                <div data-part="transitions">\(table.html(empty: "<p>Nothing leads here.</p>"))</div>
                \(rows.map { records($0, id, campaign) } ?? "")
                <h2>Settings</h2>
                <pre tabindex="0"><code>\(PrettyJSON.text(activity.json))</code></pre>
                """)
    }

    private static func records(_ rows: Answer, _ id: String, _ campaign: Answer) -> HTML {
        guard rows.isThere else { return "<h2>Rows here</h2>\(Page.refusal(rows))" }
        var table = Table("Rows at \(shown(id, of: campaign) ?? id)", [.text("Record"), .text("Key")])
        for item in rows.json.elements("items") {
            table.add(["\(item.text("schema") ?? "?")", "\(item.text("key") ?? "(no record)")"])
        }
        let more: HTML = rows.json.boolean("more") == true ? "<p class=\"soft\">There are more; these are some.</p>" : ""
        return "<h2>Rows here</h2>\(table.html(empty: "<p>No row is here now.</p>"))\(more)"
    }
}
