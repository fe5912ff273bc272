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
    var transitions: [Transition: Carried]? {
        var found: [Transition: Carried] = [:]
        for activity in activities {
            let inbounds = activity.inbounds.compactMap { found[$0] }
            guard inbounds.count == activity.inbounds.count, let outputs = activity.outputs(from: inbounds) else { return nil }
            for (name, carried) in outputs { found[Transition(activity: activity.id, output: name)] = carried }
        }
        return found
    }

    /// Those without the activity at a place: what takes from it takes from one of its inbounds instead. None where that does not hang
    /// together.
    func without(_ place: Int) -> [Campaign] {
        let dropped = activities[place]
        var found: [Campaign] = []
        // What comes out of a change of dimension is nothing that its inbound could stand for; nor is an inbound of another one.
        var inbounds = if case .changeDimension = dropped { [Transition]() } else { dropped.inbounds }
        if case .andJoin = dropped, let carried = transitions {
            inbounds.removeAll { carried[$0]?.dimension != carried[dropped.inbounds[0]]?.dimension }
        }
        for inbound in inbounds.map(Optional.some) + [nil] {
            var campaign = self
            campaign.activities.remove(at: place)
            campaign.activities = campaign.activities.map { activity in
                activity.taking(activity.inbounds.map { $0.activity == dropped.id ? inbound ?? $0 : $0 })
            }
            if !campaign.saves.isEmpty, campaign.transitions != nil { found.append(campaign) }
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
        case .read: "read-audience"
        case .andJoin: "and-join"
        case .test: "test"
        case .channel: "channel"
        case .alert: "alert"
        case .deduplication, .reconciliation: "other"
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
        case .read, .deduplication, .reconciliation: return self
        }
    }

    /// The expressions about the rows of its inbound.
    var expressions: [Expression] {
        switch self {
        case .build(let build): build.filter.map { [$0] } ?? []
        case .split(let split): split.subsets.compactMap(\.filter)
        case .enrichment(let enrichment): enrichment.columns.map(\.value)
        case .save(let save): [save.identity] + save.attributes.map(\.source)
        case .channel(let channel): [channel.identity, channel.address] + channel.attributes.map(\.source)
        case .fork, .combine, .changeDimension, .wait: []
        case .read, .andJoin, .test, .alert: []
        case .deduplication, .reconciliation: []
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
            return .split(split)
        case .enrichment(var enrichment):
            for place in enrichment.columns.indices { enrichment.columns[place].value = left.removeFirst() }
            return .enrichment(enrichment)
        case .save(var save):
            save.identity = left.removeFirst()
            for place in save.attributes.indices { save.attributes[place].source = left.removeFirst() }
            return .save(save)
        case .channel(var channel):
            (channel.identity, channel.address) = (left.removeFirst(), left.removeFirst())
            for place in channel.attributes.indices { channel.attributes[place].source = left.removeFirst() }
            return .channel(channel)
        case .fork, .combine, .changeDimension, .wait: return self
        case .read, .andJoin, .test, .alert: return self
        case .deduplication, .reconciliation: return self
        }
    }

    /// What its outputs carry, by name; nil when the inbounds do not go together, or lack a column that is read.
    fileprivate func outputs(from inbounds: [Campaign.Carried]) -> [String: Campaign.Carried]? {
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
            for other in inbounds.dropFirst() {
                guard other.dimension == result.dimension else { return nil }
                if combine.operation == .exclusion { continue }
                guard other.columns.allSatisfy({ result.columns[$0.key] ?? $0.value == $0.value }) else { return nil }
                result.columns.merge(other.columns) { first, _ in first }
            }
            return combine.hasComplement ? [Transition.main: result, Combine.complement: result] : [Transition.main: result]
        case .enrichment(let enrichment):
            var result = inbounds[0]
            for column in enrichment.columns { result.columns[column.name] = column.value.type }
            return [Transition.main: result]
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
        case .deduplication, .reconciliation: return nil
        }
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
