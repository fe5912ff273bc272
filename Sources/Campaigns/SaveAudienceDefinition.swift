// Reading a save-audience activity (contract §2.2): who its members are, what they carry, and what happens beside other writers. Of the
// modes mirror; the others are refused by name.

struct SaveAudienceReader {
    let catalog: Catalog
    /// IANA name.
    let timezone: String
    let timeZones: TimeZoneNames
    let problems: ProblemList

    private enum Mode: String, CaseIterable {
        case mirror, append, frozen
    }

    /// What the activity writes, right or not; and the activity, if nothing in it is wrong.
    ///
    /// - Parameter population: nil when what it takes is wrong, for which it is not blamed.
    func read(
        _ item: ActivityItem, of population: ActivityReader.Population?
    ) -> (audience: ActivityReader.AudienceReference, save: SaveAudience?) {
        let reader = item.reader
        let before = problems.problems.count
        let audience = readAudience(reader)
        let identity = readIdentity(reader, population?.dimension)
        let mode = reader.choice("mode", of: Mode.self, isRequired: false)
        if let mode, mode != .mirror { reader.problem("mode", "mode \(mode.rawValue) is not supported yet") }
        let ifExists = reader.choice("ifExists", of: IfExists.self, isRequired: false) ?? .fail
        let attributes = readAttributes(reader, population?.dimension)
        if reader.has("schedule") {
            reader.problem("schedule", mode == .frozen ? "schedule is not supported yet" : "is for mode frozen only")
        }
        guard problems.problems.count == before, let id = item.id, let audienceId = audience.id, let identity, let population else {
            return (audience, nil)
        }
        let save = SaveAudience(
            id: id, position: item.position, population: population.number, audience: audienceId, label: audience.label ?? audienceId,
            identityField: identity.field, namespace: identity.namespace, attributes: attributes,
            ifExists: ifExists)
        return (audience, save)
    }

    private func readAudience(_ reader: DefinitionReader) -> ActivityReader.AudienceReference {
        guard let audience = reader.child("audience") else { return .init() }
        let id = audience.identifier("id")
        let label = audience.label()
        _ = audience.text("description", isRequired: false)
        audience.close()
        return .init(id: id, label: label.flatMap { $0.isEmpty ? nil : $0 })
    }

    /// "a string field […]; a field must be declared in the schema with this namespace" (semantics §4).
    private func readIdentity(_ reader: DefinitionReader, _ dimension: Schema?) -> Identity? {
        guard let identity = reader.child("identity") else { return nil }
        let name = identity.text("field")
        let namespace = identity.identifier("namespace")
        identity.close()
        guard let name, let namespace, let dimension else { return nil }
        guard let field = dimension.field(named: name) else {
            let known = dimension.identities.map { dimension.fields[$0.field].name }
            problems.addUnknown(identity.path(of: "field"), "field of \(dimension.name)", name, known: known)
            return nil
        }
        let read = Identity(field: field, namespace: namespace)
        if dimension.identities.contains(read) { return read }
        let known = dimension.identities.map { "\(dimension.fields[$0.field].name) in \($0.namespace)" }
        identity.problem(
            "field", "\(quoted(name)) is not an identity of \(dimension.name) in namespace \(namespace)", hint: NearestName.list(known))
        return nil
    }

    /// "A `save-audience` without `attributes` maps the primary key fields under their own names."
    private func readAttributes(_ reader: DefinitionReader, _ dimension: Schema?) -> [Attribute] {
        guard reader.has("attributes") else {
            guard let dimension else { return [] }
            return dimension.primaryKey.map { number in
                let field = dimension.fields[number]
                let path = FieldPath(steps: [], schema: dimension.name, field: number, type: field.valueType)
                return Attribute(name: field.name, source: .field(path))
            }
        }
        var attributes: [Attribute] = []
        var names: Set<String> = []
        for item in reader.children("attributes") where !problems.isFull {
            let name = item.text("name")
            if let name, !names.insert(name).inserted { item.problem("name", "attribute \(quoted(name)) is there twice") }
            let source = readSource(item, dimension)
            if let name, let source { attributes.append(Attribute(name: name, source: source)) }
            item.close()
        }
        return attributes
    }

    private func readSource(_ item: DefinitionReader, _ dimension: Schema?) -> Expression? {
        guard let source = item.text("source"), let dimension else { return nil }
        if problems.isFull { return nil }
        let read = readExpression(source, about: dimension, catalog: catalog, zone: timezone, timeZones: timeZones)
        for mistake in read.mistakes { item.problem("source", mistake.message, hint: mistake.hint) }
        for warning in read.warnings { problems.warn(item.path(of: "source"), warning.message, hint: warning.hint) }
        return read.expression
    }
}
