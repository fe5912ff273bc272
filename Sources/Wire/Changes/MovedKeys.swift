// Updates that move a row to another key (contract §3; decision 68): "A Debezium `u` whose `before` and `after` have different primary
// keys deletes the row of `before` first (like a delete: only the key is read), then upserts `after`".
import Engine

extension TableDecoder {
    /// Puts the delete of the row of `before` in front of the batch's last change, which is the upsert of `after`, where their keys differ.
    /// When `before` is refused the upsert is taken back: the record is one change. `schema` is the Connect schema of both.
    func deleteMoved(from before: Int, of tape: JSONTape, schema: Int, in batch: ChangeBatch) throws(Refusal) {
        if hasTextsOfLast(before, of: tape, in: batch) { return }
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

    /// Whether a row says the key of the batch's last change to the letter: nearly every update does.
    private func hasTextsOfLast(_ row: Int, of tape: JSONTape, in batch: ChangeBatch) -> Bool {
        for field in primaryKey {
            let value = place(of: field, in: row, tape)
            guard value != RecordShape.none, tape.kind(value) == .string, batch.lastHolds(tape.text(value), inField: field) else {
                return false
            }
        }
        return true
    }

    /// Reads the key of a row into its cells; false when it does not say one whole, whatever else it says.
    private func readKey(of row: Int, _ tape: JSONTape, _ schema: Int, into batch: ChangeBatch, first: Int) throws(Refusal) -> Bool {
        for field in primaryKey where isNothing(place(of: field, in: row, tape), tape) { return false }
        var described = ConnectFields(of: schema, within: "before", tape)
        for field in primaryKey {
            let place = place(of: field, in: row, tape)
            guard readConnector(place, of: tape, field, &described, into: batch, first + field) else {
                throw connectorRefusal(place, of: tape, field, &described)
            }
        }
        return true
    }

    /// Where a row says a field; of duplicate members the last counts.
    @inline(__always)
    private func place(of field: Int, in row: Int, _ tape: JSONTape) -> Int {
        var found = RecordShape.none
        tape.forEachMember(row) { name, value in
            if isSame(name, fields[field].name) { found = value }
        }
        return found
    }

    private func isNothing(_ value: Int, _ tape: JSONTape) -> Bool {
        value == RecordShape.none || tape.kind(value) == .null || isUnavailable(value, tape)
    }
}
