// reconciliation: "Each row that passes `filter` gets the key of the record of the new `dimension` equal on every rule (null matches
// nothing; several: lowest key, counted); others have no key and stay if `keepUnreconciled`. Earlier fields used in rules are carried as
// columns. `complement`: the unreconciled rows."

/// reconciliation: rows of one dimension as rows of another, by values.
public struct Reconciliation: Equatable, Sendable {
    /// The output of rows that no record was found for.
    public static let complement = "complement"

    /// What must be equal.
    public struct Rule: Equatable, Sendable {
        /// Of the row.
        public var source: Expression
        /// The number of the field of the new record.
        public var target: Int

        public init(source: Expression, target: Int) {
            self.source = source
            self.target = target
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// The schema of the new records.
    public var dimension: String
    /// At least one.
    public var rules: [Rule]
    /// Rows that do not pass find no record; nil is true.
    public var filter: Expression?
    /// Earlier fields used in rules.
    public var columns: [Enrichment.Column]
    /// Whether rows that no record was found for stay, without a key.
    public var keepsUnreconciled: Bool
    /// Whether they have an output.
    public var hasComplement: Bool

    public init(
        id: String, from: Transition, dimension: String, rules: [Rule], filter: Expression? = nil, columns: [Enrichment.Column] = [],
        keepsUnreconciled: Bool = true, hasComplement: Bool = false
    ) {
        self.id = id
        self.from = from
        self.dimension = dimension
        self.rules = rules
        self.filter = filter
        self.columns = columns
        self.keepsUnreconciled = keepsUnreconciled
        self.hasComplement = hasComplement
    }
}

extension ActivityReader {
    mutating func readReconciliation(_ item: ActivityItem) {
        refuseYet(item)
    }
}
