// An explanation in one sentence: the answer, and what decided it; and what is the same for all against whom the same is.
import Campaigns
import Engine

extension Explained {
    /// As people read it.
    var text: String { ExplanationText(json).lines.joined(separator: "\n") }

    /// The answer in one sentence.
    var summary: String {
        ExplainedSummary(
            explanation: explanation, isRetired: gathered.isRetired, beginsAt: gathered.beginsAt, subject: subject, writer: writer
        ).sentence
    }
}

/// What an explanation comes to.
struct ExplainedSummary {
    let explanation: Explanation
    /// No campaign writes the audience any more.
    let isRetired: Bool
    /// Of the campaign that writes it, if that has not begun.
    let beginsAt: Int64?
    let subject: Explained.Subject
    let writer: ExpressionWriter

    /// The answer, with the records that it is about.
    var sentence: String {
        let rows = explanation.contributions.flatMap(\.rows)
        if explanation.isMember {
            let standing = rows.filter(\.isIn).map { $0.name.text }
            if standing.isEmpty {
                return "A member, as it was kept\(keptIdentity.map { ": by the identity \($0) that the record has now" } ?? "")."
            }
            return "A member, by \(standing.joined(separator: ", "))."
        }
        if isRetired { return "Not a member: no campaign writes the audience any more." }
        if let beginsAt { return "Not a member: the campaign begins at \(InstantText.text(of: beginsAt))." }
        if case .record = subject, explanation.contributions.contains(where: { $0.standing != .live && $0.keptIdentity == nil }) {
            return "Not known by its key: members are kept as they were, and no identity of the record is known. Ask by the identity."
        }
        guard let row = rows.first else {
            if let keptIdentity { return "Not a member: nobody with the identity \(keptIdentity) that the record has now was kept." }
            let isFixed = explanation.contributions.allSatisfy { $0.standing == .fixed }
            return isFixed
                ? "Not a member: the campaign is not live, and its members stay as they are." : "Not a member: no row stands for it."
        }
        guard let step = row.blocking else { return "Not a member: the audience was replaced before." }
        return "Not a member: \(reason(step, row.name.text))."
    }

    /// What is against whoever is no member, in words that are the same for all against whom the same is.
    var obstacle: String {
        if isRetired { return "no campaign writes the audience any more" }
        if beginsAt != nil { return "the campaign has not begun" }
        guard let row = explanation.contributions.lazy.flatMap(\.rows).first else {
            let isFixed = explanation.contributions.allSatisfy { $0.standing == .fixed }
            return isFixed ? "the campaign is not live, and its members stay as they are" : "no row stands for it"
        }
        return row.blocking.map { reason($0, nil) } ?? "the audience was replaced before"
    }

    /// Of a record the identity by which members that are kept were looked for.
    private var keptIdentity: String? {
        guard case .record = subject else { return nil }
        return explanation.contributions.lazy.compactMap(\.keptIdentity).first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Why an activity does not pass a row on; without a row, what is so of all that it does not pass on for the same.
    private func reason(_ step: Explanation.Step, _ row: String?) -> String {
        let id = step.activity.id
        let subject = row ?? "it"
        if let part = step.conditions.lazy.compactMap({ $0.part.firstFailing }).first, step.result != .stopped {
            let asked = writer.words(of: part.expression) ?? writer.text(of: part.expression)
            guard let row else { return "\(id) asks that \(asked)" }
            let others = step.conditions.reduce(-1) { $0 + $1.part.failingCount }
            return others == 0
                ? "\(id) asks that \(asked), which is not so of \(row)"
                : "\(id) asks that \(asked), and \(others) \(others == 1 ? "thing" : "things") more, which are not so of \(row)"
        }
        for detail in step.details {
            switch detail {
            case .inbounds(let inbounds):
                guard case .combine(let combine) = step.activity, step.result == .removed else { continue }
                let named = combine.operation == .exclusion ? inbounds.dropFirst().filter(\.hasRow) : inbounds.filter { !$0.hasRow }
                if named.isEmpty { continue }
                let names = named.map(\.transition.text).joined(separator: ", ")
                return combine.operation == .exclusion ? "\(id) removes \(subject): \(names) has it" : "\(id) misses \(subject) in \(names)"
            case .rank(let place, let count, let stays, _, let first):
                guard let row else { return "\(id) lets others through that come before it" }
                return "\(id) lets \(stays) of \(count) through; \(row) has place \(place), \(first?.text ?? "another") the first"
            case .waitsUntil(let instant?):
                return row.map { "\(id) holds \($0) back until \(InstantText.text(of: instant))" } ?? "\(id) holds it back for a time"
            case .gate: return "\(id) lets nobody through now"
            case .audience(let audience): return "\(subject) is not in the audience \(audience), which \(id) reads"
            case .identity: return "\(subject) has no identity that \(id) can take"
            case .outputs(let outputs) where !outputs.isEmpty:
                return "\(id) sends \(subject) to \(outputs.joined(separator: ", "))"
            default: continue
            }
        }
        switch step.result {
        case .waiting: return "\(id) holds \(subject) back"
        case .stopped: return "\(id) lets nobody through now"
        default: return "\(id) removes \(subject)"
        }
    }
}

extension Explanation.Part {
    /// The first part at the bottom that decides, and is not what it would have to be.
    fileprivate var firstFailing: Explanation.Part? {
        guard isDeciding, value != true else { return nil }
        return isAskedAsAWhole ? self : parts.lazy.compactMap(\.firstFailing).first ?? self
    }

    /// How many there are of such parts.
    fileprivate var failingCount: Int {
        guard isDeciding, value != true else { return 0 }
        return isAskedAsAWhole ? 1 : max(1, parts.reduce(0) { $0 + $1.failingCount })
    }

    /// What is asked of a part of a NOT is the opposite of what it says, and of an OR any part would do.
    private var isAskedAsAWhole: Bool {
        switch expression {
        case .not, .except, .or: true
        default: parts.isEmpty
        }
    }
}

extension Explanation.Name {
    /// As people say it.
    fileprivate var text: String { "\(schema) \(key ?? "(no record)")" }
}
