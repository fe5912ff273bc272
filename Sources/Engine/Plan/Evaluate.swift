// Evaluation of nodes on one row, with the three-valued logic of semantics §3.
import Campaigns

extension Engine {
    /// The truth of a condition on a live row. Counts the atoms it looks at; one that was looked at since a row was last written is not
    /// looked at again.
    mutating func truth(_ number: NodeNumber, _ row: RowNumber) -> Truth {
        let node = plan.nodes[number]
        guard node.isOfColumns || node.heldValue != nil else { return evaluate(node, number, row) }
        if let found = plan.found.truth(of: number, isOfColumns: node.isOfColumns, on: row) { return found }
        let truth = evaluate(node, number, row)
        plan.found.hold(truth, of: number, isOfColumns: node.isOfColumns, on: row)
        return truth
    }

    @inline(__always)
    private mutating func evaluate(_ node: Node, _ number: NodeNumber, _ row: RowNumber) -> Truth {
        switch node.operation {
        case .and:
            var result = Truth.yes
            for place in node.operandPlaces {
                let truth = truth(plan.nodes.operand(place), row)
                if truth == .no { return .no }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .or:
            var result = Truth.no
            for place in node.operandPlaces {
                let truth = truth(plan.nodes.operand(place), row)
                if truth == .yes { return .yes }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .not:
            switch truth(node.left, row) {
            case .no: return .yes
            case .yes: return .no
            case .unknown: return .unknown
            }
        case .except:
            guard truth(plan.nodes.operand(node.firstOperand), row) == .yes else { return .no }
            for place in node.firstOperand + 1..<node.firstOperand + node.operandCount where truth(plan.nodes.operand(place), row) == .yes {
                return .no
            }
            return .yes
        case .follow:
            guard let parent = tables.record(behind: node.link, row) else { return .unknown }
            return truth(node.behind, parent)
        case .compare:
            statistics.conditionsEvaluated += 1
            let left = value(node.left, row)
            let right = value(node.right, row)
            return compared(left, node.comparison, right)
        case .codeIs:
            statistics.conditionsEvaluated += 1
            guard let key = tables[node.table].columns[node.column].key(row) else { return .unknown }
            return key == Int64(node.b) ? .yes : .no
        case .codeIn:
            statistics.conditionsEvaluated += 1
            guard let key = tables[node.table].columns[node.column].key(row) else { return .unknown }
            return isOperand(Int32(key), node) ? .yes : .no
        case .isOneOf:
            statistics.conditionsEvaluated += 1
            return isOneOf(node, row)
        case .isNull:
            statistics.conditionsEvaluated += 1
            return value(node.left, row).isNull ? .yes : .no
        case .column:
            statistics.conditionsEvaluated += 1
            return asTruth(value(number, row))
        case .member:
            return tables[node.table].memberships.contains(row, node.condition) ? .yes : .no
        case .isPair:
            return .yes
        case .isOpen:
            return plan.gates[node.gate].isOpen ? .yes : .no
        case .textTest:
            statistics.conditionsEvaluated += 1
            guard let test = TextTest(rawValue: node.detail) else { preconditionFailure("a test") }
            let left = value(node.left, row)
            return FunctionEvaluator.textTest(test, left, value(node.right, row))
        default:
            return asTruth(value(number, row))
        }
    }

    /// The value of a node that depends on no row.
    mutating func value(ofRowless number: NodeNumber) -> Value { value(number, .none) }

    /// The value of a node on a live row; of one that several are made of, what was found since anything moved.
    mutating func value(_ number: NodeNumber, _ row: RowNumber) -> Value {
        let node = plan.nodes[number]
        guard let place = node.heldValue else { return evaluateValue(node, number, row) }
        if let found = plan.found.value(at: place, on: row, generation: scratch.texts.generation) { return found }
        let value = evaluateValue(node, number, row)
        plan.found.hold(value, at: place, on: row, generation: scratch.texts.generation)
        return value
    }

    @inline(__always)
    private mutating func evaluateValue(_ node: Node, _ number: NodeNumber, _ row: RowNumber) -> Value {
        switch node.operation {
        case .constant:
            return plan.constants[node.constant]
        case .column:
            return columnValue(node.table, node.column, row)
        case .follow:
            guard let parent = tables.record(behind: node.link, row) else { return .null }
            return value(node.behind, parent)
        case .keyText:
            return keyTextValue(node.table, row)
        case .rowId:
            return rowId(node, row)
        case .tuple:
            return tuple(node, row)
        case .rowNumber:
            return .integer(Int64(row.value))
        case .recordCount:
            return .integer(Int64(plan.gates[node.counter].rows.count))
        case .draw:
            return draw(node, row)
        case .term:
            return plan.terms.isAside ? value(ofRowless: plan.terms[node.term].node) : plan.terms[node.term].value
        case .clock, .ageThreshold:
            return ofClock(node, row)
        case .midnight:
            let day = value(node.left, row)
            guard !day.isNull, let instant = Calendar.midnight(ofDay: Int32(day.integer), in: zones[Int(node.b)]) else { return .null }
            return .instant(instant)
        case .count where plan.accumulators[node.accumulator].family == .count:
            return .integer(Int64(tables[node.table].accumulated.value(row, node.accumulator) ?? 0))
        case .count:
            // Of nothing 0; what does not fit is null.
            return tables[node.table].accumulated.contains(row, node.accumulator)
                ? sum(node.accumulator, row, isAverage: false) : .integer(0)
        case .sum, .average:
            return sum(node.accumulator, row, isAverage: node.operation == .average)
        case .minimum, .maximum, .countDistinct:
            return ofValues(node, row)
        default:
            return computed(node, number, row)
        }
    }

    /// What is made of other values of the row.
    private mutating func computed(_ node: Node, _ number: NodeNumber, _ row: RowNumber) -> Value {
        switch node.operation {
        case .negate:
            return FunctionEvaluator.negate(value(node.left, row))
        case .toDouble:
            return FunctionEvaluator.toDouble(value(node.left, row))
        case .arithmetic:
            guard let operation = ArithmeticOperator(rawValue: node.detail) else { preconditionFailure("an operator") }
            let left = value(node.left, row)
            let right = value(node.right, row)
            let result = FunctionEvaluator.arithmetic(operation, left, right)
            if result.isNull && !left.isNull && !right.isNull { statistics.overflows += 1 }
            return result
        case .concatenate:
            let left = value(node.left, row)
            return FunctionEvaluator.concatenate(left, value(node.right, row), texts: &scratch.texts)
        case .coalesce:
            for place in node.operandPlaces {
                let value = value(plan.nodes.operand(place), row)
                if !value.isNull { return value }
            }
            return .null
        case .choose:
            return chosen(node, row)
        case .call:
            return call(node, row)
        default:
            switch truth(number, row) {
            case .no: return .boolean(false)
            case .yes: return .boolean(true)
            case .unknown: return .null
            }
        }
    }

    /// The key texts joined with `>`; that of a missing record is the empty text.
    private mutating func rowId(_ node: Node, _ row: RowNumber) -> Value {
        var bytes: [UInt8] = []
        for place in node.operandPlaces {
            if place > node.firstOperand { bytes.append(UInt8(ascii: ">")) }
            let key = value(plan.nodes.operand(place), row)
            if !key.isNull { bytes.append(contentsOf: key.text) }
        }
        return scratch.texts.text(bytes)
    }

    /// The bytes of values, by which tuples are equal where all values are.
    private mutating func tuple(_ node: Node, _ row: RowNumber) -> Value {
        var bytes = TupleBytes()
        for place in node.operandPlaces {
            let value = value(plan.nodes.operand(place), row)
            if value.isNull && node.detail == 0 { return .null }
            bytes.append(value)
        }
        return scratch.texts.text(bytes.bytes)
    }

    /// Of 0 to 9,999, by a seed and a text.
    private mutating func draw(_ node: Node, _ row: RowNumber) -> Value {
        let text = value(node.left, row)
        if text.isNull { return .null }
        var hash = StableHash()
        hash.update(plan.constants[node.seed].text)
        hash.update(text.text)
        return .integer(Int64(hash.value % 10_000))
    }

    /// An instant before or after the clock's, or the moment from which on an age is reached.
    private mutating func ofClock(_ node: Node, _ row: RowNumber) -> Value {
        guard clock != Int64.min, let unit = CalendarUnit(rawValue: node.detail) else { return .null }
        let zone = zones[Int(node.b)]
        if node.operation == .clock {
            return Calendar.adding(plan.constants[node.constant].integer, unit, to: clock, in: zone).map(Value.instant) ?? .null
        }
        return FunctionEvaluator.ageThreshold(
            value(node.left, row), isAbove: plan.nodes.word(node.firstOperand) == 1, unit: unit,
            isDate: plan.nodes.word(node.firstOperand + 1) == 1,
            now: clock, zone: zone)
    }

    /// The result beside the first condition that is met.
    private mutating func chosen(_ node: Node, _ row: RowNumber) -> Value {
        var place = node.firstOperand
        let last = node.firstOperand + node.operandCount - 1
        while place < last {
            if truth(plan.nodes.operand(place), row) == .yes { return value(plan.nodes.operand(place + 1), row) }
            place += 2
        }
        return value(plan.nodes.operand(last), row)
    }

    /// The value of a field of a live row.
    @inline(__always)
    func columnValue(_ table: TableNumber, _ column: ColumnNumber, _ row: RowNumber) -> Value {
        switch tables[table].columns[column].kind {
        case .text:
            let code = tables[table].columns[column].codes[row]
            return code == Column.nullCode ? .null : .text(tables[table].columns[column].texts.text(code))
        case .ownKey:
            return .text(tables[table].key(of: row))
        case .foreignKey:
            guard let named = tables[table].columns[column].target(of: row) else { return .null }
            return .text(tables[tables[table].columns[column].target!].key(of: named))
        case .boolean:
            let code = tables[table].columns[column].codes[row]
            return code == Column.nullCode ? .null : .boolean(code != 0)
        case .date:
            let code = tables[table].columns[column].codes[row]
            return code == Column.nullCode ? .null : .date(code)
        case .integer:
            return tables[table].columns[column].isNullWord(row) ? .null : .integer(tables[table].columns[column].words[row])
        case .double:
            return tables[table].columns[column].isNullWord(row)
                ? .null : .double(Double(bitPattern: UInt64(bitPattern: tables[table].columns[column].words[row])))
        case .instant:
            return tables[table].columns[column].isNullWord(row) ? .null : .instant(tables[table].columns[column].words[row])
        }
    }

    /// SUM and AVG: null of nothing, and when the exact result does not fit its type.
    private mutating func sum(_ accumulator: Number<Accumulator>, _ row: RowNumber, isAverage: Bool) -> Value {
        guard let place = tables[plan.accumulators[accumulator].parent].accumulated.value(row, accumulator) else { return .null }
        let isInteger = plan.accumulators[accumulator].kind == .integer
        if isAverage {
            if let double = states.sums[place].average(isInteger: isInteger) { return .double(double) }
        } else if isInteger {
            if let integer = states.sums[place].integer { return .integer(integer) }
        } else if let double = states.sums[place].double {
            return .double(double)
        }
        statistics.overflows += 1
        return .null
    }

    /// MIN, MAX, COUNT_DISTINCT.
    private func ofValues(_ node: Node, _ row: RowNumber) -> Value {
        guard let place = tables[node.table].accumulated.value(row, node.accumulator) else {
            return node.operation == .countDistinct ? .integer(0) : .null
        }
        let entries = states.valueSets[place].entries
        if node.operation == .countDistinct { return .integer(Int64(entries.count)) }
        let key = node.operation == .minimum ? entries[0].key : entries[entries.count - 1].key
        let kind = plan.accumulators[node.accumulator].kind
        return kind == .text ? .text(text(of: plan.accumulators[node.accumulator].value!, Int32(key))) : Value(sortKey: key, kind: kind)
    }

    private mutating func call(_ node: Node, _ row: RowNumber) -> Value {
        guard let function = Function(rawValue: node.detail) else { preconditionFailure("a function") }
        let base = scratch.arguments.count
        for place in node.operandPlaces {
            let argument = value(plan.nodes.operand(place), row)
            scratch.arguments.append(argument)
        }
        let list = UnsafeBufferPointer(start: scratch.arguments.base + base, count: scratch.arguments.count - base)
        let result = FunctionEvaluator.call(function, list, zone: zones[Int(node.b)], texts: &scratch.texts)
        scratch.arguments.truncate(to: base)
        return result
    }

    /// Any equal: yes; else unknown if anything is null.
    private mutating func isOneOf(_ node: Node, _ row: RowNumber) -> Truth {
        let left = value(node.left, row)
        if left.isNull { return .unknown }
        var result = Truth.no
        for place in node.operandPlaces {
            let right = value(plan.nodes.operand(place), row)
            if right.isNull {
                result = .unknown
            } else if order(left, right) == 0 {
                return .yes
            }
        }
        return result
    }

    private func isOperand(_ code: Int32, _ node: Node) -> Bool {
        var low = node.firstOperand
        var high = node.firstOperand + node.operandCount
        while low < high {
            let middle = (low + high) / 2
            if plan.nodes.word(middle) < code { low = middle + 1 } else { high = middle }
        }
        return low < node.firstOperand + node.operandCount && plan.nodes.word(low) == code
    }
}
