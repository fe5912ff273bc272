// The first page of an audience: what it means, how large it was within a day, and who is in, page by page.
import Campaigns

/// The members of an audience.
enum MembersPage {
    static func page(
        _ head: AudienceHead, members: Answer, history: Answer, campaign: Answer?, prefix: String?, isFirst: Bool, source: Address
    ) -> Page {
        let span = history.json.text("step") == "PT1M" ? "within 2 hours" : "within 24 hours"
        return head.page(
            source: source, sequence: members.sequence, clock: members.clock,
            """
            \(meaning(head, campaign))
            <div data-part="day">\(history.isThere ? Chart.history(history.json, of: head.name, over: span) : "")</div>
            <div data-part="causes">\(CausesTable.html(history.json["causes"], of: head.name))</div>
            \(OutlookPage.form(head.id, nil))
            <h2>Members</h2>
            \(members.isThere ? list(head, members.json, prefix: prefix, isFirst: isFirst) : Page.refusal(members))
            """)
    }

    /// The activities on the way to the audience, in words.
    private static func meaning(_ head: AudienceHead, _ campaign: Answer?) -> HTML {
        guard let campaign, campaign.isThere, let definition = campaign.json["definition"] else { return "" }
        let graph = CampaignGraph(definition)
        let steps = graph.activities(toAudience: head.id).map { activity -> HTML in
            "<li>\(ActivityWords.html(activity.json, words: campaign.json["words"]?[activity.id], isPlain: true))</li>"
        }
        guard !steps.isEmpty else { return "" }
        let description: HTML =
            graph.save(ofAudience: head.id)?["audience"]?.text("description").map { "<p>\($0)</p>" } ?? ""
        return """
            \(description)
            <details open><summary>Who is meant</summary><ol>\(steps)</ol></details>
            """
    }

    private static func list(_ head: AudienceHead, _ json: JSON, prefix: String?, isFirst: Bool) -> HTML {
        let attributes = head.answer.json.elements("attributes").compactMap { $0.text("name") }
        var table = Table(
            "Members of \(head.name)",
            [.text(head.namespace), .number("Rows")] + attributes.map { .text($0) } + [.text("Leaves by itself"), .text("Why")])
        for item in json.elements("items") {
            let id = item["identity"]?.text("id") ?? ""
            let why = Address("audiences", head.id, "ask", query: [("kind", "identity"), ("who", id)])
            table.add(
                ["\(id)", "\(Words.number(item.integer("rows")))"]
                    + attributes.map { "\(Words.plain(item["attributes"]?[$0]))" as HTML }
                    + [.time(item["validUntil"]), "<a href=\"\(why)\">why?<span class=\"unseen\"> \(id)</span></a>"])
        }
        let empty: HTML =
            prefix == nil
            ? "<p>Nobody is in. The moment that somebody is meant, she is here.</p>"
            : "<p>No identity on this page begins with that. <a href=\"\(Address("audiences", head.id))\">Show all</a></p>"
        let next: HTML =
            json.text("next").map { cursor in
                "<a href=\"\(Address("audiences", head.id, query: [("prefix", prefix), ("after", cursor)]))\">Next page</a>"
            } ?? ""
        let first: HTML = isFirst ? "" : "<a href=\"\(Address("audiences", head.id, query: [("prefix", prefix)]))\">First page</a>"
        return """
            <form method="get" action="\(Address("audiences", head.id))" class="find" role="search">
            <div><label for="prefix">\(head.namespace) begins with</label>\
            <input id="prefix" name="prefix" type="search" value="\(prefix ?? "")" autocomplete="off"></div>
            <button type="submit">Find</button>
            </form>
            \(table.html(empty: empty))
            <p>\(first) \(next)</p>
            <p class="soft">By the order of the identities. “Leaves by itself” is when she leaves if nothing is written; – where that \
            depends on others or on linked records, or never comes: “why?” and “Look ahead” find that out.</p>
            """
    }
}
