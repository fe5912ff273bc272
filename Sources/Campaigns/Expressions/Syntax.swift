// The tree of an expression as it is written (semantics §3), before names and types are known.

/// One node. Chains of AND, OR and of arithmetic are one node with many operands, so that depth is what the author nested.
indirect enum Syntax {
    case literal(Literal)
    case path([String])
    /// A call, with the name as it was written.
    case call(String, [Syntax])
    /// `EXISTS(names WHERE condition)` and the aggregates. No names: `COUNT(*)`, which other languages have.
    case aggregate(AggregateWord, names: [String], filter: Syntax?)
    case compare(Comparison, Syntax, Syntax)
    case isOneOf(Syntax, [Syntax], isNegated: Bool)
    case between(Syntax, low: Syntax, high: Syntax, isNegated: Bool)
    case textTest(TextTest, Syntax, Syntax, isNegated: Bool)
    case isNull(Syntax, isNegated: Bool)
    case isEmpty(Syntax, isNegated: Bool)
    case and([Syntax])
    case or([Syntax])
    case not(Syntax)
    /// The operators of one rank (`+ - ||`, or `* / %`), applied from left to right.
    case arithmetic(Syntax, [(operation: Arithmetic, operand: Syntax)])
    case negative(Syntax)
    case choice([(condition: Syntax, result: Syntax)], otherwise: Syntax)
    /// Something that is no expression and is told as a mistake: anything may be meant. The parts of it that could be read.
    case unclear([Syntax])

    enum AggregateWord: String, CaseIterable {
        case exists = "EXISTS"
        case count = "COUNT"
        case sum = "SUM"
        case average = "AVG"
        case minimum = "MIN"
        case maximum = "MAX"
        case countDistinct = "COUNT_DISTINCT"

        /// Whether the path ends in links, not in a field.
        var countsRecords: Bool { self == .exists || self == .count }
    }

    enum TextTest: String {
        case like = "LIKE"
        case contains = "CONTAINS"
        case startsWith = "STARTS WITH"
    }

    enum Arithmetic: String {
        case plus = "+"
        case minus = "-"
        case join = "||"
        case times = "*"
        case divided = "/"
        case remainder = "%"
    }
}

/// The words of the grammar.
enum Keywords {
    /// Those that are no names.
    static let reserved: Set<String> = [
        "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "CONTAINS", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "WHERE", "TRUE",
        "FALSE", "EXISTS",
    ]
    static let all = reserved.union(["STARTS", "WITH", "EMPTY"])
}
