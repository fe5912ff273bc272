// What an activity does, in a sentence made of its settings. Conditions stand in the words that the API has for them, else as they were
// written.
import Campaigns

/// Says what activities do.
enum ActivityWords {
    /// - Parameters:
    ///   - words: what its conditions mean, by their paths in it.
    ///   - isPlain: without where the rows come from: in a list the one before.
    static func html(_ activity: JSON, words: JSON?, isPlain: Bool = false) -> HTML {
        let inbounds = CampaignGraph.inbounds(of: activity)
        let from: HTML =
            isPlain || inbounds.isEmpty ? "" : " <span class=\"soft\">From \(inbounds.joined(separator: ", ")).</span>"
        return "\(sentence(activity, words ?? .null))\(from)"
    }

    private static func sentence(_ activity: JSON, _ words: JSON) -> HTML {
        let dimension = activity.text("dimension") ?? "the dimension"
        switch activity.text("type") ?? "" {
        case "build-audience":
            guard let filter = activity["filter"] else { return "Every record of \(dimension)." }
            return "Records of \(dimension) for which \(said(words, "filter", filter))."
        case "read-audience":
            let audience = activity.text("audience") ?? "?"
            return "Records of \(dimension) whose \(activity.text("identityField") ?? "identity") is a member of \(link(audience))."
        case "combine": return combined(activity)
        case "split": return "In parts: \(list(activity.elements("subsets").enumerated().map { subset($1, words, $0) }))"
        case "deduplication":
            let fields = activity.elements("fields").map { Words.plain($0) }.joined(separator: ", ")
            let keep = activity.integer("keep") ?? 1
            return
                "Of rows equal on <code>\(fields)</code> the best \(keep == 0 ? "all" : grouped(keep)), by \(method(activity["method"]))."
        case "enrichment":
            let columns = activity.elements("columns").map { "\($0.text("name") ?? "?") = \($0.text("value") ?? "?")" }
            let others =
                activity.elements("collections").map { "lines of \($0.text("link") ?? "?")" }
                + activity.elements("joins").map { "a row of \($0.text("from") ?? "?")" }
            return "With \(list((columns + others).map { "<code>\($0)</code>" as HTML }))"
        case "reconciliation": return "Leads to the record of \(dimension) that is equal on every rule."
        case "change-dimension": return "Leads each row along the link <code>\(activity.text("link") ?? "?")</code>."
        case "fork": return "The same rows several times: \(activity.elements("outputs").map { Words.plain($0) }.joined(separator: ", "))."
        case "and-join": return "Goes on while all that it takes is active."
        case "wait":
            if let until = activity["until"] { return "Waits until \(Words.plain(until))." }
            return "Waits <code>\(activity.text("duration") ?? "?")</code> for each row."
        case "test":
            let conditions = activity.elements("conditions").enumerated().map { place, condition -> HTML in
                "<b>\(condition.text("name") ?? "?")</b> when \(said(words, "conditions[\(place)].when", condition["when"] ?? .null))"
            }
            return "The first that is true: \(list(conditions))"
        case "channel":
            return "One \(activity.text("channel") ?? "message") for each person, \(activity.text("category") ?? "marketing")."
        case "save-audience": return saved(activity)
        case "alert":
            return "Raises “\(activity.text("title") ?? "an alert")” when \(said(words, "when", activity["when"] ?? .null))."
        case "end": return "The end of the way."
        default: return "<code>\(activity.text("type") ?? "?")</code>"
        }
    }

    private static func combined(_ activity: JSON) -> HTML {
        switch activity.text("operation") {
        case "union": "All that are in any of them, once."
        case "intersection": "Those that are in all of them."
        default: "Those of the first that are in none of the others."
        }
    }

    private static func subset(_ subset: JSON, _ words: JSON, _ place: Int) -> HTML {
        var parts: [HTML] = []
        if let filter = subset["filter"] { parts.append(" for which \(said(words, "subsets[\(place)].filter", filter))") }
        if let percent = subset["sample"]?["percent"] { parts.append(", \(Words.plain(percent)) % of them, always the same") }
        if let count = subset["limit"]?.integer("count") { parts.append(", at most \(grouped(count))") }
        if let percent = subset["limit"]?["percent"] { parts.append(", \(Words.plain(percent)) % at most") }
        if let sort = subset["sort"] {
            parts.append(" by <code>\(sort.text("by") ?? "?")</code>, the \(sort.text("order") == "desc" ? "highest" : "lowest") first")
        }
        return "<b>\(subset.text("name") ?? "?")</b>\(parts)"
    }

    private static func method(_ method: JSON?) -> HTML {
        guard case .object(let members)? = method, let first = members.first else { return "chance, always the same one" }
        let by = first.value.text("of") ?? Words.plain(first.value)
        return "\(first.name) <code>\(by)</code>"
    }

    private static func saved(_ activity: JSON) -> HTML {
        let audience = activity["audience"]?.text("id") ?? "?"
        let identity = activity["identity"]
        let kept: HTML =
            switch activity.text("mode") {
            case "append": " Whoever was in once stays in."
            case "frozen": " It is replaced as a whole, at its times."
            default: ""
            }
        return
            "Saved as \(link(audience)) by <code>\(identity?.text("field") ?? "?")</code> (\(identity?.text("namespace") ?? "?")).\(kept)"
    }

    private static func link(_ audience: String) -> HTML { "<a href=\"\(Address("audiences", audience))\">\(audience)</a>" }

    private static func list(_ items: [HTML]) -> HTML {
        "\(items.enumerated().map { place, item in "\(item)\(place == items.count - 1 ? "." : "; ")" as HTML })"
    }

    /// A condition in words, where it has some.
    private static func said(_ words: JSON, _ path: String, _ written: JSON) -> HTML {
        words.text(path).map { "\($0)" } ?? condition(written)
    }

    /// A filter: a text, or a tree of them.
    private static func condition(_ filter: JSON) -> HTML {
        if case .string(let text) = filter { return "<code>\(text)</code>" }
        for (member, word) in [("and", " and "), ("or", " or "), ("except", ", except ")] {
            let parts = filter.elements(member)
            if parts.isEmpty { continue }
            let written = parts.map { part -> HTML in
                if case .string = part { return condition(part) }
                return "(\(condition(part)))"
            }
            return "\(written.enumerated().map { place, part in "\(place == 0 ? "" : word)\(part)" as HTML })"
        }
        return "<code>\(Words.plain(filter))</code>"
    }
}
