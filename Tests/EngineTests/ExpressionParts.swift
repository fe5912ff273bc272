// Expressions taken apart and put together again, for shrinking and for counting what random ones are made of.
import Campaigns

extension Expression {
    /// The same made of other parts, as many as it has; of those that are lists, perhaps fewer.
    func with(_ parts: [Expression]) -> Expression {
        switch self {
        case .literal, .field, .carried, .clock, .aggregate: return self
        case .ageThreshold(_, let isAbove, let unit, let isDate, let zone):
            return .ageThreshold(parts[0], isAbove: isAbove, unit: unit, isDate: isDate, zone: zone)
        case .midnight(_, let zone): return .midnight(parts[0], zone: zone)
        case .isNull: return .isNull(parts[0])
        case .not: return .not(parts[0])
        case .negate: return .negate(parts[0])
        case .toDouble: return .toDouble(parts[0])
        case .compare(let comparison, _, _): return .compare(comparison, parts[0], parts[1])
        case .arithmetic(let operation, _, _): return .arithmetic(operation, parts[0], parts[1])
        case .concatenate: return .concatenate(parts[0], parts[1])
        case .textTest(let test, _, _): return .textTest(test, parts[0], parts[1])
        case .isOneOf: return .isOneOf(parts[0], Array(parts.dropFirst()))
        case .and: return .and(parts)
        case .or: return .or(parts)
        case .except: return .except(parts)
        case .coalesce(_, let type): return .coalesce(parts, type: type)
        case .call(let function, _, let type, let zone): return .call(function, parts, type: type, zone: zone)
        case .choose(_, _, let type):
            let choices = stride(from: 0, to: parts.count - 1, by: 2).map { Choice(condition: parts[$0], result: parts[$0 + 1]) }
            return .choose(choices, otherwise: parts[parts.count - 1], type: type)
        }
    }

    /// The parts with one, or one choice, less, where it can do without.
    var fewer: [[Expression]] {
        let parts = parts
        func without(_ range: Range<Int>) -> [Expression] { Array(parts[..<range.lowerBound] + parts[range.upperBound...]) }
        switch self {
        case .and, .or, .except, .coalesce: return parts.count < 2 ? [] : parts.indices.map { without($0..<$0 + 1) }
        case .isOneOf: return parts.count < 3 ? [] : (1..<parts.count).map { without($0..<$0 + 1) }
        case .choose: return parts.count < 5 ? [] : stride(from: 0, to: parts.count - 1, by: 2).map { without($0..<$0 + 2) }
        default: return []
        }
    }
}
