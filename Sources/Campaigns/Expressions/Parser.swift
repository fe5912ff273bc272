// Tokens to a tree: recursive descent, one method per rule of the grammar (semantics §3). After a mistake it goes on: a foreign form is
// read as what it means, or as a value that nothing is known of; what cannot be read at all is left out up to the next condition.

struct Parser {
    let scalars: [Unicode.Scalar]
    let tokens: [Token]
    var position = 0
    var mistakes = MistakeList()
    /// Where the last mistake was found: what is wrong at the same place follows from it.
    var lastMistake: Int?
    /// Nothing that is found from here on is a mistake of its own: the text is cut, or too deep.
    var isOver = false
    /// Something is missing or left over, so that parts of the text may not belong to what they were read as: only names are certain.
    var isBroken = false
    /// Whether commas at hand are those of a list around this condition.
    var isInList = false
    /// As long as it is set nothing is told: a foreign function may have more than expressions in its parentheses.
    var isQuiet = false
    /// How many lists and parentheses are open, and everything else that nests.
    private var depth = 0

    /// The tree of an expression text; without mistakes, all of it is the grammar's.
    static func parse(_ source: String) -> (syntax: Syntax, mistakes: MistakeList, isBroken: Bool) {
        guard source.utf8.count <= Limits.expressionBytes else {
            var mistakes = MistakeList()
            mistakes.add("an expression has at most \(Limits.expressionBytes) bytes, not \(source.utf8.count)")
            return (.unclear([]), mistakes, true)
        }
        var parser = Parser(Array(source.unicodeScalars))
        let syntax = parser.whole()
        return (syntax, parser.mistakes, parser.isBroken || parser.isOver)
    }

    private init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        tokens = Lexer.tokens(of: scalars)
    }

    // MARK: Tokens

    var token: Token { tokens[position] }

    func token(ahead: Int) -> Token {
        tokens[min(position + ahead, tokens.count - 1)]
    }

    /// Takes the token at hand, with what is wrong with it.
    @discardableResult
    mutating func take() -> Token {
        let taken = token
        if let mistake = taken.mistake { mistakes.add(mistake.message, hint: mistake.hint) }
        if taken.isCut { isOver = true }
        drop()
        return taken
    }

    /// Takes the token at hand as if it were not there.
    mutating func drop() {
        position = min(position + 1, tokens.count - 1)
    }

    /// Takes the keyword or sign at hand if it is this one.
    mutating func accept(_ word: String) -> Bool {
        guard token.word == word else { return false }
        take()
        return true
    }

    mutating func expect(_ word: String, hint: String? = nil) {
        if !accept(word) { report("expected \(word) before \(token.shown)", hint: hint) }
    }

    // MARK: Mistakes

    /// Tells a mistake at the token at hand.
    mutating func report(_ message: String, hint: String? = nil) {
        if isOver || isQuiet || lastMistake == position { return }
        lastMistake = position
        // What a token has of its own comes before what follows from it.
        let told = token.mistake ?? Mistake(message, hint: hint)
        mistakes.add(told.message, hint: told.hint)
    }

    /// What was written from a token up to the one at hand, as hints show it.
    func text(from start: Int) -> String {
        guard start < position else { return "…" }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[tokens[start].range.lowerBound..<tokens[position - 1].range.upperBound].prefix(80))
        return String(view)
    }

    /// Leaves out what stands up to the end of this condition: the next AND, OR, comma or closing word on this level.
    mutating func skipCondition() {
        skip { ["AND", "OR", ",", ")", "WHEN", "THEN", "ELSE", "END", "WHERE"].contains($0.word) }
    }

    /// The closing parenthesis; whatever stands before it is left out.
    mutating func close(hint: String? = nil) {
        if accept(")") { return }
        let isFirst = !isBroken
        isBroken = true
        if isFirst { tellUnclosed(hint) }
        skip { $0.word == ")" }
        _ = accept(")")
    }

    private mutating func tellUnclosed(_ hint: String?) {
        report("expected ) before \(token.shown)", hint: hint ?? (token.word == "," ? "a list stands after IN" : "every ( has its )"))
    }

    mutating func skip(upTo isEnd: (Token) -> Bool) {
        var open = 0
        while token.kind != .end, open > 0 || !isEnd(token) {
            if token.word == "(" || token.word == "CASE" {
                open += 1
            } else if open > 0, token.word == ")" || token.word == "END" {
                open -= 1
            }
            drop()
        }
    }

    // MARK: Depth

    /// What nests, one level deeper: hostile depth is refused here, before the stack ends, and nothing more is read.
    mutating func deeper(_ read: (inout Parser) -> Syntax) -> Syntax {
        guard depth < Limits.expressionDepth else {
            if !isOver { mistakes.add("an expression is at most \(Limits.expressionDepth) levels deep") }
            position = tokens.count - 1
            isOver = true
            return .unclear([])
        }
        depth += 1
        defer { depth -= 1 }
        return read(&self)
    }

    /// An `expr` inside another.
    mutating func nested() -> Syntax {
        deeper { $0.disjunction() }
    }

    var isNested: Bool { depth > 0 }

    /// An `expr` inside another that is no list.
    mutating func enclosed() -> Syntax {
        let wasInList = isInList
        isInList = false
        defer { isInList = wasInList }
        return nested()
    }
}
