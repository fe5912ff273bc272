// What the transitions of a campaign carry, found again from its activities: for changing campaigns, and for knowing which still hang
// together.
import Campaigns

extension Campaign {
    /// The dimension of a transition by name, and the types of its carried columns.
    struct Carried: Equatable {
        var dimension: String
        var columns: [String: ValueType] = [:]
    }

    /// nil when something is taken that is not there, or an expression reads a column that its row does not carry.
    func transitions(in schemas: [String: Schema]) -> [Transition: Carried]? {
        var found: [Transition: Carried] = [:]
        for activity in activities {
            let inbounds = activity.inbounds.compactMap { found[$0] }
            let joined = activity.joined.compactMap { found[$0] }
            guard inbounds.count == activity.inbounds.count, joined.count == activity.joined.count,
                let outputs = activity.outputs(from: inbounds, joining: joined, in: schemas)
            else { return nil }
            for (name, carried) in outputs { found[Transition(activity: activity.id, output: name)] = carried }
        }
        return found
    }

    /// Those without the activity at a place: what takes from it takes from one of its inbounds instead. None where that does not hang
    /// together.
    func without(_ place: Int, in schemas: [String: Schema]) -> [Campaign] {
        let dropped = activities[place]
        let carried = transitions(in: schemas)!
        let dimension = carried.first { $0.key.activity == dropped.id }?.value.dimension
        var found: [Campaign] = []
        // What comes out of a change of dimension is nothing that its inbound could stand for.
        let inbounds = dropped.inbounds.filter { carried[$0]!.dimension == dimension }
        for inbound in inbounds.map(Optional.some) + [nil] {
            var campaign = self
            campaign.activities.remove(at: place)
            campaign.activities = campaign.activities.map { activity in
                func instead(_ transition: Transition) -> Transition {
                    transition.activity == dropped.id ? inbound ?? transition : transition
                }
                return activity.taking(activity.inbounds.map(instead)).joining(activity.joined.map(instead))
            }
            if !campaign.saves.isEmpty, campaign.transitions(in: schemas) != nil { found.append(campaign) }
        }
        return found
    }
}

extension Activity {
    var kind: String {
        switch self {
        case .build: "build"
        case .fork: "fork"
        case .split: "split"
        case .combine: "combine"
        case .enrichment: "enrichment"
        case .changeDimension: "change-dimension"
        case .wait: "wait"
        case .save: "save"
        case .deduplication: "deduplication"
        case .reconciliation: "reconciliation"
        case .read: "read-audience"
        case .andJoin: "and-join"
        case .test: "test"
        case .channel: "channel"
        case .alert: "alert"
        }
    }

    /// The same, taking other transitions, as many as it has.
    func taking(_ transitions: [Transition]) -> Activity {
        switch self {
        case .build: return self
        case .fork(var fork):
            fork.from = transitions[0]
            return .fork(fork)
        case .split(var split):
            split.from = transitions[0]
            return .split(split)
        case .combine(var combine):
            combine.from = transitions
            return .combine(combine)
        case .enrichment(var enrichment):
            enrichment.from = transitions[0]
            return .enrichment(enrichment)
        case .changeDimension(var change):
            change.from = transitions[0]
            return .changeDimension(change)
        case .wait(var wait):
            wait.from = transitions[0]
            return .wait(wait)
        case .save(var save):
            save.from = transitions[0]
            return .save(save)
        case .deduplication(var deduplication):
            deduplication.from = transitions[0]
            return .deduplication(deduplication)
        case .reconciliation(var reconciliation):
            reconciliation.from = transitions[0]
            return .reconciliation(reconciliation)
        case .andJoin(var join):
            join.from = transitions
            return .andJoin(join)
        case .test(var test):
            test.from = transitions[0]
            return .test(test)
        case .channel(var channel):
            channel.from = transitions[0]
            return .channel(channel)
        case .alert(var alert):
            alert.from = transitions[0]
            return .alert(alert)
        case .read: return self
        }
    }

    /// The same, joining other transitions, as many as it does.
    func joining(_ transitions: [Transition]) -> Activity {
        guard case .enrichment(var enrichment) = self else { return self }
        var left = transitions[...]
        for place in enrichment.joins.indices {
            if case .transition = enrichment.joins[place].from { enrichment.joins[place].from = .transition(left.removeFirst()) }
        }
        return .enrichment(enrichment)
    }

    /// The expressions about the rows of its inbound, of several the first.
    var expressions: [Expression] {
        switch self {
        case .build(let build): build.filter.map { [$0] } ?? []
        case .split(let split): split.subsets.compactMap(\.filter) + split.subsets.compactMap(\.sort?.by)
        case .enrichment(let enrichment): enrichment.columns.map(\.value) + enrichment.joins.flatMap { $0.on.map(\.source) }
        case .save(let save): [save.identity] + save.attributes.map(\.source)
        case .combine(let combine): (combine.by?[0] ?? []) + combine.matches.flatMap { ($0 ?? []).map(\.primary) }
        case .deduplication(let deduplication): deduplication.fields + (deduplication.method.value.map { [$0] } ?? [])
        case .reconciliation(let reconciliation):
            (reconciliation.filter.map { [$0] } ?? []) + reconciliation.rules.map(\.source)
        case .channel(let channel): [channel.identity, channel.address] + channel.attributes.map(\.source)
        case .fork, .changeDimension, .wait, .read, .andJoin, .test, .alert: []
        }
    }

    /// The same with other expressions, as many as it has.
    func with(_ expressions: [Expression]) -> Activity {
        var left = expressions[...]
        switch self {
        case .build(var build):
            if build.filter != nil { build.filter = left.removeFirst() }
            return .build(build)
        case .split(var split):
            for place in split.subsets.indices where split.subsets[place].filter != nil { split.subsets[place].filter = left.removeFirst() }
            for place in split.subsets.indices where split.subsets[place].sort != nil { split.subsets[place].sort!.by = left.removeFirst() }
            return .split(split)
        case .enrichment(var enrichment):
            for place in enrichment.columns.indices { enrichment.columns[place].value = left.removeFirst() }
            for join in enrichment.joins.indices {
                for pair in enrichment.joins[join].on.indices { enrichment.joins[join].on[pair].source = left.removeFirst() }
            }
            return .enrichment(enrichment)
        case .combine(var combine):
            for place in combine.by?[0].indices ?? 0..<0 { combine.by![0][place] = left.removeFirst() }
            for other in combine.matches.indices {
                for pair in combine.matches[other]?.indices ?? 0..<0 { combine.matches[other]![pair].primary = left.removeFirst() }
            }
            return .combine(combine)
        case .deduplication(var deduplication):
            for place in deduplication.fields.indices { deduplication.fields[place] = left.removeFirst() }
            switch deduplication.method {
            case .random: break
            case .lowest: deduplication.method = .lowest(left.removeFirst())
            case .highest: deduplication.method = .highest(left.removeFirst())
            case .nonEmpty: deduplication.method = .nonEmpty(left.removeFirst())
            case .values(_, let order): deduplication.method = .values(of: left.removeFirst(), order: order)
            }
            return .deduplication(deduplication)
        case .reconciliation(var reconciliation):
            if reconciliation.filter != nil { reconciliation.filter = left.removeFirst() }
            for place in reconciliation.rules.indices { reconciliation.rules[place].source = left.removeFirst() }
            return .reconciliation(reconciliation)
        case .save(var save):
            save.identity = left.removeFirst()
            for place in save.attributes.indices { save.attributes[place].source = left.removeFirst() }
            return .save(save)
        case .channel(var channel):
            (channel.identity, channel.address) = (left.removeFirst(), left.removeFirst())
            for place in channel.attributes.indices { channel.attributes[place].source = left.removeFirst() }
            return .channel(channel)
        case .fork, .changeDimension, .wait, .read, .andJoin, .test, .alert: return self
        }
    }

    /// What its outputs carry, by name; nil when the inbounds do not go together, or lack a column that is read.
    fileprivate func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        let columns = inbounds.first?.columns ?? [:]
        guard expressions.allSatisfy({ $0.reads(onlyOf: columns) }) else { return nil }
        switch self {
        case .build(let build): return [Transition.main: .init(dimension: build.dimension)]
        case .fork(let fork): return Dictionary(uniqueKeysWithValues: fork.outputs.map { ($0, inbounds[0]) })
        case .split(let split):
            var coded = inbounds[0]
            coded.columns[Split.codeColumn] = .string
            let subsets = Dictionary(uniqueKeysWithValues: split.subsets.map { ($0.name, coded) })
            return split.hasComplement ? subsets.merging([Split.complement: inbounds[0]]) { $1 } : subsets
        case .combine(let combine):
            var result = inbounds[0]
            let comesOfAny = combine.operation == .union || combine.operation == .intersection && combine.hasComplement
            for (place, other) in inbounds.enumerated().dropFirst() {
                let match = combine.matches[place - 1]
                let isOfOne = match == nil && (combine.by == nil || comesOfAny)
                guard !isOfOne || other.dimension == result.dimension else { return nil }
                let others = (combine.by?[place] ?? []) + (match ?? []).map(\.other)
                guard others.allSatisfy({ $0.reads(onlyOf: other.columns) }) else { return nil }
                if combine.operation == .exclusion { continue }
                guard other.columns.allSatisfy({ result.columns[$0.key] ?? $0.value == $0.value }) else { return nil }
                result.columns.merge(other.columns) { first, _ in first }
            }
            return combine.hasComplement ? [Transition.main: result, Combine.complement: result] : [Transition.main: result]
        case .enrichment(let enrichment):
            return enrichment.columns(joining: joined, in: schemas).map { columns in
                [Transition.main: .init(dimension: inbounds[0].dimension, columns: inbounds[0].columns.merging(columns) { $1 })]
            }
        case .deduplication(let deduplication):
            let main = [Transition.main: inbounds[0]]
            return deduplication.hasComplement ? main.merging([Deduplication.complement: inbounds[0]]) { $1 } : main
        case .reconciliation(let reconciliation):
            var result = Campaign.Carried(dimension: reconciliation.dimension, columns: columns)
            for column in reconciliation.columns { result.columns[column.name] = column.value.type }
            return reconciliation.hasComplement
                ? [Transition.main: result, Reconciliation.complement: result] : [Transition.main: result]
        case .changeDimension(let change):
            return [Transition.main: .init(dimension: change.dimension, columns: columns)]
        case .wait: return [Transition.main: inbounds[0]]
        case .save: return [:]
        case .read(let read):
            let columns = Dictionary(uniqueKeysWithValues: read.columns.map { ($0.name, $0.type) })
            return [Transition.main: .init(dimension: read.dimension, columns: columns)]
        case .andJoin, .channel, .alert: return [Transition.main: inbounds[0]]
        case .test(let test):
            let names = test.conditions.map(\.name) + (test.hasDefault ? [Test.otherwise] : [])
            return Dictionary(uniqueKeysWithValues: names.map { ($0, inbounds[0]) })
        }
    }
}

extension Enrichment {
    /// The types of the columns that it adds; nil when two have one name, or what is joined lacks a column that is read.
    fileprivate func columns(joining joined: [Campaign.Carried], in schemas: [String: Schema]) -> [String: ValueType]? {
        var added: [(name: String, type: ValueType)] = columns.map { ($0.name, $0.value.type) }
        for collection in collections {
            for line in 0..<collection.lines {
                for field in collection.fields.map({ schemas[collection.schema]!.fields[$0] }) {
                    added.append((Collection.columnName(collection.alias, line: line + 1, field: field.name), field.valueType))
                }
            }
        }
        var left = joined[...]
        for join in joins {
            let carried = if case .transition = join.from { left.removeFirst().columns } else { [String: ValueType]() }
            guard (join.on.map(\.target) + join.columns.map(\.value)).allSatisfy({ $0.reads(onlyOf: carried) }) else { return nil }
            added += join.columns.map { ($0.name, $0.value.type) }
        }
        let types = Dictionary(added.map { ($0.name, $0.type) }) { first, _ in first }
        return types.count == added.count ? types : nil
    }
}

extension Expression {
    var readsColumns: Bool {
        if case .carried = self { true } else { parts.contains(where: \.readsColumns) }
    }

    /// Whether every carried column that it reads is one of these, and of that type.
    fileprivate func reads(onlyOf columns: [String: ValueType]) -> Bool {
        if case .carried(let name, let type) = self { return columns[name] == type }
        return parts.allSatisfy { $0.reads(onlyOf: columns) }
    }
}
