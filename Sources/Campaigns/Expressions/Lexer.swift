// Expression text to tokens (semantics §3). What no expression may hold is read as what was meant, as far as that is clear, and its token
// carries the mistake.

/// Splits expression text.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    /// What stands before the next token and belongs to none.
    private var pending: Mistake?
    /// Whether that is a sign before a name.
    private var hasPrefix = false

    private init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    /// All tokens, the last of them `.end`.
    static func tokens(of scalars: [Unicode.Scalar]) -> [Token] {
        var lexer = Lexer(scalars)
        var tokens: [Token] = []
        repeat {
            lexer.skipBlanks()
            var token = lexer.next()
            if let pending = lexer.pending, token.mistake == nil {
                token.mistake = pending
                // `$1` is no number.
                if token.kind == .number, lexer.hasPrefix { token.kind = .unclear }
            }
            lexer.hasPrefix = false
            lexer.pending = nil
            tokens.append(token)
        } while tokens.last?.kind != .end
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

    /// A letter of any script.
    private static func isLetter(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { isNameStart($0) || !$0.isASCII && $0.properties.isAlphabetic } ?? false
    }

    /// Blanks, and what is meant to be one: comments, and characters that no expression has.
    private mutating func skipBlanks() {
        while let scalar = peek() {
            if scalar.properties.isWhitespace {
                position += 1
            } else if let end = commentEnd() {
                position = end
                pending = ForeignForms.comment
            } else if ForeignForms.isPrefix(scalar), Self.isNameStart(peek(1)) || Self.isDigit(peek(1)) {
                position += 1
                hasPrefix = true
                pending = ForeignForms.prefix(scalar)
            } else if !isKnown(scalar) {
                pending = pending ?? ForeignForms.unexpected(scalar)
                position += 1
            } else {
                return
            }
        }
    }

    private func commentEnd() -> Int? {
        guard peek() == "/", let second = peek(1) else { return nil }
        if second == "/" { return scalars[position...].firstIndex { $0 == "\n" || $0 == "\r" } ?? scalars.count }
        guard second == "*" else { return nil }
        var end = position + 2
        while end < scalars.count, !(scalars[end] == "/" && scalars[end - 1] == "*" && end > position + 2) { end += 1 }
        return min(end + 1, scalars.count)
    }

    private func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        Self.isLetter(scalar) || Self.isDigit(scalar) || "'[".unicodeScalars.contains(scalar) || ForeignForms.closing(of: scalar) != nil
            || Self.signs.contains(scalar) || ForeignForms.beginsSign(scalar)
    }

    private static let signs = Set("=<>+-*/%(),.".unicodeScalars)

    private mutating func next() -> Token {
        guard let first = peek() else { return Token(kind: .end, content: "", word: "", range: position..<position) }
        if Self.isDigit(first) { return number() }
        if Self.isLetter(first) { return name() }
        if first == "'" { return text() }
        if first == "[" { return quotedName() }
        if let closing = ForeignForms.closing(of: first) { return quotation(closing) }
        return symbol(first)
    }

    private func content(from start: Int, to end: Int? = nil) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<(end ?? position)])
        return String(view)
    }

    private mutating func number() -> Token {
        let start = position
        while Self.isDigit(peek()) { position += 1 }
        if peek() == ".", Self.isDigit(peek(1)) {
            position += 1
            while Self.isDigit(peek()) { position += 1 }
        }
        var token = Token(kind: .number, content: content(from: start), word: "", range: start..<position)
        guard Self.isLetter(peek()) else { return token }
        // Letters right behind a number: an exponent, a unit, another base.
        while Self.isLetter(peek()) || Self.isDigit(peek()) { position += 1 }
        token.mistake = ForeignForms.number(token.content, content(from: start))
        token.range = start..<position
        token.kind = .unclear
        return token
    }

    private mutating func name() -> Token {
        let start = position
        while Self.isLetter(peek()) || Self.isDigit(peek()) { position += 1 }
        let name = content(from: start)
        if name.utf8.count == position - start {
            return Token(kind: .name, content: name, word: name.uppercased(), range: start..<position)
        }
        return Token(
            kind: .unclear, content: name, word: "", range: start..<position,
            mistake: Mistake(
                "\(quoted(name)) has letters other than A to Z", hint: "such a name stands in brackets: [\(name.cut(toBytes: 80))]"))
    }

    /// `'…'`, in which `''` is one quote.
    private mutating func text() -> Token {
        let start = position
        var view = String.UnicodeScalarView()
        var mistake: Mistake?
        position += 1
        while let scalar = peek() {
            position += 1
            if scalar != "'" {
                view.append(scalar)
            } else if peek() == "'" {
                view.append(scalar)
                position += 1
            } else if isInsideOfText() {
                mistake = Mistake("a quote inside a text ends it", hint: "it is written twice: 'it''s'")
            } else {
                return Token(kind: .text, content: String(view), word: "", range: start..<position, mistake: mistake)
            }
        }
        return Token(
            kind: .text, content: String(view), word: "", range: start..<position,
            mistake: Mistake("a text has no closing quote", hint: "a quote inside a text is written twice: 'it''s'"), isCut: true)
    }

    /// Whether the quote just read is one as in `'it's'`: a word that is no keyword stands right behind it, and another quote follows.
    private func isInsideOfText() -> Bool {
        var end = position
        while end < scalars.count, Self.isLetter(scalars[end]) || Self.isDigit(scalars[end]) { end += 1 }
        guard end > position, end - position <= 16, !Keywords.all.contains(content(from: position, to: end).uppercased()) else {
            return false
        }
        return scalars[end...].prefix(200).contains("'")
    }

    private mutating func quotedName() -> Token {
        let start = position
        let end = scalars[(start + 1)...].firstIndex(of: "]")
        position = end.map { $0 + 1 } ?? scalars.count
        let name = content(from: start + 1, to: end)
        var token = Token(kind: .quoted, content: name, word: "", range: start..<position, isCut: end == nil)
        if end == nil || name.isEmpty {
            token.mistake = Mistake(
                end == nil ? "a name in brackets has no closing ]" : "there is no name in []", hint: "as in [first-name]")
            token.kind = .unclear
        }
        return token
    }

    /// What other languages put in quotes or braces.
    private mutating func quotation(_ closing: Unicode.Scalar) -> Token {
        let start = position
        let end = scalars[(start + 1)...].firstIndex(of: closing)
        position = end.map { $0 + 1 } ?? scalars.count
        let content = content(from: start + 1, to: end)
        // Templates double their braces.
        if scalars[start] == "{", peek() == "}" { position += 1 }
        let (kind, mistake) = ForeignForms.quotation(scalars[start], content)
        return Token(kind: kind, content: content, word: "", range: start..<position, mistake: mistake, isCut: end == nil)
    }

    private mutating func symbol(_ first: Unicode.Scalar) -> Token {
        let start = position
        if let (sign, word, mistake) = ForeignForms.sign(at: scalars[position...]) {
            position += sign.unicodeScalars.count
            return Token(kind: .symbol, content: sign, word: word, range: start..<position, mistake: mistake)
        }
        let pair = content(from: position, to: min(position + 2, scalars.count))
        let sign = ["<=", ">=", "<>", "!=", "||"].contains(pair) ? pair : String(first)
        position += sign.unicodeScalars.count
        return Token(kind: .symbol, content: sign, word: sign, range: start..<position)
    }
}
