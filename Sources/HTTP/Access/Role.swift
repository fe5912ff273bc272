// Who may do what (contract §8).

/// What a token allows. Each role has what those before it have.
public enum Role: Int, Sendable, Comparable, CaseIterable {
    /// Counts, definitions and figures: nothing of a person.
    case observe
    /// Members, explanations, rows, values of dead letters.
    case read
    /// All that changes something.
    case publish

    /// As the configuration writes it.
    public var name: String {
        switch self {
        case .observe: "observe"
        case .read: "read"
        case .publish: "publish"
        }
    }

    /// Whether one has less.
    public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}
