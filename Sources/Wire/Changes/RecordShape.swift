// What a record is, by its whole shape (contract §3): the members that tell formats apart, found in one walk over an object of the tape,
// and the formats in the order of the contract's table. A member alone decides nothing: columns may have any name.

/// The formats of records with a value. Tombstones have none, and CloudEvents are unwrapped before.
enum RecordFormat {
    case changeRequest, plain
    /// Connect's envelope: the format is that of its payload, one of those below.
    case envelope
    case debezium
    case heartbeat, transactionMark, schemaChange
    /// An object of no other shape: a row where the topic is mapped to a table.
    case flatRow
}

struct RecordShape {
    /// The place of a member that is not there: what stands at the tape's beginning is no value of any kind.
    static let none = 0

    /// The place of the object.
    let object: Int
    // Places of the members' values. Of duplicate members the last counts.
    private(set) var changeRequest = none
    private(set) var table = none
    private(set) var operation = none
    private(set) var row = none
    private(set) var schema = none
    private(set) var payload = none
    private(set) var before = none
    private(set) var after = none
    private(set) var source = none
    private(set) var deleted = none
    private(set) var type = none
    // Of records that are no rows.
    private var timestamp = none
    private var status = none
    private var statement = none
    private var tableChanges = none
    // Of a structured CloudEvent.
    private var specificationVersion = none
    private(set) var data = none
    private(set) var eventOperation = none
    private(set) var eventTable = none

    /// `object` is the place of an object.
    @inline(__always)
    init(_ object: Int, of tape: JSONTape) {
        self.object = object
        let end = Int(tape.words[object] & 0xffff_ffff) - 1
        var at = object + 1
        while at < end {
            let name = tape.text(at)
            let value = at + 1
            at = tape.after(value)
            switch name.count {
            case 2 where isEqual(name, "op"): operation = value
            case 3 where isEqual(name, "row"): row = value
            case 3 where isEqual(name, "ddl"): statement = value
            case 4 where isEqual(name, "type"): type = value
            case 4 where isEqual(name, "data"): data = value
            case 5 where isEqual(name, "table"): table = value
            case 5 where isEqual(name, "after"): after = value
            case 5 where isEqual(name, "ts_ms"): timestamp = value
            case 6 where isEqual(name, "before"): before = value
            case 6 where isEqual(name, "source"): source = value
            case 6 where isEqual(name, "schema"): schema = value
            case 6 where isEqual(name, "status"): status = value
            case 7 where isEqual(name, "payload"): payload = value
            case 9 where isEqual(name, "__deleted"): deleted = value
            case 11 where isEqual(name, "specversion"): specificationVersion = value
            case 12 where isEqual(name, "iodebeziumop"): eventOperation = value
            case 12 where isEqual(name, "tableChanges"): tableChanges = value
            case 15 where isEqual(name, "iodebeziumtable"): eventTable = value
            case 20 where isEqual(name, "_change_request_type"): changeRequest = value
            default: break
            }
        }
    }

    // The table of contract §3, in its order: the first line that holds says what the record is.

    @inline(__always)
    func format(_ tape: JSONTape) -> RecordFormat {
        if changeRequest != RecordShape.none { return .changeRequest }
        if operation != RecordShape.none && row != RecordShape.none { return .plain }
        if isEnvelope(tape) { return .envelope }
        return connectorFormat(tape)
    }

    /// Of a bare record, or of the payload of an envelope.
    @inline(__always)
    func connectorFormat(_ tape: JSONTape) -> RecordFormat {
        if DebeziumOperation(operation, tape) != nil && tape.kind(source) == .object { return .debezium }
        if isHeartbeat(tape) { return .heartbeat }
        if isTransactionMark(tape) { return .transactionMark }
        if tape.kind(source) == .object && (statement != RecordShape.none || tableChanges != RecordShape.none) { return .schemaChange }
        return .flatRow
    }

    /// "An object `payload` beside `schema`, the Connect schema that describes it or null […]; any other `payload` is a column."
    func isEnvelope(_ tape: JSONTape) -> Bool {
        tape.kind(payload) == .object && (tape.kind(schema) == .object || tape.kind(schema) == .null)
    }

    /// "`ts_ms` alone."
    private func isHeartbeat(_ tape: JSONTape) -> Bool {
        timestamp != RecordShape.none && hasOnly(tape) { isEqual($0, "ts_ms") }
    }

    /// "`status` = `BEGIN`|`END` with `id` and `event_count`", and beside these only what Debezium adds (decision 69).
    private func isTransactionMark(_ tape: JSONTape) -> Bool {
        guard tape.kind(status) == .string, isEqual(tape.text(status), "BEGIN") || isEqual(tape.text(status), "END") else { return false }
        return tape.member("id", of: object) != nil && tape.member("event_count", of: object) != nil
            && hasOnly(tape) {
                isEqual($0, "status") || isEqual($0, "id") || isEqual($0, "event_count") || isEqual($0, "ts_ms")
                    || isEqual($0, "data_collections")
            }
    }

    /// Whether all members have known names.
    func hasOnly(_ tape: JSONTape, _ isKnown: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        let end = Int(tape.words[object] & 0xffff_ffff) - 1
        var at = object + 1
        while at < end {
            guard isKnown(tape.text(at)) else { return false }
            at = tape.after(at + 1)
        }
        return true
    }

    /// Whether the members are those of a structured CloudEvent; it is one where no content-type says otherwise.
    var isStructuredEvent: Bool { specificationVersion != RecordShape.none && data != RecordShape.none }

    /// What a flat row on a topic that is not mapped may have been meant to be.
    var hint: String {
        if isStructuredEvent { return ContentHeaders.otherDeclared }
        if payload != RecordShape.none && schema == RecordShape.none {
            return "a connector's `payload` stands beside its `schema` (value.converter.schemas.enable=true), or alone without either"
        }
        if operation != RecordShape.none && (before != RecordShape.none || after != RecordShape.none) {
            return "Debezium's events have an op of \"c\", \"u\", \"r\", \"d\", \"t\" or \"m\", and an object as `source`"
        }
        return "flat rows need a topic that is mapped to a table"
    }

    /// Members that belong to a format and not to the row beside them.
    static func isOfFormat(_ name: UnsafeRawBufferPointer) -> Bool {
        isEqual(name, "__deleted") || isEqual(name, "_change_request_type")
    }
}
