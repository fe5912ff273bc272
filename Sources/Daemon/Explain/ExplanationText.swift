// An explanation as people read it in a terminal: the answer first, then the way, then what would change it. It is made from the JSON
// that the API answers, so that `explain` and `replay --explain` say the same.
import Campaigns

struct ExplanationText {
    private(set) var lines: [String] = []
    private let explanation: JSON

    init(_ explanation: JSON) {
        self.explanation = explanation
        let isMember = explanation.boolean("member") == true
        lines = [
            "\(subject) is \(isMember ? "" : "not ")a member of \(explanation.text("audience") ?? "it").",
            explanation.text("summary") ?? "",
            "As of commit \(explanation.integer("sequence") ?? 0), \(explanation.text("clock") ?? "no clock").",
        ]
        for contribution in explanation.elements("contributions") { add(contribution) }
        lines.append("")
        lines += explanation.elements("toEnter").enumerated().map { remedy($1, isFirst: $0 == 0) }
        lines.append("By time alone: \(outlook(isMember))")
        lines = lines.map(printable)
    }

    /// Who was asked about.
    private var subject: String {
        let subject = explanation["subject"] ?? .null
        if let key = subject.text("key") { return "the record \(key)" }
        return "\(subject.text("id") ?? "?") (\(subject.text("namespace") ?? "?"))"
    }

    // The way.

    private mutating func add(_ contribution: JSON) {
        let (campaign, activity) = (contribution.text("campaign"), contribution.text("activity"))
        let kept =
            switch contribution.text("standing") {
            case "append": ", which keeps everybody it has added"
            case "frozen": ", frozen since it was replaced last"
            case "fixed": ", not live: its members stay as they are"
            default: ""
            }
        lines += ["", "campaign \(campaign ?? "?"), version \(contribution.integer("version") ?? 0)\(kept)"]
        // One campaign may write the audience by two activities.
        for row in explanation.elements("rows")
        where row.text("campaign") == campaign && row.elements("steps").contains(where: { $0.text("activity") == activity }) {
            add(row: row)
        }
    }

    private mutating func add(row: JSON) {
        lines.append("  \(name(of: row))")
        let steps = row.elements("steps")
        let titles = steps.map { "\($0.text("activity") ?? "?") (\($0.text("type") ?? "?"))" }
        let width = titles.map(\.count).max() ?? 0
        for (place, step) in steps.enumerated() {
            let result = step.text("result") ?? "?"
            let mark = result == "passed" ? "✓" : result == "not-reached" ? "·" : "✗"
            let padding = String(repeating: " ", count: width - titles[place].count)
            lines.append("  \(place < 9 ? " " : "")\(place + 1)  \(titles[place])\(padding)  \(mark) \(result)")
            add(detailsOf: step)
            for condition in step["condition"].map({ [$0] }) ?? step.elements("conditions") { add(condition, indent: 8) }
        }
    }

    /// By what an activity decided: its members, in their order.
    private mutating func add(detailsOf step: JSON) {
        guard case .object(let members) = step else { return }
        for member in members {
            if let text = detail(member.name, member.value, of: step) { lines.append("        \(text)") }
        }
    }

    private func detail(_ name: String, _ value: JSON, of step: JSON) -> String? {
        switch name {
        case "inbounds":
            return step.elements(name).map { "\($0.boolean("hasRow") == true ? "✓" : "✗") \($0.text("from") ?? "?")" }
                .joined(separator: "   ")
        case "outputs":
            let outputs = step.elements(name).map { plain($0) }
            return outputs.isEmpty ? "taken by no subset" : "taken by \(outputs.joined(separator: ", "))"
        case "sample":
            let (draw, below) = (value["draw"].map(plain) ?? "?", value["below"].map(plain) ?? "?")
            return "drawn for \(value.text("subset") ?? "?"): \(draw), and below \(below) is in"
        case "rank":
            let last = value["last"].flatMap { $0 == .null ? nil : ", the last of them \(self.name(of: $0))" } ?? ""
            let first = value["first"].flatMap { $0 == .null ? nil : self.name(of: $0) } ?? "nobody"
            let counts = ["place", "of", "stays"].map { value.integer($0) ?? 0 }
            return "place \(counts[0]) of \(counts[1]), of which \(counts[2]) stay\(last); the first is \(first)"
        case "group": return "equal on " + values(of: step, name)
        case "waitsUntil": return step.text(name).map { "until \($0)" } ?? "for ever"
        case "gate": return "\(value.boolean("open") == true ? "open" : "closed"), with \(value.integer("recCount") ?? 0) rows"
        case "record":
            guard value.text("key") != nil else { return "leads to no \(value.text("schema") ?? "record")" }
            return "leads to \(self.name(of: value))\(step.boolean("ambiguous") == true ? ", the lowest of several keys" : "")"
        case "audience": return "asks who is in \(plain(value)): see its own explanation"
        case "identity": return step.text(name).map { "identity \($0)" } ?? "no identity: it is empty or too long"
        default: return nil
        }
    }

    private mutating func add(_ part: JSON, indent: Int) {
        let space = String(repeating: " ", count: indent)
        let value = part.boolean("value")
        let mark = value == true ? "✓" : value == false ? "✗" : "?"
        let parts = part.elements("parts")
        if let junction = part.text("operator"), !parts.isEmpty {
            let words = ["and": "all of", "or": "any of", "not": "not"]
            lines.append("\(space)\(mark) \(words[junction] ?? "the first, and none of the others")")
            for inner in parts { add(inner, indent: indent + 2) }
            return
        }
        let (words, text) = (part.text("words"), part.text("text") ?? "?")
        let decides = part.boolean("deciding") == true && value != true ? "  ← decides" : ""
        lines.append("\(space)\(mark) \(words ?? text)\(value == nil ? "  (empty, so not true)" : "")\(decides)")
        let inner = space + "    "
        if words != nil { lines.append("\(inner)\(text)") }
        let now = [values(of: part, "values"), values(of: part, "clock")].filter { !$0.isEmpty }
        if !now.isEmpty { lines.append("\(inner)now: \(now.joined(separator: ", "))") }
        for collection in part.elements("collections") { add(collection: collection, inner) }
    }

    private mutating func add(collection: JSON, _ space: String) {
        let lookedAt = collection.boolean("truncated") == true ? ", as far as was looked" : ""
        let (counting, count) = (collection.integer("counting") ?? 0, collection.integer("of") ?? 0)
        let actual = collection["actual"].map(written) ?? "?"
        lines.append("\(space)\(counting) of \(count) \(collection.text("schema") ?? "records") count\(lookedAt); it comes to \(actual)")
        for record in collection.elements("records") {
            lines.append("\(space)  \(record.boolean("counts") == true ? "✓" : "✗") \(name(of: record))  \(values(of: record, "values"))")
        }
    }

    // What would change it.

    private func remedy(_ remedy: JSON, isFirst: Bool) -> String {
        let changes = remedy.elements("changes").map { change -> String in
            for (member, word) in [("add", "more"), ("remove", "fewer")] {
                if let count = change.integer(member) { return "\(count) \(word) of \(change.text("collection") ?? "them")" }
            }
            let text = change.text("words") ?? change.text("text") ?? "?"
            return change.boolean("needed") == true ? text : "not (\(text))"
        }
        let record = remedy["record"].map(name) ?? "the record"
        let start = isFirst ? "To" : "Or, to"
        return "\(start) get past \(remedy.text("activity") ?? "?"), \(record) needs: \(changes.joined(separator: "; and "))"
    }

    private func outlook(_ isMember: Bool) -> String {
        switch explanation["byTime"]?.boolean("changes") {
        case true?: "\(isMember ? "leaves" : "enters") at \(explanation["byTime"]?.text("at") ?? "?")."
        case false?: "nothing changes."
        case nil: "not known, \(explanation.text("validUntilReason") ?? "the server does not say why")."
        }
    }

    // Values.

    /// "customers c2"
    private func name(of record: JSON) -> String { "\(record.text("schema") ?? "?") \(record.text("key") ?? "(no record)")" }

    /// The members of an object: "country = 'FR', age = 17".
    private func values(of object: JSON, _ member: String) -> String {
        object.members(member).map { "\($0.name) = \(written($0.value))" }.joined(separator: ", ")
    }

    /// A value as conditions write it; of JSON dates and instants are texts, and are shown bare.
    private func written(_ value: JSON) -> String {
        guard case .string(let text) = value else { return value == .null ? ExpressionWriter.text(of: .null) : plain(value) }
        return InstantText.milliseconds(of: text) == nil ? ExpressionWriter.text(of: .string(text)) : text
    }

    private func plain(_ value: JSON) -> String {
        if case .string(let text) = value { return text }
        return value.line
    }
}
