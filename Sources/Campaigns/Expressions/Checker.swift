// Names and types: a tree as it was written becomes an `Expression` (semantics §3). What is wrong is told, and goes on as unknown.

struct Checker {
    let catalog: Catalog
    /// IANA name of the campaign's time zone.
    let zone: String
    let timeZones: TimeZoneNames
    /// The schema of the record at hand: the dimension, or inside WHERE the linked record's.
    var schema: Schema
    /// The carried columns of the row at hand, by name; none inside WHERE.
    var columns: [String: ValueType]
    var mistakes: MistakeList
    /// The parser has lost track somewhere: what types and the clock say may follow from that, unknown names do not.
    let isBroken: Bool
    /// What is no mistake and hardly meant (Warnings.swift).
    var warnings = MistakeList()
    var nulls = NullHandling()
    var enumValues: [FieldPath: Set<String>] = [:]
    /// What the value at hand depends on, as far as it is read.
    var dependence = Dependence()
    /// Whether anything stands in for what was refused.
    private(set) var hasUnknown = false
    /// Nodes made so far, with those that stand twice counted twice.
    private(set) var nodes = 0
    /// Past the bounds nothing more is looked at.
    private var isExhausted = false
    /// Operators of arithmetic so far.
    private var operators = 0

    init(catalog: Catalog, shape: Shape, zone: String, timeZones: TimeZoneNames, mistakes: MistakeList, isBroken: Bool) {
        self.catalog = catalog
        schema = shape.dimension
        columns = shape.columns
        self.zone = zone
        self.timeZones = timeZones
        self.mistakes = mistakes
        self.isBroken = isBroken
    }

    /// The whole expression.
    mutating func check(whole syntax: Syntax) -> Expression {
        let (expression, found) = measuringDependence { $0.check(syntax) }
        checkClock(outsideOfComparisons: found)
        return expression
    }

    mutating func check(_ syntax: Syntax) -> Expression {
        count(1)
        if isExhausted { return unknown() }
        switch syntax {
        case .literal(let value): return .literal(value)
        case .path(let names): return path(names)
        case .call(let name, let arguments): return call(name, arguments)
        case .aggregate(let word, let names, let filter): return aggregate(word, names, filter)
        case .compare(let comparison, let a, let b): return compare(comparison, a, b)
        case .isOneOf(let value, let items, let isNegated):
            return negated(isNegated, "NOT IN") { $0.isOneOf(value, items, isNegated: isNegated) }
        case .between(let value, let low, let high, let isNegated):
            return negated(isNegated, "NOT BETWEEN") { $0.between(value, low, high) }
        case .textTest(let test, let a, let b, let isNegated): return negated(isNegated, "NOT \(test.rawValue)") { $0.textTest(test, a, b) }
        case .isNull(let operand, let isNegated):
            return negated(isNegated, nil) { checker in .isNull(checker.nullTested { $0.check(operand) }) }
        case .isEmpty(let operand, let isNegated): return negated(isNegated, nil) { $0.isEmpty(operand) }
        case .and(let operands): return conditions(operands, "each side of AND").map { .and($0) } ?? unknown()
        case .or(let operands): return conditions(operands, "each side of OR").map { .or($0) } ?? unknown()
        case .not(let operand): return negated(true, "NOT") { $0.condition(operand, "what follows NOT") }
        case .arithmetic(let first, let rest): return arithmetic(first, rest)
        case .negative(let operand): return negative(operand)
        case .choice(let branches, let otherwise): return choice(branches, otherwise: otherwise, "CASE")
        case .unclear(let parts): return unclear(parts)
        }
    }

    mutating func count(_ more: Int) {
        if isExhausted { return }
        nodes += more
        guard nodes > Limits.expressionNodes else { return }
        isExhausted = true
        mistakes.add("is too large once BETWEEN and IS EMPTY are written out", hint: "do not nest them in each other")
    }

    // MARK: Mistakes

    mutating func refuse(_ message: String, hint: String? = nil) {
        if !isExhausted, !isBroken { mistakes.add(message, hint: hint) }
    }

    mutating func refuse(unknownName message: String, hint: String?) {
        if !isExhausted { mistakes.add(unknownName: message, hint: hint) }
    }

    /// What stands for something that was refused.
    mutating func unknown() -> Expression {
        dependence.isUnknown = true
        hasUnknown = true
        return .unknown
    }

    mutating func refused(_ message: String, hint: String? = nil) -> Expression {
        refuse(message, hint: hint)
        return unknown()
    }

    /// Of what is no expression the names are looked at.
    private mutating func unclear(_ parts: [Syntax]) -> Expression {
        for part in parts {
            if case .path(let names) = part { checkNames(names) } else { _ = check(part) }
        }
        return unknown()
    }

    // MARK: Conditions

    mutating func condition(_ syntax: Syntax, _ what: String) -> Expression {
        let expression = check(syntax)
        if expression.type == .boolean || expression.type == .null { return expression }
        return refused("\(what) must be a condition, not \(expression.type)", hint: ConditionHint.hint(for: syntax, expression))
    }

    /// nil beside something that could not be read: what is no condition may be a part of it.
    private mutating func conditions(_ operands: [Syntax], _ what: String) -> [Expression]? {
        let isWhole = !operands.contains { if case .unclear = $0 { true } else { false } }
        var found: [Expression] = []
        found.reserveCapacity(operands.count)
        for operand in operands { found.append(isWhole ? condition(operand, what) : check(operand)) }
        return isWhole ? found : nil
    }

    /// "`IS EMPTY` = null or `''`"; on other types than text it is IS NULL.
    mutating func isEmpty(_ operand: Syntax) -> Expression {
        let (value, size) = nullTested { $0.measured(operand) }
        guard value.type == .string else { return .isNull(value) }
        count(size + 4)
        return .or([.isNull(value), .compare(.equal, value, .literal(.string("")))])
    }

    private mutating func textTest(_ test: Syntax.TextTest, _ a: Syntax, _ b: Syntax) -> Expression {
        let (value, part) = (check(a), check(b))
        guard expectTexts(test.rawValue, value, part, hint: "convert it with ToString") else { return .textTest(.like, .unknown, .unknown) }
        switch test {
        case .like: return .textTest(.like, value, part)
        case .contains: return .textTest(.contains, value, part)
        case .startsWith: return .textTest(.startsWith, value, part)
        }
    }

    private mutating func expectTexts(_ what: String, _ a: Expression, _ b: Expression, hint: String?) -> Bool {
        for type in [a.type, b.type] where type != .null && type != .string {
            refuse("\(what) needs texts, not \(a.type) and \(b.type)", hint: hint)
            return false
        }
        return true
    }

    /// An expression that will stand twice, with its size.
    mutating func measured(_ syntax: Syntax) -> (Expression, size: Int) {
        let before = nodes
        let expression = check(syntax)
        return (expression, nodes - before)
    }

    // MARK: Arithmetic

    /// Minus before a number that is written out is part of it.
    private mutating func negative(_ operand: Syntax) -> Expression {
        let value = check(operand)
        if value.isUnknown { return value }
        guard value.type.isNumber || value.type == .null else {
            return refused(
                "- needs a number, not \(value.type)",
                hint: value.type == .boolean
                    ? "the opposite of a condition is NOT" : value.type == .string ? "convert it with ToInteger or ToDouble" : nil)
        }
        return value.negated
    }

    private mutating func arithmetic(_ first: Syntax, _ rest: [(operation: Syntax.Arithmetic, operand: Syntax)]) -> Expression {
        // Operators of one rank nest to the left without a parenthesis: the only depth that the parser does not bound.
        operators += rest.count
        guard operators <= Limits.expressionOperators else {
            return refused("an expression has at most \(Limits.expressionOperators) operators + - || * / %")
        }
        if let name = nameWithSigns(first, rest) { return name }
        var value = check(first)
        for (place, (operation, operand)) in rest.enumerated() {
            count(2)
            let written = (place == 0 ? first : .unclear([]), operand)
            value = arithmetic(operation, value, check(operand), written)
        }
        return value
    }

    /// "`+ - * %` integer if both are, else double; `/` […] double" (decision 20). Of `/` the operands stay as they are: the quotient
    /// of two integers is rounded once.
    private mutating func arithmetic(
        _ operation: Syntax.Arithmetic, _ a: Expression, _ b: Expression, _ written: (Syntax, Syntax)
    ) -> Expression {
        guard let numeric = operation.numeric else {
            let isCondition = a.type == .boolean || b.type == .boolean
            let hint = isCondition ? "between conditions stands OR" : "use ToString"
            return expectTexts("||", a, b, hint: hint) ? .concatenate(a, b) : unknown()
        }
        if a.isUnknown || b.isUnknown { return unknown() }
        for type in [a.type, b.type] where type != .null && !type.isNumber {
            let hint = ConditionHint.arithmetic(operation, a, b, written)
            return refused("\(operation.rawValue) needs numbers, not \(a.type) and \(b.type)", hint: hint)
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
