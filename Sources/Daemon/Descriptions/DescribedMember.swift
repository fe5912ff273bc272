// A member of an object, as descriptions tell of it and editors show it.
import Campaigns

/// One member.
struct DescribedMember: Sendable {
    let name: String
    let schema: JSONSchema
    /// One sentence for who writes it.
    let help: String
    let isRequired: Bool

    /// What `schema` says, with the help in the place of its own.
    var described: JSON {
        guard case .object(let keywords) = schema.json else { return schema.json }
        return .object([JSON.Member("description", .string(help))] + keywords.filter { $0.name != "description" })
    }

    static func required(_ name: String, _ schema: JSONSchema, _ help: String, example: JSON? = nil) -> DescribedMember {
        DescribedMember(name: name, schema: schema.exemplified(example), help: help, isRequired: true)
    }

    /// One that may be absent.
    static func optional(
        _ name: String, _ schema: JSONSchema, _ help: String, default usual: JSON? = nil, example: JSON? = nil
    ) -> DescribedMember {
        DescribedMember(name: name, schema: schema.with("default", usual).exemplified(example), help: help, isRequired: false)
    }

    /// One of a definition that may be absent: there a member that is null is absent.
    static func absentOrNull(
        _ name: String, _ schema: JSONSchema, _ help: String, default usual: JSON? = nil, example: JSON? = nil
    ) -> DescribedMember {
        optional(name, schema.orNull, help, default: usual, example: example)
    }
}

extension JSONSchema {
    fileprivate func exemplified(_ example: JSON?) -> JSONSchema { with("examples", example.map { .array([$0]) }) }
}
