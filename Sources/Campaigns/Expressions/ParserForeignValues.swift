// Foreign values: lengths of time, words of the grammar as names, calls and methods that are written another way (ForeignForms.swift).

extension Parser {
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
            hint =
                isAgo ? "\(unit)Ago(\(count))" : "\(operation == .minus ? "Sub" : "Add")\(unit)(\(isClock ? "NOW()" : written), \(count))"
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
        guard token.kind == .name, Keywords.reserved.contains(token.word), !["NULL", "TRUE", "FALSE"].contains(token.word) else {
            return false
        }
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

    /// What other languages put a value into later, or a word too many before it; nil when neither is at hand.
    mutating func placeholder() -> Syntax? {
        switch token.word {
        case "?", ":":
            report("an expression has no placeholders", hint: "the value itself stands in it")
            if token.word == ":", token(ahead: 1).kind == .name { drop() }
            drop()
            return .unclear([])
        case "WHERE":
            report("expected a value before \(token.shown)", hint: ForeignForms.connectors["WHERE"])
            drop()
            return nested()
        default: return nil
        }
    }

    /// What to put where a value is missing.
    func missingValueHint(_ first: Token) -> String {
        if first.word == ".", token(ahead: 1).kind == .number { return "0.\(token(ahead: 1).content.cut(toBytes: 80))" }
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
            report(
                "there is no SELECT", hint: isNested || position > 0 ? example : "a filter is the condition alone, what stands behind WHERE"
            )
            isBroken = isNested
            skip { $0.word == ")" }
        case "IF" where next.word != "(" && next.kind != .symbol && next.kind != .end:
            report("there is no IF", hint: "Iif(condition, then, else), or CASE WHEN condition THEN result ELSE other END")
            skip { $0.word == ")" || $0.word == "," }
        case "EXISTS" where next.kind == .name && !Keywords.reserved.contains(next.word) || next.kind == .quoted:
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
        // Where its condition ends, nobody knows.
        if accept("WHERE") { _ = nested() }
        return .unclear([.path(names)])
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
        } else if token.word == ".", token(ahead: 1).kind == .name, !Keywords.all.contains(token(ahead: 1).word) {
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
        report(
            "unexpected \(second) after \(quoted(names.last ?? ""))",
            hint: "a name with blanks stands in brackets: [\(whole)]; between conditions stands AND or OR")
        position = end
        return .unclear([])
    }
}
