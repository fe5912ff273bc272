// All nodes by what they say: what is there already is found, what is new gets a number. And who reads each of them.

struct Nodes: ~Copyable {
    private var nodes = Vector<Node>()
    private var operands = Vector<Int32>()
    private var numbers: [NodeKey: NodeNumber] = [:]
    private var readings = Vector<Reading>()
    /// How many nodes have a place among those whose values are held.
    private(set) var heldCount = 0
    /// The most links that one path follows: how far a change can be felt behind links, however rows link in circles.
    private(set) var longestPath = 0

    /// Who reads a node.
    struct Reading {
        /// Conditions, accumulators and saves that read it directly, and nodes that are read and made of it.
        var readers: Int32 = 0
        /// The signals of its table that it reads, while it has readers.
        var reads = ReadSet.nothing
    }

    var count: Int { nodes.count }

    @inline(__always)
    subscript(number: NodeNumber) -> Node { nodes[number] }

    /// The operand at a place.
    @inline(__always)
    func operand(_ place: Int32) -> NodeNumber { Number(operands[place]) }

    /// The operand at a place, where it is no node but a code or a mark.
    @inline(__always)
    func word(_ place: Int32) -> Int32 { operands[place] }

    /// The operands of a node.
    func list(_ node: Node) -> [NodeNumber] { node.operandPlaces.map { operand($0) } }

    /// The codes of a `codeIn`.
    func codes(_ node: Node) -> [Int32] { node.operandPlaces.map { operands[$0] } }

    /// The nodes of the same row that a node is made of. What lies behind a link, and codes and constants, are none.
    func parts(of node: Node) -> [NodeNumber] {
        switch node.operation {
        case .constant, .column, .follow, .keyText, .rowNumber, .term, .clock, .codeIs, .codeIn: return []
        case .member, .isPair, .isOpen, .recordCount: return []
        case .ageThreshold, .midnight, .isNull, .not, .negate, .toDouble, .draw: return [node.left]
        case .compare, .arithmetic, .textTest, .concatenate: return [node.left, node.right]
        case .isOneOf: return [node.left] + list(node)
        case .rowId, .tuple, .and, .or, .except, .coalesce, .choose, .call: return list(node)
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return []
        }
    }

    /// Whether a term is part of a node, within its condition and behind links.
    func contains(_ number: NodeNumber, _ term: Number<ClockTerm>) -> Bool {
        var seen: Set<NodeNumber> = []
        func contains(_ number: NodeNumber) -> Bool {
            guard seen.insert(number).inserted else { return false }
            let node = nodes[number]
            if node.operation == .term { return node.term == term }
            if node.operation == .follow { return contains(node.behind) }
            return parts(of: node).contains(where: contains)
        }
        return contains(number)
    }

    /// The terms that a node of the clock is made of.
    func terms(in number: NodeNumber) -> Set<Number<ClockTerm>> {
        var found: Set<Number<ClockTerm>> = []
        var seen: Set<NodeNumber> = []
        func visit(_ number: NodeNumber) {
            guard seen.insert(number).inserted else { return }
            if nodes[number].operation == .term { found.insert(nodes[number].term) }
            parts(of: nodes[number]).forEach(visit)
        }
        visit(number)
        return found
    }

    /// The counters that a node of no row reads.
    func counters(in number: NodeNumber) -> Set<Number<Counter>> {
        let node = nodes[number]
        if node.operation == .recordCount { return [node.counter] }
        return parts(of: node).reduce(into: []) { $0.formUnion(counters(in: $1)) }
    }

    /// The gates that a node of no row reads.
    func gates(in number: NodeNumber) -> Set<Number<Gate>> {
        let node = nodes[number]
        if node.operation == .isOpen { return [node.gate] }
        return parts(of: node).reduce(into: []) { $0.formUnion(gates(in: $1)) }
    }

    /// Whether a node is about a row, not of counts and the clock alone.
    func isOfRow(_ number: NodeNumber) -> Bool {
        let node = nodes[number]
        switch node.operation {
        case .constant, .term, .clock, .isOpen, .recordCount: return false
        case .column, .follow, .keyText, .rowNumber, .member, .isPair, .codeIs, .codeIn: return true
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return true
        default: return parts(of: node).contains { isOfRow($0) }
        }
    }

    // New nodes.

    mutating func intern(_ node: Node, operands list: [Int32]) -> NodeNumber {
        let key = NodeKey(
            operation: node.operation, comparison: node.comparison, detail: node.detail, table: node.table, a: node.a, b: node.b,
            operands: list)
        if let found = numbers[key] { return found }
        var node = node
        node.firstOperand = Int32(operands.count)
        node.operandCount = Int32(list.count)
        for operand in list { operands.append(operand) }
        node.isOfColumns = isOfColumns(node)
        node.linkCount = linkCount(node)
        let number = nodes.nextNumber
        nodes.append(node)
        readings.append(Reading())
        numbers[key] = number
        longestPath = max(longestPath, Int(node.linkCount))
        for part in node.operation == .follow ? [node.behind] : parts(of: node) { use(part) }
        return number
    }

    /// One more node is made of a node; from the second on it is held, unless it is made of what is at hand.
    private mutating func use(_ number: NodeNumber) {
        nodes[number].uses += 1
        let node = nodes[number]
        guard node.uses == 2, node.operation == .follow || parts(of: node).contains(where: { !isAtHand(nodes[$0]) }) else { return }
        nodes[number].heldValue = Number(heldCount)
        heldCount += 1
    }

    private func isAtHand(_ node: Node) -> Bool {
        node.operation != .follow && parts(of: node).isEmpty
    }

    private func isOfColumns(_ node: Node) -> Bool {
        func isColumn(_ number: NodeNumber) -> Bool { nodes[number].operation == .column }
        func isConstant(_ number: NodeNumber) -> Bool { nodes[number].operation == .constant }
        return switch node.operation {
        case .codeIs, .codeIn, .column: true
        case .isNull: isColumn(node.left)
        case .compare, .textTest: isColumn(node.left) && isConstant(node.right)
        case .isOneOf: isColumn(node.left) && list(node).allSatisfy(isConstant)
        default: false
        }
    }

    private func linkCount(_ node: Node) -> Int32 {
        if node.operation == .follow { return 1 + nodes[node.behind].linkCount }
        return parts(of: node).reduce(0) { max($0, nodes[$1].linkCount) }
    }

    // Readers.

    /// Adds (1) or takes away (-1) one reader. Returns whether it is the first or was the last: those are readers of all it is made of.
    mutating func addReader(of number: NodeNumber, _ count: Int32) -> Bool {
        readings[number.value].readers += count
        return readings[number.value].readers == (count > 0 ? 1 : 0)
    }

    /// Whether somebody reads a node.
    func isRead(_ number: NodeNumber) -> Bool { readings[number.value].readers > 0 }

    /// The signals that a node reads, as its first reader found them.
    func reads(_ number: NodeNumber) -> ReadSet { readings[number.value].reads }

    mutating func setReads(_ number: NodeNumber, _ reads: ReadSet) {
        readings[number.value].reads = reads
    }
}
