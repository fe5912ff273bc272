// From checked expressions to nodes: one node per distinct meaning. AND and OR are flattened and ordered, a condition about the
// record behind a link becomes a node of that record's table, so that campaigns which reach it by different paths share it.
import Campaigns

extension Engine {
    /// The node of an expression about rows of a table.
    mutating func build(_ expression: Expression, table: Int32) -> Int32 {
        switch expression {
        case .literal(let literal):
            return intern(Node(operation: .constant, table: table, a: constant(literal)))
        case .field(let path):
            guard let step = path.steps.first else {
                return intern(Node(operation: .column, table: table, a: Int32(path.field)))
            }
            return follow(step, table, .field(path.shortened))
        case .clock(let offset, let unit, let zone):
            return intern(Node(operation: .clock, table: table, a: clockTerm(offset, unit, zone)))
        case .midnight(let day, let zone):
            return buildMidnight(day, zone, table)
        case .compare(let comparison, let left, let right):
            return buildCompare(comparison, left, right, table)
        case .isOneOf(let value, let items):
            return buildOneOf(value, items, table)
        case .isNull(let value):
            return intern(Node(operation: .isNull, table: table, a: build(value, table: table)))
        case .not(let condition):
            return intern(Node(operation: .not, table: table, a: build(condition, table: table)))
        case .and(let conditions):
            return buildJunction(.and, conditions, table)
        case .or(let conditions):
            return buildJunction(.or, conditions, table)
        case .except(let conditions):
            return intern(Node(operation: .except, table: table), operands: conditions.map { build($0, table: table) })
        case .aggregate(let aggregate):
            return buildAggregate(aggregate, table)
        }
    }

    private mutating func follow(_ step: LinkStep, _ table: Int32, _ rest: Expression) -> Int32 {
        let target = tables[table].links[step.link].target
        precondition(target >= 0, "the definition was checked against the catalog")
        let number = intern(Node(operation: .follow, table: table, a: Int32(step.link), b: build(rest, table: target)))
        var (inner, steps) = (number, 0)
        while nodes[inner].operation == .follow { (inner, steps) = (nodes[inner].b, steps + 1) }
        longestPath = max(longestPath, steps)
        return number
    }

    private mutating func buildMidnight(_ day: Expression, _ zone: String, _ table: Int32) -> Int32 {
        let number = zoneNumber(zone)
        if case .literal(.date(let days)) = day {
            guard let instant = Calendar.midnight(ofDay: days, in: zones[Int(number)]) else { return build(.literal(.null), table: table) }
            return build(.literal(.instant(instant)), table: table)
        }
        return intern(Node(operation: .midnight, table: table, a: build(day, table: table), b: number))
    }

    private mutating func buildCompare(_ comparison: Comparison, _ left: Expression, _ right: Expression, _ table: Int32) -> Int32 {
        if left.isRowless && !right.isRowless { return buildCompare(comparison.mirrored, right, left, table) }
        // About the record behind a link alone: a condition of that record.
        if right.isRowless, let (step, inner) = left.firstStep {
            return follow(step, table, .compare(comparison, inner, right))
        }
        if case .field(let path) = left, case .literal(.string(let text)) = right, comparison == .equal || comparison == .notEqual {
            let equal = intern(Node(operation: .codeIs, table: table, a: Int32(path.field), b: code(of: text, table, path.field)))
            return comparison == .equal ? equal : intern(Node(operation: .not, table: table, a: equal))
        }
        let a = build(left, table: table)
        let b = build(right, table: table)
        noteWindow(a, comparison, b)
        return intern(Node(operation: .compare, comparison: comparison, table: table, a: a, b: b))
    }

    private mutating func buildOneOf(_ value: Expression, _ items: [Expression], _ table: Int32) -> Int32 {
        if items.contains(where: { !$0.isLiteral }) {
            return build(.or(items.map { .compare(.equal, value, $0) }), table: table)
        }
        if let (step, inner) = value.firstStep {
            return follow(step, table, .isOneOf(inner, items))
        }
        if case .field(let path) = value, path.type == .string {
            let texts = items.compactMap { if case .literal(.string(let text)) = $0 { text } else { nil as String? } }
            if texts.count == items.count {
                let codes = Set(texts.map { code(of: $0, table, path.field) }).sorted()
                return intern(Node(operation: .codeIn, table: table, a: Int32(path.field)), operands: codes)
            }
        }
        let a = build(value, table: table)
        return intern(Node(operation: .isOneOf, table: table, a: a), operands: Set(items.map { build($0, table: table) }).sorted())
    }

    private mutating func buildJunction(_ operation: Node.Operation, _ conditions: [Expression], _ table: Int32) -> Int32 {
        var parts = Set<Int32>()
        for condition in conditions {
            let number = build(condition, table: table)
            let node = nodes[number]
            if node.operation == operation {
                for place in node.firstOperand..<node.firstOperand + node.operandCount { parts.insert(operands[place]) }
            } else {
                parts.insert(number)
            }
        }
        if parts.count == 1 { return parts.first! }
        let ordered = parts.sorted { (cost($0), $0) < (cost($1), $1) }
        return intern(Node(operation: operation, table: table), operands: ordered)
    }

    /// What is cheap and says no most often goes first.
    private func cost(_ number: Int32) -> Int {
        let node = nodes[number]
        switch node.operation {
        case .codeIs: return 0
        case .codeIn, .isOneOf: return 1
        case .column, .constant, .isNull: return 3
        case .compare:
            let isAggregate = [node.a, node.b].contains { nodes[$0].operation == .count || nodes[$0].operation == .sum }
            return isAggregate ? 5 : node.comparison == .equal ? 0 : 2
        case .not: return cost(node.a) + 1
        case .follow: return 4
        default: return 6
        }
    }

    private mutating func buildAggregate(_ aggregate: Aggregate, _ table: Int32) -> Int32 {
        let child = tableNumber(aggregate.link.schema)
        let filter = build(aggregate.filter ?? .literal(.boolean(true)), table: child)
        let condition = condition(table: child, node: filter)
        let column = Int32(aggregate.field ?? -1)
        let key = AccumulatorKey(parent: table, link: Int32(aggregate.link.link), condition: condition, column: column)
        var number = accumulatorNumbers[key] ?? -1
        if number < 0 {
            number = Int32(accumulators.count)
            accumulatorNumbers[key] = number
            accumulators.append(
                Accumulator(
                    parent: table, child: child, link: key.link, condition: condition, column: column, isInteger: aggregate.type == .integer))
        }
        return intern(Node(operation: aggregate.function == .count ? .count : .sum, table: table, a: number))
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

    /// Remembers which side of its term a window changes at.
    private mutating func noteWindow(_ a: Int32, _ comparison: Comparison, _ b: Int32) {
        guard let cursor = cursor(a, b) else { return }
        let flipped = nodes[a].operation == .clock
        let seen = flipped ? comparison.mirrored : comparison
        switch seen {
        case .less, .greaterOrEqual: cursors[cursor].changesAtTerm = true
        case .lessOrEqual, .greater: cursors[cursor].changesAfterTerm = true
        case .equal, .notEqual:
            cursors[cursor].changesAtTerm = true
            cursors[cursor].changesAfterTerm = true
        }
    }

    /// The cursor of a comparison of a column (or the midnight of one) with a clock term; nil for other comparisons.
    mutating func cursor(_ a: Int32, _ b: Int32) -> Int32? {
        if nodes[a].operation == .clock && nodes[b].operation != .clock { return cursor(b, a) }
        guard nodes[b].operation == .clock else { return nil }
        var column = nodes[a]
        var zone: Int32 = -1
        if column.operation == .midnight {
            zone = column.b
            column = nodes[column.a]
        }
        guard column.operation == .column else { return nil }
        let key = CursorKey(table: column.table, column: column.a, term: nodes[b].a, zone: zone)
        if let found = cursorNumbers[key] { return found }
        let number = Int32(cursors.count)
        cursors.append(Cursor(table: key.table, column: key.column, term: key.term, bit: tables[key.table].takeBit(), zone: zone))
        cursorNumbers[key] = number
        return number
    }

    private mutating func intern(_ node: Node, operands list: [Int32] = []) -> Int32 {
        let key = NodeKey(
            operation: node.operation, comparison: node.comparison, table: node.table, a: node.a, b: node.b, operands: list)
        if let found = nodeNumbers[key] { return found }
        var node = node
        node.firstOperand = Int32(operands.count)
        node.operandCount = Int32(list.count)
        for operand in list { operands.append(operand) }
        let number = Int32(nodes.count)
        nodes.append(node)
        nodeNumbers[key] = number
        return number
    }

    private mutating func constant(_ literal: Literal) -> Int32 {
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
    private mutating func code(of text: String, _ table: Int32, _ field: Int) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            return internText(raw, hash: textHash(raw), table, field)
        }
    }

    private mutating func clockTerm(_ offset: Int64, _ unit: CalendarUnit, _ zone: String) -> Int32 {
        // Exact units mean the same in every zone.
        let number = zoneNumber(unit.rawValue <= CalendarUnit.hours.rawValue ? "UTC" : zone)
        let key = ClockTermKey(offset: offset, unit: unit, zone: number)
        if let found = clockTermNumbers[key] { return found }
        var term = ClockTerm(offset: offset, unit: unit, zone: number)
        setInstant(of: &term)
        let place = Int32(clockTerms.count)
        clockTerms.append(term)
        clockTermNumbers[key] = place
        return place
    }

    mutating func zoneNumber(_ name: String) -> Int32 {
        if let found = zones.firstIndex(where: { $0.name == name }) { return Int32(found) }
        preconditionFailure("time zone \(name) was given with the campaign")
    }
}

extension FieldPath {
    /// The path from the record behind the first step on.
    fileprivate var shortened: FieldPath {
        FieldPath(steps: Array(steps.dropFirst()), schema: schema, field: field, type: type)
    }
}

extension Expression {
    fileprivate var isLiteral: Bool {
        switch self {
        case .literal: true
        case .midnight(let day, _): day.isLiteral
        default: false
        }
    }

    /// Depends on no row.
    fileprivate var isRowless: Bool {
        if case .clock = self { return true }
        return isLiteral
    }

    /// The first link of a path, and the same value seen from the record behind it; nil when it begins with no link.
    fileprivate var firstStep: (LinkStep, Expression)? {
        switch self {
        case .field(let path):
            guard let step = path.steps.first else { return nil }
            return (step, .field(path.shortened))
        case .midnight(let day, let zone):
            guard let (step, inner) = day.firstStep else { return nil }
            return (step, .midnight(inner, zone: zone))
        default:
            return nil
        }
    }
}
