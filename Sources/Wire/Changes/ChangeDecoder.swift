// Change records to typed changes (contract §3): tells the formats apart, in the order of the contract's table, and finds the table.
public import Campaigns
public import Engine

/// Reads records of all formats; one per thread, its memory is used again.
public final class ChangeDecoder {
    private let parser = JSONParser()
    private let keys = TombstoneKeys()
    private var tables = TableDecoders()
    private var noRows = IgnoredRecordCounts()

    /// Whether a record of the batch named a table, or for the first time since control events were read held a member, that is not
    /// known: a schema that is on its way may change that.
    public private(set) var sawUnknown = false

    public init() {}

    // Definitions.

    /// Takes a new or extended schema; `table` is the engine's number of it.
    public func publish(_ schema: Schema, table: Int) {
        tables.publish(schema, table: table)
    }

    /// Control events were read: members that were ignored as unknown may have become known.
    public func expectNewDefinitions() {
        tables.forgetSeen()
    }

    /// Begins a batch of records. `again`: the batch before is decoded once more, so what was counted of it is taken back.
    public func beginBatch(again: Bool = false) {
        sawUnknown = false
        tables.settleIgnored(keeping: !again)
        noRows.settle(keeping: !again)
    }

    // Counts.

    /// Members of rows that their schema does not know, by table and name.
    public var ignoredMembers: [IgnoredMember] { tables.ignoredMembers }
    /// How many those are, by table.
    public var ignoredMemberCounts: [(table: String, count: Int)] { tables.ignoredMemberCounts }
    /// Records that say nothing about rows, by kind.
    public var ignoredRecords: [IgnoredRecords] { noRows.list }

    // Records.

    /// Reads one record and appends its change to the batch, or says why it is refused. 64 readable bytes must follow the value.
    /// `mapped` is the table its topic is mapped to.
    public func decode(
        _ value: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer? = nil, headers: ContentHeaders = ContentHeaders(),
        mapped: String? = nil, into batch: ChangeBatch
    ) throws(Refusal) {
        let key = key.map(RecordKey.bytes) ?? .null
        guard var mapped else {
            try decode(value, Surroundings(mapped: nil, key: key, headers: headers), into: batch)
            return
        }
        let refusal: Refusal? = mapped.withUTF8 { name in
            do throws(Refusal) {
                try decode(value, Surroundings(mapped: UnsafeRawBufferPointer(name), key: key, headers: headers), into: batch)
                return nil
            } catch {
                return error
            }
        }
        if let refusal { throw refusal }
    }

    private func decode(_ value: UnsafeRawBufferPointer?, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard let value else {
            try decodeTombstone(nil, around, into: batch)
            return
        }
        let tape = try parser.parse(value)
        try decode(tape, tape.root, around, into: batch)
    }

    /// What is known of a record besides its value.
    struct Surroundings {
        /// The table its topic is mapped to.
        var mapped: UnsafeRawBufferPointer?
        var key = RecordKey.null
        var headers = ContentHeaders()
    }

    private static let noObject = Refusal(
        .noChange,
        "a change is a JSON object: {\"table\": …, \"op\": \"u\", \"row\": {…}}, or what a connector writes")

    /// Reads the record at a place of the tape. "A CloudEvent around a change is unwrapped first."
    func decode(_ tape: JSONTape, _ record: Int, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard tape.kind(record) == .object else {
            throw around.headers.isBatchOfEvents ? ContentHeaders.batch : ChangeDecoder.noObject
        }
        let shape = RecordShape(record, of: tape)
        if around.headers.isStructuredEvent || (around.headers.isUndeclared && shape.isStructuredEvent) {
            try decodeEvent(tape, shape, around, into: batch)
        } else if let operation = around.headers.debeziumOperation {
            let table = around.headers.debeziumTable.map(NamedTable.header) ?? .nowhere
            try decodeImages(tape, shape, operation: DebeziumOperation(operation), table, around, into: batch)
        } else {
            if let type = around.headers.type, shape.type != RecordShape.none, !isText(shape.type, type, tape) {
                throw ContentHeaders.otherType
            }
            try decode(tape, shape, around, into: batch)
        }
    }

    /// Reads the payload of a structured CloudEvent.
    private func decodeEvent(_ tape: JSONTape, _ event: RecordShape, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard event.data != RecordShape.none else { throw ContentHeaders.noData }
        guard tape.kind(event.data) == .object else {
            guard tape.kind(event.data) == .null else { throw ChangeDecoder.noObject }
            try decodeTombstone(tape, around, into: batch)
            return
        }
        let data = RecordShape(event.data, of: tape)
        if event.eventOperation != RecordShape.none {
            let operation = DebeziumOperation(event.eventOperation, tape)
            try decodeImages(tape, data, operation: operation, .value(event.eventTable), around, into: batch)
            return
        }
        if data.type != RecordShape.none && event.type != RecordShape.none && tape.kind(event.type) != .null {
            guard isSame(data.type, event.type, tape) else { throw ContentHeaders.otherType }
        }
        try decode(tape, data, around, into: batch)
    }

    /// Reads Debezium's own CloudEvents: operation and table are attributes, and the data holds the images.
    private func decodeImages(
        _ tape: JSONTape, _ data: RecordShape, operation: DebeziumOperation?, _ table: NamedTable, _ around: Surroundings,
        into batch: ChangeBatch
    ) throws(Refusal) {
        guard let operation else {
            throw Refusal(.unknownOperation, "unknown iodebeziumop; Debezium writes \"c\", \"u\", \"r\", \"d\", \"t\" or \"m\"")
        }
        let isEnvelope = data.isEnvelope(tape)
        let images = isEnvelope ? RecordShape(data.payload, of: tape) : data
        try decodeDebezium(tape, images, operation, table, schema: isEnvelope ? data.schema : RecordShape.none, around, into: batch)
    }

    /// Reads a record that no event is around, by its format.
    private func decode(_ tape: JSONTape, _ record: RecordShape, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        let format = record.format(tape)
        switch format {
        case .changeRequest: try decodeChangeRequest(tape, record, around, into: batch)
        case .plain: try decodePlain(tape, record, around, into: batch)
        case .envelope:
            let payload = RecordShape(record.payload, of: tape)
            try decodeConnector(tape, payload, payload.connectorFormat(tape), schema: record.schema, around, into: batch)
        default: try decodeConnector(tape, record, format, schema: RecordShape.none, around, into: batch)
        }
    }

    private func decodeChangeRequest(
        _ tape: JSONTape, _ record: RecordShape, _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        guard let letter = letter(record.changeRequest, tape), letter | 0x20 == UInt8(ascii: "u") || letter | 0x20 == UInt8(ascii: "d")
        else {
            throw Refusal(.unknownOperation, "unknown _change_request_type; it is \"u\", \"U\", \"d\" or \"D\"")
        }
        let isDelete = letter | 0x20 == UInt8(ascii: "d")
        try note(table(around.mapped).pointee.decode(record.object, of: tape, isDelete: isDelete, into: batch))
    }

    private func decodePlain(_ tape: JSONTape, _ record: RecordShape, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard let letter = letter(record.operation, tape), letter == UInt8(ascii: "u") || letter == UInt8(ascii: "d") else {
            throw Refusal(.unknownOperation, "unknown op; it is \"u\" or \"d\"")
        }
        // "The plain format's own `table` goes before the mapping."
        let own = try name(record.table, tape)
        let table = try table(own ?? around.mapped)
        guard tape.kind(record.row) == .object else {
            throw Refusal(.noRow, "row: an object with the fields of \(table.pointee.name) is expected")
        }
        try note(table.pointee.decode(record.row, of: tape, isDelete: letter == UInt8(ascii: "d"), into: batch))
    }

    /// What connectors write; `schema` is the Connect schema beside it.
    private func decodeConnector(
        _ tape: JSONTape, _ record: RecordShape, _ format: RecordFormat, schema: Int, _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        switch format {
        case .debezium:
            guard let operation = DebeziumOperation(record.operation, tape) else { preconditionFailure("its operation tells the format") }
            try decodeDebezium(tape, record, operation, .source(record.source), schema: schema, around, into: batch)
        case .heartbeat: noRows.add(.heartbeat)
        case .transactionMark: noRows.add(.transactionMark)
        case .schemaChange: noRows.add(.schemaChange)
        case .flatRow: try decodeFlatRow(tape, record, schema: schema, around, into: batch)
        case .changeRequest, .plain, .envelope: preconditionFailure("no format of a connector's record")
        }
    }

    private func decodeFlatRow(
        _ tape: JSONTape, _ record: RecordShape, schema: Int, _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        guard let mapped = around.mapped else {
            throw Refusal(.noChange, "not a change event: it has no op and row; \(record.hint)")
        }
        let table = try table(mapped)
        let isDelete = tape.kind(record.deleted) == .yes || isText(record.deleted, "true", tape)
        let described = ConnectFields(of: schema, tape)
        try note(table.pointee.decode(connectorRow: record.object, of: tape, isDelete: isDelete, described: described, into: batch))
    }

    /// Where Debezium names the table.
    private enum NamedTable {
        /// In an object at a place of the tape.
        case source(Int)
        /// A value at a place of the tape.
        case value(Int)
        case header(UnsafeRawBufferPointer)
        case nowhere
    }

    private func name(_ table: NamedTable, _ tape: JSONTape) throws(Refusal) -> UnsafeRawBufferPointer? {
        switch table {
        case .source(let source): try name(tape.member("table", of: source) ?? RecordShape.none, tape)
        case .value(let value): try name(value, tape)
        case .header(let bytes): bytes
        case .nowhere: nil
        }
    }

    private func decodeDebezium(
        _ tape: JSONTape, _ images: RecordShape, _ operation: DebeziumOperation, _ table: NamedTable, schema: Int,
        _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        if operation == .message {
            noRows.add(.message)
            return
        }
        // "On a mapped topic connectors' rows are of the topic's table, whatever table the record names."
        let found = if let mapped = around.mapped { try self.table(mapped) } else { try self.table(try name(table, tape)) }
        if operation == .truncate {
            batch.truncate(table: found.pointee.table)
            return
        }
        let isDelete = operation == .delete
        let (image, name): (Int, StaticString) = isDelete ? (images.before, "before") : (images.after, "after")
        guard tape.kind(image) == .object else {
            let hint = isDelete ? "; the source must write the key of deleted rows (PostgreSQL: REPLICA IDENTITY)" : ""
            throw Refusal(.noRow, "\(found.pointee.name): no row in `\(name)`\(hint)")
        }
        let described = ConnectFields(of: schema, within: name, tape)
        try note(found.pointee.decode(connectorRow: image, of: tape, isDelete: isDelete, described: described, into: batch))
        if operation == .update && tape.kind(images.before) == .object {
            try found.pointee.deleteMoved(from: images.before, of: tape, schema: schema, in: batch)
        }
    }

    /// A null value: of a mapped topic a delete by the record's key. `tape` is where a key that is a value stands.
    func decodeTombstone(_ tape: JSONTape?, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard let mapped = around.mapped else {
            noRows.add(.tombstone)
            return
        }
        let table = try table(mapped)
        let (tape, key) = try keys.read(around.key, tape, table: table.pointee.name)
        try note(table.pointee.decode(key, of: tape, isDelete: true, into: batch))
    }

    // Tables.

    /// Whether a name is that of a table.
    func isTable(_ name: UnsafeRawBufferPointer) -> Bool { tables.contains(name) }

    /// The table of a name; nil where the record and its topic say none.
    private func table(_ name: UnsafeRawBufferPointer?) throws(Refusal) -> UnsafeMutablePointer<TableDecoder> {
        guard let name else { throw Refusal(.unknownTable, "the record names no table and its topic is mapped to none") }
        if let table = tables.find(name) { return table }
        sawUnknown = true
        throw Refusal(.unknownTable, "unknown table \"\(String(decoding: name, as: UTF8.self).prefix(130))\"; publish its schema first")
    }

    /// The name of a table at a place of the tape; nil where none is said.
    private func name(_ value: Int, _ tape: JSONTape) throws(Refusal) -> UnsafeRawBufferPointer? {
        guard value != RecordShape.none, tape.kind(value) != .null else { return nil }
        guard tape.kind(value) == .string else { throw Refusal(.unknownTable, "the table is a text") }
        let text = tape.text(value)
        return text.isEmpty ? nil : text
    }

    private func note(_ sawNewMember: Bool) {
        if sawNewMember { sawUnknown = true }
    }

    // Values.

    /// The letter of a text of one letter.
    @inline(__always)
    private func letter(_ value: Int, _ tape: JSONTape) -> UInt8? {
        guard tape.kind(value) == .string else { return nil }
        let text = tape.text(value)
        return text.count == 1 ? text[0] : nil
    }

    /// Whether two values are the same; texts by their bytes.
    private func isSame(_ a: Int, _ b: Int, _ tape: JSONTape) -> Bool {
        tape.kind(a) == .string ? isText(b, tape.text(a), tape) : tape.tree(a) == tape.tree(b)
    }

    private func isText(_ value: Int, _ text: StaticString, _ tape: JSONTape) -> Bool {
        tape.kind(value) == .string && isEqual(tape.text(value), text)
    }

    private func isText(_ value: Int, _ text: UnsafeRawBufferPointer, _ tape: JSONTape) -> Bool {
        guard tape.kind(value) == .string else { return false }
        let found = tape.text(value)
        return found.count == text.count && equalBytes(found, text)
    }
}
