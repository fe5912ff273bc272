// The values of the grammar: arithmetic, literals, paths and calls (semantics §3).

extension Parser {
    mutating func sum() -> Syntax {
        let start = position
        var value = product()
        var rest: [(operation: Syntax.Arithmetic, operand: Syntax)] = []
        /// What stood before foreign operators.
        var before: [Syntax] = []
        func total(_ first: Syntax, _ rest: [(operation: Syntax.Arithmetic, operand: Syntax)]) -> Syntax {
            rest.isEmpty ? first : .arithmetic(first, rest)
        }
        while true {
            if let operation = arithmetic(of: [.plus, .minus, .join]) {
                // Between conditions `||` is told as such.
                if operation == .join, token(ahead: 1).word == "NOT" { break }
                let written = text(from: start)
                take()
                if operation != .join, isInterval {
                    (value, rest) = (moved(total(value, rest), written, operation), [])
                } else {
                    rest.append((operation, product()))
                }
            } else if let found = foreignOperator(), case .computes = found.form.meaning, !found.isNegated {
                before.append(total(value, rest))
                (value, rest) = (operand(of: found.form, behind: text(from: start)), [])
            } else {
                break
            }
        }
        return before.isEmpty ? total(value, rest) : .unclear(before + [total(value, rest)])
    }

    mutating func product() -> Syntax {
        let first = unary()
        var rest: [(operation: Syntax.Arithmetic, operand: Syntax)] = []
        while let operation = arithmetic(of: [.times, .divided, .remainder]) {
            take()
            rest.append((operation, unary()))
        }
        return rest.isEmpty ? first : .arithmetic(first, rest)
    }

    private func arithmetic(of operations: [Syntax.Arithmetic]) -> Syntax.Arithmetic? {
        operations.first { $0.rawValue == token.word }
    }

    private mutating func unary() -> Syntax {
        guard accept("-") else {
            let start = position
            return withMembers(primary(), from: start)
        }
        return deeper { .negative($0.unary()) }
    }

    private mutating func primary() -> Syntax {
        let first = token
        switch first.kind {
        case .number:
            take()
            return number(first.content)
        case .text:
            take()
            return .literal(.string(first.content))
        case .unclear:
            take()
            return .unclear([])
        case .quoted: return path()
        case .symbol where first.word == "(":
            take()
            let inner = enclosed()
            close()
            return inner
        case .name:
            if let found = word(first) { return found }
        case .symbol, .end:
            break
        }
        if let placeholder = placeholder() { return placeholder }
        // Where AND and OR stand beside each other, or at an end, both of their sides are one mistake.
        if lastMistake != position - 1 { report("expected a value before \(first.shown)", hint: missingValueHint(first)) }
        return .unclear([])
    }

    private mutating func number(_ digits: String) -> Syntax {
        if digits.contains(".") {
            if let value = Double(digits), value.isFinite { return .literal(.double(value)) }
            mistakes.add("\(quoted(digits)) is too large for a double", hint: "the largest has 309 digits")
        } else if let value = Int64(digits) {
            return .literal(.integer(value))
        } else {
            mistakes.add("\(quoted(digits)) is too large for an integer", hint: "the largest is \(Int64.max)")
        }
        return .unclear([])
    }

    /// What starts with a bare word: a constant, CASE, a call, or a path; nil when the word is reserved and cannot stand here.
    private mutating func word(_ first: Token) -> Syntax? {
        if isReservedName { return reservedName() }
        let next = token(ahead: 1)
        switch first.word {
        case "CASE":
            take()
            return choice()
        case "TRUE", "FALSE":
            take()
            return .literal(.boolean(first.word == "TRUE"))
        case "NULL":
            take()
            return .literal(.null)
        case "DATE" where next.isTextual, "DATETIME" where next.isTextual:
            take()
            return moment(take(), isDate: first.word == "DATE")
        default:
            if let foreign = foreignWord(first, next) { return foreign }
            let isReserved = Keywords.reserved.contains(first.word)
            if next.word == "(", !isReserved || first.word == "EXISTS" {
                take()
                take()
                return call(first)
            }
            return isReserved ? nil : path()
        }
    }

    private mutating func moment(_ token: Token, isDate: Bool) -> Syntax {
        if isDate {
            if let day = CivilDate.day(of: token.content) { return .literal(.date(day)) }
            let hint = LiteralHint.text(token.content, as: .date) ?? "a date is YYYY-MM-DD"
            mistakes.add("\(quoted(token.content)) is not a date", hint: hint)
        } else {
            if let instant = InstantText.milliseconds(of: token.content) { return .literal(.instant(instant)) }
            let hint = LiteralHint.text(token.content, as: .datetime) ?? "an instant is YYYY-MM-DDThh:mm:ssZ or with an offset"
            mistakes.add("\(quoted(token.content)) is not an instant", hint: hint)
        }
        return .unclear([])
    }

    private mutating func choice() -> Syntax {
        var branches: [(condition: Syntax, result: Syntax)] = []
        let known = mistakes.count
        // CASE value WHEN …: Decode is the name of that.
        let value = ["WHEN", "THEN", "ELSE", "END"].contains(token.word) || token.kind == .end ? nil : deeper { $0.sum() }
        if value != nil { report("CASE begins with WHEN and a condition", hint: "CASE WHEN value = 1 THEN …, or Decode(value, 1, …)") }
        _ = expectInChoice("WHEN", known)
        repeat {
            let condition = enclosed()
            let result = expectInChoice("THEN", known) ? enclosed() : .unclear([])
            branches.append((value.map { .unclear([$0, condition]) } ?? condition, result))
        } while accept("WHEN")
        let otherwise = accept("ELSE") ? enclosed() : .literal(.null)
        _ = expectInChoice("END", known)
        return .choice(branches, otherwise: otherwise)
    }

    /// Where something in it is wrong already, its words may be missing for that.
    private mutating func expectInChoice(_ word: String, _ known: Int) -> Bool {
        if accept(word) { return true }
        if mistakes.count == known {
            report("expected \(word) before \(token.shown)", hint: "CASE WHEN condition THEN result ELSE other END")
        }
        isBroken = true
        skip { ["WHEN", "THEN", "ELSE", "END", ")"].contains($0.word) }
        return accept(word)
    }

    private mutating func path() -> Syntax {
        let start = position
        let names = names()
        if token.word == "(", names.count > 1 { return method(names) }
        return spaced(names, from: start)
    }

    /// Names with dots between them; none when there is none.
    mutating func names() -> [String] {
        var names: [String] = []
        repeat {
            guard token.kind == .name || token.kind == .quoted else {
                report("expected a name before \(token.shown)")
                break
            }
            names.append(take().content)
        } while accept(".")
        return names
    }

    /// A call whose name and parenthesis are taken.
    private mutating func call(_ name: Token) -> Syntax {
        if let word = Syntax.AggregateWord(rawValue: name.word) { return aggregate(word) }
        if ForeignForms.function(name.content) != nil, FunctionNames.known(name.content) == nil {
            return .call(name.content, foreignArguments())
        }
        if accept(")") { return .call(name.content, []) }
        return .call(name.content, list(most: .max, ""))
    }

    private mutating func aggregate(_ word: Syntax.AggregateWord) -> Syntax {
        if token.word == "SELECT" {
            let found = nested()
            close()
            return found
        }
        if token.word == "*", word == .count {
            take()
            let isWhole = token.word == ")"
            close()
            return isWhole ? .aggregate(word, names: [], filter: nil) : .unclear([])
        }
        let example =
            word.countsRecords
            ? "\(word.rawValue)(purchases WHERE at >= DaysAgo(30))" : "\(word.rawValue)(purchases.amount WHERE at >= DaysAgo(30))"
        var word = word
        if token.word == "DISTINCT", token(ahead: 1).kind == .name {
            report("\(word.rawValue) takes no DISTINCT", hint: "COUNT_DISTINCT(\(operandText(ahead: 1))) counts different values")
            drop()
            if word == .count { word = .countDistinct }
        }
        guard token.kind == .name && !Keywords.reserved.contains(token.word) || token.kind == .quoted else {
            report("expected a link before \(token.shown)", hint: example)
            close()
            return .unclear([])
        }
        let names = names()
        let filter = accept("WHERE") ? enclosed() : nil
        if token.word != ")", filter == nil {
            let isCondition = isTest && names.count > 1
            let condition = "\(Syntax.written(names.dropLast())) WHERE \(Syntax.written(names.suffix(1))) \(token.content) …"
            report(
                "expected WHERE or ) before \(token.shown)",
                hint: isCondition ? "\(word.rawValue)(\(condition.cut(toBytes: 200)))" : example)
            close()
            return .unclear([.path(names)])
        }
        close()
        return .aggregate(word, names: names, filter: filter)
    }
}

extension Token {
    /// A text, or what may be meant as one.
    var isTextual: Bool { kind == .text || kind == .unclear && mistake != nil }
}
