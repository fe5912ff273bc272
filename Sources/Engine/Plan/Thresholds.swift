// From accumulators to the conditions that read them: every condition is told when one passes a constant that it compares it with, or,
// where it does something else with it, whenever it moves.
import Campaigns

extension Engine {
    /// `accumulator ⋈ constant` where the accumulator must reach the constant.
    func lowerThreshold(_ node: Node) -> (node: Int32, value: Double)? {
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

    /// `seen`: nodes that were walked, which several ways may lead to; parts that must be true are walked again where they need not be.
    mutating func registerThresholds(
        _ number: Int32, _ condition: Int32, _ guards: [Guard], isConjunct: Bool = false, _ seen: inout Set<Int32>
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
            let lower = lowerThreshold(node)
            let isGuard = lower.map { guards.contains(.accumulator(accumulator, threshold: $0.value)) } ?? false
            // Thresholds of one condition on one accumulator are looked up by value: a guard is kept under the value it needs.
            let kept = isGuard ? lower!.value : value
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
            registerThresholds(part, condition, guards, isConjunct: isConjunct && node.operation == .and, &seen)
        }
    }

    mutating func unregisterThresholds(_ number: Int32, _ condition: Int32, _ seen: inout Set<Int32>) {
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

