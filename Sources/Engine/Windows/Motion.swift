// Whether what is asked of a row can become something else by itself, while nothing is written: what Course.swift can foresee of time.
import Campaigns

/// What time does to a node's value on a row.
enum Motion: UInt8, Comparable {
    /// Nothing.
    case still
    /// It changes at instants that follow from the row's own values, and those of records that links of schemas lead to.
    case foreseen
    /// When it changes hangs on other rows, on what is remembered, or on the clock in a way that comes again.
    case unforeseen

    static func < (a: Motion, b: Motion) -> Bool { a.rawValue < b.rawValue }
}

/// What was found of nodes; they never change, so neither does this.
struct Motions: ~Copyable {
    private var motions = Vector<Motion?>()

    /// What was found of a node; nil: nobody has asked.
    @inline(__always)
    subscript(node: NodeNumber) -> Motion? { Int(node.value) < motions.count ? motions[node.value] : nil }

    mutating func keep(_ motion: Motion, of node: NodeNumber) {
        motions.grow(to: Int(node.value) + 1, filling: nil)
        motions[node.value] = motion
    }
}

extension Engine {
    /// What time does to a node, found once.
    mutating func motion(of number: NodeNumber) -> Motion {
        if let found = plan.motions[number] { return found }
        let motion = findMotion(plan.nodes[number])
        plan.motions.keep(motion, of: number)
        return motion
    }

    /// What time does to whether rows meet a condition.
    mutating func motion(of number: Number<Condition>) -> Motion {
        plan.conditions[number].decidedBy == nil ? motion(of: plan.conditions[number].node) : .unforeseen
    }

    private mutating func findMotion(_ node: Node) -> Motion {
        switch node.operation {
        case .constant, .column, .keyText, .rowNumber, .codeIs, .codeIn: return .still
        case .member: return motion(of: node.condition)
        case .follow:
            // Where other links lead is decided by other rows, or at the end of a commit.
            let link = node.link
            if tables[link].choice != nil || tables[link].isAssigned || tables[link].isDerived { return .unforeseen }
            return motion(of: node.behind)
        case .compare where plan.nodes[node.right].operation == .term:
            let isForward = isForward(plan.terms[plan.nodes[node.right].term].node)
            return isForward && motion(of: node.left) == .still ? .foreseen : .unforeseen
        case .and, .or, .not, .except: return latestMotion(plan.nodes.parts(of: node))
        case .term, .clock, .ageThreshold, .isPair, .isOpen, .recordCount: return .unforeseen
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return stillOrNot([accumulatorMotion(node.accumulator)])
        case .rowId, .draw, .tuple, .compare, .isOneOf, .isNull, .negate, .toDouble, .coalesce, .arithmetic, .textTest, .concatenate,
            .choose, .call, .midnight:
            return stillOrNot(plan.nodes.parts(of: node).map { motion(of: $0) })
        }
    }

    private mutating func latestMotion(_ parts: [NodeNumber]) -> Motion {
        var latest = Motion.still
        for part in parts { latest = max(latest, motion(of: part)) }
        return latest
    }

    /// Which records count is looked up in what is kept of them: nothing says when one ceases to.
    private mutating func accumulatorMotion(_ number: Number<Accumulator>) -> Motion {
        var motions = [motion(of: plan.accumulators[number].condition), motion(of: plan.accumulators[number].path)]
        if let value = plan.accumulators[number].value { motions.append(motion(of: value)) }
        if let inner = plan.accumulators[number].inner { motions.append(accumulatorMotion(inner)) }
        return stillOrNot(motions)
    }

    private func stillOrNot(_ parts: [Motion]) -> Motion { parts.allSatisfy { $0 == .still } ? .still : .unforeseen }

    /// Whether a node of the clock never goes back while the clock moves on, but for hours that come again and days that months lack.
    private func isForward(_ number: NodeNumber) -> Bool {
        let node = plan.nodes[number]
        switch node.operation {
        case .constant, .clock: return true
        case .term: return isForward(plan.terms[node.term].node)
        case .midnight: return isForward(node.left)
        case .ageThreshold: return plan.nodes[node.left].operation == .constant
        case .call:
            guard let function = Function(rawValue: node.detail), function.isForward, let first = plan.nodes.list(node).first else {
                return false
            }
            return isForward(first) && plan.nodes.list(node).dropFirst().allSatisfy { plan.nodes[$0].operation == .constant }
        default: return false
        }
    }
}

extension Function {
    /// Whether it gives a later moment, or the same, for a later first argument.
    fileprivate var isForward: Bool {
        switch self {
        case .dateOnly, .toDate, .toDateTime, .wallTime, .toTimeZone, .truncDate, .truncWeek, .truncMonth, .truncQuarter, .truncYear,
            .addSeconds, .addMinutes, .addHours, .addDays, .addMonths, .addYears:
            true
        default: false
        }
    }
}
