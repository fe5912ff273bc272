// Evaluation of nodes on one row, with the three-valued logic of semantics §3.
import Campaigns

extension Engine {
    /// The truth of a condition on a live row. Counts the atoms it looks at; one that was looked at since a row was last written is not
    /// looked at again.
    mutating func truth(_ number: Int32, _ row: Int32) -> Truth {
        let node = nodes[number]
        guard node.isOfColumns || node.heldValue >= 0 else { return evaluate(node, number, row) }
        let moment = node.isOfColumns ? writes : moves
        let held = heldTruths[number]
        if held.row == row && held.moment == moment { return held.truth }
        let truth = evaluate(node, number, row)
        heldTruths[number] = HeldTruth(moment: moment, row: row, truth: truth)
        return truth
    }

    @inline(__always)
    private mutating func evaluate(_ node: Node, _ number: Int32, _ row: Int32) -> Truth {
        switch node.operation {
        case .and:
            var result = Truth.yes
            for place in node.firstOperand..<node.firstOperand + node.operandCount {
                let truth = truth(operands[place], row)
                if truth == .no { return .no }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .or:
            var result = Truth.no
            for place in node.firstOperand..<node.firstOperand + node.operandCount {
                let truth = truth(operands[place], row)
                if truth == .yes { return .yes }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .not:
            switch truth(node.a, row) {
            case .no: return .yes
            case .yes: return .no
            case .unknown: return .unknown
            }
        case .except:
            guard truth(operands[node.firstOperand], row) == .yes else { return .no }
            for place in node.firstOperand + 1..<node.firstOperand + node.operandCount where truth(operands[place], row) == .yes {
                return .no
            }
            return .yes
        case .follow:
            let target = tables[node.table].links[node.a].target
            let parent = tables[node.table].follow(node.a, row)
            guard parent >= 0, tables[target].isLive(parent) else { return .unknown }
            return truth(node.b, parent)
        case .compare:
            statistics.conditionsEvaluated += 1
            let left = value(node.a, row)
            let right = value(node.b, row)
            return compared(left, node.comparison, right)
        case .codeIs:
            statistics.conditionsEvaluated += 1
            guard let key = tables[node.table].columns[node.a].key(row) else { return .unknown }
            return key == Int64(node.b) ? .yes : .no
        case .codeIn:
            statistics.conditionsEvaluated += 1
            guard let key = tables[node.table].columns[node.a].key(row) else { return .unknown }
            return isOperand(Int32(key), node) ? .yes : .no
        case .isOneOf:
            statistics.conditionsEvaluated += 1
            return isOneOf(node, row)
        case .isNull:
            statistics.conditionsEvaluated += 1
            return value(node.a, row).isNull ? .yes : .no
        case .column:
            statistics.conditionsEvaluated += 1
            return asTruth(value(number, row))
        case .textTest:
            statistics.conditionsEvaluated += 1
            guard let test = TextTest(rawValue: node.detail) else { preconditionFailure("a test") }
            let left = value(node.a, row)
            return FunctionEvaluator.textTest(test, left, value(node.b, row))
        default:
            return asTruth(value(number, row))
        }
    }

    /// The value of a node on a live row; of one that several are made of, what was found since anything moved.
    mutating func value(_ number: Int32, _ row: Int32) -> Value {
        let node = nodes[number]
        guard node.heldValue >= 0 else { return evaluateValue(node, number, row) }
        let held = heldValues[node.heldValue]
        if held.row == row && held.moment == moves && held.generation == texts.generation { return held.value }
        let value = evaluateValue(node, number, row)
        heldValues[node.heldValue] = HeldValue(moment: moves, generation: texts.generation, row: row, value: value)
        return value
    }

    @inline(__always)
    private mutating func evaluateValue(_ node: Node, _ number: Int32, _ row: Int32) -> Value {
        switch node.operation {
        case .constant:
            return constants[node.a]
        case .column:
            return columnValue(node.table, node.a, row)
        case .follow:
            let target = tables[node.table].links[node.a].target
            let parent = tables[node.table].follow(node.a, row)
            guard parent >= 0, tables[target].isLive(parent) else { return .null }
            return value(node.b, parent)
        case .keyText:
            return keyTextValue(node.table, row)
        case .rowId:
            return rowId(node, row)
        case .draw:
            return draw(node, row)
        case .term:
            return clockTerms[node.a].value
        case .clock, .ageThreshold:
            return ofClock(node, row)
        case .midnight:
            let day = value(node.a, row)
            guard !day.isNull, let instant = Calendar.midnight(ofDay: Int32(day.integer), in: zones[Int(node.b)]) else { return .null }
            return .instant(instant)
        case .count where accumulators[node.a].family == .count:
            return .integer(Int64(tables[node.table].accumulated.value(row, node.a) ?? 0))
        case .count:
            // Of nothing 0; what does not fit is null.
            return tables[node.table].accumulated.contains(row, node.a) ? sum(node.a, row, isAverage: false) : .integer(0)
        case .sum, .average:
            return sum(node.a, row, isAverage: node.operation == .average)
        case .minimum, .maximum, .countDistinct:
            return ofValues(node, row)
        case .negate:
            return FunctionEvaluator.negate(value(node.a, row))
        case .toDouble:
            return FunctionEvaluator.toDouble(value(node.a, row))
        case .arithmetic:
            guard let operation = ArithmeticOperator(rawValue: node.detail) else { preconditionFailure("an operator") }
            let left = value(node.a, row)
            let right = value(node.b, row)
            let result = FunctionEvaluator.arithmetic(operation, left, right)
            if result.isNull && !left.isNull && !right.isNull { statistics.overflows += 1 }
            return result
        case .concatenate:
            let left = value(node.a, row)
            return FunctionEvaluator.concatenate(left, value(node.b, row), texts: &texts)
        case .coalesce:
            for place in node.firstOperand..<node.firstOperand + node.operandCount {
                let value = value(operands[place], row)
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
    private mutating func rowId(_ node: Node, _ row: Int32) -> Value {
        var bytes: [UInt8] = []
        for place in node.firstOperand..<node.firstOperand + node.operandCount {
            if place > node.firstOperand { bytes.append(UInt8(ascii: ">")) }
            let key = value(operands[place], row)
            if !key.isNull { bytes.append(contentsOf: key.text) }
        }
        return texts.text(bytes)
    }

    /// Of 0 to 9,999, by a seed and a text.
    private mutating func draw(_ node: Node, _ row: Int32) -> Value {
        let text = value(node.a, row)
        if text.isNull { return .null }
        var hash = StableHash()
        hash.update(constants[node.b].text)
        hash.update(text.text)
        return .integer(Int64(hash.value % 10_000))
    }

    /// An instant before or after the clock's, or the moment from which on an age is reached.
    private mutating func ofClock(_ node: Node, _ row: Int32) -> Value {
        guard clock != Int64.min, let unit = CalendarUnit(rawValue: node.detail) else { return .null }
        let zone = zones[Int(node.b)]
        if node.operation == .clock {
            return Calendar.adding(constants[node.a].integer, unit, to: clock, in: zone).map(Value.instant) ?? .null
        }
        return FunctionEvaluator.ageThreshold(
            value(node.a, row), isAbove: operands[node.firstOperand] == 1, unit: unit, isDate: operands[node.firstOperand + 1] == 1,
            now: clock, zone: zone)
    }

    /// The result beside the first condition that is met.
    private mutating func chosen(_ node: Node, _ row: Int32) -> Value {
        var place = node.firstOperand
        let last = node.firstOperand + node.operandCount - 1
        while place < last {
            if truth(operands[place], row) == .yes { return value(operands[place + 1], row) }
            place += 2
        }
        return value(operands[last], row)
    }

    /// The value of a field of a live row.
    @inline(__always)
    func columnValue(_ table: Int32, _ column: Int32, _ row: Int32) -> Value {
        switch tables[table].columns[column].kind {
        case .text:
            let code = tables[table].columns[column].codes[row]
            return code == Column.nullCode ? .null : .text(tables[table].columns[column].texts.text(code))
        case .ownKey:
            return .text(tables[table].keys.text(row))
        case .foreignKey:
            let code = tables[table].columns[column].codes[row]
            return code == Column.nullCode ? .null : .text(tables[tables[table].columns[column].target].keys.text(code))
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
    private mutating func sum(_ accumulator: Int32, _ row: Int32, isAverage: Bool) -> Value {
        guard let place = tables[accumulators[accumulator].parent].accumulated.value(row, accumulator) else { return .null }
        let isInteger = accumulators[accumulator].kind == .integer
        if isAverage {
            if let double = sums[Int(place)].average(isInteger: isInteger) { return .double(double) }
        } else if isInteger {
            if let integer = sums[Int(place)].integer { return .integer(integer) }
        } else if let double = sums[Int(place)].double {
            return .double(double)
        }
        statistics.overflows += 1
        return .null
    }

    /// MIN, MAX, COUNT_DISTINCT.
    private func ofValues(_ node: Node, _ row: Int32) -> Value {
        guard let place = tables[node.table].accumulated.value(row, node.a) else {
            return node.operation == .countDistinct ? .integer(0) : .null
        }
        let entries = valueSets[Int(place)].entries
        if node.operation == .countDistinct { return .integer(Int64(entries.count)) }
        let key = node.operation == .minimum ? entries[0].key : entries[entries.count - 1].key
        let kind = accumulators[node.a].kind
        return kind == .text ? .text(text(of: accumulators[node.a].value, Int32(key))) : Value(sortKey: key, kind: kind)
    }

    private mutating func call(_ node: Node, _ row: Int32) -> Value {
        guard let function = Function(rawValue: node.detail) else { preconditionFailure("a function") }
        let base = arguments.count
        for place in node.firstOperand..<node.firstOperand + node.operandCount {
            let argument = value(operands[place], row)
            arguments.append(argument)
        }
        let list = UnsafeBufferPointer(start: arguments.base + base, count: arguments.count - base)
        let result = FunctionEvaluator.call(function, list, zone: zones[Int(node.b)], texts: &texts)
        arguments.truncate(to: base)
        return result
    }

    /// Any equal: yes; else unknown if anything is null.
    private mutating func isOneOf(_ node: Node, _ row: Int32) -> Truth {
        let left = value(node.a, row)
        if left.isNull { return .unknown }
        var result = Truth.no
        for place in node.firstOperand..<node.firstOperand + node.operandCount {
            let right = value(operands[place], row)
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
            if operands[middle] < code { low = middle + 1 } else { high = middle }
        }
        return low < node.firstOperand + node.operandCount && operands[low] == code
    }
}

func asTruth(_ value: Value) -> Truth {
    value.isNull ? .unknown : value.bits != 0 ? .yes : .no
}

func compared(_ left: Value, _ comparison: Comparison, _ right: Value) -> Truth {
    if left.isNull || right.isNull { return .unknown }
    let order = order(left, right)
    let holds: Bool
    switch comparison {
    case .equal: holds = order == 0
    case .notEqual: holds = order != 0
    case .less: holds = order < 0
    case .lessOrEqual: holds = order <= 0
    case .greater: holds = order > 0
    case .greaterOrEqual: holds = order >= 0
    }
    return holds ? .yes : .no
}
