// Tells an engine the steps of a history, as the daemon would: changes in batches, which are applied in one piece or in two.
import Campaigns
import Engine
import Oracle

final class Player {
    var engine: Engine
    /// Of the last commit.
    let difference = Difference()
    private let batch = ChangeBatch()
    private var schemas: [String: Schema] = [:]
    private var tableNumbers: [String: Int] = [:]
    private var clock = Int64.min
    /// An image that is being copied.
    private var copying: Copying?

    /// `fewRows`: of `Engine`.
    init(fewRows: Int = 32) {
        engine = Engine(fewRows: fewRows)
    }

    func publish(_ schema: Schema) {
        if tableNumbers[schema.name] == nil { tableNumbers[schema.name] = tableNumbers.count }
        schemas[schema.name] = schema
        engine.publish(schema: schema)
    }

    /// Changes that are not applied yet stand at the clock before. Where a campaign starts or ends on the way, a commit is made.
    func advance(to instant: Int64) {
        for stop in engine.commitInstants(until: instant) where stop < instant {
            applyBatch()
            engine.advance(to: stop)
            engine.commit(into: difference)
        }
        clock = max(clock, instant)
        engine.advance(to: instant)
    }

    func upsert(_ row: Row, into table: String) {
        batch.setClock(clock)
        let first = batch.begin(cellCount: row.count)
        for (field, value) in row.enumerated() { set(first + field, value) }
        batch.end(table: tableNumbers[table]!, isDelete: false, firstCell: first)
    }

    func remove(_ key: Key, version: Datum?, from table: String) {
        let first = begin(deleteOf: key, version: version, from: table)
        batch.end(table: tableNumbers[table]!, isDelete: true, firstCell: first)
    }

    /// A row whose key may be another one now. Returns whether it is.
    func move(_ key: Key, to row: Row, in table: String) -> Bool {
        upsert(row, into: table)
        let first = begin(deleteOf: key, version: nil, from: table)
        let isSame = batch.isLastOfSameKey(as: first, key: schemas[table]!.primaryKey)
        if isSame { batch.cancel(firstCell: first) } else { batch.endDeleteBeforeLast(table: tableNumbers[table]!, firstCell: first) }
        return !isSame
    }

    func truncate(_ table: String) {
        batch.setClock(clock)
        batch.truncate(table: tableNumbers[table]!)
    }

    /// In one piece or in two.
    func applyBatch() {
        guard batch.count > 0 else { return }
        if batch.count % 3 == 0 {
            engine.apply(batch, changes: 0..<batch.count / 2)
            engine.apply(batch, changes: batch.count / 2..<batch.count)
        } else {
            engine.apply(batch)
        }
        batch.removeAll()
    }

    func commit() {
        applyBatch()
        engine.commit(into: difference)
    }

    func publish(_ campaign: Campaign) -> Int {
        engine.publish(campaign, zone: Zones.rules[campaign.timezone]!, otherZones: Array(Zones.rules.values), into: difference)
    }

    /// What publishing would do. An image that is being copied is begun anew.
    func foresee(_ campaign: Campaign, then other: Campaign?) throws -> Foreseen {
        copying = nil
        return try Foreseen(campaign, then: other, in: &engine)
    }

    /// Goes on copying an image, or begins one. False: it shows something else than the commit at which it was begun.
    func copyOn() -> Bool {
        guard let isRight = copying?.goOn(&engine) else {
            copying = Copying(of: &engine)
            return true
        }
        return isRight
    }

    /// Goes on with an engine that has the facts of this one, and nothing else.
    func reload(seed: Int) throws {
        copying = nil
        engine = try engine.reloaded(bytes: seed % 2 == 0 ? 20 : 4096, rows: seed % 3 == 0 ? 64 : 1024)
    }

    /// The first cell of a delete that is not ended.
    private func begin(deleteOf key: Key, version: Datum?, from table: String) -> Int {
        batch.setClock(clock)
        let schema = schemas[table]!
        let first = batch.begin(cellCount: schema.fields.count)
        if let field = schema.version { set(first + field, version) }
        for (field, value) in zip(schema.primaryKey, key) { set(first + field, value) }
        return first
    }

    private func set(_ cell: Int, _ value: Datum?) {
        switch value {
        case nil: batch.set(cell, .null)
        case .boolean(let value): batch.set(cell, .boolean(value))
        case .integer(let value): batch.set(cell, .integer(value))
        case .double(let value): batch.set(cell, .double(value))
        case .text(let bytes): bytes.withUnsafeBytes { batch.setText(cell, $0) }
        case .date(let day): batch.set(cell, .date(day))
        case .instant(let instant): batch.set(cell, .instant(instant))
        }
    }
}
