// Expression text to tokens (semantics §3).

/// One word or sign of an expression.
struct Token {
    enum Kind {
        /// Digits, with or without a fraction.
        case number
        /// The content of `'…'`.
        case text
        /// A bare name or a keyword.
        case name
        /// The content of `[…]`: a name, never a keyword.
        case quoted
        case symbol
        case end
    }

    var kind: Kind
    /// What it says: without quotes and brackets.
    var content: String
    /// Of a bare name its upper case, since keywords are case-insensitive; of a symbol the symbol; else empty.
    var word: String

    /// As messages name it.
    var shown: String { kind == .end ? "the end" : Campaigns.quoted(content) }
}

/// Splits expression text.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    private init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    /// All tokens, the last of them `.end`.
    static func tokens(of source: String) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(source)
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        tokens.append(Token(kind: .end, content: "", word: ""))
        return tokens
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { $0.isASCII && Identifier.isDigit(UInt8(truncatingIfNeeded: $0.value)) } ?? false
    }

    private static func isNameStart(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { $0.isASCII && Identifier.isLetter(UInt8(truncatingIfNeeded: $0.value)) } ?? false
    }

    private mutating func next() throws(ExpressionError) -> Token? {
        while let scalar = peek(), scalar.properties.isWhitespace { position += 1 }
        guard let first = peek() else { return nil }
        if Self.isDigit(first) { return number() }
        if Self.isNameStart(first) { return name() }
        if first == "'" { return try text() }
        if first == "[" { return try quotedName() }
        return try symbol(first)
    }

    private func content(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        return String(view)
    }

    private mutating func number() -> Token {
        let start = position
        while Self.isDigit(peek()) { position += 1 }
        if peek() == ".", Self.isDigit(peek(1)) {
            position += 1
            while Self.isDigit(peek()) { position += 1 }
        }
        return Token(kind: .number, content: content(from: start), word: "")
    }

    private mutating func name() -> Token {
        let start = position
        while Self.isNameStart(peek()) || Self.isDigit(peek()) { position += 1 }
        let name = content(from: start)
        return Token(kind: .name, content: name, word: name.uppercased())
    }

    /// `'…'`, in which `''` is one quote.
    private mutating func text() throws(ExpressionError) -> Token {
        var view = String.UnicodeScalarView()
        position += 1
        while let scalar = peek() {
            position += 1
            if scalar != "'" {
                view.append(scalar)
            } else if peek() == "'" {
                view.append(scalar)
                position += 1
            } else {
                return Token(kind: .text, content: String(view), word: "")
            }
        }
        throw ExpressionError("a text has no closing quote", hint: "a quote inside a text is written twice: 'it''s'")
    }

    private mutating func quotedName() throws(ExpressionError) -> Token {
        let start = position + 1
        guard let end = scalars[start...].firstIndex(of: "]"), end > start else {
            throw ExpressionError("expected a name and ] after [")
        }
        position = end
        let name = content(from: start)
        position = end + 1
        return Token(kind: .quoted, content: name, word: "")
    }

    private mutating func symbol(_ first: Unicode.Scalar) throws(ExpressionError) -> Token {
        if let second = peek(1) {
            let pair = "\(first)\(second)"
            if ["<=", ">=", "<>", "!=", "||"].contains(pair) {
                position += 2
                return Token(kind: .symbol, content: pair, word: pair)
            }
        }
        let single = String(first)
        guard "=<>+-*/%(),.".unicodeScalars.contains(first) else {
            throw ExpressionError("unexpected character \(quoted(single))")
        }
        position += 1
        return Token(kind: .symbol, content: single, word: single)
    }
}
