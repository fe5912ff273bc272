// From accumulators to the conditions that read them: every condition is told when one passes a constant that it compares it with, or,
// where it does something else with it, whenever it moves.
import Campaigns

extension Engine {
    /// `accumulator ⋈ constant` where the accumulator must reach the constant.
    func lowerThreshold(_ node: Node) -> (node: NodeNumber, value: Double)? {
        guard let (aggregate, comparison, value) = accumulatorComparison(node), !value.isNull else { return nil }
        let constant = value.kind == .integer ? Double(value.integer) : value.double
        switch comparison {
        case .greaterOrEqual, .equal: return (aggregate, constant)
        // COUNT > 0 needs at least 1; a sum above a constant needs the constant.
        case .greater: return (aggregate, plan.nodes[aggregate].operation == .count ? constant.rounded(.down) + 1 : constant)
        default: return nil
        }
    }

    /// The accumulator node, the comparison seen from it, and the constant; nil for other nodes.
    private func accumulatorComparison(_ node: Node) -> (node: NodeNumber, comparison: Comparison, constant: Value)? {
        guard node.operation == .compare else { return nil }
        func isAggregate(_ number: NodeNumber) -> Bool { plan.nodes[number].operation == .count || plan.nodes[number].operation == .sum }
        if isAggregate(node.left), plan.nodes[node.right].operation == .constant {
            return (node.left, node.comparison, plan.constants[plan.nodes[node.right].constant])
        }
        if isAggregate(node.right), plan.nodes[node.left].operation == .constant {
            return (node.right, node.comparison.mirrored, plan.constants[plan.nodes[node.left].constant])
        }
        return nil
    }

    /// `seen`: nodes that were walked, which several ways may lead to; parts that must be true are walked again where they need not be.
    mutating func registerThresholds(
        _ number: NodeNumber, _ condition: Number<Condition>, _ guards: [Guard], isConjunct: Bool = false, _ seen: inout Set<NodeNumber>
    ) {
        guard isConjunct || seen.insert(number).inserted else { return }
        let node = plan.nodes[number]
        if let (aggregate, comparison, constant) = accumulatorComparison(node) {
            let accumulator = plan.nodes[aggregate].accumulator
            guard !constant.isNull else { return }
            let value = constant.kind == .integer ? Double(constant.integer) : constant.double
            let kind: Threshold.Kind =
                switch comparison {
                case .less, .greaterOrEqual: .at
                case .lessOrEqual, .greater: .above
                case .equal, .notEqual: .both
                }
            let lower = lowerThreshold(node)
            let isGuard = lower.map { guards.contains(.accumulator(accumulator, threshold: $0.value)) } ?? false
            // Thresholds of one condition on one accumulator are looked up by value: a guard is kept under the value it needs.
            let kept = isGuard ? lower!.value : value
            let rises = comparison == .greaterOrEqual || comparison == .greater || comparison == .equal
            let entry = Threshold(
                value: kept, condition: condition, kind: kept == value ? kind : .at, isGuard: isGuard,
                changesFromNull: !(isConjunct && rises))
            plan.accumulators[accumulator].add(entry)
            return
        }
        if node.isAccumulator { plan.accumulators[node.accumulator].addReader(condition) }
        for part in plan.nodes.parts(of: node) {
            registerThresholds(part, condition, guards, isConjunct: isConjunct && node.operation == .and, &seen)
        }
    }

    mutating func unregisterThresholds(_ number: NodeNumber, _ condition: Number<Condition>, _ seen: inout Set<NodeNumber>) {
        guard seen.insert(number).inserted else { return }
        let node = plan.nodes[number]
        if node.isAccumulator { plan.accumulators[node.accumulator].removeReader(condition) }
        for part in plan.nodes.parts(of: node) { unregisterThresholds(part, condition, &seen) }
    }
}
