// Change records to typed changes (contract §3): tells the formats apart, in the order of the contract's table, and finds the table.
public import Campaigns
public import Engine

public final class ChangeDecoder {
    private let parser = JSONParser()
    private let keys = TombstoneKeys()
    private var tables: [UnsafeMutablePointer<TableDecoder>] = []
    /// Codes of table names; per code the engine's number of the table.
    private var names = TextDictionary()
    private var numbers: [Int] = []
    /// The table found last, since records of one table come in runs.
    private var last: UnsafeMutablePointer<TableDecoder>?
    private var messages = SettledCount()
    private var tombstones = SettledCount()

    /// Whether a record of the batch named a table, or for the first time since control events were read held a member, that is not
    /// known: a schema that is on its way may change that.
    public private(set) var sawUnknown = false

    public init() {}

    deinit {
        for table in tables {
            table.deinitialize(count: 1)
            table.deallocate()
        }
    }

    // Definitions.

    /// Takes a new or extended schema; `table` is the engine's number of it.
    public func publish(_ schema: Schema, table: Int) {
        if table < tables.count {
            tables[table].pointee = TableDecoder(schema, table: table, ignored: tables[table].pointee.ignored)
        } else {
            tables.append(.allocate(capacity: 1))
            tables[table].initialize(to: TableDecoder(schema, table: table))
        }
        var name = schema.name
        let code = name.withUTF8 { names.intern(UnsafeRawBufferPointer($0), hash: textHash(UnsafeRawBufferPointer($0))) }
        if Int(code) == numbers.count { numbers.append(table) }
        last = nil
    }

    /// Control events were read: members that were ignored as unknown may have become known.
    public func expectNewDefinitions() {
        for table in tables { table.pointee.ignored.forgetSeen() }
    }

    /// Begins a batch of records. `again`: the batch before is decoded once more, so what was counted of it is taken back.
    public func beginBatch(again: Bool = false) {
        sawUnknown = false
        for table in tables { table.pointee.ignored.settle(keeping: !again) }
        messages.settle(keeping: !again)
        tombstones.settle(keeping: !again)
    }

    // Counts.

    /// Members of rows that their schema does not know, by table and name.
    public var ignored: [IgnoredMember] { tables.flatMap { $0.pointee.ignored.list(table: $0.pointee.name) } }
    /// All of them.
    public var ignoredMembers: Int { tables.reduce(0) { $0 + $1.pointee.ignored.total } }
    /// Debezium's messages (`op` = `m`).
    public var ignoredMessages: Int { messages.total }
    /// Null values on topics that are mapped to no table.
    public var ignoredTombstones: Int { tombstones.total }

    // Records.

    /// Reads one record and appends its change to the batch, or says why it is refused. 64 readable bytes must follow the value.
    /// `mapped` is the table its topic is mapped to.
    public func decode(
        _ value: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer? = nil, headers: ContentHeaders = ContentHeaders(),
        mapped: String? = nil,
        into batch: ChangeBatch
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

    private static let noObject = Refusal("a change is a JSON object: {\"table\": …, \"op\": \"u\", \"row\": {…}}, or what a connector writes")

    /// Reads the record at a place of the tape.
    func decode(_ tape: JSONTape, _ record: Int, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard tape.kind(record) == .object else {
            throw around.headers.isBatchOfEvents ? ContentHeaders.batch : ChangeDecoder.noObject
        }
        let shape = RecordShape(record, of: tape)
        if around.headers.isStructuredEvent || (shape.isStructuredEvent && (around.headers.isUndeclared || shape.eventOperation != RecordShape.none)) {
            try decodeEvent(tape, shape, around, into: batch)
            return
        }
        if let type = around.headers.type, shape.type != RecordShape.none, !isText(shape.type, type, tape) {
            throw ContentHeaders.otherType
        }
        try decode(tape, record, shape, around, into: batch)
    }

    /// Reads the payload of a structured CloudEvent, or Debezium's own, which has the operation and table in its attributes.
    private func decodeEvent(_ tape: JSONTape, _ event: RecordShape, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard event.data != RecordShape.none else { throw ContentHeaders.noData }
        guard tape.kind(event.data) == .object else {
            guard tape.kind(event.data) == .null else { throw ChangeDecoder.noObject }
            try decodeTombstone(tape, around, into: batch)
            return
        }
        let data = RecordShape(event.data, of: tape)
        if event.eventOperation != RecordShape.none {
            let images = isObject(data.payload, tape) ? RecordShape(data.payload, of: tape) : data
            try decodeDebezium(
                tape, images, operation: event.eventOperation, table: event.eventTable, schema: data.schema, around, into: batch)
            return
        }
        if data.type != RecordShape.none && event.type != RecordShape.none && tape.kind(event.type) != .null {
            guard tape.kind(event.type) == .string, isText(data.type, tape.text(event.type), tape) else { throw ContentHeaders.otherType }
        }
        try decode(tape, event.data, data, around, into: batch)
    }

    /// Tells the formats of an object apart, in the order of contract §3.
    private func decode(
        _ tape: JSONTape, _ record: Int, _ shape: RecordShape, _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        if shape.changeRequest != RecordShape.none {
            guard let letter = letter(shape.changeRequest, tape), letter | 0x20 == UInt8(ascii: "u") || letter | 0x20 == UInt8(ascii: "d")
            else {
                throw Refusal("unknown _change_request_type; it is \"u\", \"U\", \"d\" or \"D\"")
            }
            try note(
                table(RecordShape.none, tape, around).pointee.decode(record, of: tape, isDelete: letter | 0x20 == UInt8(ascii: "d"), into: batch))
            return
        }
        if shape.operation != RecordShape.none && shape.row != RecordShape.none {
            guard let letter = letter(shape.operation, tape), letter == UInt8(ascii: "u") || letter == UInt8(ascii: "d") else {
                throw Refusal("unknown op; it is \"u\" or \"d\"")
            }
            let table = try table(shape.table, tape, around)
            guard tape.kind(shape.row) == .object else { throw Refusal("row: an object with the fields of \(table.pointee.name) is expected") }
            try note(table.pointee.decode(shape.row, of: tape, isDelete: letter == UInt8(ascii: "d"), into: batch))
            return
        }
        if isObject(shape.payload, tape) {
            try decodeConnector(
                tape, shape.payload, RecordShape(shape.payload, of: tape), schema: shape.schema, around, into: batch)
        } else {
            try decodeConnector(tape, record, shape, schema: RecordShape.none, around, into: batch)
        }
    }

    /// What connectors write: Debezium's events and flat rows; `schema` is the Connect schema beside them.
    private func decodeConnector(
        _ tape: JSONTape, _ record: Int, _ shape: RecordShape, schema: Int, _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        if shape.isDebezium {
            let table = isObject(shape.source, tape) ? tape.member("table", of: shape.source) ?? RecordShape.none : RecordShape.none
            try decodeDebezium(tape, shape, operation: shape.operation, table: table, schema: schema, around, into: batch)
            return
        }
        guard around.mapped != nil else {
            let hint = shape.isStructuredEvent ? "; \(ContentHeaders.otherDeclared)" : ""
            throw Refusal(
                "not a change event: it has no op and row\(hint.isEmpty ? "; flat rows need a topic that is mapped to a table" : hint)")
        }
        let table = try table(RecordShape.none, tape, around)
        let isDelete =
            shape.deleted != RecordShape.none && (tape.kind(shape.deleted) == .yes || isText(shape.deleted, "true", tape))
        try note(
            table.pointee.decode(connectorRow: record, of: tape, isDelete: isDelete, described: ConnectFields(of: schema, tape), into: batch))
    }

    private func decodeDebezium(
        _ tape: JSONTape, _ images: RecordShape, operation: Int, table: Int, schema: Int, _ around: Surroundings, into batch: ChangeBatch
    ) throws(Refusal) {
        let isDelete: Bool
        switch letter(operation, tape) {
        case UInt8(ascii: "c"), UInt8(ascii: "u"), UInt8(ascii: "r"): isDelete = false
        case UInt8(ascii: "d"): isDelete = true
        case UInt8(ascii: "t"):
            batch.truncate(table: try self.table(table, tape, around).pointee.table)
            return
        case UInt8(ascii: "m"):
            messages.add()
            return
        default: throw Refusal("unknown op; Debezium writes \"c\", \"u\", \"r\", \"d\", \"t\" or \"m\"")
        }
        let found = try self.table(table, tape, around)
        let (image, name): (Int, StaticString) = isDelete ? (images.before, "before") : (images.after, "after")
        guard isObject(image, tape) else {
            let hint = isDelete ? "; the source must write the key of deleted rows (PostgreSQL: REPLICA IDENTITY)" : ""
            throw Refusal("\(found.pointee.name): no row in `\(name)`\(hint)")
        }
        let described = ConnectFields(of: schema, within: name, tape)
        try note(found.pointee.decode(connectorRow: image, of: tape, isDelete: isDelete, described: described, into: batch))
    }

    /// A null value: of a mapped topic a delete by the record's key. `tape` is where a key that is a value stands.
    func decodeTombstone(_ tape: JSONTape?, _ around: Surroundings, into batch: ChangeBatch) throws(Refusal) {
        guard let mapped = around.mapped else {
            tombstones.add()
            return
        }
        let table = try table(named: mapped)
        let (tape, key) = try keys.read(around.key, tape, table: table.pointee.name)
        try note(table.pointee.decode(key, of: tape, isDelete: true, into: batch))
    }

    // Tables.

    /// Whether a name is that of a table.
    func isTable(_ name: UnsafeRawBufferPointer) -> Bool { names.find(name, hash: textHash(name)) != nil }

    /// "The table comes from the record, else from the topic's mapping."
    private func table(_ name: Int, _ tape: JSONTape, _ around: Surroundings) throws(Refusal) -> UnsafeMutablePointer<TableDecoder> {
        if name != RecordShape.none && tape.kind(name) != .null {
            guard tape.kind(name) == .string else { throw Refusal("the table is a text") }
            let text = tape.text(name)
            if text.count > 0 { return try table(named: text) }
        }
        guard let mapped = around.mapped else { throw Refusal("the record names no table and its topic is mapped to none") }
        return try table(named: mapped)
    }

    private func table(named name: UnsafeRawBufferPointer) throws(Refusal) -> UnsafeMutablePointer<TableDecoder> {
        if let last, last.pointee.isNamed(name) { return last }
        guard let code = names.find(name, hash: textHash(name)) else {
            sawUnknown = true
            throw Refusal("unknown table \"\(String(decoding: name, as: UTF8.self).prefix(130))\"; publish its schema first")
        }
        let table = tables[numbers[Int(code)]]
        last = table
        return table
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

    private func isObject(_ value: Int, _ tape: JSONTape) -> Bool { value != RecordShape.none && tape.kind(value) == .object }

    private func isText(_ value: Int, _ text: StaticString, _ tape: JSONTape) -> Bool {
        tape.kind(value) == .string && isEqual(tape.text(value), text)
    }

    private func isText(_ value: Int, _ text: UnsafeRawBufferPointer, _ tape: JSONTape) -> Bool {
        guard tape.kind(value) == .string else { return false }
        let found = tape.text(value)
        return found.count == text.count && equalBytes(found, text)
    }
}
