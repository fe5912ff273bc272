// The words and signs of expressions.

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
        /// The content of `"…"` or `{…}`: a text, a name or a list, nobody knows which. Always a mistake.
        case unclear
        case symbol
        case end
    }

    var kind: Kind
    /// What it says: without quotes and brackets.
    var content: String
    /// Of a bare name its upper case, since keywords are case-insensitive; of a symbol the symbol; else empty.
    var word: String
    /// Where it stands among the characters of the expression.
    var range: Range<Int>
    /// What is wrong with it.
    var mistake: Mistake?
    /// Its closing sign is missing, so that the rest of the expression is in it.
    var isCut = false

    /// As messages name it.
    var shown: String { kind == .end ? "the end" : Campaigns.quoted(content) }
}
