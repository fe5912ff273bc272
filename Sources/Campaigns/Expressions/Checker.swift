// Names and types: a tree as it was written becomes an `Expression`, or is refused with what was expected (semantics §3). Forms that
// the grammar allows and this version does not understand yet are refused by name.

struct Checker {
    let catalog: Catalog
    /// IANA name of the campaign's time zone.
    let zone: String
    /// The schema of the record at hand: the dimension, or inside WHERE the linked record's.
    var schema: Schema
    /// Nodes made so far, with those that stand twice counted twice.
    var nodes = 0

    init(catalog: Catalog, schema: Schema, zone: String) {
        self.catalog = catalog
        self.schema = schema
        self.zone = zone
    }

    mutating func check(_ syntax: Syntax) throws(ExpressionError) -> Expression {
        try count(1)
        switch syntax {
        case .literal(let value): return .literal(value)
        case .path(let names): return try path(names)
        case .call(let name, let arguments): return try call(name, arguments)
        case .aggregate(let word, let names, let filter): return try aggregate(word, names, filter)
        case .compare(let comparison, let a, let b): return try compared(comparison, check(a), check(b))
        case .isOneOf(let value, let items, let isNegated): return negated(isNegated, try isOneOf(value, items))
        case .between(let value, let low, let high, let isNegated): return negated(isNegated, try between(value, low, high))
        case .textTest(let test, _, _, _): throw Self.unsupported(test.rawValue)
        case .isNull(let operand, let isNegated): return negated(isNegated, .isNull(try check(operand)))
        case .isEmpty(let operand, let isNegated): return negated(isNegated, try isEmpty(operand))
        case .and(let operands): return .and(try conditions(operands, "each side of AND"))
        case .or(let operands): return .or(try conditions(operands, "each side of OR"))
        case .not(let operand): return .not(try condition(operand, "what follows NOT"))
        case .arithmetic(let first, let rest): throw try arithmeticProblem(first, rest)
        case .negative(let operand): return try negative(operand)
        case .choice: throw Self.unsupported("CASE")
        }
    }

    static func unsupported(_ what: String) -> ExpressionError {
        ExpressionError("\(what) is not supported yet")
    }

    mutating func count(_ more: Int) throws(ExpressionError) {
        nodes += more
        guard nodes <= Limits.expressionNodes else {
            throw ExpressionError("is too large once BETWEEN and IS EMPTY are written out", hint: "do not nest them in each other")
        }
    }

    // MARK: Conditions

    mutating func condition(_ syntax: Syntax, _ what: String) throws(ExpressionError) -> Expression {
        let expression = try check(syntax)
        guard expression.type == .boolean || expression.type == .null else {
            throw ExpressionError("\(what) must be a condition, not \(expression.type)")
        }
        return expression
    }

    private mutating func conditions(_ operands: [Syntax], _ what: String) throws(ExpressionError) -> [Expression] {
        var found: [Expression] = []
        found.reserveCapacity(operands.count)
        for operand in operands { found.append(try condition(operand, what)) }
        return found
    }

    private func negated(_ isNegated: Bool, _ expression: Expression) -> Expression {
        isNegated ? .not(expression) : expression
    }

    /// "`IS EMPTY` = null or `''`"; on other types than text it is IS NULL.
    private mutating func isEmpty(_ operand: Syntax) throws(ExpressionError) -> Expression {
        let (value, size) = try measured(operand)
        guard value.type == .string else { return .isNull(value) }
        try count(size + 4)
        return .or([.isNull(value), .compare(.equal, value, .literal(.string("")))])
    }

    private mutating func between(_ value: Syntax, _ low: Syntax, _ high: Syntax) throws(ExpressionError) -> Expression {
        let (value, size) = try measured(value)
        try count(size + 2)
        let above = try compared(.greaterOrEqual, value, check(low))
        return .and([above, try compared(.lessOrEqual, value, check(high))])
    }

    /// An expression that will stand twice, with its size.
    private mutating func measured(_ syntax: Syntax) throws(ExpressionError) -> (Expression, size: Int) {
        let before = nodes
        let expression = try check(syntax)
        return (expression, nodes - before)
    }

    // MARK: Comparisons

    /// How two types compare: as they are, or with one of them, a date, as its midnight.
    private enum Pairing {
        case direct, midnightOfFirst, midnightOfSecond

        init(_ a: ValueType, _ b: ValueType) throws(ExpressionError) {
            if a == b || a == .null || b == .null || a.isNumber && b.isNumber {
                self = .direct
            } else if a == .date && b == .datetime {
                self = .midnightOfFirst
            } else if a == .datetime && b == .date {
                self = .midnightOfSecond
            } else {
                throw ExpressionError("cannot compare \(a) with \(b)", hint: "compare values of one type")
            }
        }
    }

    private mutating func compared(_ comparison: Comparison, _ a: Expression, _ b: Expression) throws(ExpressionError) -> Expression {
        switch try Pairing(a.type, b.type) {
        case .direct: return .compare(comparison, a, b)
        case .midnightOfFirst: return .compare(comparison, .midnight(a, zone: zone), b)
        case .midnightOfSecond: return .compare(comparison, a, .midnight(b, zone: zone))
        }
    }

    /// Each item compares with the value by itself. A date beside some dates and some instants is two lists: two dates can have one
    /// midnight (a zone that skips a day), so they must not compare as instants.
    private mutating func isOneOf(_ value: Syntax, _ items: [Syntax]) throws(ExpressionError) -> Expression {
        let (value, size) = try measured(value)
        var direct: [Expression] = []
        var besideMidnight: [Expression] = []
        for item in items {
            let item = try check(item)
            switch try Pairing(value.type, item.type) {
            case .direct: direct.append(item)
            case .midnightOfFirst: besideMidnight.append(item)
            case .midnightOfSecond: direct.append(.midnight(item, zone: zone))
            }
        }
        if besideMidnight.isEmpty { return .isOneOf(value, direct) }
        let instants = Expression.isOneOf(.midnight(value, zone: zone), besideMidnight)
        if direct.isEmpty { return instants }
        try count(size + 3)
        return .or([.isOneOf(value, direct), instants])
    }

    // MARK: Arithmetic

    /// Minus before a number literal is part of the number.
    private mutating func negative(_ operand: Syntax) throws(ExpressionError) -> Expression {
        switch try check(operand) {
        case .literal(.integer(let value)): return .literal(.integer(0 &- value))
        case .literal(.double(let value)): return .literal(.double(-value))
        case .literal(.null): return .literal(.null)
        case let other where other.type.isNumber: throw Self.unsupported("- before anything but a number")
        case let other: throw ExpressionError("- needs a number, not \(other.type)")
        }
    }

    /// The problem of arithmetic, which is always one: that of the operands first.
    private mutating func arithmeticProblem(
        _ first: Syntax, _ rest: [(operation: Syntax.Arithmetic, operand: Syntax)]
    ) throws(ExpressionError) -> ExpressionError {
        var left = try check(first).type
        for (operation, operand) in rest {
            let right = try check(operand).type
            let isJoin = operation == .join
            for type in [left, right] where type != .null && (isJoin ? type != .string : !type.isNumber) {
                return ExpressionError(
                    "\(operation.rawValue) needs \(isJoin ? "texts" : "numbers"), not \(left) and \(right)",
                    hint: isJoin ? nil : "dates move with AddDays, SubDays …")
            }
            left = isJoin ? .string : operation == .divided || left == .double || right == .double ? .double : .integer
        }
        return Self.unsupported("the operator \(rest.first?.operation.rawValue ?? "")")
    }
}
