// Schemas of tables (contract §2.1): fields, primary key, version, identities; links are in Link.swift.

/// The type of a field.
public enum FieldType: String, CaseIterable, Sendable {
    case string, integer, double, boolean, date, datetime
    case `enum`
}

/// What an integer counts in the rows of a `datetime` field.
public enum InstantUnit: String, CaseIterable, Sendable {
    case seconds, milliseconds, microseconds, nanoseconds
}

/// A field of a schema.
public struct Field: Equatable, Sendable {
    /// What expressions and rows call it.
    public var name: String
    /// What its values are.
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

/// A field by which rows say whom they are about.
public struct Identity: Equatable, Sendable {
    /// The number of a string field.
    public var field: Int
    /// What kind of identity it is.
    public var namespace: String

    public init(field: Int, namespace: String) {
        self.field = field
        self.namespace = namespace
    }
}

/// One table. Fields keep their numbers for ever: an extension appends.
public struct Schema: Equatable, Sendable {
    /// What definitions and changes call it.
    public var name: String
    /// In the order of the definition; a field's number is its place.
    public var fields: [Field]
    /// Numbers of the fields of the primary key, in its order.
    public var primaryKey: [Int]
    /// The number of the version field.
    public var version: Int?
    /// In the order of the definition.
    public var identities: [Identity]
    /// In the order of the definition; a link's number is its place.
    public var links: [Link]

    /// The number of a field; nil when there is none of that name.
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
