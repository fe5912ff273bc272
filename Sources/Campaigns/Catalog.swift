// The schemas that are live, how a new definition joins them, and the links that can be walked from each (contract §2.1).

/// All schemas. A value: whoever holds a copy sees what was published up to then.
public struct Catalog: Sendable {
    /// In order of first publication; an extension keeps its schema's place.
    public private(set) var schemas: [Schema] = []
    private var positions: [String: Int] = [:]
    /// The links of all schemas, by where they lead.
    private var incoming = IncomingLinks()

    public init() {}

    /// The schema of that name.
    public func schema(named name: String) -> Schema? {
        positions[name].map { schemas[$0] }
    }

    /// `schema.published`: "creates a schema, or extends one: new nullable fields, links, identities and enum values only; any other
    /// change is refused". The schema is nil exactly when there are problems, and then nothing has changed. Fields and links keep
    /// their numbers; new ones come after them.
    public mutating func publish(_ definition: JSON) -> (schema: Schema?, problems: [Problem]) {
        let problems = ProblemList()
        let read = SchemaDefinition(definition, problems: problems)
        guard problems.isEmpty, let name = read.name else { return (nil, problems.problems) }
        let old = schema(named: name)
        if let old { checkExtension(of: old, by: read, problems) }
        guard problems.isEmpty else { return (nil, problems.problems) }

        let schema = Self.numbered(read, name: name, after: old)
        checkLinks(around: schema, by: read, problems)
        guard problems.isEmpty else { return (nil, problems.problems) }
        take(schema, after: old)
        return (schema, [])
    }

    /// The place of a schema, or that which it gets.
    public func place(of name: String) -> Int { positions[name] ?? schemas.count }

    /// The links that are called so from a schema, in the order of their schemas.
    func links(calledBack name: String, from schema: Schema) -> [(schema: Schema, link: Int)] {
        incoming.leading(to: schema.name, calledBack: name).sorted().map { (schemas[$0.schema], $0.link) }
    }

    // MARK: Publishing

    /// A schema that was found right takes its place.
    private mutating func take(_ schema: Schema, after old: Schema?) {
        let place = place(of: schema.name)
        if old == nil { schemas.append(schema) } else { schemas[place] = schema }
        positions[schema.name] = place
        for link in (old?.links.count ?? 0)..<schema.links.count {
            incoming.add(schema.links[link], at: IncomingLinks.Place(schema: place, link: link))
        }
    }

    private func checkExtension(of old: Schema, by new: SchemaDefinition, _ problems: ProblemList) {
        let advice = "publish a schema under another name"
        if old.primaryKey.map({ old.fields[$0].name }) != new.primaryKey {
            problems.add("primaryKey", "cannot change", hint: advice)
        }
        if old.version.map({ old.fields[$0].name }) != new.version { problems.add("version", "cannot change", hint: advice) }
        let kept = old.identities.allSatisfy { identity in
            new.identities.contains(.init(field: old.fields[identity.field].name, namespace: identity.namespace))
        }
        if !kept { problems.add("identities", "cannot change or go away", hint: "only new identities can be added") }
        for field in old.fields {
            guard let message = Self.change(of: field, to: new.field(named: field.name)) else { continue }
            problems.add("fields", message, hint: "only new fields and enum values can be added")
        }
        for link in old.links where !new.links.contains(where: { $0.name == link.name && Self.isSame($0, link) }) {
            problems.add("links", "\(quoted(link.name)) cannot change or go away", hint: "only new links can be added")
        }
    }

    /// What is against a change of a field; nil when it is as it was, or an enum that got new values.
    private static func change(of was: Field, to now: Field?) -> String? {
        let name = quoted(was.name)
        guard let now else { return "field \(name) cannot go away" }
        if now.type != was.type { return "field \(name) cannot change from \(was.type.rawValue) to \(now.type.rawValue)" }
        if now.unit != was.unit { return "field \(name) cannot change its unit from \(was.unit.rawValue) to \(now.unit.rawValue)" }
        let lost = Set(was.values).subtracting(now.values)
        guard let first = was.values.first(where: lost.contains) else { return nil }
        return "field \(name) cannot lose the value \(quoted(first))" + (lost.count > 1 ? " and \(lost.count - 1) more" : "")
    }

    /// Whether the link is as it was; the order of its pairs means nothing.
    private static func isSame(_ now: Link, _ was: Link) -> Bool {
        now.target == was.target && now.reverse == was.reverse && now.isUnique == was.isUnique && now.on.count == was.on.count
            && now.on.allSatisfy(was.on.contains)
    }

    /// The schema with its numbers: what was there keeps them, what is new comes after it.
    private static func numbered(_ read: SchemaDefinition, name: String, after old: Schema?) -> Schema {
        var fields = old?.fields ?? []
        var numbers = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
        for field in read.fields {
            if let number = numbers[field.name] {
                let was = Set(fields[number].values)
                fields[number].values += field.values.filter { !was.contains($0) }
            } else {
                numbers[field.name] = fields.count
                fields.append(field)
            }
        }
        func number(_ fieldName: String) -> Int? { numbers[fieldName] }
        let known = old?.links ?? []
        var identities = old?.identities ?? []
        for identity in read.identities {
            guard let field = number(identity.field) else { continue }
            let numbered = Identity(field: field, namespace: identity.namespace)
            if !identities.contains(numbered) { identities.append(numbered) }
        }
        return Schema(
            name: name, fields: fields, primaryKey: read.primaryKey.compactMap(number), version: read.version.flatMap(number),
            identities: identities, links: known + read.links.filter { link in !known.contains { $0.name == link.name } })
    }

    /// Checks what a new definition may have broken: its own links, those that lead to it, and those whose reverse names it takes.
    private func checkLinks(around schema: Schema, by read: SchemaDefinition, _ problems: ProblemList) {
        let own = place(of: schema.name)
        let places = Dictionary(uniqueKeysWithValues: read.links.enumerated().map { ($1.name, $0) })
        var concerned = Set(incoming.leading(to: schema.name))
        for (number, link) in schema.links.enumerated() {
            concerned.insert(IncomingLinks.Place(schema: own, link: number))
            guard let reverse = link.reverse else { continue }
            concerned.formUnion(incoming.leading(to: link.target, calledBack: reverse))
        }
        for place in concerned.sorted() {
            let other = place.schema == own ? schema : schemas[place.schema]
            let link = other.links[place.link]
            let number = place.schema == own ? places[link.name] ?? place.link : place.link
            checkLink(link, of: other, path: "links[\(number)]", joining: schema, problems)
        }
    }

    /// "to the primary key of `to`": all of it, with the same types; a reverse name is free in the target. A link whose target is not
    /// there yet is checked when that arrives.
    ///
    /// - Parameter new: the schema as it is about to be.
    private func checkLink(_ link: Link, of schema: Schema, path: String, joining new: Schema, _ problems: ProblemList) {
        guard let target = link.target == new.name ? new : self.schema(named: link.target) else { return }
        let wanted = Dictionary(uniqueKeysWithValues: target.primaryKey.map { (target.fields[$0].name, target.fields[$0].valueType) })
        var given: [String: ValueType] = [:]
        for pair in link.on {
            if let source = schema.field(named: pair.source) { given[pair.target] = schema.fields[source].valueType }
        }
        let named = "link \(quoted(link.name)) of \(schema.name)"
        if wanted != given {
            let key = target.primaryKey.map { "\(target.fields[$0].name): \(target.fields[$0].type.rawValue)" }
            let expected = "the primary key of \(target.name) with its types (\(key.joined(separator: ", ")))"
            problems.add("\(path).on", "\(named) must give \(expected)")
        }
        guard let reverse = link.reverse else { return }
        let isTaken =
            target.fields.contains { $0.name == reverse } || target.links.contains { $0.name == reverse }
            || (links(calledBack: reverse, from: target).map { ($0.schema.name, $0.schema.links[$0.link].name) }
                + new.links.filter { $0.target == target.name && $0.reverse == reverse }.map { (new.name, $0.name) })
                .contains { $0 != (schema.name, link.name) }
        if isTaken { problems.add("\(path).reverse", "\(named): \(quoted(reverse)) is taken in \(target.name)") }
    }
}
