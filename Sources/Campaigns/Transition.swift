// References to transitions: `"activity"` (its main output) or `"activity.output"` (contract §2.2).

/// An output of an activity: what another takes its rows from.
public struct Transition: Hashable, Sendable {
    /// The id of the activity.
    public var activity: String
    /// The name of its output.
    public var output: String

    /// The output of an activity that has but one.
    public static let main = "main"

    public init(activity: String, output: String = Transition.main) {
        self.activity = activity
        self.output = output
    }

    /// As a definition names it.
    public var text: String { output == Self.main ? activity : "\(activity).\(output)" }

    init(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        activity = String(parts[0])
        output = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : Self.main
    }

    /// A transition that an activity takes, and where it says so, from the activity's own path.
    struct Reference {
        var path: String
        /// nil when the reference is no text.
        var transition: Transition?
        /// A join may name a schema instead, so that one who knows no such activity is no mistake of the graph.
        var isJoin: Bool
    }

    /// What an activity takes: `from`, then the `from` of its joins.
    static func references(of activity: DefinitionReader) -> [Reference] {
        var found: [Reference] = []
        switch activity.peek("from") {
        case nil: break
        case .array(let items):
            for (position, item) in items.enumerated() {
                found.append(Reference(path: "from[\(position)]", transition: Transition(item), isJoin: false))
            }
        case let single?: found.append(Reference(path: "from", transition: Transition(single), isJoin: false))
        }
        if case .array(let joins) = activity.peek("joins") {
            for (position, join) in joins.enumerated() {
                guard let from = join["from"], from != .null else { continue }
                found.append(Reference(path: "joins[\(position)].from", transition: Transition(from), isJoin: true))
            }
        }
        return found
    }

    private init?(_ value: JSON) {
        guard case .string(let text) = value else { return nil }
        self.init(text)
    }
}
