// Nodes, conditions, constants, terms and windows by what they say: what is there already is found, what is new gets a number.
import Campaigns

extension Engine {
    mutating func intern(_ node: Node, operands list: [Int32] = []) -> Int32 {
        let key = NodeKey(
            operation: node.operation, comparison: node.comparison, detail: node.detail, table: node.table, a: node.a, b: node.b,
            operands: list)
        // A text of the plan may move what rows hold: nothing that was found before is read again.
        moves &+= 1
        if let found = nodeNumbers[key] { return found }
        var node = node
        node.firstOperand = Int32(operands.count)
        node.operandCount = Int32(list.count)
        for operand in list { operands.append(operand) }
        node.isOfColumns = isOfColumns(node)
        node.linkCount = linkCount(node)
        let number = Int32(nodes.count)
        nodes.append(node)
        heldTruths.append(HeldTruth())
        nodeUses.append(NodeUse())
        nodeNumbers[key] = number
        longestPath = max(longestPath, Int(node.linkCount))
        for part in node.operation == .follow ? [node.b] : parts(of: node) { use(part) }
        return number
    }

    /// One more node is made of a node; from the second on it is held, unless it is made of what is at hand.
    private mutating func use(_ number: Int32) {
        nodes[number].uses += 1
        let node = nodes[number]
        guard node.uses == 2, node.operation == .follow || parts(of: node).contains(where: { !isAtHand(nodes[$0]) }) else { return }
        nodes[number].heldValue = Int32(heldValues.count)
        heldValues.append(HeldValue())
    }

    private func isAtHand(_ node: Node) -> Bool {
        node.operation != .follow && parts(of: node).isEmpty
    }

    private func isOfColumns(_ node: Node) -> Bool {
        func isColumn(_ number: Int32) -> Bool { nodes[number].operation == .column }
        func isConstant(_ number: Int32) -> Bool { nodes[number].operation == .constant }
        return switch node.operation {
        case .codeIs, .codeIn, .column: true
        case .isNull: isColumn(node.a)
        case .compare, .textTest: isColumn(node.a) && isConstant(node.b)
        case .isOneOf: isColumn(node.a) && list(node).allSatisfy(isConstant)
        default: false
        }
    }

    mutating func constant(_ literal: Literal) -> Int32 {
        if let found = constantNumbers[ConstantKey(literal)] { return found }
        let value: Value
        switch literal {
        case .null: value = .null
        case .boolean(let truth): value = .boolean(truth)
        case .integer(let number): value = .integer(number)
        case .double(let number): value = .double(number)
        case .date(let days): value = .date(days)
        case .instant(let milliseconds): value = .instant(milliseconds)
        case .string(let text):
            // Constants live as long as the engine.
            let bytes = Array(text.utf8)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
            memory.copyBytes(from: bytes)
            value = .text(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
        }
        let number = Int32(constants.count)
        constants.append(value)
        constantNumbers[ConstantKey(literal)] = number
        return number
    }

    /// The code of a constant in the dictionary of a text field, so that rows are compared by number.
    mutating func code(of text: String, _ table: Int32, _ field: Int) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            return internText(raw, hash: textHash(raw), table, field)
        }
    }

    /// The term of a node, evaluated at the clock as it is.
    mutating func clockTerm(_ node: Int32) -> Int32 {
        if let found = clockTermNumbers[node] { return found }
        let place = Int32(clockTerms.count)
        clockTerms.append(ClockTerm(node: node))
        clockTermNumbers[node] = place
        evaluateTerm(place)
        return place
    }

    mutating func zoneNumber(_ name: String) -> Int32 {
        if let found = zones.firstIndex(where: { $0.name == name }) { return Int32(found) }
        preconditionFailure("time zone \(name) was given with the campaign")
    }

    private func linkCount(_ node: Node) -> Int32 {
        if node.operation == .follow { return 1 + nodes[node.b].linkCount }
        return parts(of: node).reduce(0) { max($0, nodes[$1].linkCount) }
    }

    /// The condition of a table with that node, new if need be. It keeps no state until it is retained.
    mutating func condition(table: Int32, node: Int32) -> Int32 {
        let key = UInt64(UInt32(bitPattern: table)) << 32 | UInt64(UInt32(bitPattern: node))
        if let found = conditionNumbers.find(key) { return found }
        let number = Int32(conditions.count)
        conditions.append(Condition(table: table, node: node))
        conditionNumbers.insert(key, number)
        return number
    }

    /// Makes the window of a comparison of a row's node with a term, or notes one more kind of comparison for it.
    mutating func addCursor(_ a: Int32, _ comparison: Comparison, _ b: Int32, isMixed: Bool) {
        let key = CursorKey(table: nodes[a].table, node: a, term: nodes[b].a)
        var number = cursorNumbers[key] ?? -1
        if number < 0 {
            number = Int32(cursors.count)
            cursorNumbers[key] = number
            let isColumn = nodes[a].operation == .column && tables[key.table].columns[nodes[a].a].kind != .double && !isMixed
            cursors.append(
                Cursor(
                    table: key.table, node: a, term: key.term, signals: Signals(window: number, bit: tables[key.table].takeSourceBit()),
                    column: isColumn ? nodes[a].a : -1,
                    isMixed: isMixed))
        }
        switch comparison {
        case .less, .greaterOrEqual: cursors[number].changesAtTerm = true
        case .lessOrEqual, .greater: cursors[number].changesAfterTerm = true
        case .equal, .notEqual:
            cursors[number].changesAtTerm = true
            cursors[number].changesAfterTerm = true
        }
    }

    /// The window of a comparison; nil for other comparisons.
    func cursor(_ a: Int32, _ b: Int32) -> Int32? {
        guard nodes[b].operation == .term else { return nil }
        return cursorNumbers[CursorKey(table: nodes[a].table, node: a, term: nodes[b].a)]
    }
}
