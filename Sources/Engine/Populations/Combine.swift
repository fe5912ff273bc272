// combine by key of inbounds of one dimension. Where their rows are the records of that dimension, union, intersection and exclusion are
// or, and, except. Of inbounds that a change of dimension has led there, an exclusion asks whether any row of theirs leads to a record: it
// keeps how many do, for each record, while somebody saves what comes out.
import Campaigns

extension Engine {
    mutating func populations(of combine: Combine, _ inbounds: [Population]) -> [String: Population] {
        let (main, complement) =
            combine.operation == .exclusion ? exclusion(of: inbounds) : unionOrIntersection(combine.operation, of: inbounds)
        return combine.hasComplement ? [Transition.main: main, Combine.complement: complement] : [Transition.main: main]
    }

    private mutating func unionOrIntersection(
        _ operation: Combine.Operation, of inbounds: [Population]
    ) -> (main: Population, complement: Population) {
        let table = inbounds[0].frame.table
        let any = junction(.or, inbounds.map(\.who), table)
        let main = operation == .union ? any : junction(.and, inbounds.map(\.who), table)
        let frame = combined(inbounds)
        return (Population(frame: frame, who: main), Population(frame: frame, who: without(any, [main], table)))
    }

    /// "Rows of the primary, duplicates kept, that match nothing in any other inbound […]; complement: the rows removed." Rows without a
    /// key are dropped.
    private mutating func exclusion(of inbounds: [Population]) -> (main: Population, complement: Population) {
        let frame = inbounds[0].frame
        var primary = inbounds[0].who
        if !frame.record.isEmpty { primary = junction(.and, [primary, recordNode(of: frame)], frame.table) }
        var others: [NodeNumber] = []
        for inbound in inbounds.dropFirst() { others.append(behind(frame.record[...], isLedTo(by: inbound))) }
        let removed = junction(.and, [primary, junction(.or, others, frame.table)], frame.table)
        return (Population(frame: frame, who: without(primary, others, frame.table)), Population(frame: frame, who: removed))
    }

    /// Whether rows of a population lead to a record, as a node of that record.
    private mutating func isLedTo(by population: Population) -> NodeNumber {
        let frame = population.frame
        if frame.record.isEmpty { return population.who }
        let table = recordTable(of: frame)
        let count = count(ofRowsOf: population)
        let one = build(.literal(.integer(1)), table: table)
        return intern(Node(operation: .compare, comparison: .greaterOrEqual, table: table, a: count.value, b: one.value))
    }

    /// "The row comes from the first inbound that has the key […]; a carried column it lacks comes from the next inbound that has it, else
    /// null": of each column the first inbound that has both (decision 39).
    private mutating func combined(_ inbounds: [Population]) -> Frame {
        let table = inbounds[0].frame.table
        var frame = Frame(table: table)
        for name in Set(inbounds.flatMap(\.frame.columns.keys)).sorted() {
            var choices: [NodeNumber] = []
            for inbound in inbounds {
                if let column = inbound.frame.columns[name] { choices += [inbound.who, column] }
            }
            let nothing = build(.literal(.null), table: table)
            frame.columns[name] = intern(Node(operation: .choose, table: table), operands: choices + [nothing])
        }
        return frame
    }
}
