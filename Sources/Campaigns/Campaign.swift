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

public struct Attribute: Equatable, Sendable {
    public var name: String
    public var source: Expression

    public init(name: String, source: Expression) {
        self.name = name
        self.source = source
    }
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

    public init(
        id: String, position: Int, population: Int, audience: String, label: String, identityField: Int, namespace: String,
        attributes: [Attribute]
    ) {
        self.id = id
        self.position = position
        self.population = population
        self.audience = audience
        self.label = label
        self.identityField = identityField
        self.namespace = namespace
        self.attributes = attributes
    }
}

public struct Campaign: Equatable, Sendable {
    public var id: String
    public var name: String
    /// IANA name of the time zone.
    public var timezone: String
    public var builds: [BuildAudience]
    public var saves: [SaveAudience]

    public init(id: String, name: String, timezone: String, builds: [BuildAudience], saves: [SaveAudience]) {
        self.id = id
        self.name = name
        self.timezone = timezone
        self.builds = builds
        self.saves = saves
    }
}
