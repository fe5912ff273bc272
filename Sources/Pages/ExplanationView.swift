// An explanation as a page: the answer first, then the way through the activities, then what would change it.
import Campaigns

/// Draws an explanation of the API.
struct ExplanationView {
    private let json: JSON
    private let audience: String

    init(_ json: JSON, audience: String) {
        self.json = json
        self.audience = audience
    }

    private var isMember: Bool { json.boolean("member") == true }

    var html: HTML {
        let rows = json.elements("rows")
        let subject = json["subject"] ?? .null
        let who = subject.text("id") ?? subject.text("key").map { "The record \($0)" } ?? "She"
        let verdict: HTML =
            isMember
            ? "<span class=\"enters\"><span aria-hidden=\"true\">✓</span> \(who) is a member</span>"
            : "<span class=\"leaves\"><span aria-hidden=\"true\">✗</span> \(who) is not a member</span>"
        let truncated: HTML =
            json.boolean("truncated") == true ? "<p class=\"needs\">More records are linked than were looked at.</p>" : ""
        return """
            <section aria-label="The answer">
            <p class="verdict">\(verdict) of \(audience).</p>
            <p>\(json.text("summary") ?? "")</p>
            <p>\(outlook)</p>\(remedies)\(truncated)
            </section>
            \(json.elements("contributions").map(standing))
            \(rows.map(way))
            """
    }

    // What would change it.

    private var outlook: HTML {
        switch json["byTime"]?.boolean("changes") {
        case true?: "By time alone she \(isMember ? "leaves" : "enters") at \(HTML.time(json["byTime"]?["at"]))."
        case false?: "By time alone nothing changes."
        case nil: "What time alone does is not known: \(json.text("validUntilReason") ?? "the server does not say why")."
        }
    }

    private var remedies: HTML {
        let all = json.elements("toEnter").map { remedy -> HTML in
            let changes = remedy.elements("changes").map(change).joined(separator: "; ")
            return "<li>To get past <b>\(remedy.text("activity") ?? "?")</b>, \(name(of: remedy["record"])) needs: \(changes)</li>"
        }
        return all.isEmpty ? "" : "<h2>What would let her in</h2><ul>\(all)</ul>"
    }

    private func change(_ change: JSON) -> String {
        for (member, word) in [("add", "more"), ("remove", "fewer")] {
            if let count = change.integer(member) { return "\(grouped(count)) \(word) of \(change.text("collection") ?? "them")" }
        }
        let text = change.text("words") ?? change.text("text") ?? "?"
        return change.boolean("needed") == true ? text : "not (\(text))"
    }

    // The way.

    /// Why the audience keeps somebody whom its activities do not have.
    private func standing(_ contribution: JSON) -> HTML {
        let kept: String? =
            switch contribution.text("standing") {
            case "append": "keeps everybody it has added"
            case "frozen": "is frozen since it was replaced last"
            case "fixed": "is not live: its members stay as they are"
            default: nil
            }
        guard let kept else { return "" }
        return "<p class=\"soft\">The audience as \(contribution.text("activity") ?? "?") writes it \(kept).</p>"
    }

    private func way(_ row: JSON) -> HTML {
        let steps = row.elements("steps").enumerated().map { place, step in self.step(step, place + 1) }
        let campaign = row.text("campaign") ?? ""
        return """
            <h2>The way of \(name(of: row))</h2>
            <p class="soft">Through the campaign <a href="\(Address("campaigns", campaign))">\(campaign)</a></p>
            <ol class="steps">\(steps)</ol>
            """
    }

    private func step(_ step: JSON, _ number: Int) -> HTML {
        let result = step.text("result") ?? "?"
        let (isPassed, isReached) = (result == "passed", result != "not-reached")
        let kind: HTML = isPassed ? " class=\"passes\"" : isReached ? " class=\"stops\"" : ""
        let mark: HTML =
            isPassed
            ? "<span class=\"yes\"><span aria-hidden=\"true\">✓</span> passed</span>"
            : isReached
                ? "<span class=\"no\"><span aria-hidden=\"true\">✗</span> \(result)</span>" : "<span class=\"soft\">· not reached</span>"
        let conditions = step["condition"].map { [$0] } ?? step.elements("conditions")
        let parts: HTML = conditions.isEmpty ? "" : "<ul class=\"parts\">\(conditions.map(part))</ul>"
        return """
            <li\(kind)>\(number). <b>\(step.text("activity") ?? "?")</b> <span class="soft">\(step.text("type") ?? "")</span> \(mark)\
            \(details(of: step))\(parts)</li>
            """
    }

    /// By what an activity decided, in the order of its members.
    private func details(of step: JSON) -> HTML {
        guard case .object(let members) = step else { return "" }
        let texts = members.compactMap { detail($0.name, $0.value, of: step) }
        return texts.isEmpty ? "" : "\(texts.map { "<br>\($0)" as HTML })"
    }

    private func detail(_ name: String, _ value: JSON, of step: JSON) -> HTML? {
        switch name {
        case "inbounds":
            return "\(step.elements(name).map { "\(StateMark.truth($0.boolean("hasRow") == true)) \($0.text("from") ?? "?") " as HTML })"
        case "outputs":
            let outputs = step.elements(name).map { Words.plain($0) }
            return outputs.isEmpty ? "taken by no subset" : "taken by \(outputs.joined(separator: ", "))"
        case "sample":
            let (draw, below) = (Words.plain(value["draw"]), Words.plain(value["below"]))
            return "drawn for \(value.text("subset") ?? "?"): \(draw), and below \(below) is in"
        case "rank":
            let counts = ["place", "of", "stays"].map { Words.number(value.integer($0)) }
            let last = value["last"].flatMap { $0 == .null ? nil : ", the last of them \(self.name(of: $0))" } ?? ""
            return "place \(counts[0]) of \(counts[1]), of which \(counts[2]) stay\(last)"
        case "group": return "equal on \(values(value))"
        case "waitsUntil": return value == .null ? "waits for ever" : "waits until \(HTML.time(value))"
        case "gate":
            let isOpen = value.boolean("open") == true
            return "\(isOpen ? "open" : "closed"), with \(Words.counted(value.integer("recCount") ?? 0, "row"))"
        case "record":
            let isAmbiguous = step.boolean("ambiguous") == true
            return "leads to \(self.name(of: value))\(isAmbiguous ? ", the lowest of several keys" : "")"
        case "audience":
            let id = Words.plain(value)
            return "asks who is in <a href=\"\(Address("audiences", id, "ask"))\">\(id)</a>"
        case "identity": return value == .null ? "no identity: it is empty or too long" : "identity \(Words.plain(value))"
        default: return nil
        }
    }

    private func part(_ part: JSON) -> HTML {
        let (value, parts) = (part.boolean("value"), part.elements("parts"))
        if let junction = part.text("operator"), !parts.isEmpty {
            let words = ["and": "all of", "or": "any of", "not": "not"][junction] ?? "the first, and none of the others"
            return "<li>\(StateMark.truth(value)) \(words)<ul class=\"parts\">\(parts.map(self.part))</ul></li>"
        }
        let (words, text) = (part.text("words"), part.text("text") ?? "?")
        let decides = part.boolean("deciding") == true && value != true
        let mark: HTML = decides ? " <span class=\"decides\">← decides</span>" : value == nil ? " (empty, so not true)" : ""
        let code: HTML = words == nil ? "" : "<br><code class=\"soft\">\(text)</code>"
        let now = [part["values"], part["clock"]].compactMap { $0 }.map(values).filter { !$0.isEmpty }
        let shown: HTML = now.isEmpty ? "" : "<br>now: \(now.joined(separator: ", "))"
        return """
            <li>\(StateMark.truth(value)) \(words.map { "\($0)" as HTML } ?? "<code>\(text)</code>")\(mark)\(code)\(shown)\
            \(part.elements("collections").map(collection))</li>
            """
    }

    private func collection(_ collection: JSON) -> HTML {
        let (counting, count) = (Words.number(collection.integer("counting")), Words.number(collection.integer("of")))
        let schema = collection.text("schema") ?? "records"
        let records = collection.elements("records").map { record -> HTML in
            "<li>\(StateMark.truth(record.boolean("counts") == true)) \(name(of: record)): \(record["values"].map(values) ?? "")</li>"
        }
        let cut: HTML = collection.boolean("truncated") == true ? ", as far as was looked" : ""
        return """
            <br>\(counting) of \(count) \(schema) count\(cut); it comes to \(Words.plain(collection["actual"]))\
            \(records.isEmpty ? "" : "<ul class=\"parts\">\(records)</ul>" as HTML)
            """
    }

    // Values.

    /// "customers c2"
    private func name(of record: JSON?) -> String {
        "\(record?.text("schema") ?? "?") \(record?.text("key") ?? "(no record)")"
    }

    private func values(_ object: JSON) -> String {
        guard case .object(let members) = object else { return "" }
        return members.map { "\($0.name) = \(Words.plain($0.value))" }.joined(separator: ", ")
    }
}
