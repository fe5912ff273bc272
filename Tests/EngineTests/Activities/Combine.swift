// combine in random histories: of records, by values, and with matches; side by side, in diamonds and across schemas.
import Oracle

@testable import Campaigns

extension Combine: RandomActivity {
    var activity: Activity { .combine(self) }

    static var weight: Int { 11 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        if random.chance(33) { return addDiamond(to: &campaign, from, shape, &random) }
        let operation: Operation = random.pick([.union, .intersection, .exclusion])
        let isByValues = random.chance(60)
        var inbounds = [from]
        let isAcross = isByValues && operation != .union && random.chance(60)
        if isAcross { inbounds.append(addRecords(to: &campaign, beside: shape.dimension, &random)) }
        let known = campaign.known.map(\.transition)
        let others = random.shuffled(isAcross && random.chance(30) ? known : campaign.transitions(of: shape.dimension))
        inbounds += others.filter { $0 != from || random.chance(10) }.prefix(random.pick(isAcross ? [0, 0, 0, 1] : [1, 1, 2, 3, 3, 3]))
        if inbounds.count < 2 { inbounds.append(from) }
        let canLeaveSome = operation == .exclusion || operation == .intersection && !isAcross
        var combine = Combine(
            id: campaign.newId, operation: operation, from: inbounds, hasComplement: canLeaveSome && random.chance(60))
        if isByValues { combine.changeValues(in: &campaign, &random) }
        // Rows of two schemas are seldom equal on anything but what is the same of all.
        if isAcross, operation == .intersection, random.chance(30) { combine.by = inbounds.map { _ in [.literal(.boolean(true))] } }
        campaign.add(.combine(combine))
    }

    /// Branches with one column, each of its own value, that come together again.
    private static func addDiamond(
        to campaign: inout RandomCampaign, _ from: Transition, _ shape: Shape, _ random: inout RandomNumbers
    ) {
        let name = random.pick(RandomCampaign.columnNames)
        let inbounds = [from, random.pick(campaign.transitions(of: shape.dimension))]
        let branches = inbounds.map { inbound in
            let branch = Transition(activity: campaign.newId)
            let shape = campaign.shape(campaign.transitions[inbound]!)
            let value = campaign.expressions.attribute(shape, of: campaign.columnTypes[name], &random)
            campaign.add(.enrichment(Enrichment(id: branch.activity, from: inbound, columns: [.init(name: name, value: value)])))
            return branch
        }
        var combine = Combine(id: campaign.newId, operation: random.pick([.union, .union, .intersection]), from: branches)
        // By that column both rows of one record may stay.
        if random.chance(40) { combine.by = branches.map { [.carried(name, type: campaign.transitions[$0]!.columns[name]!)] } }
        campaign.add(.combine(combine))
    }

    /// All records of another schema, so that somebody is there, or some of them.
    private static func addRecords(
        to campaign: inout RandomCampaign, beside schema: Schema, _ random: inout RandomNumbers
    ) -> Transition {
        let others = campaign.schemas.values.filter { $0.name != schema.name }.sorted { $0.name < $1.name }
        guard !others.isEmpty else { return random.pick(campaign.known).transition }
        let other = random.pick(others)
        let shape = Shape(dimension: other)
        let filter = random.chance(70) ? nil : campaign.expressions.filter(shape, depth: 1, &random)
        let build = BuildAudience(id: campaign.newId, dimension: other.name, filter: filter)
        campaign.add(.build(build))
        return Transition(activity: build.id)
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        if by != nil || matches.contains(where: { $0 != nil }) {
            changeValues(in: &campaign, &random)
        } else if random.chance(50) {
            from = random.shuffled(from)
        } else {
            operation = hasComplement ? random.pick([.intersection, .exclusion]) : .union
        }
    }

    /// Columns, or pairs of `match`, or both.
    private mutating func changeValues(in campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let shapes = from.map { campaign.shape(campaign.transitions[$0]!) }
        let isMatch = operation == .exclusion && random.chance(60)
        by = nil
        matches = from.dropFirst().map { _ in nil }
        if !isMatch || random.chance(30) {
            let columns = (0..<random.pick([1, 2])).map { _ in Combine.column(shapes, in: &campaign, &random) }
            by = shapes.indices.map { inbound in columns.map { $0[inbound] } }
        }
        guard isMatch else { return }
        for (place, other) in shapes.enumerated().dropFirst() {
            let isNeeded = by == nil && other.dimension.name != shapes[0].dimension.name
            guard isNeeded || random.chance(60) else { continue }
            let pairs = (0..<random.pick([1, 1, 2])).map { _ in campaign.expressions.sides([shapes[0], other], &random) }
            matches[place - 1] = pairs.map { Match(primary: $0[0], other: $0[1]) }
        }
    }

    /// One expression about rows of all shapes, where they are of one dimension and it does not happen to be several.
    private static func column(
        _ shapes: [Shape], in campaign: inout RandomCampaign, _ random: inout RandomNumbers
    ) -> [Expression] {
        guard Set(shapes.map(\.dimension.name)).count == 1, random.chance(70) else { return campaign.expressions.sides(shapes, &random) }
        var common = shapes[0]
        for shape in shapes { common.columns = common.columns.filter { shape.columns[$0.key] == $0.value } }
        let expression = campaign.side(common, &random)
        return shapes.map { _ in expression }
    }

    mutating func take(_ transitions: [Transition]) { from = transitions }

    var expressions: [Expression] { (by?[0] ?? []) + matches.flatMap { ($0 ?? []).map(\.primary) } }

    mutating func say(_ expressions: [Expression]) {
        var left = expressions[...]
        for place in by?[0].indices ?? 0..<0 { by![0][place] = left.removeFirst() }
        for other in matches.indices {
            for pair in matches[other]?.indices ?? 0..<0 { matches[other]![pair].primary = left.removeFirst() }
        }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        var result = inbounds[0]
        let comesOfAny = operation == .union || operation == .intersection && hasComplement
        for (place, other) in inbounds.enumerated().dropFirst() {
            let match = matches[place - 1]
            let isOfOne = match == nil && (by == nil || comesOfAny)
            guard !isOfOne || other.dimension == result.dimension else { return nil }
            let others = (by?[place] ?? []) + (match ?? []).map(\.other)
            guard others.allSatisfy({ $0.reads(onlyOf: other.columns) }) else { return nil }
            if operation == .exclusion { continue }
            guard other.columns.allSatisfy({ result.columns[$0.key] ?? $0.value == $0.value }) else { return nil }
            result.columns.merge(other.columns) { first, _ in first }
        }
        return hasComplement ? [Transition.main: result, Combine.complement: result] : [Transition.main: result]
    }

    func text(_ readable: Readable) -> String {
        let inbounds = from.enumerated().map { place, from in
            let by = by.map { " by " + $0[place].map(readable.text).joined(separator: ", ") } ?? ""
            let match = place > 0 ? matches[place - 1] : nil
            let pairs = match.map { $0.map { "\(readable.text($0.primary)) = \(readable.text($0.other))" }.joined(separator: ", ") }
            return readable.text(from) + by + (pairs.map { " match \($0)" } ?? "")
        }
        return "\(operation)\(hasComplement ? " with complement" : "") of \(inbounds.joined(separator: "; "))"
    }

    var fewer: [Combine] {
        changed { change in
            change { $0.hasComplement = false }
            if from.count > 2 {
                for inbound in from.indices.dropFirst() {
                    change {
                        $0.from.remove(at: inbound)
                        $0.by?.remove(at: inbound)
                        $0.matches.remove(at: inbound - 1)
                    }
                }
                if by == nil, matches.allSatisfy({ $0 == nil }) {
                    change {
                        $0.from.removeFirst()
                        $0.matches.removeFirst()
                    }
                }
            }
            if let columns = by?[0].count, columns > 1 {
                for column in 0..<columns { change { for inbound in from.indices { $0.by![inbound].remove(at: column) } } }
            }
            change { $0.by = nil }
            for (other, match) in matches.enumerated() {
                change { $0.matches[other] = nil }
                for pair in (match ?? []).indices where match!.count > 1 { change { $0.matches[other]!.remove(at: pair) } }
            }
        }
    }

    func meet(_ meeting: Meeting) {
        meeting.note("\(operation) of \(from.count)", Transition.main)
        if hasComplement { meeting.note("complement of \(operation)", Combine.complement) }
        if Set(from).count < from.count { meeting.met.words.insert("an inbound twice") }
        if meeting.inbounds.contains(where: { $0.rows.contains { $0.keys.count > 1 } }) {
            meeting.note("\(operation) of rows led there", Transition.main)
        }
        if let by {
            meeting.note("\(operation) by \(by[0].count) columns", Transition.main)
            if hasComplement { meeting.note("complement of \(operation) by columns", Combine.complement) }
            if Set(meeting.inbounds.map(\.dimension)).count > 1 { meeting.note("\(operation) by columns across", Transition.main) }
            if by[0].indices.contains(where: { column in Set(by.map { $0[column].type }).count > 1 }) {
                meeting.met.words.insert("by of mixed types")
            }
            let ids = meeting.output(Transition.main).rows.map(\.id)
            if Set(ids).count < ids.count { meeting.met.words.insert("rows of one row id") }
        }
        for match in matches.compactMap({ $0 }) {
            meeting.note("match of \(match.count)", Transition.main)
            if hasComplement { meeting.note("complement of a match", Combine.complement) }
        }
        let columns = meeting.inbounds.map(\.columns)
        if columns.contains(where: { $0 != columns[0] }) { meeting.met.words.insert("\(operation) of different columns") }
    }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] {
        let operations = Operation.allCases.map { "\($0)" }
        let combines = (2...4).map { "intersection of \($0)" } + (2...3).map { "exclusion of \($0)" }
        let complements = ["intersection", "exclusion"].flatMap { ["complement of \($0)", "complement of \($0) by columns"] }
        let columns = operations.flatMap { operation in (1...2).map { "\(operation) by \($0) columns" } }
        let matches = ["match of 1", "match of 2", "complement of a match"]
        return Met.someAndNotAll(combines + complements + columns + matches + operations.map { "\($0) of rows led there" })
            + ["union of 2", "union of 3", "union of 4", "intersection by columns across", "exclusion by columns across"].map {
                "\($0): somebody"
            }
            + operations.map { "\($0) of different columns" } + ["an inbound twice", "by of mixed types", "rows of one row id"]
    }
}
