// Why members entered an audience and left it, within a day.
import Campaigns

enum CausesTable {
    /// What events call them, in the order of the table, and in words.
    private static let words = [
        ("change", "a row changed"), ("time", "time passed"), ("upstream", "another audience changed"),
        ("publish", "the campaign was published"), ("definition", "a new version was published"),
        ("stop", "the campaign was stopped or deleted"), ("repair", "it was wrong, and was put right"),
    ]

    /// Nothing where nobody came or went.
    static func html(_ causes: JSON?, of name: String) -> HTML {
        guard let causes, causes != .null else { return "" }
        var table = Table("Why members of \(name) came and went, within 24 hours", [.text("Because"), .number("entered"), .number("left")])
        for (cause, because) in words {
            let (entered, left) = (causes["entered"]?.integer(cause) ?? 0, causes["left"]?.integer(cause) ?? 0)
            if entered == 0 && left == 0 { continue }
            table.add([
                "\(because)", "<span class=\"enters\">\(Words.signed(entered))</span>",
                "<span class=\"leaves\">\(Words.signed(-left))</span>",
            ])
        }
        return table.isEmpty ? "" : "<h2>Why, within 24 hours</h2>\(table.html(empty: ""))"
    }
}
