// The part of the audit that shares nothing with the engine: a few records are evaluated by the plain evaluator, each on a copy of what
// expressions about it may read, and compared with what the engine holds of them. A round looks at every record of every save that can be
// looked at this way (AuditedSave), in turn.
import Campaigns
import Engine
import Kafka
import Oracle

struct RecordAudit {
    /// Records that are copied for one; one that leads to more is passed over.
    private static let mostRecords = 200
    /// Places of tables that are looked through for what leads back to one, or to what that leads to.
    private static let mostPlaces = 20_000

    /// What was done since the last report.
    struct Counts: Equatable {
        var records = 0
        /// Records that too much hangs on.
        var passedOver = 0
        var rounds = 0
    }

    private(set) var counts = Counts()
    /// Of the round at hand.
    private var saves: [AuditedSave] = []
    /// Saves of live campaigns that other rows, memory or other audiences decide on as well: no record alone says what they hold.
    private(set) var savesInParts = 0
    private var schemas = ReferenceTables()
    private var zones: [String: TimeZoneRules] = [:]
    private var next = 0
    private var place = 0
    private var nextRound = Deadline(after: .zero)

    /// Looks at some records until a deadline, or the end of the round. Returns the campaign and the audience of one that is wrong.
    mutating func look(at machine: StateMachine, until deadline: Deadline) -> (campaign: String, audience: String)? {
        if next == saves.count {
            guard nextRound.hasPassed else { return nil }
            begin(machine)
        }
        while next < saves.count {
            let save = saves[next]
            let state = machine.engine.campaign(save.campaign)
            let isLive = state.map { !$0.isStopped && $0.campaign.validity(at: machine.engine.clock) == .live } ?? false
            guard isLive, state?.version == save.version, place < machine.engine.placeCount(of: save.schema) else {
                (next, place) = (next + 1, 0)
                if next == saves.count { counts.rounds += 1 }
                continue
            }
            place += 1
            if !isRight(save, machine, place - 1) { return (save.campaign, save.save.audience) }
            if deadline.hasPassed { return nil }
        }
        return nil
    }

    private mutating func begin(_ machine: StateMachine) {
        nextRound = Deadline(after: Patience.auditRound)
        (saves, next, place, savesInParts) = ([], 0, 0, 0)
        schemas = ReferenceTables()
        for schema in machine.engine.schemas { schemas.publish(schema) }
        zones = Dictionary(uniqueKeysWithValues: machine.engine.timeZones.map { ($0.name, $0) })
        for id in machine.engine.campaigns {
            let state = machine.engine.campaign(id)!
            guard !state.isStopped, state.campaign.validity(at: machine.engine.clock) == .live else { continue }
            let found = state.campaign.saves.compactMap { AuditedSave($0, of: state.campaign, version: state.version) }
            savesInParts += state.campaign.saves.count - found.count
            saves += found
        }
    }

    /// Whether the engine holds of a record what the evaluator makes of it.
    private mutating func isRight(_ save: AuditedSave, _ machine: StateMachine, _ place: Int) -> Bool {
        let found = machine.engine.records(
            around: place, of: save.schema, along: save.steps, most: RecordAudit.mostRecords, mostPlaces: RecordAudit.mostPlaces)
        guard let records = found else {
            counts.passedOver += 1
            return true
        }
        // nil: another campaign has the audience.
        guard let record = records.first,
            let held = machine.engine.standing(ofPlace: place, of: save.schema, by: save.save.id, of: save.campaign)
        else { return true }
        counts.records += 1
        var tables = schemas
        for record in records { _ = tables.upsert(record.values.map(Datum.init), into: record.schema) }
        let evaluator = Evaluator(tables: tables, clock: machine.engine.clock, zones: zones)
        let key = schemas.schemas[save.schema]!.primaryKey.map { Datum(record.values[$0])! }
        return held == RecordStanding(evaluator.saved(key, by: save.save, of: save.way), of: save.save)
    }

    /// Counts from nothing again.
    mutating func forgetCounts() { counts = Counts() }
}

extension RecordStanding {
    /// What a record gives that leads to one row at most.
    fileprivate init(_ saved: Evaluation.Saved, of save: SaveAudience) {
        if let (identity, member) = saved.members.first {
            self = .member(identity: identity, attributes: Member(member, of: save).attributes)
        } else {
            self = saved.rejected > 0 ? .rejected : .out
        }
    }
}
