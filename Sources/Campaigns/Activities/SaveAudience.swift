// save-audience (contract §2.2): who the members are, what they carry, and what happens beside other writers. Of the modes mirror; the
// others are refused by name.

/// One attribute of an audience's members: its name and where it comes from.
public struct Attribute: Equatable, Sendable {
    /// What members carry it as.
    public var name: String
    /// Of the row.
    public var source: Expression

    public init(name: String, source: Expression) {
        self.name = name
        self.source = source
    }
}

/// What a save-audience does when another live campaign writes the same audience (semantics §4).
public enum IfExists: String, CaseIterable, Sendable {
    /// It takes over from every other writer.
    case replace
    /// It joins the others, all of which must say merge.
    case merge
    /// It is refused.
    case fail
}

/// save-audience in mode mirror.
public struct SaveAudience: Equatable, Sendable {
    /// Its name within the campaign.
    public var id: String
    /// Its place in the campaign's `activities`, for the paths of problems.
    public var position: Int
    /// Where its members come from.
    public var from: Transition
    /// The audience that it writes.
    public var audience: String
    /// What people call the audience.
    public var label: String
    /// Who the members are: a field of the rows' records, or a carried column.
    public var identity: Expression
    /// Of the identity.
    public var namespace: String
    /// What members carry, in the order of the definition.
    public var attributes: [Attribute]
    /// What to do with an audience that is there already.
    public var ifExists: IfExists
    /// How it follows its population.
    public var mode: Mode

    /// How an audience follows its population (semantics §4).
    public enum Mode: Equatable, Sendable {
        case mirror
        /// It only ever adds.
        case append
        /// It is replaced as a whole, at publish and at the times of a schedule.
        case frozen(Schedule?)
    }

    /// The attributes' types by name.
    public var columns: [String: ValueType] {
        Dictionary(attributes.map { ($0.name, $0.source.type) }, uniquingKeysWith: { first, _ in first })
    }

    public init(
        id: String, position: Int, from: Transition, audience: String, label: String, identity: Expression, namespace: String,
        attributes: [Attribute], ifExists: IfExists = .fail, mode: Mode = .mirror
    ) {
        self.id = id
        self.position = position
        self.from = from
        self.audience = audience
        self.label = label
        self.identity = identity
        self.namespace = namespace
        self.attributes = attributes
        self.ifExists = ifExists
        self.mode = mode
    }
}

extension ActivityReader {
    private enum ModeName: String, CaseIterable {
        case mirror, append, frozen
    }

    mutating func readSaveAudience(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let audience = readAudience(reader)
        let identity = readIdentity(reader, shape)
        let mode = reader.choice("mode", of: ModeName.self, isRequired: false)
        if let mode, mode != .mirror { reader.problem("mode", "mode \(mode.rawValue) is not supported yet") }
        let ifExists = reader.choice("ifExists", of: IfExists.self, isRequired: false) ?? .fail
        let attributes = readAttributes(reader, shape)
        if reader.has("schedule") {
            reader.problem("schedule", mode == .frozen ? "schedule is not supported yet" : "is for mode frozen only")
        }
        noteWrite(audience, at: item.position)
        guard let from, let id = audience.id, let identity else { return }
        let save = SaveAudience(
            id: item.name, position: item.position, from: from, audience: id, label: audience.label ?? id, identity: identity.source,
            namespace: identity.namespace, attributes: attributes, ifExists: ifExists)
        add(item, outputs: [:], .save(save))
    }

    private func readAudience(_ reader: DefinitionReader) -> AudienceReference {
        guard let audience = reader.child("audience") else { return .init() }
        let id = audience.identifier("id")
        let label = audience.label()
        _ = audience.text("description", isRequired: false)
        audience.close()
        return .init(id: id, label: label.flatMap { $0.isEmpty ? nil : $0 })
    }

    /// "a string field […]; a field must be declared in the schema with this namespace" (semantics §4).
    private func readIdentity(_ reader: DefinitionReader, _ shape: Shape?) -> (source: Expression, namespace: String)? {
        guard let identity = reader.child("identity") else { return nil }
        let name = identity.text("field")
        let namespace = identity.identifier("namespace")
        identity.close()
        guard let name, let namespace, let shape else { return nil }
        if let type = shape.columns[name] {
            if type == .string || type == .null { return (.carried(name, type: type), namespace) }
            identity.problem("field", "an identity is a text, and the column \(quoted(name)) is \(type)", hint: "ToString(\(name))")
            return nil
        }
        let dimension = shape.dimension
        guard let field = dimension.field(named: name) else {
            let known = dimension.identities.map { dimension.fields[$0.field].name }
            problems.addUnknown(identity.path(of: "field"), "field of \(dimension.name)", name, known: known)
            return nil
        }
        if dimension.identities.contains(Identity(field: field, namespace: namespace)) {
            return (.field(FieldPath(field: field, of: dimension)), namespace)
        }
        let known = dimension.identities.map { "\(dimension.fields[$0.field].name) in \($0.namespace)" }
        identity.problem(
            "field", "\(quoted(name)) is not an identity of \(dimension.name) in namespace \(namespace)", hint: NearestName.list(known))
        return nil
    }

    /// "A `save-audience` without `attributes` maps the primary key fields under their own names."
    private func readAttributes(_ reader: DefinitionReader, _ shape: Shape?) -> [Attribute] {
        guard reader.has("attributes") else {
            guard let dimension = shape?.dimension else { return [] }
            return dimension.primaryKey.map { number in
                Attribute(name: dimension.fields[number].name, source: .field(FieldPath(field: number, of: dimension)))
            }
        }
        var attributes: [Attribute] = []
        var names: Set<String> = []
        for item in reader.children("attributes") where !problems.isFull {
            let name = item.text("name")
            if let name, !names.insert(name).inserted { item.problem("name", "attribute \(quoted(name)) is there twice") }
            let source = expression(item.text("source"), at: item.path(of: "source"), about: shape)
            if let name, let source { attributes.append(Attribute(name: name, source: source)) }
            item.close()
        }
        return attributes
    }
}
