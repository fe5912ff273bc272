// Foreign conditions: what is not an expression is told as what it means elsewhere (ForeignForms.swift), and read as far as it goes, so
// that one mistake is one problem.

extension Parser {
    // MARK: Between values and conditions

    /// What follows a condition and neither joins nor closes it.
    mutating func strayOperand(from start: Int) -> [Syntax] {
        let before = tokens[max(0, position - 1)]
        if token.word == "||" {
            report("|| joins texts", hint: ForeignForms.connectors["||"])
            drop()
            return [negation()]
        }
        if let hint = ForeignForms.connectors[token.word] {
            let joins = ["XOR", "ANDALSO", "ORELSE"].contains(token.word)
            report("unexpected \(token.shown)", hint: hint)
            drop()
            if joins { return [negation()] }
        } else if isTest {
            report(
                "unexpected \(token.shown) after \(before.shown)",
                hint: "two comparisons have AND between them, as in age >= 18 AND age < 65")
            drop()
        } else {
            report("unexpected \(token.shown) after \(before.shown)", hint: hint(between: before, token, isFirst: position - start == 1))
            if startsValue, token.word != "NOT" { return [.unclear([]), negation()] }
            drop()
        }
        skipCondition()
        return [.unclear([])]
    }

    /// What belongs between two things that stand beside each other.
    private func hint(between first: Token, _ second: Token, isFirst: Bool) -> String {
        func isLiteral(_ token: Token) -> Bool { token.kind == .text || token.kind == .number }
        if second.word == "NOT" { return "NOT stands before a condition, as in NOT age = 5" }
        if second.word == ".", first.kind == .number { return "a number has one point, and digits on both sides of it" }
        if isLiteral(first), isLiteral(second), isFirst { return "between the items of a list stands a comma" }
        return isFirst && first.kind != .symbol ? "a comparison has a sign, as in country = 'FR'" : "between conditions stands AND or OR"
    }

    private var startsValue: Bool {
        switch token.kind {
        case .number, .text, .quoted, .unclear: true
        case .name: !Keywords.reserved.contains(token.word) || ["CASE", "TRUE", "FALSE", "NULL", "EXISTS", "NOT"].contains(token.word)
        case .symbol: token.word == "("
        case .end: false
        }
    }

    /// What to do about a word or sign behind everything.
    func connectorHint() -> String {
        if token.word == ",", position > 0, tokens[position - 1].kind == .number, token(ahead: 1).kind == .number,
            token(ahead: 1).content.count == 3
        {
            return "numbers have no separators: \(tokens[position - 1].content)\(token(ahead: 1).content)"
        }
        if token.word == ")" { return "there is no ( before it" }
        return ForeignForms.connectors[token.word]
            ?? (token.kind == .name ? "CASE WHEN condition THEN result ELSE other END" : "between conditions stands AND or OR")
    }

    mutating func ternary(_ condition: Syntax) -> Syntax {
        report("there is no ? and :", hint: "Iif(condition, then, else)")
        drop()
        let then = nested()
        if token.word == ":" { drop() }
        return .unclear([condition, then, nested()])
    }

    // MARK: Operators

    /// The foreign operator at hand, how many words it has, and whether NOT is one of them.
    func foreignOperator() -> (form: ForeignForms.Operator, length: Int, isNegated: Bool)? {
        let isNegated = token.word == "NOT"
        let first = isNegated ? 1 : 0
        for form in ForeignForms.operators(beginningWith: token(ahead: first).word)
        where form.words.indices.allSatisfy({ token(ahead: first + $0).word == form.words[$0] }) {
            return (form, first + form.words.count, isNegated)
        }
        return nil
    }

    mutating func foreignTest(of left: Syntax, from start: Int) -> Syntax? {
        guard let (form, length, isNegated) = foreignOperator() else { return nil }
        let value = text(from: start)
        report(
            "there is no \(form.words.joined(separator: " "))",
            hint: (isNegated ? "NOT " : "") + filled(form.hint, value, operandText(ahead: length)))
        for _ in 0..<length { drop() }
        let right = sum()
        guard case .compares(let comparison) = form.meaning else { return .unclear([left, right]) }
        return .compare(comparison, left, right)
    }

    /// Tells a foreign operator that gives a value, and reads what stands behind it.
    mutating func operand(of form: ForeignForms.Operator, behind value: String) -> Syntax {
        report(
            "there is no \(form.words.joined(separator: " "))", hint: filled(form.hint, value, operandText(ahead: form.words.count)))
        for _ in form.words { drop() }
        if form.words == ["COLLATE"] {
            drop()
            return .unclear([])
        }
        return product()
    }

    func filled(_ hint: String, _ left: String, _ right: String) -> String {
        let isText = right.hasPrefix("'")
        return hint.replacing("{left}", with: left).replacing("{right}", with: right)
            .replacing("{ending}", with: isText ? "'%\(String(right.dropFirst()))" : "'%' || \(right)")
            .replacing("{lower}", with: isText ? right.lowercased() : "Lower(\(right))")
    }

    /// The value that begins so many tokens further on, as far as it is one word or a path.
    func operandText(ahead: Int) -> String {
        let first = token(ahead: ahead)
        switch first.kind {
        case .text, .unclear: return "'\(first.content.cut(toBytes: 80).replacing("'", with: "''"))'"
        case .number: return first.content.cut(toBytes: 80)
        case .quoted: return "[\(first.content.cut(toBytes: 80))]"
        case .name:
            var end = ahead + 1
            while end < ahead + 8, token(ahead: end).word == ".", token(ahead: end + 1).kind == .name { end += 2 }
            return (ahead..<end).map { token(ahead: $0).content }.joined().cut(toBytes: 80)
        case .symbol, .end: return "…"
        }
    }

    /// What follows IS and NOT, other than NULL and EMPTY.
    mutating func foreignState(of left: Syntax, _ value: String, isNegated: Bool) -> Syntax {
        let not = isNegated ? "NOT " : ""
        let message = "IS takes NULL or EMPTY, not \(token.shown)"
        if let state = ForeignForms.statesAfterIs[token.word.lowercased()] {
            let meant = isNegated && state == "IS NOT NULL" ? "IS NULL" : isNegated ? state.replacing("IS ", with: "IS NOT ") : state
            report(message, hint: "\(value) \(meant)")
            drop()
            return .isNull(left, isNegated: isNegated)
        }
        if isTest, token.word != "IS" {
            report("IS stands before NULL and EMPTY alone", hint: "\(value) \(not)\(token.content) …")
            return test(of: left, from: position)
        }
        guard startsValue else {
            report("expected NULL or EMPTY before \(token.shown)", hint: "\(value) IS \(not)NULL")
            return .unclear([left])
        }
        report(message, hint: "\(value) \(isNegated ? "!=" : "=") \(operandText(ahead: 0))")
        return .compare(isNegated ? .notEqual : .equal, left, sum())
    }

    /// The list of an IN that has no parentheses.
    mutating func foreignItems() -> [Syntax] {
        let message = "IN takes its list in parentheses"
        if token.range.lowerBound < scalars.count, ["[", "{"].contains(scalars[token.range.lowerBound]), token.kind != .symbol {
            report(message, hint: "IN (\(token.content.cut(toBytes: 80).replacing("\"", with: "'")))")
            if token.isCut { isOver = true }
            drop()
            return [.unclear([])]
        }
        guard startsValue else {
            report("expected ( before \(token.shown)", hint: "IN ('FR', 'DE')")
            return [.unclear([])]
        }
        func isItem(_ token: Token) -> Bool { [.text, .number, .unclear].contains(token.kind) }
        var texts = [operandText(ahead: 0)]
        var end = 1
        while !isInList, isItem(token(ahead: end - 1)), token(ahead: end).word == ",", isItem(token(ahead: end + 1)) {
            if texts.count < 3 { texts.append(operandText(ahead: end + 1)) }
            end += 2
        }
        report(message, hint: "IN (\(texts.joined(separator: ", "))\(end > 5 ? ", …" : ""))")
        var items = [sum()]
        if isInList, token.word == "," { isBroken = true }
        while !isInList, token.word == ",", isItem(token(ahead: 1)) {
            drop()
            items.append(sum())
        }
        return items
    }
}

extension Syntax {
    /// Itself, or what is known of something unclear.
    var parts: [Syntax] {
        if case .unclear(let parts) = self { parts } else { [self] }
    }

    /// A test whose right side is a `||` of texts, as two: up to the last `||`, and the value behind it.
    func splitAtJoin() -> (Syntax, Syntax)? {
        func split(_ value: Syntax) -> (Syntax, Syntax)? {
            guard case .arithmetic(let first, let rest) = value, let place = rest.lastIndex(where: { $0.operation == .join }) else {
                return nil
            }
            let (before, after) = (Array(rest[..<place]), Array(rest[(place + 1)...]))
            let operand = rest[place].operand
            return (before.isEmpty ? first : .arithmetic(first, before), after.isEmpty ? operand : .arithmetic(operand, after))
        }
        switch self {
        case .compare(let sign, let left, let right): return split(right).map { (.compare(sign, left, $0), $1) }
        case .textTest(let test, let left, let right, let isNegated):
            return split(right).map { (.textTest(test, left, $0, isNegated: isNegated), $1) }
        case .between(let value, let low, let high, let isNegated):
            return split(high).map { (.between(value, low: low, high: $0, isNegated: isNegated), $1) }
        default: return nil
        }
    }
}
