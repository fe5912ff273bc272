// What must be true of every explanation, whatever the campaign: who is a member is told to be one; a row is in exactly when every activity
// on its way passed it; a condition is what its parts make it; and if what decides were otherwise, so were the whole.
import Campaigns
import Engine

enum ExplanationLaws {
    /// Explains some identities of an audience; says what is wrong, or nil.
    static func mistake(
        in engine: inout Engine, audience: Int, namespace: String, identities: [[UInt8]], members: Set<[UInt8]>
    ) -> String? {
        for identity in identities {
            let name = String(decoding: identity.prefix(20), as: UTF8.self)
            let explanation = engine.explain(audience: audience, namespace: namespace, identity: identity)
            if explanation.isMember != members.contains(identity) {
                return "\(name) is told to be \(explanation.isMember ? "in" : "out"): \(text(explanation))"
            }
            for contribution in explanation.contributions {
                if contribution.standing == .live, contribution.rows.contains(where: \.isIn) != contribution.isMember {
                    return "\(name): rows and membership by \(contribution.campaign) differ: \(text(explanation))"
                }
                for row in contribution.rows {
                    if let mistake = mistake(in: row, contribution) { return "\(name): \(mistake): \(text(explanation))" }
                }
            }
        }
        return nil
    }

    private static func mistake(in row: Explanation.Row, _ contribution: Explanation.Contribution) -> String? {
        guard let last = row.steps.last else { return "no steps" }
        if case .save(let save) = last.activity, save.id != contribution.activity { return "the last step is no save" }
        if row.isIn != (last.result == .passed) { return "saved and in differ" }
        if !row.isIn, !row.steps.contains(where: { $0.result != .passed }) { return "out, and everything passed" }
        for step in row.steps {
            if case .build = step.activity, let filter = step.conditions.first?.part {
                if (step.result == .passed) != (filter.value == true) {
                    return "\(step.activity.id) is \(step.result) by \(filter.expression)"
                }
            }
            for (_, part) in step.conditions {
                if let mistake = mistake(in: part) { return mistake }
                let wanted = part.value != true
                if (value(part, wanted: wanted) == true) != wanted { return "what decides does not flip \(part.expression)" }
            }
        }
        return nil
    }

    private static func mistake(in part: Explanation.Part) -> String? {
        if !part.parts.isEmpty, evaluated(part) != part.value { return "\(part.expression) is not what its parts make it" }
        return part.parts.lazy.compactMap { mistake(in: $0) }.first
    }

    private static func evaluated(_ part: Explanation.Part) -> Bool? { evaluated(part.expression, part.parts.map(\.value)) }

    /// By three-valued logic.
    private static func evaluated(_ expression: Expression, _ values: [Bool?]) -> Bool? {
        switch expression {
        case .and: values.contains(false) ? false : values.contains(nil) ? nil : true
        case .or: values.contains(true) ? true : values.contains(nil) ? nil : false
        case .not: values[0].map { !$0 }
        default: values[0] == true && !values.dropFirst().contains(true)
        }
    }

    /// What it is when the parts at the bottom that decide are what it takes to make it that.
    private static func value(_ part: Explanation.Part, wanted: Bool) -> Bool? {
        if !part.isDeciding { return part.value }
        if part.parts.isEmpty { return wanted }
        let values = part.parts.enumerated().map { place, inner in
            switch part.expression {
            case .not: value(inner, wanted: !wanted)
            case .except where place > 0: value(inner, wanted: !wanted)
            default: value(inner, wanted: wanted)
            }
        }
        return evaluated(part.expression, values)
    }

    private static func text(_ explanation: Explanation) -> String {
        explanation.contributions.map { contribution in
            let rows = contribution.rows.map { row in
                "\(row.name) at \(row.transition) \(row.isIn): "
                    + row.steps.map { "\($0.activity.id) \($0.result)" }.joined(separator: ", ")
            }
            return "\(contribution.campaign) \(contribution.standing) \(contribution.isMember): \(rows)"
        }.joined(separator: "\n")
    }
}
