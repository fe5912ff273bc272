// read-audience: "Every record of the dimension whose `identityField` value is a current member of the audience (same namespace, else
// refused). `attributes` carries the audience's attribute columns. Follows the audience live; cycles between campaigns are refused."

/// read-audience: the records whose identities are members of an audience.
public struct ReadAudience: Equatable, Sendable {
    /// An attribute of the audience, as a carried column of its name.
    public struct Column: Equatable, Sendable {
        /// Of the attribute, and of the column.
        public var name: String
        /// What the audience said when the campaign was published.
        public var type: ValueType

        public init(name: String, type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// The id of the audience.
    public var audience: String
    /// Of the audience.
    public var namespace: String
    /// The name of the schema.
    public var dimension: String
    /// The number of the field that identities stand in.
    public var identityField: Int
    /// What rows carry.
    public var columns: [Column]

    public init(id: String, audience: String, namespace: String, dimension: String, identityField: Int, columns: [Column] = []) {
        self.id = id
        self.audience = audience
        self.namespace = namespace
        self.dimension = dimension
        self.identityField = identityField
        self.columns = columns
    }
}

extension ActivityReader {
    mutating func readReadAudience(_ item: ActivityItem) {
        refuseYet(item)
    }
}
