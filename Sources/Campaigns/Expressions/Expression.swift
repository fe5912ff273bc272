// Expressions after type checking (semantics §3): what the engine compiles, and what a plain evaluator could walk as it is.
// Words that mean the same are written one way here: IN is `isOneOf`, BETWEEN two comparisons joined by AND, EXISTS a COUNT that is
// at least 1, `x IS EMPTY` is `x IS NULL OR x = ''`, NOT IN and NOT BETWEEN a `not`, `<>` is `!=`.

/// The types of values in expressions. `null` is the type of the literal NULL, which goes with every type.
public enum ValueType: UInt8, Hashable, Sendable {
    case null, boolean, integer, double, string, date, datetime

    /// Whether it is of integers or doubles.
    public var isNumber: Bool { self == .integer || self == .double }
}

/// A constant.
public enum Literal: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case instant(Int64)

    /// What the checker takes it as.
    public var type: ValueType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .integer: .integer
        case .double: .double
        case .string: .string
        case .date: .date
        case .instant: .datetime
        }
    }
}

/// How two values compare.
public enum Comparison: UInt8, Hashable, Sendable, BitwiseCopyable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

    /// The comparison that says the same with its sides exchanged.
    public var mirrored: Comparison {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

/// One link, walked from its source to its target.
public struct LinkStep: Hashable, Sendable {
    /// The schema that declares the link.
    public var schema: String
    /// Its number in that schema.
    public var link: Int
    /// Walked by the reverse name of a unique link instead: from the target to its one source, of several the one with the lowest key.
    public var isReversed: Bool

    public init(schema: String, link: Int, isReversed: Bool = false) {
        self.schema = schema
        self.link = link
        self.isReversed = isReversed
    }
}

/// A field of the record at hand, or of the record that links to one record each lead to from it.
public struct FieldPath: Hashable, Sendable {
    /// The links to follow, from the record at hand on.
    public var steps: [LinkStep]
    /// The schema at the end of the steps, and the number of the field in it.
    public var schema: String
    /// The field's number in the schema at the end of the links.
    public var field: Int
    /// Of the field.
    public var type: ValueType

    public init(steps: [LinkStep], schema: String, field: Int, type: ValueType) {
        self.steps = steps
        self.schema = schema
        self.field = field
        self.type = type
    }

    /// A field of the record at hand.
    public init(field: Int, of schema: Schema) {
        self.init(steps: [], schema: schema.name, field: field, type: schema.fields[field].valueType)
    }
}

/// Units of time.
public enum CalendarUnit: UInt8, Hashable, Sendable, BitwiseCopyable {
    case seconds, minutes, hours, days, months, years
}

/// What is computed of many rows.
public enum AggregateFunction: UInt8, Hashable, Sendable {
    case count, sum, average, minimum, maximum, countDistinct
}

/// One link walked on the way to the records of an aggregate.
public struct AggregateStep: Hashable, Sendable {
    /// The link that is walked.
    public var link: LinkStep
    /// On to one record, as in a path; else back, from the link's target to its many sources.
    public var isForward: Bool

    public init(link: LinkStep, isForward: Bool) {
        self.link = link
        self.isForward = isForward
    }
}

/// An aggregate over the records that links lead to, at least one of them walked back to many.
public struct Aggregate: Hashable, Sendable {
    /// What is computed.
    public var function: AggregateFunction
    /// The links to follow, from the record at hand on.
    public var steps: [AggregateStep]
    /// A condition about the record at the end of the steps; nil = all.
    public var filter: Expression?
    /// The number of a field of the schema at the end; nil for COUNT.
    public var field: Int?
    /// Of the result.
    public var type: ValueType

    public init(function: AggregateFunction, steps: [AggregateStep], filter: Expression?, field: Int?, type: ValueType) {
        self.function = function
        self.steps = steps
        self.filter = filter
        self.field = field
        self.type = type
    }
}

/// Operators of two numbers.
public enum ArithmeticOperator: UInt8, Hashable, Sendable, BitwiseCopyable {
    case add, subtract, multiply, divide, remainder
}

/// Tests of a text by another.
public enum TextTest: UInt8, Hashable, Sendable, BitwiseCopyable {
    case like, contains, startsWith
}

/// A condition and the result where it is the first that is true.
public struct Choice: Hashable, Sendable {
    /// What must be true.
    public var condition: Expression
    /// What it is then.
    public var result: Expression

    public init(condition: Expression, result: Expression) {
        self.condition = condition
        self.result = result
    }
}

/// A checked expression: every name is a number, every part has its type.
public indirect enum Expression: Hashable, Sendable {
    case literal(Literal)
    case field(FieldPath)
    /// A carried column of the row, by name (semantics §2).
    case carried(String, type: ValueType)
    /// NOW() plus a whole number of units, negative for the past, by the calendar of the zone: `DaysAgo(3)` = (-3, .days). An instant.
    case clock(offset: Int64, unit: CalendarUnit, zone: String)
    /// The midnight, in the zone, of a date. An instant.
    case midnight(Expression, zone: String)
    /// Both sides have one type, or are integer and double (which compare by value), or one is NULL.
    case compare(Comparison, Expression, Expression)
    case isOneOf(Expression, [Expression])
    case isNull(Expression)
    case not(Expression)
    case and([Expression])
    case or([Expression])
    /// True when the first is true and no other is true; never unknown (group trees only).
    case except([Expression])
    case aggregate(Aggregate)
    /// The greatest value `p` for which `unit`Diff(NOW(), p) is at least (`isAbove`: more than) a number that depends on neither row nor
    /// clock: what XDiff(NOW(), path) ⋈ constant and XOld(path) ⋈ constant are rewritten with (CheckerAges.swift). With `isDate`
    /// (months and years only) `p` is a date. Otherwise it is, in seconds to days, an instant; in months and years a wall time, beside
    /// `.call(.wallTime, [path])`. Before and after the years 0001–9999 the nearest value that is just before or still in them; null
    /// if the number is, or the clock has no wall time in them.
    case ageThreshold(Expression, isAbove: Bool, unit: CalendarUnit, isDate: Bool, zone: String)
    /// Numbers of one type; `divide` gives a double, the others the type of the sides.
    case arithmetic(ArithmeticOperator, Expression, Expression)
    case negate(Expression)
    /// An integer as the nearest double.
    case toDouble(Expression)
    /// `||`.
    case concatenate(Expression, Expression)
    case textTest(TextTest, Expression, Expression)
    /// CASE, Iif, Decode; the results have the given type.
    case choose([Choice], otherwise: Expression, type: ValueType)
    /// The first that is not null.
    case coalesce([Expression], type: ValueType)
    /// A function of its arguments, null when one of them is (but for those that say otherwise). The zone is the campaign's.
    case call(Function, [Expression], type: ValueType, zone: String)

    /// What it is when it is not null.
    public var type: ValueType {
        switch self {
        case .literal(let value): value.type
        case .field(let path): path.type
        case .carried(_, let type): type
        case .clock, .midnight: .datetime
        case .compare, .isOneOf, .isNull, .not, .and, .or, .except: .boolean
        case .aggregate(let aggregate): aggregate.type
        case .ageThreshold(_, _, _, let isDate, _): isDate ? .date : .datetime
        case .arithmetic(let operation, let left, _): operation == .divide ? .double : left.type
        case .negate(let value): value.type
        case .toDouble: .double
        case .concatenate: .string
        case .textTest: .boolean
        case .choose(_, _, let type), .coalesce(_, let type), .call(_, _, let type, _): type
        }
    }
}
