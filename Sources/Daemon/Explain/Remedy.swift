// What would have to change for somebody to get past the activity that holds a row back: of the parts of its condition that decide, the
// fewest that make it true. Changes of one record and its linked records, never a guess about other rows.
import Campaigns
import Engine

/// One way past an activity.
struct Remedy {
    /// A part of its condition that would have to be the other way round.
    struct Change {
        let part: Explanation.Part
        /// What it would have to be.
        let needed: Bool

        /// Of an aggregate that is compared with a number: how many records are missing (above 0) or too many (below).
        var records: Int64? {
            guard part.collections.count == 1, case .integer(let actual) = part.collections[0].actual,
                case .compare(let comparison, .aggregate(let aggregate), .literal(.integer(let number))) = part.expression,
                aggregate.function == .count
            else { return nil }
            let (above, isAboveAll) = number.addingReportingOverflow(1)
            let (below, isBelowAll) = number.subtractingReportingOverflow(1)
            let wanted: Int64? =
                switch (comparison, needed) {
                case (.greaterOrEqual, true), (.less, false): max(number, actual)
                case (.greater, true), (.lessOrEqual, false): isAboveAll ? nil : max(above, actual)
                case (.less, true), (.greaterOrEqual, false): isBelowAll ? nil : min(below, actual)
                case (.lessOrEqual, true), (.greater, false): min(number, actual)
                case (.equal, true), (.notEqual, false): number
                case (.equal, false), (.notEqual, true): actual + 1
                }
            // There are never fewer than none.
            return wanted.flatMap { $0 < 0 ? nil : $0 - actual }
        }
    }

    let campaign: String
    let activity: String
    let row: Explanation.Name
    let changes: [Change]

    private static let mostAlternatives = 3

    /// The ways in for somebody who is out; none where no condition of a record holds it back.
    static func all(for explanation: Explanation) -> [Remedy] {
        if explanation.isMember { return [] }
        var found: [Remedy] = []
        for contribution in explanation.contributions {
            if contribution.standing == .frozen { continue }
            for row in contribution.rows {
                guard let last = row.blocking else { continue }
                // Whoever may come in several ways may take any of them.
                let steps = last.isSource ? row.steps.filter { $0.isOnWay && $0.isSource && $0.result == .rejected } : [last]
                for step in steps {
                    guard let condition = step.conditions.first?.part, condition.value != true else { continue }
                    for changes in alternatives(condition, needed: true) {
                        found.append(
                            Remedy(campaign: contribution.campaign, activity: step.activity.id, row: row.name, changes: changes))
                    }
                }
            }
        }
        return Array(
            found.enumerated().sorted { ($0.element.changes.count, $0.offset) < ($1.element.changes.count, $1.offset) }
                .map(\.element).prefix(mostAlternatives))
    }

    /// The smallest sets of changes that make a part what is needed, the fewest first.
    private static func alternatives(_ part: Explanation.Part, needed: Bool) -> [[Change]] {
        if part.value == needed { return [[]] }
        if part.parts.isEmpty { return [[Change(part: part, needed: needed)]] }
        switch part.expression {
        case .not: return alternatives(part.parts[0], needed: !needed)
        case .and: return needed ? all(part.parts.map { ($0, true) }) : any(part.parts.map { ($0, false) })
        case .or: return needed ? any(part.parts.map { ($0, true) }) : all(part.parts.map { ($0, false) })
        default:
            let wanted = part.parts.enumerated().map { ($1, ($0 == 0) == needed) }
            return needed ? all(wanted) : any(wanted)
        }
    }

    private static func any(_ parts: [(Explanation.Part, Bool)]) -> [[Change]] {
        least(parts.flatMap { alternatives($0.0, needed: $0.1) })
    }

    private static func all(_ parts: [(Explanation.Part, Bool)]) -> [[Change]] {
        parts.reduce([[]]) { sofar, part in
            let more = alternatives(part.0, needed: part.1)
            return least(sofar.flatMap { before in more.map { before + $0 } })
        }
    }

    private static func least(_ sets: [[Change]]) -> [[Change]] {
        Array(
            sets.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }.map(\.element).prefix(
                mostAlternatives))
    }
}
