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
        var found: [Activity] = []
        switch activity {
        case .build(var build) where build.filter != nil:
            build.filter = nil
            found.append(.build(build))
        case .split(let split):
            found = ActivityParts.fewer(split).map(Activity.split)
        case .combine(let combine): found = ActivityParts.fewer(combine).map(Activity.combine)
        case .enrichment(let enrichment): found = ActivityParts.fewer(enrichment).map(Activity.enrichment)
        case .deduplication(let deduplication): found = ActivityParts.fewer(deduplication).map(Activity.deduplication)
        case .reconciliation(let reconciliation): found = ActivityParts.fewer(reconciliation).map(Activity.reconciliation)
        case .save(let save):
            for attribute in save.attributes.indices {
                var fewer = save
                fewer.attributes.remove(at: attribute)
                found.append(.save(fewer))
            }
            if save.mode != .mirror {
                var simpler = save
                simpler.mode = .mirror
                found.append(.save(simpler))
            }
        case .test, .alert: found = simplifiedCounts(activity)
        case .andJoin(let join) where join.from.count > 2:
            for inbound in join.from.indices.dropFirst() {
                var fewer = join
                fewer.from.remove(at: inbound)
                found.append(.andJoin(fewer))
            }
        case .channel(let channel): found = simplified(channel).map(Activity.channel)
        case .read(let read):
            for column in read.columns.indices {
                var fewer = read
                fewer.columns.remove(at: column)
                found.append(.read(fewer))
            }
        default: break
        }
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

    /// A test or an alert that says less of the number of rows.
    private static func simplifiedCounts(_ activity: Activity) -> [Activity] {
        var found: [Activity] = []
        switch activity {
        case .test(let test):
            for place in test.conditions.indices {
                for simpler in simplified(test.conditions[place].when) {
                    var changed = test
                    changed.conditions[place].when = simpler
                    found.append(.test(changed))
                }
                if test.conditions.count == 1 { continue }
                var fewer = test
                fewer.conditions.remove(at: place)
                found.append(.test(fewer))
            }
        case .alert(let alert):
            for simpler in simplified(alert.when) {
                var changed = alert
                changed.when = simpler
                found.append(.alert(changed))
            }
        default: break
        }
        return found
    }

    private static func simplified(_ channel: Channel) -> [Channel] {
        var found: [Channel] = []
        for attribute in channel.attributes.indices {
            var fewer = channel
            fewer.attributes.remove(at: attribute)
            found.append(fewer)
        }
        if channel.cooldown != nil {
            var simpler = channel
            simpler.cooldown = nil
            found.append(simpler)
        }
        if channel.address != channel.identity {
            var simpler = channel
            simpler.address = channel.identity
            found.append(simpler)
        }
        return found
    }

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
