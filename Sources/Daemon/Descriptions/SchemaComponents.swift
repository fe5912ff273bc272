// A schema document as components of OpenAPI. Tools that make requests and clients of that do not follow conditions, so each word of what
// `depending` says becomes an object of its own; the rest is the same.
import Campaigns

enum SchemaComponents {
    /// The document under its name, and its parts under that and theirs.
    static func components(of document: JSON, as name: String) -> [(name: String, value: JSON)] {
        guard case .object(let members) = document else { return [] }
        let parts = if case .object(let parts)? = document["$defs"] { parts } else { [JSON.Member]() }
        var merged: Set<String> = []
        func flat(_ value: JSON) -> JSON {
            switch value {
            case .array(let items): return .array(items.map(flat))
            case .object(let members):
                if let cases = Self.cases(of: value, parts, &merged) { return .object([JSON.Member("oneOf", .array(cases.map(flat)))]) }
                return .object(
                    members.map { member in
                        switch (member.name, member.value) {
                        case ("$ref", .string(let place)):
                            JSON.Member("$ref", .string(place.replacing("#/$defs/", with: "#/components/schemas/\(name).")))
                        case ("unevaluatedProperties", _): JSON.Member("additionalProperties", member.value)
                        default: JSON.Member(member.name, flat(member.value))
                        }
                    })
            default: return value
            }
        }
        let body = flat(.object(members.filter { !["$schema", "$defs"].contains($0.name) }))
        let others = parts.map { (name: $0.name, value: flat($0.value)) }
        return [(name, body)] + others.filter { !merged.contains($0.name) }.map { ("\(name).\($0.name)", $0.value) }
    }

    /// An object for each condition of a schema that has some; nil: it has none.
    private static func cases(of schema: JSON, _ parts: [JSON.Member], _ merged: inout Set<String>) -> [JSON]? {
        guard case .array(let rules)? = schema["allOf"] else { return nil }
        return rules.map { rule in
            var more = rule["then"] ?? .null
            if case .string(let place)? = more["$ref"], let part = parts.first(where: { place == "#/$defs/\($0.name)" }) {
                merged.insert(part.name)
                more = part.value
            }
            var members = [JSON.Member("type", .string("object"))]
            if let help = more["description"] { members.append(JSON.Member("description", help)) }
            members.append(JSON.Member("required", .array(items(schema["required"]) + items(more["required"]))))
            // The member that decides is this word.
            let decided = Self.members(rule["if"]?["properties"])
            let common = Self.members(schema["properties"]).filter { member in !decided.contains { $0.name == member.name } }
            members.append(JSON.Member("properties", .object(decided + common + Self.members(more["properties"]))))
            if let alternatives = more["oneOf"] { members.append(JSON.Member("oneOf", alternatives)) }
            return .object(members + [JSON.Member("additionalProperties", .boolean(false))])
        }
    }

    private static func items(_ value: JSON?) -> [JSON] { if case .array(let items)? = value { items } else { [] } }
    private static func members(_ value: JSON?) -> [JSON.Member] { if case .object(let members)? = value { members } else { [] } }
}
