// Control events and what became of them.
import Campaigns

/// A table of publications, the newest first.
enum PublicationTable {
    static func html(_ publications: [JSON]) -> HTML {
        var table = Table("Control events", [.number("Offset"), .text("About"), .text("Result"), .number("Commit")])
        for item in publications {
            let problems = item.elements("problems")
            let done = item.integer("version").map { "version \(grouped($0))" } ?? "done"
            let result: HTML =
                problems.isEmpty
                ? "<span class=\"yes\"><span aria-hidden=\"true\">✓</span> \(done)</span>"
                : "<span class=\"no\"><span aria-hidden=\"true\">✗</span> refused</span>\(self.problems(problems))"
            let campaign: HTML =
                item.text("campaign").map { "<a href=\"\(Address("campaigns", $0))\">\($0)</a>" } ?? "–"
            table.add([
                "\(Words.number(item.integer("offset")))", campaign, result, "\(Words.number(item.integer("sequence")))",
            ])
        }
        return table.html(empty: "<p>Nothing was published since the daemon started.</p>")
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
