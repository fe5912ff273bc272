// What columns, lists of rows and windows say of a condition, for 64 rows at a time: of which of them it can be true at all. What is
// neither is left open; the rows that are left are evaluated then, unless nothing was left open.
import Campaigns

/// The parts of a condition that are found out by column, in the order in which they are asked.
struct RowFilter: ~Copyable {
    struct Step: BitwiseCopyable {
        enum Operation: UInt8 {
            /// Left open, or known already.
            case every
            case none
            /// One of keys, of a column.
            case keys
            /// A range of a column's values.
            case range
            /// A condition that rows are kept of.
            case member
            /// An accumulator that holds something.
            case accumulated
            /// All of some parts, or any of them; or the first of them and none of the others.
            case all, any, except
        }

        var operation: Operation
        /// The number of the column, the condition or the accumulator; of keys also the place of their set.
        var number: Int32 = 0
        var place = 0
        var least: Int64 = 0
        var most: Int64 = 0
        /// Behind its last part.
        var end = 0
    }

    /// Each before its parts.
    private(set) var steps = Vector<Step>()
    private var keySets = Vector<KeySet>()
    /// Whether what it finds are the rows that meet the condition, all looked at.
    fileprivate(set) var isExact = false

    /// Longer ones are not worth it: what comes behind is left open. It also bounds the ways through what several parts are made of.
    fileprivate static let mostSteps = 256
    fileprivate static let deepest = 32

    /// Steps that are asked of each block of rows.
    var leafCount: Int { (0..<steps.count).count { steps[$0].end == $0 + 1 } }

    /// Adds a step without parts.
    fileprivate mutating func append(_ operation: Step.Operation, _ number: Int32 = 0, least: Int64 = 0, most: Int64 = 0) {
        steps.append(Step(operation: operation, number: number, least: least, most: most, end: steps.count + 1))
    }

    fileprivate mutating func append(_ column: ColumnNumber, among keys: [Int64]) {
        steps.append(Step(operation: .keys, number: column.value, place: keySets.count, end: steps.count + 1))
        keySets.append(KeySet(keys))
    }

    /// Begins a step whose parts come next.
    fileprivate mutating func begin(_ operation: Step.Operation) -> Int {
        steps.append(Step(operation: operation))
        return steps.count - 1
    }

    fileprivate mutating func end(_ step: Int) { steps[step].end = steps.count }

    /// Those of some rows of its table that it lets pass.
    func rows(_ block: RowBlock, of table: borrowing Table) -> RowBlock { rows(block, 0, table) }

    private func rows(_ block: RowBlock, _ place: Int, _ table: borrowing Table) -> RowBlock {
        let step = steps[place]
        switch step.operation {
        case .every: return block
        case .none: return block.intersection(0)
        case .keys: return table.columns[ColumnNumber(step.number)].rows(block, among: keySets[step.place])
        case .range: return table.columns[ColumnNumber(step.number)].rows(block, within: step.least...step.most)
        case .member: return table.memberships.rows(block, with: Number(step.number))
        case .accumulated: return table.accumulated.rows(block, with: Number(step.number))
        case .all:
            var (left, part) = (block, place + 1)
            while part < step.end && !left.isEmpty {
                left = rows(left, part, table)
                part = steps[part].end
            }
            return left
        case .any:
            var (found, part) = (block.intersection(0), place + 1)
            while part < step.end && found.bits != block.bits {
                found.bits |= rows(block.intersection(~found.bits), part, table).bits
                part = steps[part].end
            }
            return found
        case .except:
            var (left, part) = (rows(block, place + 1, table), steps[place + 1].end)
            while part < step.end && !left.isEmpty {
                left = left.intersection(~rows(left, part, table).bits)
                part = steps[part].end
            }
            return left
        }
    }
}

extension Engine {
    /// What is asked of the rows of a condition. `known`: a window that only rows are asked about that are in it, from its term on.
    func rowFilter(of number: NodeNumber, knowing known: Number<Window>?) -> RowFilter {
        var filter = RowFilter()
        filter.isExact = add(number, to: &filter, knowing: known, 0)
        return filter
    }

    /// Adds the steps of a node. Returns whether they find the rows that it is true of, and no others.
    private func add(_ number: NodeNumber, to filter: inout RowFilter, knowing known: Number<Window>?, _ depth: Int) -> Bool {
        let node = plan.nodes[number]
        let table = node.table
        func leaveOpen() -> Bool {
            filter.append(.every)
            return false
        }
        guard depth < RowFilter.deepest, filter.steps.count < RowFilter.mostSteps else { return leaveOpen() }
        switch node.operation {
        case .and:
            return add(plan.nodes.list(node).sorted { rank($0) < rank($1) }, as: .all, to: &filter, knowing: known, depth)
        case .or:
            return add(plan.nodes.list(node), as: .any, to: &filter, knowing: known, depth)
        case .except:
            let parts = plan.nodes.list(node)
            let step = filter.begin(.except)
            var isExact = add(parts[0], to: &filter, knowing: known, depth + 1)
            for part in parts.dropFirst() {
                // What is more than the rows that a part is true of must not be taken away.
                let start = filter.steps.count
                if !add(part, to: &filter, knowing: known, depth + 1) {
                    filter.replace(from: start, with: .none)
                    isExact = false
                }
            }
            filter.end(step)
            return isExact
        case .member:
            filter.append(.member, node.condition.value)
            return true
        case .compare:
            if let window = plan.window(node.left, node.right), isGuardWindow(window) {
                if window == known && node.comparison == .greaterOrEqual {
                    filter.append(.every)
                    return true
                }
                let key = plan.terms[plan.windows[window].term].key
                return addRange(node.comparison, key, of: plan.windows[window].column!, to: &filter) || leaveOpen()
            }
            if let threshold = lowerThreshold(node), threshold.value > 0 || plan.nodes[threshold.node].operation == .sum {
                filter.append(.accumulated, plan.nodes[threshold.node].accumulator.value)
                return false
            }
            guard plan.nodes[node.left].operation == .column, plan.nodes[node.right].operation == .constant else { return leaveOpen() }
            let (column, constant) = (plan.nodes[node.left].column, plan.constants[plan.nodes[node.right].constant])
            guard constant.isNull || constant.kind == tables[table].columns[column].kind.orderedValue else { return leaveOpen() }
            return addRange(node.comparison, constant.sortKey, of: column, to: &filter) || leaveOpen()
        default:
            guard let (column, keys) = keys(of: node) else { return leaveOpen() }
            filter.append(column, among: keys)
            return true
        }
    }

    private func add(
        _ parts: [NodeNumber], as operation: RowFilter.Step.Operation, to filter: inout RowFilter, knowing known: Number<Window>?,
        _ depth: Int
    ) -> Bool {
        let step = filter.begin(operation)
        var isExact = true
        for part in parts where !add(part, to: &filter, knowing: known, depth + 1) { isExact = false }
        filter.end(step)
        return isExact
    }

    /// Adds the range of a comparison of a column's values with one; none is true beside null. Returns whether it is a range.
    private func addRange(_ comparison: Comparison, _ key: Int64?, of column: ColumnNumber, to filter: inout RowFilter) -> Bool {
        guard let key else {
            filter.append(.none)
            return true
        }
        switch comparison {
        case .notEqual: return false
        case .less where key == .min, .greater where key == .max: filter.append(.none)
        case .equal: filter.append(.range, column.value, least: key, most: key)
        case .less: filter.append(.range, column.value, least: .min, most: key - 1)
        case .lessOrEqual: filter.append(.range, column.value, least: .min, most: key)
        case .greater: filter.append(.range, column.value, least: key + 1, most: .max)
        case .greaterOrEqual: filter.append(.range, column.value, least: key, most: .max)
        }
        return true
    }

    /// What costs little and leaves few comes first. Lists of which most rows have nothing are looked through fastest.
    private func rank(_ number: NodeNumber) -> Int {
        let node = plan.nodes[number]
        switch node.operation {
        case .member: return tables[node.table].memberships.isCrowded ? 2 : 0
        case .compare where lowerThreshold(node) != nil: return tables[node.table].accumulated.isCrowded ? 2 : 0
        case .codeIs, .codeIn, .isOneOf, .column, .compare: return 1
        default: return 3
        }
    }
}

extension RowFilter {
    /// Puts one step without parts in the place of all from one on.
    fileprivate mutating func replace(from start: Int, with operation: Step.Operation) {
        steps.truncate(to: start)
        append(operation)
    }
}

extension Column.Kind {
    /// The kind of its values, where they have an order by number.
    fileprivate var orderedValue: Value.Kind? {
        switch self {
        case .text, .ownKey, .foreignKey: nil
        case .boolean: .boolean
        case .date: .date
        case .integer: .integer
        case .double: .double
        case .instant: .instant
        }
    }
}
