// split: "Without overlap a subset sees the rows that no earlier subset took; with overlap each sees all." What a subset would take of the
// whole inbound is one condition; what it takes is that, and none of those before: whatever one of them would take, it or one before it
// took. Where a subset has a limit, what it takes is the first of those (Operators/Ranking).
import Campaigns

extension Split: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        engine.populations(of: self, inbounds.first)
    }
}

extension Engine {
    fileprivate mutating func populations(of split: Split, _ inbound: Population) -> [String: Population] {
        let table = inbound.frame.table
        var outputs: [String: Population] = [:]
        var before: [NodeNumber] = []
        for subset in split.subsets {
            var parts = [inbound.who]
            if let filter = subset.filter { parts.append(build(filter, in: inbound.frame)) }
            if let draws = subset.draws { parts.append(isDrawn(below: draws, "\(split.seed)/\(subset.name)/", inbound.frame)) }
            let wanted = junction(.and, parts, table)
            var who = split.overlaps ? wanted : without(wanted, before, table)
            if let limit = subset.limit { who = first(limit, of: who, by: subset.sort, seed: split.seed, inbound.frame) }
            before.append(subset.limit == nil ? wanted : who)
            var frame = inbound.frame
            frame.columns[Split.codeColumn] = build(.literal(.string(subset.code)), in: frame)
            outputs[subset.name] = Population(frame: frame, who: who)
        }
        if split.hasComplement { outputs[Split.complement] = Population(frame: inbound.frame, who: without(inbound.who, before, table)) }
        return outputs
    }

    /// "The first n (or `floor(p/100 × rows so far)`) by `sort` (nulls last, ties by stable order), or by stable order without `sort`."
    private mutating func first(_ limit: Split.Limit, of who: NodeNumber, by sort: Sort?, seed: String, _ frame: Frame) -> NodeNumber {
        let cut: RankingKey.Cut =
            switch limit {
            case .count(let most): .count(most)
            case .share(let percentage): .share(percentage)
            }
        let condition = ranked(
            RankingKey(
                condition: plan.conditions.intern(table: frame.table, node: who), value: sort.map { build($0.by, in: frame) },
                isDescending: sort?.isDescending ?? false, seed: plan.constants.intern(.string("\(seed)/")), rowId: rowId(of: frame),
                place: frame.place, cut: cut))
        return plan.conditions[condition].node
    }

    /// Whether the draw that falls on a row is one of the first. It is the row id's, so it changes only when that does.
    private mutating func isDrawn(below draws: Int, _ seed: String, _ frame: Frame) -> NodeNumber {
        let table = frame.table
        return intern(
            Node(
                operation: .compare, comparison: .less, table: table, a: drawNode(seed, frame).value,
                b: build(.literal(.integer(Int64(draws))), table: table).value))
    }

    /// The draw that falls on a row, of 10,000.
    mutating func drawNode(_ seed: String, _ frame: Frame) -> NodeNumber {
        intern(Node(operation: .draw, table: frame.table, a: rowId(of: frame).value, b: plan.constants.intern(.string(seed)).value))
    }

    /// The condition of rows that meet one condition and none of some others; what is unknown removes nothing.
    mutating func without(_ condition: NodeNumber, _ others: [NodeNumber], _ table: TableNumber) -> NodeNumber {
        if others.isEmpty { return condition }
        return intern(Node(operation: .except, table: table), operands: [condition] + Set(others).sorted())
    }
}
