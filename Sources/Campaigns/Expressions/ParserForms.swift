// Where the grammar ends and ForeignForms.swift goes on: what is not an expression is told as what it means elsewhere, and read as far as
// it goes, so that one mistake is one problem.

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
            report("unexpected \(token.shown) after \(before.shown)", hint: "two comparisons have AND between them, as in age >= 18 AND age < 65")
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
    func connectorHint() -> String? {
        if token.word == ",", position > 0, tokens[position - 1].kind == .number, token(ahead: 1).kind == .number, token(ahead: 1).content.count == 3 {
            return "numbers have no separators: \(tokens[position - 1].content)\(token(ahead: 1).content)"
        }
        if token.word == ")" { return "there is no ( before it" }
        return ForeignForms.connectors[token.word] ?? (token.kind == .name ? "CASE WHEN condition THEN result ELSE other END" : nil)
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
        report("there is no \(form.words.joined(separator: " "))", hint: (isNegated ? "NOT " : "") + filled(form.hint, value, operandText(ahead: length)))
        for _ in 0..<length { drop() }
        let right = sum()
        guard case .compares(let comparison) = form.meaning else { return .unclear([left, right]) }
        return .compare(comparison, left, right)
    }

    mutating func computed(_ left: Syntax, _ value: String, _ form: ForeignForms.Operator) -> Syntax {
        report("there is no \(form.words.joined(separator: " "))", hint: filled(form.hint, value, operandText(ahead: form.words.count)))
        for _ in form.words { drop() }
        if form.words == ["COLLATE"] {
            drop()
            return .unclear([left])
        }
        return .unclear(left.parts + [product()])
    }

    private func filled(_ hint: String, _ left: String, _ right: String) -> String {
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
        if isTest {
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
        while !isNested, isItem(token(ahead: end - 1)), token(ahead: end).word == ",", isItem(token(ahead: end + 1)) {
            if texts.count < 3 { texts.append(operandText(ahead: end + 1)) }
            end += 2
        }
        report(message, hint: "IN (\(texts.joined(separator: ", "))\(end > 5 ? ", …" : ""))")
        var items = [sum()]
        while !isNested, token.word == ",", isItem(token(ahead: 1)) {
            drop()
            items.append(sum())
        }
        return items
    }

    // MARK: Time

    /// Whether a length of time stands here: `INTERVAL '30 days'`, `INTERVAL 30 DAY`, `30 days`.
    var isInterval: Bool {
        if token.word == "INTERVAL" {
            let next = token(ahead: token(ahead: 1).word == "-" ? 2 : 1)
            return next.kind == .number || next.isTextual
        }
        return token.kind == .number && ForeignForms.unit(token(ahead: 1).content) != nil && token(ahead: 1).kind == .name
    }

    /// A value with a length of time added or taken away.
    mutating func moved(_ value: Syntax, _ written: String, _ operation: Syntax.Arithmetic) -> Syntax {
        let message = token.word == "INTERVAL" ? "there is no INTERVAL" : "a number has no unit, such as \(quoted(token(ahead: 1).content))"
        let place = position
        let length = interval()
        position = place
        let clocks = ["now", "getdate", "current_timestamp", "sysdate", "localtimestamp", "today", "current_date", "curdate"]
        let isClock = clocks.contains(written.lowercased().replacing("()", with: ""))
        var hint = "AddDays(moment, 30), SubDays(moment, 30), or DaysAgo(30)"
        if let (count, unit) = length {
            let isAgo = isClock && operation == .minus && unit != "Seconds"
            hint = isAgo ? "\(unit)Ago(\(count))" : "\(operation == .minus ? "Sub" : "Add")\(unit)(\(isClock ? "NOW()" : written), \(count))"
        }
        report(message, hint: hint)
        _ = interval()
        return .unclear(isClock ? [] : value.parts)
    }

    /// Takes a length of time: a number, and the unit as functions name it; nil where it is not that simple.
    private mutating func interval() -> (count: Int64, unit: String)? {
        if token.word == "INTERVAL" { drop() }
        var text = token.word == "-" ? "-\(token(ahead: 1).content)" : token.content
        if token.word == "-" { drop() }
        drop()
        if token.kind == .name, ForeignForms.unit(token.content) != nil {
            text += " \(token.content)"
            drop()
        }
        return ForeignForms.length(text)
    }

    // MARK: Values

    /// Whether a word of the grammar stands here as a name: something is compared with it.
    var isReservedName: Bool {
        guard token.kind == .name, Keywords.reserved.contains(token.word), !["NULL", "TRUE", "FALSE"].contains(token.word) else { return false }
        return ["=", "!=", "<>", "<", "<=", ">", ">=", "IS"].contains(token(ahead: 1).word) || reservedNameLength > 1
    }

    /// How many tokens a name with signs has that begins with a word of the grammar, such as `end-date`.
    private var reservedNameLength: Int {
        var length = 1
        while token(ahead: length).word == "-", token(ahead: length + 1).kind == .name,
            token(ahead: length).range.lowerBound == token(ahead: length - 1).range.upperBound,
            token(ahead: length + 1).range.lowerBound == token(ahead: length).range.upperBound
        { length += 2 }
        return length
    }

    mutating func reservedName() -> Syntax {
        let length = reservedNameLength
        let name = (0..<length).map { token(ahead: $0).content }.joined().cut(toBytes: 80)
        report("\(token.shown) is a word of the grammar", hint: "as a name it stands in brackets: [\(name)]")
        for _ in 0..<length { drop() }
        return .unclear([])
    }

    /// What to put where a value is missing.
    func missingValueHint(_ first: Token) -> String {
        if first.word == ".", token(ahead: 1).kind == .number { return "0.\(token(ahead: 1).content.cut(toBytes: 80))" }
        if ["?", ":"].contains(first.word) { return "an expression has no placeholders: the value itself stands in it" }
        if isTest { return "each condition has a value of its own before \(first.content), as in age > 18 AND age < 65" }
        if let hint = ForeignForms.connectors[first.word] { return hint }
        return "a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"
    }

    /// Bare words that begin something elsewhere; nil for names.
    mutating func foreignWord(_ first: Token, _ next: Token) -> Syntax? {
        switch first.word {
        case "INTERVAL" where isInterval: return moved(.unclear([]), "moment", .plus)
        case "TIMESTAMP" where next.isTextual, "TIME" where next.isTextual:
            let example = LiteralHint.text(next.content, as: .datetime) ?? "DATETIME '2026-01-31T09:30:00Z'"
            report("there is no \(first.word)", hint: example)
            drop()
            drop()
        case "SELECT":
            let example = "EXISTS(purchases WHERE condition), COUNT(purchases), MAX(purchases.at) …"
            report("there is no SELECT", hint: isNested || position > 0 ? example : "a filter is the condition alone, what stands behind WHERE")
            skip { $0.word == ")" }
        case "IF" where next.word != "(" && next.kind != .symbol && next.kind != .end:
            report("there is no IF", hint: "Iif(condition, then, else), or CASE WHEN condition THEN result ELSE other END")
            skip { $0.word == ")" || $0.word == "," }
            if token.word == "END" { drop() }
        case "EXISTS" where next.kind == .name || next.kind == .quoted:
            return existsWithoutParentheses()
        case "AND", "OR", "IN", "LIKE", "CONTAINS", "BETWEEN":
            guard next.word == "(" else { return nil }
            let isJoin = first.word == "AND" || first.word == "OR"
            let what = isJoin ? "conditions" : "values"
            report("\(first.word) stands between \(what)", hint: isJoin ? "condition \(first.word) condition" : "email \(first.word) …")
            drop()
            return .unclear(foreignArguments())
        default: return nil
        }
        return .unclear([])
    }

    private mutating func existsWithoutParentheses() -> Syntax {
        var end = 2
        while token(ahead: end).word == ".", token(ahead: end + 1).kind == .name { end += 2 }
        let links = (1..<end).map { token(ahead: $0).content }.joined().cut(toBytes: 80)
        report("EXISTS takes parentheses", hint: "EXISTS(\(links)\(token(ahead: end).word == "WHERE" ? " WHERE …" : ""))")
        drop()
        let names = names()
        return .aggregate(.exists, names: names, filter: accept("WHERE") ? nested() : nil)
    }

    /// The arguments of a function that other languages have; its parenthesis is taken, or at hand. They may be no list of expressions.
    mutating func foreignArguments() -> [Syntax] {
        let wasQuiet = isQuiet
        isQuiet = true
        defer { isQuiet = wasQuiet }
        if token.word == "(" { drop() }
        if accept(")") { return [] }
        var arguments: [Syntax] = []
        repeat {
            // Units and types are no values.
            if ForeignForms.isArgumentWord(token.content), token.kind == .name, ![".", "("].contains(token(ahead: 1).word) { drop() }
            if token.word == "FROM" { drop() }
            if token.word != ",", token.word != ")" { arguments.append(nested()) }
            skip { $0.word == "," || $0.word == ")" }
        } while accept(",")
        close()
        return arguments
    }

    /// `path.method(…)`, with the parenthesis at hand.
    mutating func method(_ names: [String]) -> Syntax {
        tellMethod(names[names.count - 1], of: Syntax.written(names.dropLast()).cut(toBytes: 80), operandText(ahead: 1))
        return membersLeftOut(.unclear([.path(Array(names.dropLast()))]))
    }

    private mutating func tellMethod(_ name: String, of value: String, _ argument: String) {
        let hint = ForeignForms.method(name).map { filled($0, value, argument) }
        report("a value has no methods such as \(quoted(name))", hint: hint ?? "functions stand before their arguments, as in Lower(email)")
    }

    /// A value, of which other languages take members or which they convert.
    mutating func withMembers(_ value: Syntax, from start: Int) -> Syntax {
        if token.word == "::" {
            let type = token(ahead: 1).content
            report("there is no ::", hint: "\(ForeignForms.conversion(type) ?? "ToString")(\(text(from: start)))")
        } else if token.word == ".", token(ahead: 1).kind == .name {
            tellMethod(token(ahead: 1).content, of: text(from: start), operandText(ahead: 3))
        } else {
            return value
        }
        return membersLeftOut(.unclear(value.parts))
    }

    private mutating func membersLeftOut(_ value: Syntax) -> Syntax {
        while true {
            if token.word == "(" {
                drop()
                skip { $0.word == ")" }
                drop()
            } else if token.word == "::" || token.word == ".", token(ahead: 1).kind == .name {
                drop()
                drop()
            } else {
                return value
            }
        }
    }

    /// A path, unless another name stands right behind it.
    mutating func spaced(_ names: [String], from start: Int) -> Syntax {
        func isName(_ token: Token) -> Bool {
            token.kind == .name && !Keywords.all.contains(token.word) && ForeignForms.connectors[token.word] == nil
        }
        guard isName(token), foreignOperator() == nil, token(ahead: 1).word != "(" else { return .path(names) }
        let (second, place) = (token.shown, position)
        while isName(token), foreignOperator() == nil { drop() }
        let whole = text(from: start)
        let end = position
        position = place
        report("unexpected \(second) after \(quoted(names.last ?? ""))", hint: "a name with blanks stands in brackets: [\(whole)]; between conditions stands AND or OR")
        position = end
        return .unclear([])
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
            guard case .arithmetic(let first, let rest) = value, let place = rest.lastIndex(where: { $0.operation == .join }) else { return nil }
            let (before, after) = (Array(rest[..<place]), Array(rest[(place + 1)...]))
            let operand = rest[place].operand
            return (before.isEmpty ? first : .arithmetic(first, before), after.isEmpty ? operand : .arithmetic(operand, after))
        }
        switch self {
        case .compare(let sign, let left, let right): return split(right).map { (.compare(sign, left, $0), $1) }
        case .textTest(let test, let left, let right, let isNegated): return split(right).map { (.textTest(test, left, $0, isNegated: isNegated), $1) }
        case .between(let value, let low, let high, let isNegated): return split(high).map { (.between(value, low: low, high: $0, isNegated: isNegated), $1) }
        default: return nil
        }
    }
}
