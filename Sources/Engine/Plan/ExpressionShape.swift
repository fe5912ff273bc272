// What an expression depends on: how the plan finds constants, terms and paths in it.
import Campaigns

extension FieldPath {
    /// The path from the record behind the first step on.
    var shortened: FieldPath {
        FieldPath(steps: Array(steps.dropFirst()), schema: schema, field: field, type: type)
    }
}

extension Expression {
    var isLiteral: Bool {
        if case .literal = self { true } else { false }
    }

    /// Depends on no row.
    var isRowless: Bool {
        switch self {
        case .field, .carried, .aggregate: false
        default: parts.allSatisfy(\.isRowless)
        }
    }

    var readsClock: Bool {
        switch self {
        case .clock, .ageThreshold: true
        default: parts.contains(where: \.readsClock)
        }
    }

    /// A value that is looked up of a record, and null where there is none.
    var isLookup: Bool {
        switch self {
        case .field: true
        case .aggregate(let aggregate): aggregate.function != .count && aggregate.function != .countDistinct
        case .midnight(let day, _): day.isLookup
        default: false
        }
    }

    /// The first link of a path, and the same value seen from the record behind it; nil when it begins with no link.
    var firstStep: (LinkStep, Expression)? {
        switch self {
        case .field(let path):
            guard let step = path.steps.first else { return nil }
            return (step, .field(path.shortened))
        case .midnight(let day, let zone):
            guard let (step, inner) = day.firstStep else { return nil }
            return (step, .midnight(inner, zone: zone))
        default:
            return nil
        }
    }
}

extension Literal {
    /// A value as it is written.
    init(_ value: Value) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.bits != 0)
        case .integer: self = .integer(value.integer)
        case .double: self = .double(value.double)
        case .text: self = .string(String(decoding: value.text, as: UTF8.self))
        case .date: self = .date(Int32(value.integer))
        case .instant: self = .instant(value.integer)
        }
    }
}
