// What is read of the state to foresee when a membership changes by itself: copies of the records that decide the rows of somebody, between
// two commits. Whoever evaluates them (Foresight) needs the engine no more.
import Campaigns
import Engine

struct ForeseenRows: Sendable {
    /// The activities that decide.
    let way: AuditedSave
    /// When the campaign ends; nil: it does not.
    let endAt: Int64?
    /// What is so now.
    let isMember: Bool
    /// Of each row the records that its conditions may read, itself first; nil: there are too many.
    let records: [[PlainRecord]]?
    let schemas: [Schema]
    let zones: [TimeZoneRules]
    let clock: Int64

    /// Records that are copied for one row.
    private static let mostRecords = 200
    /// Places of tables that are looked through for what leads back to one: about a millisecond.
    private static let mostPlaces = 10_000_000

    /// What is known at once, or what is to be evaluated.
    enum Gathered: Sendable {
        case known(Foresight.Answer)
        case rows(ForeseenRows)
    }

    /// Gathers it, between two commits.
    static func gather(_ machine: StateMachine, _ explanation: Explanation) -> Gathered {
        if explanation.contributions.isEmpty { return .known(.stays) }
        guard explanation.contributions.count == 1, let contribution = explanation.contributions.first else {
            return .known(.unknown(because: "several campaigns write the audience"))
        }
        if let start = machine.beginsAt(explanation) {
            return .known(.unknown(because: "the campaign begins at \(InstantText.text(of: start))"))
        }
        guard contribution.standing == .live else {
            return .known(.unknown(because: "its members are kept, not those of the population"))
        }
        if contribution.rows.isEmpty { return .known(.stays) }
        guard let state = machine.engine.campaign(contribution.campaign),
            let save = state.campaign.saves.first(where: { $0.id == contribution.activity }),
            let way = AuditedSave(save, of: state.campaign, version: state.version)
        else { return .known(.unknown(because: "it depends on other rows, or on what is remembered")) }
        if explanation.isTruncated { return .known(.unknown(because: "there is too much to look at")) }
        let rows = contribution.rows.filter { $0.transition == save.from }
        let places = rows.compactMap(\.place)
        guard places.count == rows.count else { return .known(.unknown(because: "it depends on other rows")) }
        var records: [[PlainRecord]]? = []
        for place in places {
            let found = machine.engine.records(
                around: place, of: way.schema, along: way.steps, most: mostRecords, mostPlaces: mostPlaces, knowing: explanation)
            guard let found, !found.isEmpty else {
                records = nil
                break
            }
            records?.append(found)
        }
        return .rows(
            ForeseenRows(
                way: way, endAt: state.campaign.endAt, isMember: contribution.isMember, records: records, schemas: machine.catalog.schemas,
                zones: machine.engine.timeZones, clock: machine.engine.clock))
    }
}
