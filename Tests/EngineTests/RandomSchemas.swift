// Random schemas: two to four tables with all kinds of keys and fields, linked to each other and to themselves; each may first be
// published without its last fields and links, and extended later.
import Campaigns

struct RandomSchemas {
    /// Complete, in the order of their first publication.
    private(set) var complete: [Schema] = []
    /// How each is published at first.
    private(set) var initial: [Schema] = []

    private typealias KeyField = (name: String, type: FieldType)

    init(_ random: inout RandomNumbers) {
        let count = random.number(2...4)
        let keys = (0..<count).map { _ in RandomSchemas.key(&random) }
        var schemas: [Schema] = []
        for table in 0..<count { schemas.append(RandomSchemas.schema(table, keys[table], &random)) }
        for table in 0..<count {
            let links = table == 0 ? random.number(0...1) : random.number(1...2)
            for number in 0..<links {
                let target = random.chance(25) ? table : random.number(0...count - 1)
                RandomSchemas.addLink(number, from: table, to: target, &schemas, &random)
            }
        }
        complete = random.chance(70) ? schemas : random.shuffled(schemas)
        initial = complete.map { RandomSchemas.shortened($0, &random) }
    }

    private static func key(_ random: inout RandomNumbers) -> [KeyField] {
        switch random.number(0...9) {
        case 0...4: [("k", .string)]
        case 5: [("k", .integer)]
        case 6: [("k", random.pick([.date, .datetime, .enum, .boolean]))]
        case 7: [("k", .string), ("k2", .string)]
        default: [("k", .string), ("k2", .integer)]
        }
    }

    private static func schema(_ table: Int, _ key: [KeyField], _ random: inout RandomNumbers) -> Schema {
        var fields = key.map { Field(name: $0.name, type: $0.type, values: $0.type == .enum ? ["e1", "e2"] : []) }
        var identities: [Identity] = []
        if fields[0].type == .string, random.chance(20) { identities.append(Identity(field: 0, namespace: "Key")) }
        func add(_ name: String, _ type: FieldType) {
            fields.append(Field(name: name, type: type, values: type == .enum ? ["e1", "e2", "e3"] : []))
        }
        var version: Int?
        if random.chance(40) {
            add("version", random.chance(50) ? .integer : .datetime)
            version = fields.count - 1
        }
        var names: [(String, FieldType)] = [
            ("s", .string), ("e", .enum), ("b", .boolean), ("i", .integer), ("d", .double), ("day", .date), ("at", .datetime),
        ]
        names += [("s2", .string), ("i2", .integer), ("d2", .double), ("day2", .date), ("at2", .datetime), ("b2", .boolean)]
            .filter { _ in random.chance(25) }
        if table == 0 || random.chance(60) {
            add("email", .string)
            identities.append(Identity(field: fields.count - 1, namespace: "Email"))
            if random.chance(30) { identities.append(Identity(field: fields.count - 1, namespace: "Other")) }
        }
        if random.chance(30) {
            add("phone", .string)
            identities.append(Identity(field: fields.count - 1, namespace: "Phone"))
        }
        for (name, type) in random.shuffled(names) where random.chance(65) { add(name, type) }
        return Schema(
            name: "t\(table)", fields: fields, primaryKey: Array(key.indices), version: version, identities: identities, links: [])
    }

    private static func addLink(
        _ number: Int, from table: Int, to target: Int, _ schemas: inout [Schema], _ random: inout RandomNumbers
    ) {
        let keys = schemas[target].primaryKey.map { schemas[target].fields[$0] }
        var pairs: [Link.Pair] = []
        for (place, key) in keys.enumerated() {
            // Sometimes a field that is there already: the row's own key, a field of another link, an identity.
            let known = schemas[table].fields.filter { field in
                field.type == key.type && !["s", "s2"].contains(field.name) && !pairs.contains { $0.source == field.name }
            }.map(\.name)
            var source = "f\(number)_\(place)"
            if random.chance(20), let found = known.isEmpty ? nil : random.pick(known) { source = found }
            if schemas[table].field(named: source) == nil {
                schemas[table].fields.append(Field(name: source, type: key.type, values: key.values))
                if key.type == .string, random.chance(15) {
                    schemas[table].identities.append(Identity(field: schemas[table].fields.count - 1, namespace: "Linked"))
                }
            }
            pairs.append(Link.Pair(source: source, target: key.name))
        }
        schemas[table].links.append(
            Link(
                name: "l\(number)", target: schemas[target].name, on: random.shuffled(pairs), reverse: "r\(table)_\(number)",
                isUnique: random.chance(5)))
    }

    /// Without the last fields and links, in one of three cases.
    private static func shortened(_ schema: Schema, _ random: inout RandomNumbers) -> Schema {
        guard random.chance(33) else { return schema }
        var short = schema
        let least = max(schema.primaryKey.max()!, schema.version ?? 0) + 1
        short.fields = Array(schema.fields.prefix(random.number(least...schema.fields.count)))
        let names = Set(short.fields.map(\.name))
        let lacking = schema.links.firstIndex { link in !link.on.allSatisfy { names.contains($0.source) } } ?? schema.links.count
        short.links = Array(schema.links.prefix(random.chance(50) ? lacking : random.number(0...lacking)))
        short.identities = schema.identities.filter { $0.field < short.fields.count && random.chance(80) }
        return short
    }
}
