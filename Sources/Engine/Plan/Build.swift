// From checked expressions to nodes: one node per distinct meaning. AND and OR are flattened and ordered, a condition about the
// record behind a link becomes a node of that record's table, so that campaigns which reach it by different paths share it.
import Campaigns

extension Engine {
    /// The node of an expression about rows of a table. What depends on the clock alone is a term, evaluated when the clock moves.
    mutating func build(_ expression: Expression, table: Int32) -> Int32 {
        guard expression.readsClock && expression.isRowless else { return buildParts(expression, table) }
        return intern(Node(operation: .term, table: table, a: clockTerm(buildParts(expression, table))))
    }

    private mutating func buildParts(_ expression: Expression, _ table: Int32) -> Int32 {
        switch expression {
        case .literal(let literal):
            return intern(Node(operation: .constant, table: table, a: constant(literal)))
        case .field(let path):
            guard let step = path.steps.first else {
                return intern(Node(operation: .column, table: table, a: Int32(path.field)))
            }
            return follow(step, table, .field(path.shortened))
        case .clock(let offset, let unit, let zone):
            // Exact units mean the same in every zone.
            let number = zoneNumber(unit.rawValue <= CalendarUnit.hours.rawValue ? "UTC" : zone)
            return intern(
                Node(operation: .clock, detail: unit.rawValue, table: table, a: constant(.integer(offset)), b: number))
        case .ageThreshold(let count, let unit, let isDate, let zone):
            return intern(
                Node(operation: .ageThreshold, detail: unit.rawValue, table: table, a: constant(.integer(count)), b: zoneNumber(zone)),
                operands: [isDate ? 1 : 0])
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
        case .negate(let value):
            return intern(Node(operation: .negate, table: table, a: build(value, table: table)))
        case .toDouble(let value):
            return intern(Node(operation: .toDouble, table: table, a: build(value, table: table)))
        case .and(let conditions):
            return buildJunction(.and, conditions, table)
        case .or(let conditions):
            return buildJunction(.or, conditions, table)
        case .except(let conditions):
            return intern(Node(operation: .except, table: table), operands: conditions.map { build($0, table: table) })
        case .coalesce(let values, _):
            return intern(Node(operation: .coalesce, table: table), operands: values.map { build($0, table: table) })
        case .arithmetic(let operation, let left, let right):
            return intern(
                Node(
                    operation: .arithmetic, detail: operation.rawValue, table: table, a: build(left, table: table), b: build(right, table: table)))
        case .textTest(let test, let left, let right):
            return intern(
                Node(operation: .textTest, detail: test.rawValue, table: table, a: build(left, table: table), b: build(right, table: table)))
        case .concatenate(let left, let right):
            return intern(Node(operation: .concatenate, table: table, a: build(left, table: table), b: build(right, table: table)))
        case .choose(let choices, let otherwise, _):
            var list: [Int32] = []
            for choice in choices { list += [build(choice.condition, table: table), build(choice.result, table: table)] }
            return intern(Node(operation: .choose, table: table), operands: list + [build(otherwise, table: table)])
        case .call(let function, let arguments, _, let zone):
            return intern(
                Node(operation: .call, detail: function.rawValue, table: table, b: zoneNumber(zone)),
                operands: arguments.map { build($0, table: table) })
        case .aggregate(let aggregate):
            return buildAggregate(aggregate, table)
        }
    }

    private mutating func follow(_ step: LinkStep, _ table: Int32, _ rest: Expression) -> Int32 {
        let target = tables[table].links[step.link].target
        precondition(target >= 0, "the definition was checked against the catalog")
        return intern(Node(operation: .follow, table: table, a: Int32(step.link), b: build(rest, table: target)))
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
        if nodes[b].operation == .term && !left.isRowless && left.type != .string && left.type != .null {
            addCursor(a, comparison, b, isMixed: left.type != right.type)
        }
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
        junction(operation, conditions.map { build($0, table: table) }, table)
    }

    private mutating func junction(_ operation: Node.Operation, _ list: [Int32], _ table: Int32) -> Int32 {
        var parts = Set<Int32>()
        for number in list {
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

    /// The most links that a node follows one after the other.
    private func linkCount(_ number: Int32) -> Int {
        let node = nodes[number]
        if node.operation == .follow { return 1 + linkCount(node.b) }
        return parts(of: node).reduce(0) { max($0, linkCount($1)) }
    }

    /// What is cheap and says no most often goes first.
    private func cost(_ number: Int32) -> Int {
        let node = nodes[number]
        switch node.operation {
        case .codeIs: return 0
        case .codeIn, .isOneOf: return 1
        case .column, .constant, .isNull: return 3
        case .compare:
            return nodes[node.a].isAccumulator || nodes[node.b].isAccumulator ? 5 : node.comparison == .equal ? 0 : 2
        case .not: return cost(node.a) + 1
        case .follow: return 4
        case .textTest: return 4
        default: return 6
        }
    }

    /// COUNT and COUNT_DISTINCT of nothing are 0, also where the record behind a first link is missing.
    private mutating func buildAggregate(_ aggregate: Aggregate, _ table: Int32) -> Int32 {
        guard let first = aggregate.steps.first else { preconditionFailure("an aggregate has steps") }
        if first.isForward {
            var rest = aggregate
            rest.steps.removeFirst()
            let behind = follow(first.link, table, .aggregate(rest))
            guard aggregate.function == .count || aggregate.function == .countDistinct else { return behind }
            return intern(Node(operation: .coalesce, table: table), operands: [behind, build(.literal(.integer(0)), table: table)])
        }
        let back = aggregate.steps.prefix { !$0.isForward }
        let tail = aggregate.steps.dropFirst(back.count)
        precondition(tail.allSatisfy(\.isForward), "links back and forth and back are refused")
        let number = accumulator(aggregate, back: back.map(\.link), tail: tail.map(\.link), table)
        let operation: Node.Operation
        switch aggregate.function {
        case .count: operation = .count
        case .sum: operation = .sum
        case .average: operation = .average
        case .minimum: operation = .minimum
        case .maximum: operation = .maximum
        case .countDistinct: operation = .countDistinct
        }
        return intern(Node(operation: operation, table: table, a: number))
    }

    /// `back`: the links from the parent down to the table whose records are counted; `tail`: from there on to single records.
    private mutating func accumulator(_ aggregate: Aggregate, back: [LinkStep], tail: [LinkStep], _ table: Int32) -> Int32 {
        let child = tableNumber(back.last!.schema)
        // Up from the child: every record on the way must be there.
        let links = back.reversed().map { Int32($0.link) }
        var tables = [child]
        for link in links { tables.append(self.tables[tables.last!].links[link].target) }
        var parts = [behind(tail, child) { engine, end in engine.build(aggregate.filter ?? .literal(.boolean(true)), table: end) }]
        var up: Int32?
        for place in (0..<links.count - 1).reversed() {
            let there = up ?? build(.literal(.boolean(true)), table: tables[place + 1])
            up = intern(Node(operation: .follow, table: tables[place], a: links[place], b: there))
        }
        if let up { parts.append(up) }
        let filter = junction(.and, parts, child)
        let kind = aggregate.field == nil ? Value.Kind.integer : fieldKind(aggregate.field!, tail, child)
        var value: Int32 = -1
        if let field = aggregate.field, aggregate.function != .count {
            value = behind(tail, child) { engine, end in engine.intern(Node(operation: .column, table: end, a: Int32(field))) }
        }
        let family: Accumulator.Family
        switch aggregate.function {
        case .count: family = .count
        case .sum, .average: family = .sum
        case .minimum, .maximum, .countDistinct: family = .values
        }
        let key = AccumulatorKey(
            parent: table, links: links, condition: condition(table: child, node: filter), family: family, value: value)
        if let found = accumulatorNumbers[key] { return found }
        let number = Int32(accumulators.count)
        accumulatorNumbers[key] = number
        accumulators.append(Accumulator(key: key, child: child, path: pathNode(links, tables), kind: kind))
        return number
    }

    /// A node of the record behind some links, seen from a table.
    private mutating func behind(_ links: [LinkStep], _ table: Int32, _ make: (inout Engine, Int32) -> Int32) -> Int32 {
        guard let step = links.first else { return make(&self, table) }
        let target = tables[table].links[step.link].target
        let rest = behind(Array(links.dropFirst()), target, make)
        return intern(Node(operation: .follow, table: table, a: Int32(step.link), b: rest))
    }

    private func fieldKind(_ field: Int, _ tail: [LinkStep], _ child: Int32) -> Value.Kind {
        var table = child
        for step in tail { table = tables[table].links[step.link].target }
        switch tables[table].columns[field].kind {
        case .text, .ownKey, .foreignKey: return .text
        case .boolean: return .boolean
        case .date: return .date
        case .integer: return .integer
        case .double: return .double
        case .instant: return .instant
        }
    }

    /// A node that reads every field that decides which parent a record counts for.
    private mutating func pathNode(_ links: [Int32], _ path: [Int32]) -> Int32 {
        var node: Int32?
        for place in links.indices.reversed() {
            let table = path[place]
            var parts: [Int32] = []
            for column in tables[table].links[links[place]].columns {
                let field = intern(Node(operation: .column, table: table, a: Int32(column)))
                parts.append(intern(Node(operation: .isNull, table: table, a: field)))
            }
            if let node { parts.append(intern(Node(operation: .follow, table: table, a: links[place], b: node))) }
            node = junction(.or, parts, table)
        }
        return node!
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
    private mutating func addCursor(_ a: Int32, _ comparison: Comparison, _ b: Int32, isMixed: Bool) {
        let key = CursorKey(table: nodes[a].table, node: a, term: nodes[b].a)
        var number = cursorNumbers[key] ?? -1
        if number < 0 {
            number = Int32(cursors.count)
            cursorNumbers[key] = number
            let isColumn = nodes[a].operation == .column && tables[key.table].columns[nodes[a].a].kind != .double && !isMixed
            cursors.append(
                Cursor(
                    table: key.table, node: a, term: key.term, bit: tables[key.table].takeBit(), column: isColumn ? nodes[a].a : -1,
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

    private mutating func intern(_ node: Node, operands list: [Int32] = []) -> Int32 {
        let key = NodeKey(
            operation: node.operation, comparison: node.comparison, detail: node.detail, table: node.table, a: node.a, b: node.b, operands: list)
        if let found = nodeNumbers[key] { return found }
        var node = node
        node.firstOperand = Int32(operands.count)
        node.operandCount = Int32(list.count)
        for operand in list { operands.append(operand) }
        let number = Int32(nodes.count)
        nodes.append(node)
        nodeNumbers[key] = number
        if node.operation == .follow { longestPath = max(longestPath, linkCount(number)) }
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

    /// The term of a node, evaluated at the clock as it is.
    private mutating func clockTerm(_ node: Int32) -> Int32 {
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

    /// The expressions that this one is made of, about the same record.
    fileprivate var parts: [Expression] {
        switch self {
        case .literal, .field, .clock, .ageThreshold, .aggregate: []
        case .midnight(let value, _), .isNull(let value), .not(let value), .negate(let value), .toDouble(let value): [value]
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .concatenate(let left, let right),
            .textTest(_, let left, let right):
            [left, right]
        case .isOneOf(let value, let items): [value] + items
        case .and(let list), .or(let list), .except(let list), .coalesce(let list, _), .call(_, let list, _, _): list
        case .choose(let choices, let otherwise, _): choices.flatMap { [$0.condition, $0.result] } + [otherwise]
        }
    }

    /// Depends on no row.
    fileprivate var isRowless: Bool {
        switch self {
        case .field, .aggregate: false
        default: parts.allSatisfy(\.isRowless)
        }
    }

    fileprivate var readsClock: Bool {
        switch self {
        case .clock, .ageThreshold: true
        default: parts.contains(where: \.readsClock)
        }
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
