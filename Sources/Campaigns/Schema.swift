// Schemas of tables (contract §2.1): fields, primary key, version, identities, and links between tables.

/// The type of a field.
public enum FieldType: String, CaseIterable, Sendable {
    case string, integer, double, boolean, date, datetime
    case `enum`
}

/// What an integer counts in the rows of a `datetime` field.
public enum InstantUnit: String, CaseIterable, Sendable {
    case seconds, milliseconds, microseconds, nanoseconds
}

public struct Field: Equatable, Sendable {
    public var name: String
    public var type: FieldType
    /// Of an enum: the texts it may hold, in the order of the definition.
    public var values: [String]
    /// Of a datetime.
    public var unit: InstantUnit

    /// The type in expressions: an enum is a text.
    public var valueType: ValueType {
        switch type {
        case .string, .enum: .string
        case .integer: .integer
        case .double: .double
        case .boolean: .boolean
        case .date: .date
        case .datetime: .datetime
        }
    }

    public init(name: String, type: FieldType, values: [String] = [], unit: InstantUnit = .milliseconds) {
        self.name = name
        self.type = type
        self.values = values
        self.unit = unit
    }
}

/// "A link is N-1, by value, to the primary key of `to`; `reverse` names the 1-N collection seen from `to`."
public struct Link: Equatable, Sendable {
    public var name: String
    public var target: String
    /// Pairs of a field of the schema that declares the link and the field of the target's primary key, in the definition's order.
    public var on: [Pair]
    public var reverse: String?
    /// 1-1 instead of N-1.
    public var isUnique: Bool

    public struct Pair: Equatable, Sendable {
        public var source: String
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

public struct Identity: Equatable, Sendable {
    /// The number of a string field.
    public var field: Int
    public var namespace: String

    public init(field: Int, namespace: String) {
        self.field = field
        self.namespace = namespace
    }
}

/// One table. Fields keep their numbers for ever: an extension appends.
public struct Schema: Equatable, Sendable {
    public var name: String
    public var fields: [Field]
    /// Numbers of the fields of the primary key, in its order.
    public var primaryKey: [Int]
    /// The number of the version field.
    public var version: Int?
    public var identities: [Identity]
    public var links: [Link]

    public func field(named name: String) -> Int? {
        fields.firstIndex { $0.name == name }
    }

    public init(name: String, fields: [Field], primaryKey: [Int], version: Int?, identities: [Identity], links: [Link]) {
        self.name = name
        self.fields = fields
        self.primaryKey = primaryKey
        self.version = version
        self.identities = identities
        self.links = links
    }
}
