// combine by key of inbounds of one dimension. Where their rows are the records of that dimension, union, intersection and exclusion are
// or, and, except. Of inbounds that a change of dimension has led there it is asked whether any row of theirs leads to a record, by how
// many do; and what the rows of a union or intersection carry, and are called, is that of the first of those (Choices.swift).
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
        let frame = combined(inbounds)
        var has: [NodeNumber] = []
        for inbound in inbounds { has.append(isLedTo(by: inbound)) }
        let any = junction(.or, has, frame.table)
        let main = operation == .union ? any : junction(.and, has, frame.table)
        return (Population(frame: frame, who: main), Population(frame: frame, who: without(any, [main], frame.table)))
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

    /// "The row comes from the first inbound that has the key (in it, the lowest row id); a carried column it lacks comes from the next
    /// inbound that has it, else null": of each column the first inbound that has both (decision 39).
    private mutating func combined(_ inbounds: [Population]) -> Frame {
        var frame = Frame(table: recordTable(of: inbounds[0].frame))
        for name in Set(inbounds.flatMap(\.frame.columns.keys)).sorted() {
            frame.columns[name] = ofFirst(inbounds) { _, inbound in inbound.frame.columns[name] }
        }
        if inbounds.contains(where: { !$0.frame.record.isEmpty || $0.frame.rowId != nil }) {
            frame.rowId = ofFirst(inbounds) { engine, inbound in engine.rowId(of: inbound.frame) }
        }
        return frame
    }

    /// What the first inbound that has the key, and something to say, says of its row; as a node of the record.
    private mutating func ofFirst(
        _ inbounds: [Population], _ value: (inout Engine, Population) -> NodeNumber?
    ) -> NodeNumber {
        let table = recordTable(of: inbounds[0].frame)
        var choices: [NodeNumber] = []
        for inbound in inbounds {
            if let value = value(&self, inbound) { choices += [isLedTo(by: inbound), ofLowest(value, inbound)] }
        }
        let nothing = build(.literal(.null), table: table)
        return intern(Node(operation: .choose, table: table), operands: choices + [nothing])
    }

    /// A node of an inbound's rows as one of the record: of the row with the lowest row id, where several lead there.
    private mutating func ofLowest(_ value: NodeNumber, _ inbound: Population) -> NodeNumber {
        let frame = inbound.frame
        if frame.record.isEmpty { return value }
        return follow(firstLink(ChoiceKey(condition: conditionOfLeading(inbound), record: frame.record, rowId: rowId(of: frame))), value)
    }
}
