// Makes a failing history smaller: drops steps, then parts of campaigns, as long as it still fails.
import Campaigns
import Oracle

enum Shrinking {
    /// The smallest history found, and how it fails.
    static func shrink(_ steps: [Step]) -> (steps: [Step], failure: Simulation.Failure) {
        guard var failure = failure(of: steps) else { preconditionFailure("the history fails") }
        var steps = Array(steps.prefix(failure.step + 1))
        func take(_ candidate: [Step]) -> Bool {
            guard let found = Shrinking.failure(of: candidate) else { return false }
            (steps, failure) = (Array(candidate.prefix(found.step + 1)), found)
            return true
        }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            var size = max(steps.count / 4, 1)
            while size > 0 {
                var place = steps.count - size
                while place >= 0 {
                    if place + size <= steps.count {
                        let dropped = steps[place..<place + size]
                        let kept = dropped.filter { if case .schema = $0 { true } else { false } }
                        if kept.count < size, take(Array(steps[..<place]) + kept + Array(steps[(place + size)...])) { hasChanged = true }
                    }
                    place -= 1
                }
                size /= 2
            }
            for place in steps.indices.reversed() where place < steps.count {
                for simpler in simplified(steps[place], after: steps[..<place]) {
                    var candidate = steps
                    candidate[place] = simpler
                    if take(candidate) {
                        hasChanged = true
                        break
                    }
                }
            }
        }
        return (steps, failure)
    }

    static func failure(of steps: [Step]) -> Simulation.Failure? {
        do {
            try Simulation.run(steps)
            return nil
        } catch {
            return error as? Simulation.Failure
        }
    }

    private static func simplified(_ step: Step, after before: ArraySlice<Step>) -> [Step] {
        switch step {
        case .publish(let campaign):
            var schemas: [String: Schema] = [:]
            for case .schema(let schema) in before { schemas[schema.name] = schema }
            return simplified(campaign, in: schemas).map(Step.publish)
        case .upsert(let table, let row):
            let key = before.compactMap { if case .schema(let schema) = $0, schema.name == table { schema.primaryKey } else { nil } }.last!
            return row.indices.filter { row[$0] != nil && !key.contains($0) }.map { field in
                var simpler = row
                simpler[field] = nil
                return .upsert(table: table, row: simpler)
            }
        default: return []
        }
    }

    private static func simplified(_ campaign: Campaign, in schemas: [String: Schema]) -> [Campaign] {
        var found = campaign.activities.indices.reversed().flatMap { campaign.without($0, in: schemas) }
        if campaign.startAt != nil || campaign.endAt != nil {
            var always = campaign
            (always.startAt, always.endAt) = (nil, nil)
            found.append(always)
        }
        for place in campaign.activities.indices {
            for simpler in simplified(campaign.activities[place]) {
                var candidate = campaign
                candidate.activities[place] = simpler
                if candidate.transitions(in: schemas) != nil { found.append(candidate) }
            }
        }
        return found
    }

    /// An activity with a part less.
    private static func simplified(_ activity: Activity) -> [Activity] {
        var found = fewer(activity.random)
        let expressions = activity.expressions
        for place in expressions.indices {
            for simpler in simplified(expressions[place]) {
                var changed = expressions
                changed[place] = simpler
                found.append(activity.with(changed))
            }
        }
        return found
    }

    private static func fewer(_ activity: some RandomActivity) -> [Activity] { activity.fewer.map(\.activity) }

    /// An expression with a part less, about the same record and of the same type.
    static func simplified(_ expression: Expression) -> [Expression] {
        if case .aggregate(var aggregate) = expression {
            guard let filter = aggregate.filter else { return [] }
            return ([nil] + simplified(filter).map(Optional.some)).map {
                aggregate.filter = $0
                return .aggregate(aggregate)
            }
        }
        let parts = expression.parts
        var found = parts.filter { $0.type == expression.type } + expression.fewer.map(expression.with)
        for place in parts.indices {
            for simpler in simplified(parts[place]) {
                var changed = parts
                changed[place] = simpler
                found.append(expression.with(changed))
            }
        }
        return found
    }
}
