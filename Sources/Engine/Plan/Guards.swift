// From a change to the conditions it may make true, without visiting the others. A condition that is a conjunction can only become
// true while one chosen part of it, its guard, is true; it is found by that part: an accumulator that reached a threshold, a value
// of a field (within it, by window), or, without either, the signals it reads.
import Campaigns

extension Engine {
    mutating func registerGuard(_ number: Int32) {
        let table = conditions[number].table
        let parts = conjuncts(of: conditions[number].node)
        let (chosen, covered) = chooseGuard(parts, table)
        conditions[number].guardedBy = chosen
        conditions[number].isCovered = covered == parts.count && nodes[conditions[number].node].operation != .except
        var seen: Set<Int32> = []
        registerThresholds(conditions[number].node, number, chosen, isConjunct: true, &seen)
        switch chosen {
        case .accumulator:
            tables[table].accumulatorGuardReads |= conditions[number].reads
        case .column(let column, let keys, let cursor):
            register(number, table, column, keys, cursor)
        case .none:
            tables[table].addUnguarded(number, reading: conditions[number].reads)
        }
    }

    mutating func unregisterGuard(_ number: Int32) {
        let table = conditions[number].table
        var seen: Set<Int32> = []
        unregisterThresholds(conditions[number].node, number, &seen)
        switch conditions[number].guardedBy {
        case .accumulator:
            break
        case .column(let column, let keys, _):
            for place in 0..<tables[table].guards.count where tables[table].guards[place].column == column {
                for key in keys {
                    guard let posting = tables[table].guards[place].numbers.find(UInt64(bitPattern: key)) else { continue }
                    for group in 0..<tables[table].guards[place].postings[posting].groups.count {
                        tables[table].guards[place].postings[posting].groups[group].conditions.removeFirst(number)
                    }
                }
            }
        case .none:
            tables[table].removeUnguarded(number, reading: conditions[number].reads)
        }
    }

    /// The parts that must all be true.
    private func conjuncts(of number: Int32) -> [Int32] {
        let node = nodes[number]
        switch node.operation {
        case .and: return list(node)
        // Its first must be true; what must not be true guards nothing.
        case .except: return conjuncts(of: operands[node.firstOperand])
        default: return [number]
        }
    }

    /// The guard among the parts, and how many of them it stands for exactly.
    private mutating func chooseGuard(_ parts: [Int32], _ table: Int32) -> (Guard, Int) {
        var equality: (column: Int32, keys: [Int64])?
        var flag: (column: Int32, keys: [Int64])?
        var window: Int32 = -1
        for part in parts {
            let node = nodes[part]
            switch node.operation {
            case .codeIs:
                if equality == nil || equality!.keys.count > 1 { equality = (node.a, [Int64(node.b)]) }
            case .codeIn:
                if equality == nil {
                    equality = (node.a, (node.firstOperand..<node.firstOperand + node.operandCount).map { Int64(operands[$0]) })
                }
            case .isOneOf:
                if equality == nil, let keys = integerKeys(node) { equality = (nodes[node.a].a, keys) }
            case .column:
                flag = (node.a, [1])
            case .compare:
                if let threshold = lowerThreshold(node), threshold.value > 0 || nodes[threshold.node].operation == .sum {
                    return (.accumulator(nodes[threshold.node].a, threshold: threshold.value), 0)
                }
                if node.comparison == .equal, nodes[node.a].operation == .column, nodes[node.b].operation == .constant,
                    tables[table].columns[nodes[node.a].a].kind == .integer, constants[nodes[node.b].a].kind == .integer
                {
                    equality = (nodes[node.a].a, [constants[nodes[node.b].a].integer])
                }
                if window < 0, node.comparison == .greaterOrEqual, let found = cursor(node.a, node.b), isGuardWindow(found) {
                    window = found
                }
            default:
                break
            }
        }
        let windowParts = window < 0 ? 0 : 1
        if let (column, keys) = equality ?? flag { return (.column(column, keys: keys, cursor: window), 1 + windowParts) }
        return window < 0 ? (.none, 0) : (.column(-1, keys: [0], cursor: window), 1)
    }

    /// Only instants and dates: their windows go forward together.
    private func isGuardWindow(_ number: Int32) -> Bool {
        let cursor = cursors[number]
        guard cursor.column >= 0 else { return false }
        let kind = tables[cursor.table].columns[cursor.column].kind
        return kind == .instant || kind == .date
    }

    /// The keys of `integer column IN (integers)`; nil for other forms.
    private func integerKeys(_ node: Node) -> [Int64]? {
        guard nodes[node.a].operation == .column, tables[node.table].columns[nodes[node.a].a].kind == .integer else { return nil }
        var keys = [Int64]()
        for place in node.firstOperand..<node.firstOperand + node.operandCount {
            let item = constants[nodes[operands[place]].a]
            if item.kind != .integer { return nil }
            keys.append(item.integer)
        }
        return keys
    }

    /// `accumulator ⋈ constant` where the accumulator must reach the constant.
    private func lowerThreshold(_ node: Node) -> (node: Int32, value: Double)? {
        guard let (aggregate, comparison, value) = accumulatorComparison(node), !value.isNull else { return nil }
        let constant = value.kind == .integer ? Double(value.integer) : value.double
        switch comparison {
        case .greaterOrEqual, .equal: return (aggregate, constant)
        // COUNT > 0 needs at least 1; a sum above a constant needs the constant.
        case .greater: return (aggregate, nodes[aggregate].operation == .count ? constant.rounded(.down) + 1 : constant)
        default: return nil
        }
    }

    /// The accumulator node, the comparison seen from it, and the constant; nil for other nodes.
    private func accumulatorComparison(_ node: Node) -> (node: Int32, comparison: Comparison, constant: Value)? {
        guard node.operation == .compare else { return nil }
        func isAggregate(_ number: Int32) -> Bool { nodes[number].operation == .count || nodes[number].operation == .sum }
        if isAggregate(node.a), nodes[node.b].operation == .constant { return (node.a, node.comparison, constants[nodes[node.b].a]) }
        if isAggregate(node.b), nodes[node.a].operation == .constant {
            return (node.b, node.comparison.mirrored, constants[nodes[node.a].a])
        }
        return nil
    }

    private mutating func register(_ number: Int32, _ table: Int32, _ column: Int32, _ keys: [Int64], _ cursor: Int32) {
        var place = 0
        while place < tables[table].guards.count && tables[table].guards[place].column != column { place += 1 }
        if place == tables[table].guards.count { tables[table].guards.append(GuardColumn(column: column)) }
        tables[table].guards[place].reads |= conditions[number].reads
        for key in keys {
            let key = UInt64(bitPattern: key)
            var posting = tables[table].guards[place].numbers.find(key) ?? -1
            if posting < 0 {
                posting = Int32(tables[table].guards[place].postings.count)
                tables[table].guards[place].postings.append(Posting())
                tables[table].guards[place].numbers.insert(key, posting)
            }
            var group = 0
            let groups = tables[table].guards[place].postings[posting].groups.count
            while group < groups && tables[table].guards[place].postings[posting].groups[group].cursor != cursor { group += 1 }
            if group == groups {
                tables[table].guards[place].postings[posting].groups.append(GuardGroup(cursor: cursor))
                group = sortGroups(table, place, posting, last: group)
            }
            tables[table].guards[place].postings[posting].groups[group].conditions.append(number)
        }
    }

    /// Moves the group at `last` to its place in the order; returns the place.
    private mutating func sortGroups(_ table: Int32, _ guardPlace: Int, _ posting: Int32, last: Int) -> Int {
        var place = last
        while place > 0 {
            let before = tables[table].guards[guardPlace].postings[posting].groups[place - 1].cursor
            let here = tables[table].guards[guardPlace].postings[posting].groups[place].cursor
            guard windowOrder(here, before) else { break }
            tables[table].guards[guardPlace].postings[posting].groups.swap(place, place - 1)
            place -= 1
        }
        return place
    }

    /// Whether a window group comes before another: none first, then by column, then by where the window begins.
    private func windowOrder(_ a: Int32, _ b: Int32) -> Bool {
        if a < 0 || b < 0 { return a < b }
        let (first, second) = (cursors[a], cursors[b])
        if first.column != second.column { return first.column < second.column }
        return clockTerms[first.term].instant < clockTerms[second.term].instant
    }

    /// Puts the groups of all postings in order again, after two windows passed each other (months of different length).
    mutating func sortAllGroups() {
        for table in 0..<tables.count {
            for place in 0..<tables[table].guards.count {
                for posting in 0..<Int32(tables[table].guards[place].postings.count) {
                    for group in 0..<tables[table].guards[place].postings[posting].groups.count {
                        _ = sortGroups(Int32(table), place, posting, last: group)
                    }
                }
            }
        }
    }

    // Thresholds: every condition is told when an accumulator it reads passes a constant it compares it with.

    /// `seen`: nodes that were walked, which several ways may lead to; parts that must be true are walked again where they need not be.
    private mutating func registerThresholds(
        _ number: Int32, _ condition: Int32, _ chosen: Guard, isConjunct: Bool = false, _ seen: inout Set<Int32>
    ) {
        guard isConjunct || seen.insert(number).inserted else { return }
        let node = nodes[number]
        if let (aggregate, comparison, constant) = accumulatorComparison(node) {
            let accumulator = nodes[aggregate].a
            guard !constant.isNull else { return }
            let value = constant.kind == .integer ? Double(constant.integer) : constant.double
            let kind: Threshold.Kind =
                switch comparison {
                case .less, .greaterOrEqual: .at
                case .lessOrEqual, .greater: .above
                case .equal, .notEqual: .both
                }
            var isGuard = false
            if case .accumulator(accumulator, _) = chosen, let lower = lowerThreshold(node) {
                isGuard = chosen == .accumulator(accumulator, threshold: lower.value)
            }
            // Thresholds of one condition on one accumulator are looked up by value: a guard is kept under the value it needs.
            let kept = isGuard ? lowerThreshold(node)!.value : value
            let rises = comparison == .greaterOrEqual || comparison == .greater || comparison == .equal
            let entry = Threshold(
                value: kept, condition: condition, kind: kept == value ? kind : .at, isGuard: isGuard,
                changesFromNull: !(isConjunct && rises))
            var place = 0
            while place < accumulators[accumulator].thresholds.count && accumulators[accumulator].thresholds[place].value < kept {
                place += 1
            }
            accumulators[accumulator].thresholds.insert(entry, at: place)
            return
        }
        if node.isAccumulator { accumulators[node.a].otherReaders.append(condition) }
        for part in parts(of: node) {
            registerThresholds(part, condition, chosen, isConjunct: isConjunct && node.operation == .and, &seen)
        }
    }

    private mutating func unregisterThresholds(_ number: Int32, _ condition: Int32, _ seen: inout Set<Int32>) {
        guard seen.insert(number).inserted else { return }
        let node = nodes[number]
        if node.isAccumulator {
            accumulators[node.a].otherReaders.removeEvery(condition)
            var place = 0
            while place < accumulators[node.a].thresholds.count {
                if accumulators[node.a].thresholds[place].condition == condition {
                    accumulators[node.a].thresholds.remove(at: place)
                } else {
                    place += 1
                }
            }
        }
        for part in parts(of: node) { unregisterThresholds(part, condition, &seen) }
    }
}

/// The places of the bits that are set.
func bits(of signals: SignalSet) -> [Int] {
    (0..<128).filter { signals >> SignalSet($0) & 1 == 1 }
}

extension Vector where Element: ~Copyable {
    mutating func swap(_ a: Int, _ b: Int) {
        precondition(a >= 0 && a < count && b >= 0 && b < count)
        guard a != b else { return }
        let kept = (base + a).move()
        (base + a).moveInitialize(from: base + b, count: 1)
        (base + b).initialize(to: kept)
    }
}
