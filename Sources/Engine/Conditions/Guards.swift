// From a change to the conditions it may make true, without visiting the others. A condition that is a conjunction can only become
// true while one chosen part of it, its guard, is true; it is found by that part: an accumulator that reached a threshold, a value
// of a field (within it, by window), or, without either, the signals it reads. A disjunction is found by the guards of all its parts.
import Campaigns

extension Engine {
    mutating func registerGuards(_ number: Number<Condition>) {
        let (table, node) = (plan.conditions[number].table, plan.conditions[number].node)
        var known: [NodeNumber: Found?] = [:]
        let (guards, areWhole) = guards(of: node, &known) ?? ([.none], false)
        plan.conditions[number].choose(guards, areWhole: areWhole)
        var seen: Set<NodeNumber> = []
        registerThresholds(node, number, guards, isConjunct: true, &seen)
        tables[table].guards.add(number, under: guards, reading: plan.conditions[number].reads.bits, plan)
        for case .member(let condition) in guards { plan.conditions[condition].guards(number) }
    }

    mutating func unregisterGuards(_ number: Number<Condition>) {
        var seen: Set<NodeNumber> = []
        unregisterThresholds(plan.conditions[number].node, number, &seen)
        for case .member(let condition) in plan.conditions[number].guardedBy { plan.conditions[condition].guardsNoMore(number) }
        tables[plan.conditions[number].table].guards.remove(
            number, under: plan.conditions[number].guardedBy, reading: plan.conditions[number].reads.bits)
    }

    /// What one condition may be found by, when it is true if any of several parts are.
    private static let mostGuards = 32

    /// Guards of which one holds wherever a condition is true, and whether it is true wherever one holds.
    private typealias Found = (guards: [Guard], areWhole: Bool)

    /// The guards of a condition; nil when there are none. `known`: of the nodes that were asked already, which several ways may lead to.
    private mutating func guards(of number: NodeNumber, _ known: inout [NodeNumber: Found?]) -> Found? {
        if let found = known[number] { return found }
        let parts = conjuncts(of: number)
        let (chosen, covered) = chooseGuard(parts, plan.nodes[number].table)
        let isExact = plan.nodes[number].operation != .except
        var found: Found? = chosen == .none ? nil : ([chosen], isExact && covered == parts.count)
        for part in parts where found == nil && plan.nodes[part].operation == .or {
            found = guards(ofEach: plan.nodes.list(plan.nodes[part]), &known).map {
                ($0.guards, isExact && $0.areWhole && parts.count == 1)
            }
        }
        known[number] = .some(found)
        return found
    }

    /// The guards of all parts, of which one must be true.
    private mutating func guards(ofEach parts: [NodeNumber], _ known: inout [NodeNumber: Found?]) -> Found? {
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
    private func conjuncts(of number: NodeNumber) -> [NodeNumber] {
        let node = plan.nodes[number]
        switch node.operation {
        case .and: return plan.nodes.list(node)
        // Its first must be true; what must not be true guards nothing.
        case .except: return conjuncts(of: plan.nodes.operand(node.firstOperand))
        default: return [number]
        }
    }

    /// The guard among the parts, and how many of them it stands for exactly.
    private mutating func chooseGuard(_ parts: [NodeNumber], _ table: TableNumber) -> (Guard, Int) {
        var equality: (column: ColumnNumber, keys: [Int64])?
        var flag: (column: ColumnNumber, keys: [Int64])?
        var window: Number<Window>?
        for part in parts {
            let node = plan.nodes[part]
            switch node.operation {
            case .member:
                return (.member(node.condition), 1)
            case .column:
                flag = keys(of: node)
            case .compare:
                if let threshold = lowerThreshold(node), threshold.value > 0 || plan.nodes[threshold.node].operation == .sum {
                    return (.accumulator(plan.nodes[threshold.node].accumulator, threshold: threshold.value), 0)
                }
                if let found = keys(of: node) { equality = found }
                if window == nil, node.comparison == .greaterOrEqual, let found = plan.window(node.left, node.right), isGuardWindow(found) {
                    window = found
                }
            default:
                if let found = keys(of: node), equality.map({ $0.keys.count > 1 && found.keys.count == 1 }) ?? true { equality = found }
            }
        }
        let windowParts = window == nil ? 0 : 1
        if let (column, keys) = equality ?? flag { return (.column(column, keys: keys, window: window), 1 + windowParts) }
        return window == nil ? (.none, 0) : (.column(nil, keys: [0], window: window), 1)
    }

    /// Only instants and dates: their windows go forward together.
    func isGuardWindow(_ number: Number<Window>) -> Bool {
        let window = plan.windows[number]
        guard let column = window.column else { return false }
        let kind = tables[window.table].columns[column].kind
        return kind == .instant || kind == .date
    }

    /// The column and the keys of which a row must have one, and needs no more; nil for other nodes.
    func keys(of node: Node) -> (column: ColumnNumber, keys: [Int64])? {
        switch node.operation {
        case .codeIs: return (node.column, [Int64(node.b)])
        case .codeIn: return (node.column, plan.nodes.codes(node).map { Int64($0) })
        case .column: return tables[node.table].columns[node.column].kind == .boolean ? (node.column, [1]) : nil
        case .compare where node.comparison == .equal: return integerKeys(node.left, [node.right])
        case .isOneOf: return integerKeys(node.left, plan.nodes.list(node))
        default: return nil
        }
    }

    /// Of an integer column beside integers.
    private func integerKeys(_ left: NodeNumber, _ items: [NodeNumber]) -> (column: ColumnNumber, keys: [Int64])? {
        let column = plan.nodes[left]
        guard column.operation == .column, tables[column.table].columns[column.column].kind == .integer else { return nil }
        var keys = [Int64]()
        for part in items {
            guard plan.nodes[part].operation == .constant else { return nil }
            let item = plan.constants[plan.nodes[part].constant]
            if item.kind != .integer { return nil }
            keys.append(item.integer)
        }
        return (column.column, keys)
    }
}
