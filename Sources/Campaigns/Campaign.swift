// A campaign that was read and found right (contract §2.2).

/// Where a clock stands in a campaign's validity, from `startAt` inclusive to `endAt` exclusive.
public enum Validity: Sendable {
    case scheduled, live, completed
}

/// A campaign: its activities, those that an activity takes from before it.
public struct Campaign: Equatable, Sendable {
    /// What control events call it.
    public var id: String
    /// What people call it.
    public var name: String
    /// IANA name of the time zone.
    public var timezone: String
    /// Milliseconds since the Unix epoch; the start lies before the end.
    public var startAt: Int64?
    /// The first instant at which it is completed.
    public var endAt: Int64?
    /// Those that an activity takes from stand before it.
    public var activities: [Activity]
    /// What its waits and alerts say, but for their labels, by activity id: who says the same in a new version goes on as before
    /// (KeptMemory.swift).
    public var definitions: [String: [JSON.Member]]

    /// Its save-audience activities, in the order of the definition.
    public var saves: [SaveAudience] {
        let saves = activities.compactMap { if case .save(let save) = $0 { save } else { nil } }
        return saves.sorted { $0.position < $1.position }
    }

    /// Where a clock (milliseconds since the Unix epoch) stands in the validity.
    public func validity(at clock: Int64) -> Validity {
        if let startAt, clock < startAt { return .scheduled }
        if let endAt, clock >= endAt { return .completed }
        return .live
    }

    public init(
        id: String, name: String, timezone: String, startAt: Int64? = nil, endAt: Int64? = nil, activities: [Activity],
        definitions: [String: [JSON.Member]] = [:]
    ) {
        self.id = id
        self.name = name
        self.timezone = timezone
        self.startAt = startAt
        self.endAt = endAt
        self.activities = activities
        self.definitions = definitions
    }
}
