// Updates that move a row to another key (contract §3; decision 68): "A Debezium `u` whose `before` and `after` have different primary
// keys deletes the row of `before` first (like a delete: only the key is read), then upserts `after`".
import Engine

extension TableDecoder {
    /// Puts the delete of the row of `before` in front of the batch's last change, which is the upsert of `after`, where their keys differ.
    /// When `before` is refused the upsert is taken back: the record is one change. `schema` is the Connect schema of both.
    func deleteMoved(from before: Int, of tape: JSONTape, schema: Int, in batch: ChangeBatch) throws(Refusal) {
        let first = batch.begin(cellCount: fields.count)
        do throws(Refusal) {
            let isWhole = try readKey(of: before, tape, schema, into: batch, first: first)
            if isWhole && !batch.isLastOfSameKey(as: first, key: primaryKey) {
                batch.endDeleteBeforeLast(table: table, firstCell: first)
            } else {
                batch.cancel(firstCell: first)
            }
        } catch {
            batch.cancel(firstCell: first)
            batch.removeLast()
            throw error
        }
    }

    /// Reads the key of a row into its cells; false when it does not say one whole, whatever else it says.
    private func readKey(of row: Int, _ tape: JSONTape, _ schema: Int, into batch: ChangeBatch, first: Int) throws(Refusal) -> Bool {
        // Of duplicate members the last counts: all places are known before anything is read.
        try withUnsafeTemporaryAllocation(of: Int.self, capacity: fields.count) { places throws(Refusal) in
            places.initialize(repeating: RecordShape.none)
            var expected = 0
            try tape.forEachMember(row) { name, value throws(Refusal) in
                var field = expected < fields.count ? expected : 0
                if !isSame(name, fields[field].name) {
                    guard let found = self.field(named: name) else { return }
                    field = found
                }
                expected = field + 1
                places[field] = value
            }
            for field in primaryKey where isNothing(places[field], tape) { return false }
            var described = ConnectFields(of: schema, within: "before", tape)
            for field in primaryKey {
                guard readConnector(places[field], of: tape, field, &described, into: batch, first + field) else {
                    throw connectorRefusal(places[field], of: tape, field, &described)
                }
            }
            return true
        }
    }

    private func isNothing(_ value: Int, _ tape: JSONTape) -> Bool {
        value == RecordShape.none || tape.kind(value) == .null || isUnavailable(value, tape)
    }
}
