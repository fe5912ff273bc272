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
        case .publish(let campaign): return simplified(campaign).map(Step.publish)
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

    private static func simplified(_ campaign: Campaign) -> [Campaign] {
        var found: [Campaign] = []
        func add(_ change: (inout Campaign) -> Void) {
            var simpler = campaign
            change(&simpler)
            found.append(simpler)
        }
        for save in campaign.saves.indices {
            if campaign.saves.count > 1 { add { $0.saves.remove(at: save) } }
            for attribute in campaign.saves[save].attributes.indices {
                add { $0.saves[save].attributes.remove(at: attribute) }
                for simpler in simplified(campaign.saves[save].attributes[attribute].source) {
                    add { $0.saves[save].attributes[attribute].source = simpler }
                }
            }
        }
        for build in campaign.builds.indices {
            guard let filter = campaign.builds[build].filter else { continue }
            add { $0.builds[build].filter = nil }
            for simpler in simplified(filter) { add { $0.builds[build].filter = simpler } }
        }
        return found
    }

    /// An expression with a part less, about the same record.
    static func simplified(_ expression: Expression) -> [Expression] {
        func without(_ parts: [Expression], _ join: ([Expression]) -> Expression) -> [Expression] {
            var found = parts
            for place in parts.indices {
                if parts.count > 1 {
                    var fewer = parts
                    fewer.remove(at: place)
                    found.append(join(fewer))
                }
                for simpler in simplified(parts[place]) {
                    var changed = parts
                    changed[place] = simpler
                    found.append(join(changed))
                }
            }
            return found
        }
        switch expression {
        case .and(let parts): return without(parts) { .and($0) }
        case .or(let parts): return without(parts) { .or($0) }
        case .except(let parts): return without(parts) { .except($0) }
        case .not(let part): return [part] + simplified(part).map(Expression.not)
        case .isNull(let part): return simplified(part).map(Expression.isNull)
        case .compare(let comparison, let a, let b):
            return simplified(a).map { .compare(comparison, $0, b) } + simplified(b).map { .compare(comparison, a, $0) }
        case .isOneOf(let value, let items):
            guard items.count > 1 else { return [] }
            return items.indices.map { place in
                var fewer = items
                fewer.remove(at: place)
                return .isOneOf(value, fewer)
            }
        case .aggregate(var aggregate):
            guard let filter = aggregate.filter else { return [] }
            var found: [Expression] = []
            for simpler in [nil] + simplified(filter).map(Optional.some) {
                aggregate.filter = simpler
                found.append(.aggregate(aggregate))
            }
            return found
        default: return []
        }
    }
}
