// Records that were refused: where each came from, why, and, for who may see it, what it was.
import Campaigns

/// The list of dead letters.
enum DeadLettersPage {
    static func page(_ list: Answer, topic: String?, reason: String?, source: Address) -> Page {
        var table = Table("Dead letters", [.text("Record"), .text("Time"), .text("Reason"), .text("What is wrong"), .text("Value")])
        for item in list.json.elements("items") {
            let record = "\(item.text("topic") ?? "?")/\(item.integer("partition") ?? 0) offset \(item.integer("offset") ?? 0)"
            let value: HTML =
                item["value"].map {
                    "<details><summary>value</summary><pre tabindex=\"0\"><code>\(Words.text($0))</code></pre></details>"
                } ?? "<span class=\"soft\">not shown</span>"
            table.add([
                "\(record)", .time(item["time"]), "\(item.text("reason") ?? "–")", "\(item.text("message") ?? "")", value,
            ])
        }
        let next: HTML =
            list.json.text("next").map { cursor in
                let address = Address("system", "dead-letters", query: [("topic", topic), ("reason", reason), ("after", cursor)])
                return "<p><a href=\"\(address)\">Next page</a></p>"
            } ?? ""
        let filters = [topic, reason].compactMap { $0 }
        let shown: HTML =
            filters.isEmpty
            ? ""
            : "<p>Only \(filters.joined(separator: ", ")). <a href=\"/system/dead-letters\">Show all</a></p>"
        return Page(
            section: .system, title: "Dead letters", trail: [("System", Page.Section.system.address)], source: source,
            sequence: list.sequence, clock: list.clock,
            body: """
                \(shown)
                \(table.html(empty: "<p>None is on this page.</p>"))
                \(next)
                <p>Put right what they were refused for, then send them again: \
                <code class="nowrap">audienced dlq redrive --config FILE</code></p>
                """)
    }
}
