// A parameter of a query as the table of routes declares it, and its values as handlers get them.
internal import Campaigns

/// What a route may be asked with, behind the question mark.
public struct QueryParameter: Sendable {
    /// What a value must be.
    public enum Kind: Sendable, Equatable {
        /// Any text of at most that many bytes.
        case text(maximumBytes: Int)
        /// A whole number.
        case integer(ClosedRange<Int64>)
        /// One of these words.
        case choice([String])
        /// `1`, `true`, `0` or `false`.
        case flag
        /// An instant as contract §1 writes it.
        case instant
    }

    /// A value that fits its kind.
    public enum Value: Sendable, Equatable {
        /// Of `Kind.text` and `Kind.choice`.
        case text(String)
        /// Of `Kind.integer`; milliseconds since 1970 of `Kind.instant`.
        case integer(Int64)
        /// Of `Kind.flag`.
        case flag(Bool)
    }

    /// As it stands in the URL.
    public let name: String
    /// What its value must be.
    public let kind: Kind
    /// Stands in for one that is not given, written as in a URL; nil when that is a case of its own.
    public let fallback: String?
    /// One sentence for the description of the interface.
    public let summary: String

    public init(_ name: String, _ kind: Kind, default fallback: String? = nil, _ summary: String) {
        self.name = name
        self.kind = kind
        self.fallback = fallback
        self.summary = summary
        precondition(fallback.map { value(of: $0) != nil } ?? true, "the default of \(name) is no value of it")
    }

    /// The value that a text says; nil when it says none.
    func value(of text: String) -> Value? {
        switch kind {
        case .text(let maximumBytes): return text.utf8.count <= maximumBytes ? .text(text) : nil
        case .choice(let words): return words.contains(text) ? .text(text) : nil
        case .flag: return ["1": .flag(true), "true": .flag(true), "0": .flag(false), "false": .flag(false)][text]
        case .integer(let range):
            // `Int64` would also take a plus sign.
            guard !text.hasPrefix("+"), let number = Int64(text), range.contains(number) else { return nil }
            return .integer(number)
        case .instant:
            if let number = Int64(text), !text.hasPrefix("+") { return InstantText.isInRange(number) ? .integer(number) : nil }
            return InstantText.milliseconds(of: text).map { .integer($0) }
        }
    }

    /// What to write instead of a value that does not fit.
    func hint(for text: String) -> String {
        switch kind {
        case .text(let maximumBytes): return "at most \(maximumBytes) bytes"
        case .integer(let range): return "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: return "1 or 0"
        case .instant: return JSON.instantHint
        case .choice(let words): return didYouMean(text, among: words) ?? "one of \(words.joined(separator: ", "))"
        }
    }
}

/// The known name that was probably meant.
func didYouMean(_ name: String, among known: [String]) -> String? {
    guard let (nearest, distance) = NearestName.nearest(to: name, among: known), distance <= max(2, nearest.utf8.count / 2),
        distance < max(2, name.utf8.count)
    else { return nil }
    return "did you mean \(nearest)?"
}
