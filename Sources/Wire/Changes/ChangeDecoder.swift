// Change records to typed changes (contract §3). This file tells the formats apart; the plain one is read, the others are refused by
// name until they are there.
public import Campaigns
public import Engine

public final class ChangeDecoder {
    let parser = JSONParser()
    private var tables: [TableDecoder] = []
    private var tableNumbers: [String: Int] = [:]
    /// The table found last, since records of one table come in runs.
    private var lastName: [UInt8] = []
    private var lastTable: TableDecoder?

    /// Members of rows that their schema does not know: ignored and counted (contract §2).
    public private(set) var ignoredMembers = 0
    /// Whether a record named a table, or held a member, that is not known: a schema that is on its way may change that.
    public var sawUnknown = false
    public var sawUnknownTable = false

    public init() {}

    /// Takes a new or extended schema; `table` is the engine's number of it.
    public func publish(_ schema: Schema, table: Int) {
        let decoder = TableDecoder(schema, table: table)
        if table < tables.count { tables[table] = decoder } else { tables.append(decoder) }
        tableNumbers[schema.name] = table
        lastTable = nil
    }

    /// Reads one record (64 readable bytes must follow it) and appends its change to the batch, or says why it is refused.
    /// `mapped` is the table its topic is mapped to.
    public func decode(_ record: UnsafeRawBufferPointer, mapped: String? = nil, into batch: ChangeBatch) throws(Refusal) {
        let tape = try parser.parse(record)
        try decode(tape, tape.root, mapped: mapped, into: batch)
    }

    func decode(_ tape: JSONTape, _ record: Int, mapped: String?, into batch: ChangeBatch) throws(Refusal) {
        guard tape.kind(record) == .object else { throw Refusal("a change is a JSON object") }
        var table: Int?
        var operation: Int?
        var row: Int?
        var isChangeRequest = false
        let end = Int(tape.words[record] & 0xffff_ffff) - 1
        var at = record + 1
        while at < end {
            let name = tape.text(at)
            let value = at + 1
            at = tape.after(value)
            switch name.count {
            case 5 where isEqual(name, "table"): table = value
            case 2 where isEqual(name, "op"): operation = value
            case 3 where isEqual(name, "row"): row = value
            case 20 where isEqual(name, "_change_request_type"): isChangeRequest = true
            default: break
            }
        }
        if isChangeRequest { throw Refusal("the change request format is not supported yet") }
        guard let operation, let row else { throw Refusal(otherFormat(tape, record)) }
        guard tape.kind(operation) == .string, tape.text(operation).count == 1,
            let letter = tape.text(operation).first, letter == UInt8(ascii: "u") || letter == UInt8(ascii: "d")
        else { throw Refusal("unknown op; it is \"u\" or \"d\"") }
        let decoder = try decoder(table, tape, mapped)
        guard tape.kind(row) == .object else { throw Refusal("\(decoder.name): no row") }
        let unknown = try decoder.decode(row, of: tape, isDelete: letter == UInt8(ascii: "d"), into: batch)
        if unknown > 0 {
            ignoredMembers += unknown
            sawUnknown = true
        }
    }

    private func decoder(_ name: Int?, _ tape: JSONTape, _ mapped: String?) throws(Refusal) -> TableDecoder {
        if let name, tape.kind(name) == .string, let lastTable, isLast(tape.text(name)) { return lastTable }
        var wanted = mapped
        if let name, tape.kind(name) != .null {
            guard tape.kind(name) == .string else { throw Refusal("the table is a text") }
            if tape.text(name).count > 0 { wanted = String(decoding: tape.text(name), as: UTF8.self) }
        }
        guard let wanted else { throw Refusal("the record names no table and its topic is mapped to none") }
        guard let number = tableNumbers[wanted] else {
            sawUnknown = true
            sawUnknownTable = true
            throw Refusal("unknown table \"\(wanted.prefix(130))\"; publish its schema first")
        }
        lastTable = tables[number]
        lastName = Array(wanted.utf8)
        return tables[number]
    }

    private func isLast(_ name: UnsafeRawBufferPointer) -> Bool {
        lastName.withUnsafeBytes { $0.count == name.count && equalBytes($0, name) }
    }

    private func otherFormat(_ tape: JSONTape, _ record: Int) -> String {
        if tape.member("specversion", of: record) != nil { return "structured CloudEvents are not supported yet" }
        if tape.member("payload", of: record) != nil || tape.member("after", of: record) != nil || tape.member("before", of: record) != nil {
            return "the Debezium format is not supported yet"
        }
        return "not a change event: it has no op and row"
    }
}
