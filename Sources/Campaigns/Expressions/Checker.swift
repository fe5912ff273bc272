// Names and types: a tree as it was written becomes an `Expression`, or is refused with what was expected (semantics §3).

struct Checker {
    let catalog: Catalog
    /// IANA name of the campaign's time zone.
    let zone: String
    /// Whether there is a time zone of that name.
    let isTimeZone: (String) -> Bool
    /// The schema of the record at hand: the dimension, or inside WHERE the linked record's.
    var schema: Schema
    /// Nodes made so far, with those that stand twice counted twice.
    var nodes = 0
    /// Operators of arithmetic so far.
    private var operators = 0

    init(catalog: Catalog, schema: Schema, zone: String, isTimeZone: @escaping (String) -> Bool) {
        self.catalog = catalog
        self.schema = schema
        self.zone = zone
        self.isTimeZone = isTimeZone
    }

    mutating func check(_ syntax: Syntax) throws(ExpressionError) -> Expression {
        try count(1)
        switch syntax {
        case .literal(let value): return .literal(value)
        case .path(let names): return try path(names)
        case .call(let name, let arguments): return try call(name, arguments)
        case .aggregate(let word, let names, let filter): return try aggregate(word, names, filter)
        case .compare(let comparison, let a, let b): return try compared(comparison, operand(a), operand(b))
        case .isOneOf(let value, let items, let isNegated): return negated(isNegated, try isOneOf(value, items))
        case .between(let value, let low, let high, let isNegated): return negated(isNegated, try between(value, low, high))
        case .textTest(let test, let a, let b, let isNegated): return negated(isNegated, try textTest(test, check(a), check(b)))
        case .isNull(let operand, let isNegated): return negated(isNegated, .isNull(try check(operand)))
        case .isEmpty(let operand, let isNegated): return negated(isNegated, try isEmpty(operand))
        case .and(let operands): return .and(try conditions(operands, "each side of AND"))
        case .or(let operands): return .or(try conditions(operands, "each side of OR"))
        case .not(let operand): return .not(try condition(operand, "what follows NOT"))
        case .arithmetic(let first, let rest): return try arithmetic(first, rest)
        case .negative(let operand): return try negative(operand)
        case .choice(let branches, let otherwise): return try choice(branches, otherwise: otherwise, "CASE")
        }
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
    mutating func isEmpty(_ operand: Syntax) throws(ExpressionError) -> Expression {
        let (value, size) = try measured(operand)
        guard value.type == .string else { return .isNull(value) }
        try count(size + 4)
        return .or([.isNull(value), .compare(.equal, value, .literal(.string("")))])
    }

    private mutating func between(_ value: Syntax, _ low: Syntax, _ high: Syntax) throws(ExpressionError) -> Expression {
        let before = nodes
        let value = try operand(value)
        try count(nodes - before + 2)
        let above = try compared(.greaterOrEqual, value, operand(low))
        return .and([above, try compared(.lessOrEqual, value, operand(high))])
    }

    private func textTest(_ test: Syntax.TextTest, _ a: Expression, _ b: Expression) throws(ExpressionError) -> Expression {
        try expectTexts(test.rawValue, a, b, hint: nil)
        switch test {
        case .like: return .textTest(.like, a, b)
        case .contains: return .textTest(.contains, a, b)
        case .startsWith: return .textTest(.startsWith, a, b)
        }
    }

    private func expectTexts(_ what: String, _ a: Expression, _ b: Expression, hint: String?) throws(ExpressionError) {
        for type in [a.type, b.type] where type != .null && type != .string {
            throw ExpressionError("\(what) needs texts, not \(a.type) and \(b.type)", hint: hint)
        }
    }

    /// An expression that will stand twice, with its size.
    mutating func measured(_ syntax: Syntax) throws(ExpressionError) -> (Expression, size: Int) {
        let before = nodes
        let expression = try check(syntax)
        return (expression, nodes - before)
    }

    // MARK: Comparisons

    /// How two types compare: as they are, or with one of them, a date, as its midnight.
    enum Pairing {
        case direct, midnightOfFirst, midnightOfSecond

        init(_ a: ValueType, _ b: ValueType) throws(ExpressionError) {
            if a == b || a == .null || b == .null || a.isNumber && b.isNumber {
                self = .direct
            } else if a == .date && b == .datetime {
                self = .midnightOfFirst
            } else if a == .datetime && b == .date {
                self = .midnightOfSecond
            } else {
                throw ExpressionError("cannot compare \(a) with \(b)", hint: "convert one of them")
            }
        }
    }

    func compared(_ comparison: Comparison, _ a: Expression, _ b: Expression) throws(ExpressionError) -> Expression {
        switch try Pairing(a.type, b.type) {
        case .direct: return .compare(comparison, a, b)
        case .midnightOfFirst: return .compare(comparison, .midnight(a, zone: zone), b)
        case .midnightOfSecond: return .compare(comparison, a, .midnight(b, zone: zone))
        }
    }

    /// Each item compares with the value by itself. A date beside some dates and some instants is two lists: two dates can have one
    /// midnight (a zone that skips a day), so they must not compare as instants.
    private mutating func isOneOf(_ value: Syntax, _ items: [Syntax]) throws(ExpressionError) -> Expression {
        let before = nodes
        let value = try operand(value)
        let size = nodes - before
        var operands: [Operand] = []
        operands.reserveCapacity(items.count)
        for item in items { operands.append(try operand(item)) }
        var found: [Expression] = []
        guard case .value(let single) = value else {
            for item in operands { found.append(try compared(.equal, value, item)) }
            return found.count == 1 ? found[0] : .or(found)
        }
        var direct: [Expression] = []
        var besideMidnight: [Expression] = []
        for operand in operands {
            guard case .value(let item) = operand else {
                try count(size)
                found.append(try compared(.equal, value, operand))
                continue
            }
            switch try Pairing(single.type, item.type) {
            case .direct: direct.append(item)
            case .midnightOfFirst: besideMidnight.append(item)
            case .midnightOfSecond: direct.append(.midnight(item, zone: zone))
            }
        }
        if !besideMidnight.isEmpty { found.insert(.isOneOf(.midnight(single, zone: zone), besideMidnight), at: 0) }
        if !direct.isEmpty { found.insert(.isOneOf(single, direct), at: 0) }
        guard found.count > 1 else { return found[0] }
        try count(size + 3)
        return .or(found)
    }

    // MARK: Arithmetic

    /// Minus before a number that is written out is part of it.
    private mutating func negative(_ operand: Syntax) throws(ExpressionError) -> Expression {
        let value = try check(operand)
        guard value.type.isNumber || value.type == .null else { throw ExpressionError("- needs a number, not \(value.type)") }
        return value.negated
    }

    private mutating func arithmetic(
        _ first: Syntax, _ rest: [(operation: Syntax.Arithmetic, operand: Syntax)]
    ) throws(ExpressionError) -> Expression {
        // Operators of one rank nest to the left without a parenthesis: the only depth that the parser does not bound.
        operators += rest.count
        guard operators <= Limits.expressionOperators else {
            throw ExpressionError("an expression has at most \(Limits.expressionOperators) operators + - || * / %")
        }
        var value = try check(first)
        for (operation, operand) in rest {
            try count(2)
            value = try arithmetic(operation, value, check(operand))
        }
        return value
    }

    /// "`+ - * %` integer if both are, else double; `/` […] double" (DECISIONS 20). Of `/` the operands stay as they are: the quotient
    /// of two integers is rounded once.
    private func arithmetic(
        _ operation: Syntax.Arithmetic, _ a: Expression, _ b: Expression
    ) throws(ExpressionError) -> Expression {
        guard let numeric = operation.numeric else {
            try expectTexts(operation.rawValue, a, b, hint: "use ToString")
            return .concatenate(a, b)
        }
        for type in [a.type, b.type] where type != .null && !type.isNumber {
            throw ExpressionError(
                "\(operation.rawValue) needs numbers, not \(a.type) and \(b.type)", hint: "dates move with AddDays, SubDays …")
        }
        if numeric == .divide { return .arithmetic(.divide, a, b) }
        let type = a.type == .double || b.type == .double ? ValueType.double : .integer
        // The left side says the type of the whole, also when it is a NULL.
        let left = a.type == .null ? .coalesce([a], type: type) : a.as(type)
        return .arithmetic(numeric, left, b.as(type))
    }
}

extension Syntax.Arithmetic {
    /// nil of `||`.
    fileprivate var numeric: ArithmeticOperator? {
        switch self {
        case .plus: .add
        case .minus: .subtract
        case .times: .multiply
        case .divided: .divide
        case .remainder: .remainder
        case .join: nil
        }
    }
}
