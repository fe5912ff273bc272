// combine by key of inbounds of one dimension: their rows are rows of one table, so that union, intersection and exclusion are or, and,
// except.
import Campaigns

extension Engine {
    mutating func populations(of combine: Combine, _ inbounds: [Population]) -> [String: Population] {
        let table = inbounds[0].frame.table
        let conditions = inbounds.map(\.who)
        var main, rest: Int32
        switch combine.operation {
        case .union:
            main = junction(.or, conditions, table)
            rest = main
        case .intersection:
            main = junction(.and, conditions, table)
            rest = without(junction(.or, conditions, table), [main], table)
        case .exclusion:
            let others = Array(conditions.dropFirst())
            main = without(conditions[0], others, table)
            rest = junction(.and, [conditions[0], junction(.or, others, table)], table)
        }
        let frame = combine.operation == .exclusion ? inbounds[0].frame : combined(inbounds)
        var outputs = [Transition.main: Population(frame: frame, who: main)]
        if combine.hasComplement { outputs[Combine.complement] = Population(frame: frame, who: rest) }
        return outputs
    }

    /// "The row comes from the first inbound that has the key […]; a carried column it lacks comes from the next inbound that has it, else
    /// null": of each column the first inbound that has both (decision 39).
    private mutating func combined(_ inbounds: [Population]) -> Frame {
        let table = inbounds[0].frame.table
        var frame = Frame(table: table)
        for name in Set(inbounds.flatMap(\.frame.columns.keys)).sorted() {
            var choices: [Int32] = []
            for inbound in inbounds {
                if let column = inbound.frame.columns[name] { choices += [inbound.who, column] }
            }
            let nothing = build(.literal(.null), table: table)
            frame.columns[name] = intern(Node(operation: .choose, table: table), operands: choices + [nothing])
        }
        return frame
    }
}
