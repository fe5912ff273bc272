// What random expressions are made of: a word for every form there is, and those that were met.
import Campaigns

/// One for each case of `Expression`.
enum ExpressionForm: String, CaseIterable {
    case literal, field, carried, clock, midnight, compare, isOneOf, isNull, not, and, or, except, aggregate, ageThreshold, arithmetic,
        negate,
        toDouble
    case concatenate, textTest, choose, coalesce, call
}

extension Expression {
    /// The form, and with it what distinguishes one such expression from another: functions, operators, types, directions of links.
    var form: (form: ExpressionForm, details: [String]) {
        switch self {
        case .literal(let literal): (.literal, ["\(literal.type)"])
        case .field(let path):
            (
                .field,
                ["\(path.type)", "over \(path.steps.count) links"] + (path.steps.contains(where: \.isReversed) ? ["by a reverse name"] : [])
            )
        case .carried(_, let type): (.carried, ["\(type)"])
        case .clock(let offset, let unit, _): (.clock, ["\(unit)", offset == 0 ? "now" : offset < 0 ? "past" : "future"])
        case .midnight: (.midnight, [])
        case .compare(let comparison, let a, let b): (.compare, ["\(comparison)", "\(a.type) with \(b.type)"])
        case .isOneOf(let value, let items): (.isOneOf, Set(items.map { "\(value.type) with \($0.type)" }).sorted())
        case .isNull(let value): (.isNull, ["\(value.type)"])
        case .not: (.not, [])
        case .and: (.and, [])
        case .or: (.or, [])
        case .except: (.except, [])
        case .aggregate(let aggregate):
            (
                .aggregate,
                [
                    "\(aggregate.function) as \(aggregate.type)",
                    aggregate.steps.map { $0.isForward ? "on" : "back" }.joined(separator: " "),
                    aggregate.filter == nil ? "of all" : aggregate.filter!.hasAggregate ? "of some with aggregates" : "of some",
                ]
            )
        case .ageThreshold(_, _, let unit, let isDate, _): (.ageThreshold, ["\(unit) \(isDate ? "as date" : "as instant")"])
        case .arithmetic(let operation, let a, let b): (.arithmetic, ["\(operation) \(a.type) \(b.type)"])
        case .negate(let value): (.negate, ["\(value.type)"])
        case .toDouble: (.toDouble, [])
        case .concatenate: (.concatenate, [])
        case .textTest(let test, _, _): (.textTest, ["\(test)"])
        case .choose(_, _, let type): (.choose, ["\(type)"])
        case .coalesce(_, let type): (.coalesce, ["\(type)"])
        case .call(let function, let arguments, let type, _):
            (.call, ["\(function)", "\(function) as \(type)", "\(function) of \(arguments.count)"])
        }
    }

    private var hasAggregate: Bool {
        if case .aggregate = self { true } else { parts.contains(where: \.hasAggregate) }
    }
}
