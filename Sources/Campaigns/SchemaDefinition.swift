// Reading the `schema` of `schema.published` (contract §2.1): one definition by itself, before it meets the catalog.

/// A definition that was read. Its fields and links stand in its own order, which means nothing: the catalog numbers them.
struct SchemaDefinition {
    var name: String?
    var fields: [Field] = []
    /// Names of the fields of the primary key.
    var primaryKey: [String] = []
    var version: String?
    /// Names of string fields with their namespaces, each pair once.
    var identities: [NamedIdentity] = []
    var links: [Link] = []
    /// The places of the fields by name: a definition may have very many.
    private var numbers: [String: Int] = [:]

    struct NamedIdentity: Equatable {
        var field: String
        var namespace: String
    }

    /// Reads a definition; what is wrong with it goes to the problems, and what is left of it is of no use then.
    init(_ definition: JSON, problems: ProblemList) {
        let reader = DefinitionReader(definition, path: "", problems: problems)
        reader.ignoreSchemaReference()
        name = reader.identifier("name")
        _ = reader.label()
        for item in Self.bounded(reader, "fields", reader.children("fields", atLeast: 1), most: Limits.fields) { readField(item) }
        readPrimaryKey(reader)
        version = reader.text("version", isRequired: false)
        if let version, ![.integer, .datetime].contains(field(named: version)?.type) {
            reader.problem("version", "must be an integer or datetime field")
        }
        for item in Self.bounded(reader, "identities", reader.children("identities"), most: Limits.fields) { readIdentity(item) }
        for item in Self.bounded(reader, "links", reader.children("links"), most: Limits.links) { readLink(item) }
        reader.close()
    }

    /// The items, none of them past the bound, which is one problem: a hostile definition costs no more than its size.
    private static func bounded<Item>(_ reader: DefinitionReader, _ name: String, _ items: [Item], most: Int) -> ArraySlice<Item> {
        if items.count > most { reader.problem(name, "has \(items.count) items, and may have \(most)") }
        return items.prefix(most)
    }

    /// Of several fields of one name, which is a problem, the first.
    func field(named name: String) -> Field? {
        numbers[name].map { fields[$0] }
    }

    private mutating func readField(_ item: DefinitionReader) {
        let name = item.identifier("name")
        _ = item.label()
        let type = item.choice("type", of: FieldType.self)
        var values: [String] = []
        if type == .enum {
            var known: Set<String> = []
            let texts = item.texts("values", atLeast: 1)
            values = Self.bounded(item, "values", texts, most: Limits.enumValues).filter { known.insert($0).inserted }
        }
        let unit = item.choice("unit", of: InstantUnit.self, isRequired: false)
        if item.has("unit"), type != .datetime { item.problem("unit", "only a datetime has a unit") }
        if let name {
            if field(named: name) != nil { item.problem("name", "field \(quoted(name)) is there twice") }
            // A field of unknown type still has a name that others may use without a second problem.
            if numbers[name] == nil { numbers[name] = fields.count }
            fields.append(Field(name: name, type: type ?? .string, values: values, unit: unit ?? .milliseconds))
        }
        item.close()
    }

    private mutating func readPrimaryKey(_ reader: DefinitionReader) {
        primaryKey = Array(Self.bounded(reader, "primaryKey", reader.texts("primaryKey", atLeast: 1), most: Limits.fields))
        var known: Set<String> = []
        for (position, name) in primaryKey.enumerated() {
            if field(named: name) == nil {
                reader.problems.addUnknown("primaryKey[\(position)]", "field", name, known: fields.map(\.name))
            } else if !known.insert(name).inserted {
                reader.problem("primaryKey[\(position)]", "field \(quoted(name)) is there twice")
            }
        }
    }

    private mutating func readIdentity(_ item: DefinitionReader) {
        let owner = item.text("field")
        let namespace = item.identifier("namespace")
        if let owner, field(named: owner)?.type != .string { item.problem("field", "must be a string field") }
        if let owner, let namespace {
            let identity = NamedIdentity(field: owner, namespace: namespace)
            if !identities.contains(identity) { identities.append(identity) }
        }
        item.close()
    }

    private mutating func readLink(_ item: DefinitionReader) {
        let linkName = item.identifier("name")
        let target = item.identifier("to")
        var pairs: [Link.Pair] = []
        for member in Self.bounded(item, "on", item.object("on"), most: Limits.fields) {
            if field(named: member.name) == nil {
                item.problems.addUnknown(item.path(of: "on"), "field", member.name, known: fields.map(\.name))
            }
            guard case .string(let targetField) = member.value else {
                item.problem("on", "must name a field of the target's primary key for \(quoted(member.name))")
                continue
            }
            if pairs.contains(where: { $0.target == targetField }) {
                item.problem("on", "gives field \(quoted(targetField)) of the target twice")
            }
            pairs.append(Link.Pair(source: member.name, target: targetField))
        }
        let reverse = item.identifier("reverse", isRequired: false)
        let isUnique = item.boolean("unique", default: false)
        if let linkName {
            if field(named: linkName) != nil || links.contains(where: { $0.name == linkName }) {
                item.problem("name", "\(quoted(linkName)) is there twice")
            }
            links.append(Link(name: linkName, target: target ?? "", on: pairs, reverse: reverse, isUnique: isUnique))
        }
        item.close()
    }
}
