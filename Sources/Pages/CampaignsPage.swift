// All campaigns: how each is, and the audiences that it writes.
import Campaigns

/// The list of campaigns.
enum CampaignsPage {
    static func page(_ list: Answer, source: Address) -> Page {
        var table = Table(
            "Campaigns", [.text("Campaign"), .text("Audiences"), .number("Version"), .text("Valid"), .text("State")], filter: "filter")
        for item in list.json.elements("items") {
            let (id, name) = (item.text("id") ?? "", item.text("name") ?? "")
            let audiences = item.elements("audiences").map { Words.plain($0) }
            let links = audiences.enumerated().map { place, audience in
                "\(place == 0 ? "" : ", ")<a href=\"\(Address("audiences", audience))\">\(audience)</a>" as HTML
            }
            let soft: HTML = name.isEmpty || name == id ? "" : " <span class=\"soft\">\(id)</span>"
            table.add([
                "<a href=\"\(Address("campaigns", id))\">\(name.isEmpty ? id : name)</a>\(soft)", "\(links)",
                "\(Words.number(item.integer("version")))", validity(item), StateMark.html(item.text("state") ?? "?"),
            ])
        }
        let next: HTML =
            list.json.text("next").map { "<p><a href=\"\(Address("campaigns", query: [("after", $0)]))\">Next page</a></p>" } ?? ""
        let find: HTML =
            table.isEmpty
            ? ""
            : """
            <div class="find js" hidden><label for="filter">Rows with</label>\
            <input id="filter" type="search" autocomplete="off"></div>
            """
        return Page(
            section: .campaigns, title: "Campaigns", source: source, sequence: list.sequence, clock: list.clock,
            body: """
                \(find)
                \(table.html(
                    empty: """
                        <p>No campaign yet: <a href="/publish">publish one here</a>, or on the command line:</p>\
                        <pre><code>audienced publish campaign.json</code></pre>
                        """))
                \(next)
                """)
    }

    /// From when to when it is followed.
    static func validity(_ item: JSON) -> HTML {
        switch (item["startAt"]?.instant, item["endAt"]?.instant) {
        case (nil, nil): "for ever"
        case (_?, nil): "from \(HTML.time(item["startAt"]))"
        case (nil, _?): "until \(HTML.time(item["endAt"]))"
        case (_?, _?): "from \(HTML.time(item["startAt"])) until \(HTML.time(item["endAt"]))"
        }
    }
}
