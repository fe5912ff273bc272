// A campaign that was read and found right (contract §2.2).

/// "build-audience: every record of the dimension for which the filter is true, once."
public struct BuildAudience: Equatable, Sendable {
    public var id: String
    public var dimension: String
    /// nil is true.
    public var filter: Expression?

    public init(id: String, dimension: String, filter: Expression?) {
        self.id = id
        self.dimension = dimension
        self.filter = filter
    }
}

/// One attribute of an audience's members: its name and where it comes from.
public struct Attribute: Equatable, Sendable {
    public var name: String
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
    public var id: String
    /// Its place in the campaign's `activities`, for the paths of problems.
    public var position: Int
    /// The place, in `Campaign.builds`, of the population it saves.
    public var population: Int
    public var audience: String
    public var label: String
    /// The number of the identity field in the population's dimension.
    public var identityField: Int
    public var namespace: String
    public var attributes: [Attribute]
    public var ifExists: IfExists

    /// The attributes' types by name.
    public var columns: [String: ValueType] {
        Dictionary(attributes.map { ($0.name, $0.source.type) }, uniquingKeysWith: { first, _ in first })
    }

    public init(
        id: String, position: Int, population: Int, audience: String, label: String, identityField: Int, namespace: String,
        attributes: [Attribute], ifExists: IfExists = .fail
    ) {
        self.id = id
        self.position = position
        self.population = population
        self.audience = audience
        self.label = label
        self.identityField = identityField
        self.namespace = namespace
        self.attributes = attributes
        self.ifExists = ifExists
    }
}

/// Where a clock stands in a campaign's validity, from `startAt` inclusive to `endAt` exclusive.
public enum Validity: Sendable {
    case scheduled, live, completed
}

/// A campaign: its populations and the audiences it saves them to.
public struct Campaign: Equatable, Sendable {
    public var id: String
    public var name: String
    /// IANA name of the time zone.
    public var timezone: String
    /// Milliseconds since the Unix epoch; the start lies before the end.
    public var startAt: Int64?
    public var endAt: Int64?
    public var builds: [BuildAudience]
    public var saves: [SaveAudience]

    /// Where a clock (milliseconds since the Unix epoch) stands in the validity.
    public func validity(at clock: Int64) -> Validity {
        if let startAt, clock < startAt { return .scheduled }
        if let endAt, clock >= endAt { return .completed }
        return .live
    }

    public init(
        id: String, name: String, timezone: String, startAt: Int64? = nil, endAt: Int64? = nil, builds: [BuildAudience],
        saves: [SaveAudience]
    ) {
        self.id = id
        self.name = name
        self.timezone = timezone
        self.startAt = startAt
        self.endAt = endAt
        self.builds = builds
        self.saves = saves
    }
}
