// save-audience (contract §2.2): who the members are, what they carry, how they follow the population, and what happens beside other
// writers.

/// What a save-audience does when another live campaign writes the same audience (semantics §4).
public enum IfExists: String, CaseIterable, Sendable {
    /// It takes over from every other writer.
    case replace
    /// It joins the others, all of which must say merge.
    case merge
    /// It is refused.
    case fail
}

/// save-audience: the members of an audience.
public struct SaveAudience: ActivityDefinition {
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

    /// What a definition calls them.
    package enum ModeName: String, CaseIterable {
        case mirror, append, frozen
    }

    /// The attributes' types by name.
    public var columns: [String: ValueType] {
        Dictionary(attributes.map { ($0.name, $0.source.type) }, uniquingKeysWith: { first, _ in first })
    }

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { RowDecision(expressions: [identity] + attributes.map(\.source)) }
    package static var hasOutputs: Bool { false }

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
    mutating func readSaveAudience(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let audience = readAudience(reader)
        let identity = readIdentity(reader, shape)
        let mode = readMode(reader)
        let ifExists = reader.choice("ifExists", of: IfExists.self, isRequired: false) ?? .fail
        let attributes = reader.has("attributes") ? readAttributes(reader, shape) : shape.map(keyAttributes) ?? []
        noteWrite(audience, at: item.position)
        guard let from, let id = audience.id, let identity else { return }
        let save = SaveAudience(
            id: item.name, position: item.position, from: from, audience: id, label: audience.label ?? id, identity: identity.source,
            namespace: identity.namespace, attributes: attributes, ifExists: ifExists, mode: mode)
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

    private func readMode(_ reader: DefinitionReader) -> SaveAudience.Mode {
        let mode = reader.choice("mode", of: SaveAudience.ModeName.self, isRequired: false)
        let schedule = readSchedule(reader)
        switch mode {
        case .frozen: return .frozen(schedule)
        case .append, .mirror, nil:
            if reader.has("schedule") { reader.problem("schedule", "is for mode frozen only", hint: "mode: frozen") }
            return mode == .append ? .append : .mirror
        }
    }

    private func readSchedule(_ reader: DefinitionReader) -> Schedule? {
        guard let schedule = reader.child("schedule", isRequired: false) else { return nil }
        let every = schedule.duration("every", isPositive: true)
        let cron = readCron(schedule)
        if schedule.has("every") == schedule.has("cron") {
            problems.add(schedule.path, "needs either every or cron", hint: #"{"every": "PT15M"} or {"cron": "0 6 * * MON-FRI"}"#)
        }
        schedule.close()
        return (every.map(Schedule.Times.every) ?? cron.map(Schedule.Times.cron)).map { Schedule($0, timezone: timezone) }
    }

    private func readCron(_ schedule: DefinitionReader) -> CronExpression? {
        guard let text = schedule.text("cron", isRequired: false) else { return nil }
        if let cron = CronExpression(text) { return cron }
        schedule.problem(
            "cron", "must be a cron expression", hint: "minute, hour, day of the month, month, day of the week, as in 0 6 * * MON-FRI")
        return nil
    }

    /// "A `save-audience` without `attributes` maps the primary key fields under their own names."
    private func keyAttributes(_ shape: Shape) -> [Attribute] {
        shape.dimension.primaryKey.map { number in
            Attribute(name: shape.dimension.fields[number].name, source: .field(FieldPath(field: number, of: shape.dimension)))
        }
    }
}
