// The columns of snapshots: names and types of the attributes that a campaign saves.
import Campaigns

/// A column of the members of an audience.
struct SnapshotColumn: Equatable, Sendable {
    var name: String
    var type: String

    init(name: String, type: String) {
        self.name = name
        self.type = type
    }

    /// The column of an attribute.
    init(_ attribute: Attribute) {
        name = attribute.name
        switch attribute.source.type {
        case .null: type = "null"
        case .boolean: type = "boolean"
        case .integer: type = "integer"
        case .double: type = "double"
        case .string: type = "string"
        case .date: type = "date"
        case .datetime: type = "datetime"
        }
    }
}
