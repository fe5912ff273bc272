// From a change to the conditions it may make true, without visiting the others. A condition that is a conjunction can only become
// true while one chosen part of it, its guard, is true; it is found by that part: an accumulator that reached a threshold, a value
// of a field (within it, by window), or, without either, the signals it reads. A disjunction is found by the guards of all its parts.
import Campaigns

extension Engine {
    mutating func registerGuards(_ number: Int32) {
        let (table, node) = (conditions[number].table, conditions[number].node)
        var known: [Int32: Found?] = [:]
        let (guards, areWhole) = guards(of: node, &known) ?? ([.none], false)
        conditions[number].guardedBy = guards
        conditions[number].isCovered = areWhole
        var seen: Set<Int32> = []
        registerThresholds(node, number, guards, isConjunct: true, &seen)
        for found in guards {
            switch found {
            case .accumulator:
                tables[table].accumulatorGuardReads |= conditions[number].reads
            case .column(let column, let keys, let cursor):
                register(number, table, column, keys, cursor)
            case .none:
                tables[table].addUnguarded(number, reading: conditions[number].reads)
            }
        }
    }

    mutating func unregisterGuards(_ number: Int32) {
        var seen: Set<Int32> = []
        unregisterThresholds(conditions[number].node, number, &seen)
        let table = conditions[number].table
        for found in conditions[number].guardedBy {
            switch found {
            case .accumulator: break
            case .column(let column, let keys, _): unregister(number, table, column, keys)
            case .none: tables[table].removeUnguarded(number, reading: conditions[number].reads)
            }
        }
    }

    private mutating func unregister(_ number: Int32, _ table: Int32, _ column: Int32, _ keys: [Int64]) {
        for place in 0..<tables[table].guards.count where tables[table].guards[place].column == column {
            for key in keys {
                guard let posting = tables[table].guards[place].numbers.find(UInt64(bitPattern: key)) else { continue }
                for group in 0..<tables[table].guards[place].postings[posting].groups.count {
                    tables[table].guards[place].postings[posting].groups[group].conditions.removeFirst(number)
                }
            }
        }
    }

    /// What one condition may be found by, when it is true if any of several parts are.
    private static let mostGuards = 32

    /// Guards of which one holds wherever a condition is true, and whether it is true wherever one holds.
    private typealias Found = (guards: [Guard], areWhole: Bool)

    /// The guards of a condition; nil when there are none. `known`: of the nodes that were asked already, which several ways may lead to.
    private mutating func guards(of number: Int32, _ known: inout [Int32: Found?]) -> Found? {
        if let found = known[number] { return found }
        let parts = conjuncts(of: number)
        let (chosen, covered) = chooseGuard(parts, nodes[number].table)
        let isExact = nodes[number].operation != .except
        var found: Found? = chosen == .none ? nil : ([chosen], isExact && covered == parts.count)
        for part in parts where found == nil && nodes[part].operation == .or {
            found = guards(ofEach: list(nodes[part]), &known).map { ($0.guards, isExact && $0.areWhole && parts.count == 1) }
        }
        known[number] = .some(found)
        return found
    }

    /// The guards of all parts, of which one must be true.
    private mutating func guards(ofEach parts: [Int32], _ known: inout [Int32: Found?]) -> Found? {
        var all: Found = ([], true)
        for part in parts {
            guard let found = guards(of: part, &known) else { return nil }
            for one in found.guards where !all.guards.contains(one) { all.guards.append(one) }
            if all.guards.count > Self.mostGuards { return nil }
            all.areWhole = all.areWhole && found.areWhole
        }
        return all
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
