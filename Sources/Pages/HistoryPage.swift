// How large an audience was, and who entered and left, over two hours, a day, a week or a month.
import Campaigns

/// The history of an audience.
enum HistoryPage {
    static let spans: [(step: String, words: String)] = [
        ("PT1M", "2 hours"), ("PT5M", "24 hours"), ("PT1H", "7 days"), ("P1D", "30 days"),
    ]

    static func page(_ head: AudienceHead, history: Answer, step: String, source: Address) -> Page {
        let links = spans.map { name, words -> HTML in
            let current: HTML = name == step ? " aria-current=\"page\"" : ""
            return "<a href=\"\(Address("audiences", head.id, "history", query: [("step", name)]))\"\(current)>\(words)</a>"
        }
        let words = spans.first { $0.0 == step }?.1 ?? ""
        let drawn: HTML =
            history.isThere ? Chart.history(history.json, of: head.name, over: "within \(words)") : Page.refusal(history)
        return head.page(
            source: source, sequence: history.sequence, clock: history.clock,
            """
            <nav class="tabs" aria-label="How long">\(links)</nav>
            <div data-part="history">\(drawn)</div>
            <div data-part="causes">\(CausesTable.html(history.json["causes"], of: head.name))</div>
            <p class="soft">Kept since \(HTML.time(history.json["since"])).</p>
            """)
    }
}
