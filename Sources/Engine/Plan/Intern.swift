// What the plan is made of, found or made anew: nodes, terms, zones and windows.
import Campaigns

extension Engine {
    mutating func intern(_ node: Node, operands: [NodeNumber] = []) -> NodeNumber {
        intern(node, words: operands.map(\.value))
    }

    /// `words`: operands that are no nodes, or the numbers of those that are.
    mutating func intern(_ node: Node, words: [Int32]) -> NodeNumber {
        let number = plan.nodes.intern(node, operands: words)
        plan.found.grow(nodes: plan.nodes.count, held: plan.nodes.heldCount)
        // A text of the plan may move what rows hold: nothing that was found before is read again.
        plan.found.noteMove()
        return number
    }

    /// The code of a constant in the dictionary of a text field, so that rows are compared by number.
    mutating func code(of text: String, _ table: TableNumber, _ column: ColumnNumber) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            return internText(raw, hash: textHash(raw), table, column)
        }
    }

    /// The term of a node, evaluated at the clock as it is.
    mutating func clockTerm(_ node: NodeNumber) -> Number<ClockTerm> {
        if let found = plan.terms.find(node) { return found }
        let number = plan.terms.add(node)
        evaluateTerm(number)
        return number
    }

    mutating func zoneNumber(_ name: String) -> Int32 {
        if let found = zones.firstIndex(where: { $0.name == name }) { return Int32(found) }
        preconditionFailure("time zone \(name) was given with the campaign")
    }

    /// Makes the window of a comparison of a row's node with a term, or notes one more kind of comparison for it.
    mutating func addWindow(_ left: NodeNumber, _ comparison: Comparison, _ right: NodeNumber, isMixed: Bool) {
        let key = WindowKey(table: plan.nodes[left].table, node: left, term: plan.nodes[right].term)
        let number = plan.windows.find(key) ?? newWindow(key, isMixed: isMixed)
        switch comparison {
        case .less, .greaterOrEqual: plan.windows[number].changesAtTerm = true
        case .lessOrEqual, .greater: plan.windows[number].changesAfterTerm = true
        case .equal, .notEqual:
            plan.windows[number].changesAtTerm = true
            plan.windows[number].changesAfterTerm = true
        }
    }

    private mutating func newWindow(_ key: WindowKey, isMixed: Bool) -> Number<Window> {
        let (number, node) = (plan.windows.nextNumber, plan.nodes[key.node])
        let isColumn = node.operation == .column && tables[key.table].columns[node.column].kind != .double && !isMixed
        let signals = Signals(window: number, bit: tables[key.table].takeSourceBit())
        plan.windows.add(
            Window(
                table: key.table, node: key.node, term: key.term, signals: signals, column: isColumn ? node.column : nil, isMixed: isMixed))
        return number
    }
}
