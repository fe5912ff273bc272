// What is wrong with one expression, or hardly meant: all of it at once (contract §2).

/// One mistake in an expression, or one warning about it. The path of the expression is known by whoever reads the definition.
public struct Mistake: Equatable, Sendable {
    /// What was found, and what was expected instead.
    public var message: String
    /// How to mend it; nil when the message says it all.
    public var hint: String?

    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}

/// The mistakes of one expression, each once, and no more than anybody mends in one go: unknown names first, then the others, in the
/// order they were found.
struct MistakeList {
    private var names: [Mistake] = []
    private var others: [Mistake] = []

    var items: [Mistake] { names + others }
    var count: Int { names.count + others.count }
    var isFull: Bool { count >= Limits.expressionMistakes }

    mutating func add(_ message: String, hint: String? = nil) {
        let mistake = Mistake(message, hint: hint)
        if !isFull, !others.contains(mistake) { others.append(mistake) }
    }

    mutating func add(unknownName message: String, hint: String?) {
        let mistake = Mistake(message, hint: hint)
        if !isFull, !names.contains(mistake) { names.append(mistake) }
    }
}
