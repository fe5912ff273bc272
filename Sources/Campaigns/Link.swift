// Links between tables (contract §2.1).

/// "A link is N-1, by value, to the primary key of `to`; `reverse` names the 1-N collection seen from `to`."
public struct Link: Equatable, Sendable {
    /// What expressions call it.
    public var name: String
    /// The name of the schema that it leads to.
    public var target: String
    /// Pairs of a field of the schema that declares the link and the field of the target's primary key, in the definition's order.
    public var on: [Pair]
    /// What expressions call the collection seen from the target; nil = nothing.
    public var reverse: String?
    /// 1-1 instead of N-1.
    public var isUnique: Bool

    /// Two fields whose values are the same on both sides.
    public struct Pair: Equatable, Sendable {
        /// Of this schema.
        public var source: String
        /// Of the target.
        public var target: String

        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    public init(name: String, target: String, on: [Pair], reverse: String?, isUnique: Bool) {
        self.name = name
        self.target = target
        self.on = on
        self.reverse = reverse
        self.isUnique = isUnique
    }
}
