// An explanation as people read it in a terminal: the answer first, then the way, then what would change it.
import Campaigns
import Engine

extension Explained {
    /// On one line of JSON.
    var jsonText: String {
        var text = JSONText()
        text.append(json)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// Who was asked about.
    private var name: String {
        switch subject {
        case .identity(let namespace, let id): "\(id) (\(namespace))"
        case .record(let key): "the record \(key)"
        }
    }

    /// The answer in one sentence.
    var summary: String {
        let rows = explanation.contributions.flatMap(\.rows)
        if explanation.isMember {
            let standing = rows.filter(\.isIn).map { $0.name.text }
            if standing.isEmpty { return "A member, as it was kept." }
            return "A member, by \(standing.joined(separator: ", "))."
        }
        if audience.isRetired { return "Not a member: no campaign writes the audience any more." }
        guard let row = rows.first else {
            let isFixed = explanation.contributions.allSatisfy { $0.standing == .fixed }
            return isFixed
                ? "Not a member: the campaign is not live, and its members stay as they are." : "Not a member: no record of it is there."
        }
        guard let step = row.steps.first(where: { $0.result != .passed }) else { return "Not a member: the audience was replaced before." }
        return "Not a member: \(reason(step, row.name.text))."
    }

    /// Why an activity does not pass a row on.
    private func reason(_ step: Explanation.Step, _ row: String) -> String {
        let id = step.activity.id
        if let part = step.conditions.lazy.compactMap({ $0.part.firstFailing }).first, step.result != .stopped {
            return "\(id) asks that \(writer.words(of: part.expression) ?? part.text), which is not so of \(row)"
        }
        for detail in step.details {
            switch detail {
            case .rank(let place, let count, let stays, _, let first):
                return "\(id) lets \(stays) of \(count) through; \(row) has place \(place), \(first?.text ?? "another") the first"
            case .waitsUntil(let instant?): return "\(id) holds \(row) back until \(InstantText.text(of: instant))"
            case .gate: return "\(id) lets nobody through now"
            case .audience(let audience): return "\(row) is not in the audience \(audience), which \(id) reads"
            case .identity: return "\(row) has no identity that \(id) can take"
            case .outputs(let outputs) where !outputs.isEmpty:
                return "\(id) sends \(row) to \(outputs.joined(separator: ", "))"
            default: continue
            }
        }
        switch step.result {
        case .waiting: return "\(id) holds \(row) back"
        case .stopped: return "\(id) lets nobody through now"
        default: return "\(id) removes \(row)"
        }
    }

    /// All of it, in lines.
    var text: String {
        var lines = [
            "\(name) is \(explanation.isMember ? "" : "not ")a member of \(audience.id).", summary,
            "As of commit \(sequence), \(InstantText.text(of: clock)).",
        ]
        for contribution in explanation.contributions {
            lines.append("")
            let kept =
                switch contribution.standing {
                case .live: ""
                case .append: ", which keeps everybody it has added"
                case .frozen: ", frozen since it was replaced last"
                case .fixed: ", not live: its members stay as they are"
                }
            lines.append("campaign \(contribution.campaign), version \(contribution.version)\(kept)")
            for row in contribution.rows { add(row, to: &lines) }
        }
        lines.append("")
        lines += outlook
        return lines.joined(separator: "\n")
    }

    private func add(_ row: Explanation.Row, to lines: inout [String]) {
        lines.append("  \(row.name.text)")
        let width = row.steps.map { "\($0.activity.id) (\($0.activity.type))".count }.max() ?? 0
        for (place, step) in row.steps.enumerated() {
            let title = "\(step.activity.id) (\(step.activity.type))"
            let padding = String(repeating: " ", count: width - title.count)
            lines.append("  \(place + 1 < 10 ? " " : "")\(place + 1)  \(title)\(padding)  \(mark(step)) \(step.result.rawValue)")
            for detail in step.details { if let text = text(of: detail) { lines.append("        \(text)") } }
            for (_, part) in step.conditions { add(part, indent: 8, to: &lines) }
        }
    }

    private func mark(_ step: Explanation.Step) -> String {
        switch step.result {
        case .passed: "✓"
        case .notReached: "·"
        default: "✗"
        }
    }

    private func add(_ part: Explanation.Part, indent: Int, to lines: inout [String]) {
        let space = String(repeating: " ", count: indent)
        let mark = part.value == true ? "✓" : part.value == false ? "✗" : "?"
        let decides = part.isDeciding && part.value != true ? "  ← decides" : ""
        if let junction = part.expression.junction, !part.parts.isEmpty {
            let word =
                switch junction {
                case "and": "all of"
                case "or": "any of"
                case "not": "not"
                default: "the first, and none of the others"
                }
            lines.append("\(space)\(mark) \(word)")
            for inner in part.parts { add(inner, indent: indent + 2, to: &lines) }
            return
        }
        let words = writer.words(of: part.expression)
        lines.append("\(space)\(mark) \(words ?? part.text)\(part.value == nil ? "  (empty, so not true)" : "")\(decides)")
        let inner = space + "    "
        if words != nil { lines.append("\(inner)\(part.text)") }
        let values = (part.values + part.clock).map { "\($0.name) = \(ExpressionWriter.text(of: $0.value))" }
        if !values.isEmpty { lines.append("\(inner)now: \(values.joined(separator: ", "))") }
        for collection in part.collections {
            let actual = ExpressionWriter.text(of: collection.actual)
            let lookedAt = collection.isTruncated ? ", as far as was looked" : ""
            lines.append("\(inner)\(collection.counting) of \(collection.of) \(collection.schema) count\(lookedAt); it comes to \(actual)")
            for record in collection.records {
                let values = record.values.map { "\($0.name) = \(ExpressionWriter.text(of: $0.value))" }.joined(separator: ", ")
                lines.append("\(inner)  \(record.counts ? "✓" : "✗") \(record.name.text)  \(values)")
            }
        }
    }

    private func text(of detail: Explanation.Detail) -> String? {
        switch detail {
        case .inbounds(let inbounds):
            return inbounds.map { "\($0.hasRow ? "✓" : "✗") \($0.transition.text)" }.joined(separator: "   ")
        case .outputs(let outputs): return outputs.isEmpty ? "taken by no subset" : "taken by \(outputs.joined(separator: ", "))"
        case .draw(let subset, let draw, let below):
            let (share, bound) = (DoubleText.text(of: Double(draw) / 10_000), DoubleText.text(of: Double(below) / 10_000))
            return "drawn for \(subset): \(share), and below \(bound) is in"
        case .rank(let place, let count, let stays, let boundary, let first):
            let last = boundary.map { ", the last of them \($0.text)" } ?? ""
            return "place \(place) of \(count), of which \(stays) stay\(last); the first is \(first?.text ?? "nobody")"
        case .group(let values):
            return "equal on " + values.map { "\($0.name) = \(ExpressionWriter.text(of: $0.value))" }.joined(separator: ", ")
        case .waitsUntil(let instant): return instant.map { "until \(InstantText.text(of: $0))" } ?? "for ever"
        case .gate(let isOpen, let count): return "\(isOpen ? "open" : "closed"), with \(count) rows"
        case .record(let name, let isAmbiguous):
            guard name.key != nil else { return "leads to no \(name.schema)" }
            return "leads to \(name.text)\(isAmbiguous ? ", the lowest of several keys" : "")"
        case .audience(let id): return "asks who is in \(id): see its own explanation"
        case .identity(let id): return id.map { "identity \($0)" } ?? "no identity: it is empty or too long"
        case .others(let count): return "and \(count) more rows"
        }
    }

    /// What time and changes would do.
    private var outlook: [String] {
        var lines: [String] = []
        for remedy in remedies {
            let changes = remedy.changes.map { change -> String in
                if let records = change.records {
                    return "\(abs(records)) \(records > 0 ? "more" : "fewer") of \(change.part.collections[0].text)"
                }
                let text = writer.words(of: change.part.expression) ?? change.part.text
                return change.needed ? text : "not (\(text))"
            }
            lines.append("To get past \(remedy.activity), \(remedy.row.text) needs: \(changes.joined(separator: "; "))")
        }
        switch byTime {
        case .changes(let instant):
            lines.append("By time alone: \(explanation.isMember ? "leaves" : "enters") at \(InstantText.text(of: instant)).")
        case .stays: lines.append("By time alone: nothing changes.")
        case .unknown(let reason): lines.append("By time alone: not known, \(reason).")
        }
        return lines
    }
}

extension Explanation.Part {
    /// The first part at the bottom that decides, and is not what it would have to be.
    fileprivate var firstFailing: Explanation.Part? {
        guard isDeciding, value != true else { return nil }
        if parts.isEmpty { return self }
        return parts.lazy.compactMap(\.firstFailing).first ?? self
    }
}

extension Explanation.Name {
    /// As people say it.
    fileprivate var text: String { "\(schema) \(key ?? "(no record)")" }
}
