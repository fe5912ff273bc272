// From checked expressions to nodes: one node per distinct meaning. AND and OR are flattened and ordered, a condition about the
// record behind a link becomes a node of that record's table, so that campaigns which reach it by different paths share it.
import Campaigns

/// Where an expression stands: the rows it is about, their records, and the columns that they carry.
struct Frame {
    /// The table whose rows the rows are.
    let table: TableNumber
    /// The links from a row to its record, in order; none: the row is the record. A row may lead to no record: then it has no key, null
    /// attributes and empty collections.
    var record: [LinkPlace] = []
    /// The node of the row id; nil: it is the key of the row.
    var rowId: NodeNumber?
    /// The nodes of the carried columns, by name.
    var columns: [String: NodeNumber] = [:]
    /// Of several rows of one row id the one with the lowest number goes first; nil: there are none.
    var place: NodeNumber?
    /// How many such numbers there may be.
    var placeCount: Int64 = 1
    /// For each join and reconciliation that rows have passed last: whether several matched (`ambiguous` of a transition's counts).
    var ambiguous: [NodeNumber] = []
}

extension Engine {
    /// The node of an expression about rows of a table, which carry nothing.
    mutating func build(_ expression: Expression, table: TableNumber) -> NodeNumber {
        build(expression, in: Frame(table: table))
    }

    /// The node of an expression in a frame. What depends on neither row nor clock is its value; what depends on the clock alone is a term,
    /// evaluated when the clock moves.
    mutating func build(_ expression: Expression, in frame: Frame) -> NodeNumber {
        let expression = folded(expression, frame)
        guard expression.readsClock && expression.isRowless else { return buildParts(expression, frame) }
        return intern(Node(operation: .term, table: frame.table, a: clockTerm(buildParts(expression, frame)).value))
    }

    /// The same expression; what depends on neither row nor clock as the constant that it comes to.
    private mutating func folded(_ expression: Expression, _ frame: Frame) -> Expression {
        guard !expression.isLiteral, expression.isRowless, !expression.readsClock else { return expression }
        let node = buildParts(expression, frame)
        scratch.texts.reset()
        return .literal(Literal(value(ofRowless: node)))
    }

    private mutating func buildParts(_ expression: Expression, _ frame: Frame) -> NodeNumber {
        let table = frame.table
        switch expression {
        case .literal(let literal):
            return intern(Node(operation: .constant, table: table, a: plan.constants.intern(literal).value))
        case .field, .aggregate:
            return frame.record.isEmpty ? buildLookup(expression, table) : buildLookup(expression, behindRecordOf: frame)
        case .carried(let name, _):
            guard let column = frame.columns[name] else { preconditionFailure("the definition was checked: \(name) is carried") }
            return column
        case .clock(let offset, let unit, let zone):
            // Exact units mean the same in every zone.
            let number = zoneNumber(unit.rawValue <= CalendarUnit.hours.rawValue ? "UTC" : zone)
            return intern(
                Node(operation: .clock, detail: unit.rawValue, table: table, a: plan.constants.intern(.integer(offset)).value, b: number))
        case .ageThreshold(let number, let isAbove, let unit, let isDate, let zone):
            return intern(
                Node(operation: .ageThreshold, detail: unit.rawValue, table: table, a: build(number, in: frame).value, b: zoneNumber(zone)),
                words: [isAbove ? 1 : 0, isDate ? 1 : 0])
        case .midnight(let day, let zone):
            return intern(Node(operation: .midnight, table: table, a: build(day, in: frame).value, b: zoneNumber(zone)))
        case .compare(let comparison, let left, let right):
            return buildCompare(comparison, left, right, frame)
        case .isOneOf(let value, let items):
            return buildOneOf(value, items, frame)
        case .isNull(let value):
            return intern(Node(operation: .isNull, table: table, a: build(value, in: frame).value))
        case .not(let condition):
            return intern(Node(operation: .not, table: table, a: build(condition, in: frame).value))
        case .negate(let value):
            return intern(Node(operation: .negate, table: table, a: build(value, in: frame).value))
        case .toDouble(let value):
            return intern(Node(operation: .toDouble, table: table, a: build(value, in: frame).value))
        case .and(let conditions):
            return buildJunction(.and, conditions, frame)
        case .or(let conditions):
            return buildJunction(.or, conditions, frame)
        case .except(let conditions):
            return intern(Node(operation: .except, table: table), operands: conditions.map { build($0, in: frame) })
        case .coalesce(let values, _):
            return intern(Node(operation: .coalesce, table: table), operands: values.map { build($0, in: frame) })
        case .arithmetic(let operation, let left, let right):
            return intern(
                Node(
                    operation: .arithmetic, detail: operation.rawValue, table: table, a: build(left, in: frame).value,
                    b: build(right, in: frame).value)
            )
        case .textTest(let test, let left, let right):
            return intern(
                Node(
                    operation: .textTest, detail: test.rawValue, table: table, a: build(left, in: frame).value,
                    b: build(right, in: frame).value))
        case .concatenate(let left, let right):
            return intern(Node(operation: .concatenate, table: table, a: build(left, in: frame).value, b: build(right, in: frame).value))
        case .choose(let choices, let otherwise, _):
            var list: [NodeNumber] = []
            for choice in choices { list += [build(choice.condition, in: frame), build(choice.result, in: frame)] }
            return intern(Node(operation: .choose, table: table), operands: list + [build(otherwise, in: frame)])
        case .call(let function, let arguments, _, let zone):
            return intern(
                Node(operation: .call, detail: function.rawValue, table: table, b: zoneNumber(zone)),
                operands: arguments.map { build($0, in: frame) })
        }
    }

    /// What is looked up of the record that a row is.
    private mutating func buildLookup(_ expression: Expression, _ table: TableNumber) -> NodeNumber {
        if case .aggregate(let aggregate) = expression { return buildAggregate(aggregate, table) }
        guard case .field(let path) = expression else { preconditionFailure("fields and aggregates are looked up") }
        guard let step = path.steps.first else { return intern(.column(ColumnNumber(path.field), of: table)) }
        return follow(step, .field(path.shortened))
    }

    /// What is looked up of the record that a row leads to; COUNT and COUNT_DISTINCT of no record are 0.
    private mutating func buildLookup(_ expression: Expression, behindRecordOf frame: Frame) -> NodeNumber {
        let found = behind(frame.record[...], buildLookup(expression, recordTable(of: frame)))
        guard case .aggregate(let aggregate) = expression, aggregate.function == .count || aggregate.function == .countDistinct else {
            return found
        }
        let nothing = build(.literal(.integer(0)), table: frame.table)
        return intern(Node(operation: .coalesce, table: frame.table), operands: [found, nothing])
    }

    /// The table whose rows the records are.
    func recordTable(of frame: Frame) -> TableNumber {
        frame.record.last.map { tables.target(of: $0) } ?? frame.table
    }

    /// The node that is true of a row that has a record, and unknown of others.
    mutating func recordNode(of frame: Frame) -> NodeNumber {
        behind(frame.record[...], build(.literal(.boolean(true)), table: recordTable(of: frame)))
    }

    /// The node of a row id: the key texts of what the row went through (semantics §2).
    mutating func rowId(of frame: Frame) -> NodeNumber {
        frame.rowId ?? intern(Node(operation: .keyText, table: frame.table))
    }

    /// The node of a row id with one more key: that of the frame's record.
    mutating func rowId(_ rowId: NodeNumber, followedByRecordOf frame: Frame) -> NodeNumber {
        let key = behind(frame.record[...], intern(Node(operation: .keyText, table: recordTable(of: frame))))
        let node = plan.nodes[rowId]
        let keys = node.operation == .rowId ? plan.nodes.list(node) : [rowId]
        return intern(Node(operation: .rowId, table: frame.table), operands: keys + [key])
    }

    /// The node of a node about the record that links lead to.
    mutating func behind(_ links: ArraySlice<LinkPlace>, _ node: NodeNumber) -> NodeNumber {
        var node = node
        for link in links.reversed() { node = follow(link, node) }
        return node
    }

    /// The node of a node about the record that a link leads to.
    mutating func follow(_ link: LinkPlace, _ node: NodeNumber) -> NodeNumber {
        intern(Node(operation: .follow, table: link.table, a: link.number.value, b: node.value))
    }

    mutating func follow(_ step: LinkStep, _ rest: Expression) -> NodeNumber {
        let link = linkPlace(step)
        return follow(link, build(rest, table: tables.target(of: link)))
    }

    private mutating func buildCompare(_ comparison: Comparison, _ left: Expression, _ right: Expression, _ frame: Frame) -> NodeNumber {
        let table = frame.table
        let (left, right) = (folded(left, frame), folded(right, frame))
        if left.isRowless && !right.isRowless { return buildCompare(comparison.mirrored, right, left, frame) }
        // About the record behind links alone: a condition of that record.
        if right.isRowless, !frame.record.isEmpty, left.isLookup {
            return behind(frame.record[...], buildCompare(comparison, left, right, Frame(table: recordTable(of: frame))))
        }
        if right.isRowless, let (step, inner) = left.firstStep {
            return follow(step, .compare(comparison, inner, right))
        }
        if case .field(let path) = left, case .literal(.string(let text)) = right, comparison == .equal || comparison == .notEqual {
            let column = ColumnNumber(path.field)
            let equal = intern(Node(operation: .codeIs, table: table, a: column.value, b: code(of: text, table, column)))
            return comparison == .equal ? equal : intern(Node(operation: .not, table: table, a: equal.value))
        }
        let a = build(left, in: frame)
        let b = build(right, in: frame)
        // A carried column may be a constant, of the clock alone, or a count.
        if plan.nodes[b].operation == .term && plan.nodes.isOfRow(a) && !left.isRowless && left.type != .string && left.type != .null {
            addWindow(a, comparison, b, isMixed: left.type != right.type)
        }
        return intern(Node(operation: .compare, comparison: comparison, table: table, a: a.value, b: b.value))
    }

    private mutating func buildOneOf(_ value: Expression, _ items: [Expression], _ frame: Frame) -> NodeNumber {
        let table = frame.table
        var items = items
        for place in items.indices { items[place] = folded(items[place], frame) }
        if items.contains(where: { !$0.isLiteral }) {
            return build(.or(items.map { .compare(.equal, value, $0) }), in: frame)
        }
        if !frame.record.isEmpty, value.isLookup {
            return behind(frame.record[...], buildOneOf(value, items, Frame(table: recordTable(of: frame))))
        }
        if let (step, inner) = value.firstStep {
            return follow(step, .isOneOf(inner, items))
        }
        if case .field(let path) = value, path.type == .string {
            let texts = items.compactMap { if case .literal(.string(let text)) = $0 { text } else { nil as String? } }
            if texts.count == items.count {
                let column = ColumnNumber(path.field)
                let codes = Set(texts.map { code(of: $0, table, column) }).sorted()
                return intern(Node(operation: .codeIn, table: table, a: column.value), words: codes)
            }
        }
        let a = build(value, in: frame)
        return intern(Node(operation: .isOneOf, table: table, a: a.value), operands: Set(items.map { build($0, in: frame) }).sorted())
    }

    private mutating func buildJunction(_ operation: Node.Operation, _ conditions: [Expression], _ frame: Frame) -> NodeNumber {
        junction(operation, conditions.map { build($0, in: frame) }, frame.table)
    }

    mutating func junction(_ operation: Node.Operation, _ list: [NodeNumber], _ table: TableNumber) -> NodeNumber {
        var parts = Set<NodeNumber>()
        for number in list {
            let node = plan.nodes[number]
            if node.operation == operation {
                for place in node.operandPlaces { parts.insert(plan.nodes.operand(place)) }
            } else {
                parts.insert(number)
            }
        }
        if parts.count == 1 { return parts.first! }
        let ordered = parts.sorted { (cost($0), $0) < (cost($1), $1) }
        return intern(Node(operation: operation, table: table), operands: ordered)
    }

    /// What is cheap and says no most often goes first.
    private func cost(_ number: NodeNumber) -> Int {
        let node = plan.nodes[number]
        switch node.operation {
        case .codeIs: return 0
        case .codeIn, .isOneOf: return 1
        case .column, .constant, .isNull: return 3
        case .compare:
            return plan.nodes[node.left].isAccumulator || plan.nodes[node.right].isAccumulator ? 5 : node.comparison == .equal ? 0 : 2
        case .not: return cost(node.left) + 1
        case .follow: return 4
        case .textTest: return 4
        default: return 6
        }
    }
}
