// Tokens to a tree: recursive descent, one method per rule of the grammar (semantics §3).

struct Parser {
    private let tokens: [Token]
    private var position = 0
    private var depth = 0

    private static let reserved: Set<String> = [
        "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "CONTAINS", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "WHERE", "TRUE",
        "FALSE", "EXISTS",
    ]

    /// The tree of an expression text.
    static func parse(_ source: String) throws(ExpressionError) -> Syntax {
        guard source.utf8.count <= Limits.expressionBytes else {
            throw ExpressionError("an expression has at most \(Limits.expressionBytes) bytes, not \(source.utf8.count)")
        }
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        let syntax = try parser.disjunction()
        guard parser.token.kind == .end else { throw ExpressionError("unexpected \(parser.token.shown)") }
        return syntax
    }

    private init(tokens: [Token]) {
        self.tokens = tokens
    }

    // MARK: Tokens

    private var token: Token { tokens[position] }

    private func token(ahead: Int) -> Token {
        tokens[min(position + ahead, tokens.count - 1)]
    }

    /// Takes the keyword or sign at hand if it is this one.
    private mutating func accept(_ word: String) -> Bool {
        guard token.word == word else { return false }
        position += 1
        return true
    }

    /// Takes the keyword or sign at hand if it names one of the cases.
    private mutating func accept<Choice: RawRepresentable>(_: Choice.Type) -> Choice? where Choice.RawValue == String {
        guard !token.word.isEmpty, let choice = Choice(rawValue: token.word) else { return nil }
        position += 1
        return choice
    }

    private mutating func expect(_ word: String) throws(ExpressionError) {
        guard accept(word) else { throw ExpressionError("expected \(word) before \(token.shown)") }
    }

    /// Goes one level deeper; hostile depth is refused here, before the stack ends.
    private mutating func descend() throws(ExpressionError) {
        depth += 1
        guard depth <= Limits.expressionDepth else {
            throw ExpressionError("an expression is at most \(Limits.expressionDepth) levels deep")
        }
    }

    /// An `expr` inside another.
    private mutating func nested() throws(ExpressionError) -> Syntax {
        try descend()
        defer { depth -= 1 }
        return try disjunction()
    }

    // MARK: Conditions

    private mutating func disjunction() throws(ExpressionError) -> Syntax {
        var operands = [try conjunction()]
        while accept("OR") { operands.append(try conjunction()) }
        return operands.count == 1 ? operands[0] : .or(operands)
    }

    private mutating func conjunction() throws(ExpressionError) -> Syntax {
        var operands = [try negation()]
        while accept("AND") { operands.append(try negation()) }
        return operands.count == 1 ? operands[0] : .and(operands)
    }

    private mutating func negation() throws(ExpressionError) -> Syntax {
        guard accept("NOT") else { return try test() }
        try descend()
        defer { depth -= 1 }
        return .not(try negation())
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

    private mutating func test() throws(ExpressionError) -> Syntax {
        let left = try sum()
        if let sign = accept(ComparisonSign.self) { return .compare(sign.comparison, left, try sum()) }
        if accept("IS") {
            let isNegated = accept("NOT")
            if accept("EMPTY") { return .isEmpty(left, isNegated: isNegated) }
            guard accept("NULL") else { throw ExpressionError("expected NULL or EMPTY before \(token.shown)") }
            return .isNull(left, isNegated: isNegated)
        }
        let isNegated = token.word == "NOT" && ["IN", "BETWEEN", "LIKE", "CONTAINS", "STARTS"].contains(token(ahead: 1).word)
        if isNegated { position += 1 }
        if accept("IN") { return .isOneOf(left, try items(), isNegated: isNegated) }
        if accept("BETWEEN") {
            let low = try sum()
            try expect("AND")
            return .between(left, low: low, high: try sum(), isNegated: isNegated)
        }
        if accept("STARTS") {
            try expect("WITH")
            return .textTest(.startsWith, left, try sum(), isNegated: isNegated)
        }
        if let test = accept(Syntax.TextTest.self) { return .textTest(test, left, try sum(), isNegated: isNegated) }
        return left
    }

    private mutating func items() throws(ExpressionError) -> [Syntax] {
        try expect("(")
        var items = [try nested()]
        while accept(",") {
            guard items.count < Limits.membersOfIn else { throw ExpressionError("IN takes at most \(Limits.membersOfIn) members") }
            items.append(try nested())
        }
        try expect(")")
        return items
    }

    // MARK: Values

    private mutating func sum() throws(ExpressionError) -> Syntax {
        let first = try product()
        var rest: [(operation: Syntax.Arithmetic, operand: Syntax)] = []
        while let operation = accept(oneOf: [.plus, .minus, .join]) { rest.append((operation, try product())) }
        return rest.isEmpty ? first : .arithmetic(first, rest)
    }

    private mutating func product() throws(ExpressionError) -> Syntax {
        let first = try unary()
        var rest: [(operation: Syntax.Arithmetic, operand: Syntax)] = []
        while let operation = accept(oneOf: [.times, .divided, .remainder]) { rest.append((operation, try unary())) }
        return rest.isEmpty ? first : .arithmetic(first, rest)
    }

    private mutating func accept(oneOf operations: [Syntax.Arithmetic]) -> Syntax.Arithmetic? {
        guard let operation = operations.first(where: { $0.rawValue == token.word }) else { return nil }
        position += 1
        return operation
    }

    private mutating func unary() throws(ExpressionError) -> Syntax {
        guard accept("-") else { return try primary() }
        try descend()
        defer { depth -= 1 }
        return .negative(try unary())
    }

    private mutating func primary() throws(ExpressionError) -> Syntax {
        let first = token
        switch first.kind {
        case .number:
            position += 1
            return .literal(try number(first.content))
        case .text:
            position += 1
            return .literal(.string(first.content))
        case .quoted:
            return .path(try names())
        case .symbol:
            guard accept("(") else { break }
            let inner = try nested()
            try expect(")")
            return inner
        case .name:
            if let found = try word(first) { return found }
        case .end:
            break
        }
        throw ExpressionError("expected a value before \(first.shown)")
    }

    private func number(_ digits: String) throws(ExpressionError) -> Literal {
        if digits.contains(".") {
            guard let value = Double(digits), value.isFinite else { throw ExpressionError("\(quoted(digits)) is too large for a double") }
            return .double(value)
        }
        guard let value = Int64(digits) else { throw ExpressionError("\(quoted(digits)) is too large for an integer") }
        return .integer(value)
    }

    /// What starts with a bare word: a constant, CASE, a call, or a path; nil when the word is reserved and cannot stand here.
    private mutating func word(_ first: Token) throws(ExpressionError) -> Syntax? {
        switch first.word {
        case "CASE":
            position += 1
            return try choice()
        case "TRUE", "FALSE":
            position += 1
            return .literal(.boolean(first.word == "TRUE"))
        case "NULL":
            position += 1
            return .literal(.null)
        case "DATE" where token(ahead: 1).kind == .text, "DATETIME" where token(ahead: 1).kind == .text:
            let content = token(ahead: 1).content
            position += 2
            return .literal(try moment(content, isDate: first.word == "DATE"))
        default:
            let isReserved = Self.reserved.contains(first.word)
            if token(ahead: 1).word == "(", !isReserved || first.word == "EXISTS" {
                position += 2
                return try call(first)
            }
            return isReserved ? nil : .path(try names())
        }
    }

    private func moment(_ content: String, isDate: Bool) throws(ExpressionError) -> Literal {
        if isDate {
            guard let day = CivilDate.day(of: content) else {
                throw ExpressionError("\(quoted(content)) is not a date", hint: "a date is YYYY-MM-DD")
            }
            return .date(day)
        }
        guard let instant = InstantText.milliseconds(of: content) else {
            throw ExpressionError("\(quoted(content)) is not an instant", hint: "an instant is YYYY-MM-DDThh:mm:ssZ or with an offset")
        }
        return .instant(instant)
    }

    private mutating func choice() throws(ExpressionError) -> Syntax {
        var branches: [(condition: Syntax, result: Syntax)] = []
        try expect("WHEN")
        repeat {
            let condition = try nested()
            try expect("THEN")
            branches.append((condition, try nested()))
        } while accept("WHEN")
        let otherwise = accept("ELSE") ? try nested() : .literal(.null)
        try expect("END")
        return .choice(branches, otherwise: otherwise)
    }

    private mutating func names() throws(ExpressionError) -> [String] {
        var names: [String] = []
        repeat {
            guard token.kind == .name || token.kind == .quoted else { throw ExpressionError("expected a name before \(token.shown)") }
            names.append(token.content)
            position += 1
        } while accept(".")
        return names
    }

    /// A call whose name and parenthesis are taken.
    private mutating func call(_ name: Token) throws(ExpressionError) -> Syntax {
        if let word = Syntax.AggregateWord(rawValue: name.word) {
            let names = try names()
            let filter = accept("WHERE") ? try nested() : nil
            try expect(")")
            return .aggregate(word, names: names, filter: filter)
        }
        var arguments: [Syntax] = []
        if !accept(")") {
            arguments.append(try nested())
            while accept(",") { arguments.append(try nested()) }
            try expect(")")
        }
        return .call(name.content, arguments)
    }
}
