// read-audience: "Every record of the dimension whose `identityField` value is a current member of the audience (same namespace, else
// refused). `attributes` carries the audience's attribute columns. Follows the audience live; cycles between campaigns are refused."

/// read-audience: the records whose identities are members of an audience.
public struct ReadAudience: ActivityDefinition {
    /// An attribute of the audience, as a carried column of its name.
    public struct Column: Equatable, Sendable {
        /// Of the attribute, and of the column.
        public var name: String
        /// What the audience said when the campaign was published.
        public var type: ValueType

        public init(name: String, type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// Its place in the campaign's `activities`, for the paths of problems.
    public var position: Int
    /// The id of the audience.
    public var audience: String
    /// Of the audience.
    public var namespace: String
    /// The name of the schema.
    public var dimension: String
    /// The number of the field that identities stand in.
    public var identityField: Int
    /// What rows carry.
    public var columns: [Column]

    package var inbounds: [Transition] { [] }

    public init(
        id: String, position: Int, audience: String, namespace: String, dimension: String, identityField: Int, columns: [Column] = []
    ) {
        self.id = id
        self.position = position
        self.audience = audience
        self.namespace = namespace
        self.dimension = dimension
        self.identityField = identityField
        self.columns = columns
    }
}

extension ActivityReader {
    mutating func readReadAudience(_ item: ActivityItem) {
        let reader = item.reader
        let dimension = readDimension(reader)
        let id = reader.identifier("audience")
        let field = reader.text("identityField")
        let names = reader.texts("attributes")
        let audience = id.flatMap { audiences.readable($0, by: campaign) }
        if let id, audience == nil {
            problems.addUnknown(reader.path(of: "audience"), "audience", id, known: audiences.readable(by: campaign))
        }
        var read: Activity?
        if let id, let audience {
            let columns = readColumns(names, of: id, audience, reader)
            if let dimension, let field = identityField(field, of: dimension, audience.namespace, reader) {
                read = .read(
                    ReadAudience(
                        id: item.name, position: item.position, audience: id, namespace: audience.namespace, dimension: dimension.name,
                        identityField: field, columns: columns))
            }
        }
        // Whether there is a member, and what it has, stands behind a link. What hangs on an attribute that is unknown is not blamed for
        // it.
        let carried = Dictionary(names.map { ($0, audience?.columns[$0] ?? .null) }, uniquingKeysWith: { first, _ in first })
        add(item, outputs: [Transition.main: dimension.map { Shape(dimension: $0, columns: carried).under(nil) }], read)
    }

    private func identityField(_ name: String?, of dimension: Schema, _ namespace: String, _ reader: DefinitionReader) -> Int? {
        guard let name else { return nil }
        let known = dimension.identities.filter { $0.namespace == namespace }.map(\.field)
        if let field = known.first(where: { dimension.fields[$0].name == name }) { return field }
        reader.problem(
            "identityField", "\(quoted(name)) is not an identity of \(dimension.name) in namespace \(namespace)",
            hint: NearestName.list(known.map { dimension.fields[$0].name }))
        return nil
    }

    /// Each once, in the order of the definition.
    private func readColumns(
        _ names: [String], of id: String, _ audience: AudienceRegistry.Readable, _ reader: DefinitionReader
    ) -> [ReadAudience.Column] {
        var columns: [ReadAudience.Column] = []
        var seen: Set<String> = []
        for (place, name) in names.enumerated() where !problems.isFull {
            if let type = audience.columns[name] {
                if seen.insert(name).inserted { columns.append(ReadAudience.Column(name: name, type: type)) }
            } else {
                let path = reader.path(of: "attributes[\(place)]")
                problems.addUnknown(path, "attribute of audience \(id)", name, known: Array(audience.columns.keys))
            }
        }
        return columns
    }
}
