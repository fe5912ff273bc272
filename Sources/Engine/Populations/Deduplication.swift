// deduplication: "Rows equal on all `fields` are a group. Of each the best `keep` stay […], ties by stable order." A ranking by the tuple
// of the fields; which values are better than others is a number of the row (Operators/Ranking).
import Campaigns

extension Deduplication: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        engine.populations(of: self, inbounds.first)
    }
}

extension Engine {
    fileprivate mutating func populations(of deduplication: Deduplication, _ inbound: Population) -> [String: Population] {
        let frame = inbound.frame
        let fields = deduplication.fields.map { build($0, in: frame) }
        let who =
            deduplication.keep.map { best($0, of: inbound, by: deduplication, fields) }
            ?? (deduplication.nulls == .drop ? without(inbound.who, anyNull(of: fields), frame.table) : inbound.who)
        var outputs = [Transition.main: Population(frame: frame, who: who)]
        if deduplication.hasComplement {
            outputs[Deduplication.complement] = Population(frame: frame, who: without(inbound.who, [who], frame.table))
        }
        return outputs
    }

    private mutating func best(
        _ keep: Int, of inbound: Population, by deduplication: Deduplication, _ fields: [NodeNumber]
    ) -> NodeNumber {
        let frame = inbound.frame
        let rank = deduplication.method.rank
        let condition = ranked(
            RankingKey(
                condition: plan.conditions.intern(table: frame.table, node: inbound.who),
                group: tuple(fields, frame.table, nullsAreValues: deduplication.nulls == .group),
                keepsUngrouped: deduplication.nulls == .keep, value: rank.map { build($0.by, in: frame) },
                isDescending: rank?.isDescending ?? false, seed: plan.constants.intern(.string("\(deduplication.seed)/")),
                rowId: rowId(of: frame), place: frame.place, cut: .count(keep)))
        return plan.conditions[condition].node
    }

    /// The node of the values of several nodes, null where one of them is; or by which a null equals a null.
    mutating func tuple(_ nodes: [NodeNumber], _ table: TableNumber, nullsAreValues: Bool = false) -> NodeNumber {
        intern(Node(operation: .tuple, detail: nullsAreValues ? 1 : 0, table: table), operands: nodes)
    }

    /// For each node whether it is null.
    mutating func anyNull(of nodes: [NodeNumber]) -> [NodeNumber] {
        nodes.map { intern(Node(operation: .isNull, table: plan.nodes[$0].table, a: $0.value)) }
    }
}

extension Deduplication.Method {
    /// What is compared, of which the first is the best; nil: nothing.
    fileprivate var rank: Sort? {
        switch self {
        case .random: return nil
        case .lowest(let value): return Sort(by: value)
        case .highest(let value): return Sort(by: value, isDescending: true)
        case .nonEmpty(let value):
            var isEmpty = Expression.isNull(value)
            if value.type == .string { isEmpty = .or([isEmpty, .compare(.equal, value, .literal(.string("")))]) }
            return Sort(by: Self.place([isEmpty], first: 1, otherwise: 0))
        case .values(let value, let order):
            return Sort(by: Self.place(order.map { .compare(.equal, value, .literal($0)) }, first: 0, otherwise: Int64(order.count)))
        }
    }

    /// The place of the first condition that is true, or another number.
    private static func place(_ conditions: [Expression], first: Int64, otherwise: Int64) -> Expression {
        let choices = conditions.enumerated().map { Campaigns.Choice(condition: $1, result: .literal(.integer(first + Int64($0)))) }
        return .choose(choices, otherwise: .literal(.integer(otherwise)), type: .integer)
    }
}
