// The conditions of the grammar: AND, OR, NOT and the tests (semantics §3).

extension Parser {
    mutating func whole() -> Syntax {
        var parts = [disjunction()]
        while token.kind != .end {
            // Where track is lost already, what is left over follows from that.
            if !isBroken { report("unexpected \(token.shown)", hint: connectorHint()) }
            isBroken = true
            drop()
            while accept("AND") || accept("OR") {}
            if token.kind != .end { parts.append(disjunction()) }
        }
        // What the end carries stands before it.
        take()
        return parts.count == 1 ? parts[0] : .unclear(parts)
    }

    mutating func disjunction() -> Syntax {
        var operands = [conjunction()]
        while accept("OR") { operands.append(conjunction()) }
        let condition = operands.count == 1 ? operands[0] : .or(operands)
        return token.word == "?" ? ternary(condition) : condition
    }

    mutating func conjunction() -> Syntax {
        let start = position
        var operands = [negation()]
        while !endsConjunction {
            if accept("AND") {
                operands.append(negation())
            } else {
                let before = position
                operands += strayOperand(from: start)
                // A word that begins a value, and could not be read as one.
                if position == before { drop() }
            }
        }
        return operands.count == 1 ? operands[0] : .and(operands)
    }

    /// Whether the token at hand belongs to what is around a chain of AND.
    private var endsConjunction: Bool {
        token.kind == .end || ["OR", ")", ",", ";", "WHEN", "THEN", "ELSE", "END", "WHERE", "?", ":"].contains(token.word)
    }

    mutating func negation() -> Syntax {
        guard token.word == "NOT", !isReservedName else { return test() }
        take()
        return deeper { .not($0.negation()) }
    }

    private enum ComparisonSign: String {
        case equal = "="
        case notEqual = "!="
        case unequal = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="

        var comparison: Comparison {
            switch self {
            case .equal: .equal
            case .notEqual, .unequal: .notEqual
            case .less: .less
            case .lessOrEqual: .lessOrEqual
            case .greater: .greater
            case .greaterOrEqual: .greaterOrEqual
            }
        }
    }

    /// Whether the token at hand compares the value before it with something.
    var isTest: Bool {
        guard !token.word.isEmpty else { return false }
        return ComparisonSign(rawValue: token.word) != nil || ["IS", "IN", "BETWEEN", "LIKE", "CONTAINS", "STARTS"].contains(token.word)
            || token.word == "NOT" && ["IN", "BETWEEN", "LIKE", "CONTAINS", "STARTS"].contains(token(ahead: 1).word)
            || foreignOperator() != nil
    }

    /// A test, or several with `||` between them.
    mutating func test() -> Syntax {
        let start = position
        var tested = test(of: sum(), from: start)
        var before: [Syntax] = []
        while isTest, let (left, right) = tested.splitAtJoin() {
            report("|| joins texts", hint: ForeignForms.connectors["||"])
            before.append(left)
            tested = test(of: right, from: start)
        }
        return before.isEmpty ? tested : .or(before + [tested])
    }

    mutating func test(of left: Syntax, from start: Int) -> Syntax {
        if let foreign = foreignTest(of: left, from: start) { return foreign }
        if !token.word.isEmpty, let sign = ComparisonSign(rawValue: token.word) {
            take()
            return .compare(sign.comparison, left, sum())
        }
        if token.word == "IS" { return state(of: left, from: start) }
        let isNegated = token.word == "NOT" && ["IN", "BETWEEN", "LIKE", "CONTAINS", "STARTS"].contains(token(ahead: 1).word)
        if isNegated { take() }
        if accept("IN") { return .isOneOf(left, items(), isNegated: isNegated) }
        if accept("BETWEEN") { return between(left, isNegated: isNegated) }
        if accept("STARTS") {
            expect("WITH", hint: "STARTS WITH")
            return .textTest(.startsWith, left, sum(), isNegated: isNegated)
        }
        if accept("LIKE") { return .textTest(.like, left, sum(), isNegated: isNegated) }
        if accept("CONTAINS") { return .textTest(.contains, left, sum(), isNegated: isNegated) }
        return left
    }

    mutating func state(of left: Syntax, from start: Int) -> Syntax {
        let value = text(from: start)
        take()
        let isNegated = accept("NOT")
        if accept("EMPTY") { return .isEmpty(left, isNegated: isNegated) }
        if accept("NULL") { return .isNull(left, isNegated: isNegated) }
        return foreignState(of: left, value, isNegated: isNegated)
    }

    mutating func between(_ value: Syntax, isNegated: Bool) -> Syntax {
        let (start, known) = (position, mistakes.count)
        let low = sum()
        if case .and = low {
            report("BETWEEN takes no parentheses around both values", hint: "BETWEEN low AND high")
            return .unclear([value])
        }
        // The AND behind something broken may be another.
        if isBroken, mistakes.count > known { return .unclear([value]) }
        if !accept("AND") {
            let isComma = token.word == ","
            let isWord = isComma || token.kind == .name && !Keywords.all.contains(token.word)
            if mistakes.count == known {
                report(
                    "expected AND before \(token.shown)", hint: "BETWEEN \(text(from: start)) AND \(isWord ? operandText(ahead: 1) : "…")")
            }
            if isComma, isInList { isBroken = true }
            guard isWord else { return .unclear([value]) }
            drop()
        }
        return .between(value, low: low, high: sum(), isNegated: isNegated)
    }

    mutating func items() -> [Syntax] {
        guard token.word == "(" else { return foreignItems() }
        take()
        return list(most: Limits.membersOfIn, "IN takes at most \(Limits.membersOfIn) members")
    }

    mutating func acceptComma() -> Bool {
        if accept(",") { return true }
        guard token.word == ";" else { return false }
        isBroken = true
        report("a list has no ;", hint: "between its items stands a comma")
        drop()
        return true
    }

    /// Expressions up to the closing parenthesis; the opening one is taken.
    mutating func list(most: Int, _ message: String) -> [Syntax] {
        let wasInList = isInList
        isInList = true
        defer { isInList = wasInList }
        var items = [nested()]
        while acceptComma() {
            let item = nested()
            if items.count < most {
                items.append(item)
            } else {
                report(message)
                isOver = true
            }
        }
        close()
        return items
    }
}
