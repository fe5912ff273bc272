// Control events and what became of them.
import Campaigns

/// A table of publications, the newest first.
enum PublicationTable {
    static func html(_ publications: [JSON]) -> HTML {
        var table = Table("Control events", [.number("Offset"), .text("About"), .text("Result"), .number("Commit")])
        for item in publications {
            let problems = item.elements("problems")
            let version = item.integer("version").map { "version \(grouped($0)) " } ?? ""
            let done = "\(version)\(words[item.text("type") ?? ""] ?? "done")"
            let result: HTML =
                problems.isEmpty
                ? "<span class=\"yes\"><span aria-hidden=\"true\">✓</span> \(done)</span>"
                : "<span class=\"no\"><span aria-hidden=\"true\">✗</span> refused</span>\(self.problems(problems))"
            table.add([
                "\(Words.number(item.integer("offset")))", about(item), result, "\(Words.number(item.integer("sequence")))",
            ])
        }
        return table.html(empty: "<p>Nothing was published since the daemon started.</p>")
    }

    private static let words = [
        "schema.published": "published", "campaign.published": "published", "campaign.stopped": "stopped", "campaign.deleted": "deleted",
        "barrier.requested": "a barrier",
    ]

    private static func about(_ item: JSON) -> HTML {
        if let schema = item.text("schema") { return "schema \(schema)" }
        guard let campaign = item.text("campaign") else { return "–" }
        let isThere = item.integer("version") != nil && item.text("type") != "campaign.deleted"
        return isThere ? "<a href=\"\(Address("campaigns", campaign))\">\(campaign)</a>" : "\(campaign)"
    }

    /// What is wrong with a definition, and what to do.
    static func problems(_ problems: [JSON]) -> HTML {
        let items = problems.map { problem -> HTML in
            let hint: HTML = problem.text("hint").map { " <span class=\"soft\">→ \($0)</span>" } ?? ""
            return "<li><code>\(problem.text("path") ?? "")</code> \(problem.text("message") ?? "")\(hint)</li>"
        }
        return "<ul>\(items)</ul>"
    }
}
