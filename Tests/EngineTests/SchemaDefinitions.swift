// Schemas as the definitions that publish them.
import Campaigns

extension Schema {
    /// The `schema` of a `schema.published` (contract §2.1).
    var definition: JSON {
        func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
            .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
        }
        func texts(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }
        return object([
            "name": .string(name),
            "fields": .array(
                fields.map { field in
                    object([
                        "name": .string(field.name), "type": .string(field.type.rawValue),
                        "values": field.type == .enum ? texts(field.values) : nil,
                    ])
                }),
            "primaryKey": texts(primaryKey.map { fields[$0].name }),
            "version": version.map { .string(fields[$0].name) },
            "identities": .array(identities.map { object(["field": .string(fields[$0.field].name), "namespace": .string($0.namespace)]) }),
            "links": .array(
                links.map { link in
                    object([
                        "name": .string(link.name), "to": .string(link.target),
                        "on": .object(link.on.map { JSON.Member($0.source, .string($0.target)) }), "reverse": link.reverse.map(JSON.string),
                        "unique": .boolean(link.isUnique),
                    ])
                }),
        ])
    }
}
