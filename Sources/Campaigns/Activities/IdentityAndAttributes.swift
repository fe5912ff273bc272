// What save-audience and channel say of a person: the identity, and the attributes that go along (contract §2.2, semantics §4).

/// One attribute of a member or a request: its name and where it comes from.
public struct Attribute: Equatable, Sendable {
    /// What it is carried as.
    public var name: String
    /// Of the row.
    public var source: Expression

    public init(name: String, source: Expression) {
        self.name = name
        self.source = source
    }
}

extension ActivityReader {
    /// "a string field […]; a field must be declared in the schema with this namespace" (semantics §4).
    func readIdentity(_ reader: DefinitionReader, _ shape: Shape?) -> (source: Expression, namespace: String)? {
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

    /// `attributes: [{source, name}]`; none where it is absent.
    func readAttributes(_ reader: DefinitionReader, _ shape: Shape?) -> [Attribute] {
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
