// How the rows of one schema are read: members to field numbers, JSON values to typed cells. Made once per schema. What connectors write
// in other forms is in ConnectorValues.swift.
import Campaigns
import Engine

struct TableDecoder: ~Copyable {
    /// One field, with its name and enum values as bytes.
    struct FieldDecoder {
        var name: UnsafeRawBufferPointer
        var type: FieldType
        var unit: InstantUnit
        var values: [UnsafeRawBufferPointer]
    }

    let table: Int
    let name: String
    let ignored: IgnoredMembers
    let fields: UnsafeMutableBufferPointer<FieldDecoder>
    let isKey: [Bool]
    /// The names of the fields; their codes are the numbers.
    private var names = TextDictionary()
    private let nameBytes: UnsafeRawBufferPointer
    let primaryKey: [Int]
    private let isNeededByDelete: [Bool]

    /// `ignored`: what an earlier version of the schema counts.
    init(_ schema: Schema, table: Int, ignored: IgnoredMembers = IgnoredMembers()) {
        self.table = table
        self.ignored = ignored
        name = schema.name
        nameBytes = TableDecoder.copy(schema.name)
        primaryKey = schema.primaryKey
        isKey = schema.fields.indices.map { schema.primaryKey.contains($0) }
        isNeededByDelete = schema.fields.indices.map { schema.primaryKey.contains($0) || schema.version == $0 }
        fields = .allocate(capacity: schema.fields.count)
        _ = fields.initialize(
            from: schema.fields.map {
                FieldDecoder(name: TableDecoder.copy($0.name), type: $0.type, unit: $0.unit, values: $0.values.map(TableDecoder.copy))
            })
        for field in fields { _ = names.intern(field.name, hash: textHash(field.name)) }
    }

    /// The number of the field of a name; nil if there is none.
    func field(named name: UnsafeRawBufferPointer) -> Int? {
        names.find(name, hash: textHash(name)).map(Int.init)
    }

    deinit {
        nameBytes.deallocate()
        for field in fields {
            field.name.deallocate()
            field.values.forEach { $0.deallocate() }
        }
        fields.deinitialize()
        fields.deallocate()
    }

    private static func copy(_ text: String) -> UnsafeRawBufferPointer {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
        bytes.copyBytes(from: text.utf8)
        return UnsafeRawBufferPointer(bytes)
    }

    @inline(__always)
    func isNamed(_ name: UnsafeRawBufferPointer) -> Bool { isSame(name, nameBytes) }

    /// Reads a row into the batch as one change. "An upsert is a whole row; a missing nullable field becomes null"; of a delete the
    /// key and the version are read. Returns whether a member was ignored that a schema on its way may know.
    func decode(_ row: Int, of tape: JSONTape, isDelete: Bool, into batch: ChangeBatch) throws(Refusal) -> Bool {
        var nothing = ConnectFields.none
        return try decode(row, of: tape, isDelete: isDelete, isConnector: false, &nothing, into: batch)
    }

    /// Reads a row as connectors write it; `described` is what its Connect schema says. Of a delete only the key is read.
    func decode(
        connectorRow row: Int, of tape: JSONTape, isDelete: Bool, described: ConnectFields, into batch: ChangeBatch
    ) throws(Refusal) -> Bool {
        var described = described
        return try decode(row, of: tape, isDelete: isDelete, isConnector: true, &described, into: batch)
    }

    @inline(__always)
    private func decode(
        _ row: Int, of tape: JSONTape, isDelete: Bool, isConnector: Bool, _ described: inout ConnectFields, into batch: ChangeBatch
    ) throws(Refusal) -> Bool {
        let first = batch.begin(cellCount: fields.count)
        do throws(Refusal) {
            let sawNew = try decodeMembers(
                row, of: tape, isDelete: isDelete, isConnector: isConnector, &described, into: batch, first: first)
            for field in primaryKey where batch.kind(of: first + field) == .null {
                throw Refusal(
                    .nullKey, "\(path(of: field)): null key; a row, also of a delete, has a value in every field of the primary key",
                    field: path(of: field))
            }
            batch.end(table: table, isDelete: isDelete, firstCell: first)
            return sawNew
        } catch {
            batch.cancel(firstCell: first)
            throw error
        }
    }

    @inline(__always)
    private func decodeMembers(
        _ row: Int, of tape: JSONTape, isDelete: Bool, isConnector: Bool, _ described: inout ConnectFields, into batch: ChangeBatch,
        first: Int
    ) throws(Refusal) -> Bool {
        var sawNew = false
        // The values that could not be read, by their fields.
        var unread: [Int: Int] = [:]
        // Members mostly come in the order of the schema.
        var expected = 0
        let end = Int(tape.words[row] & 0xffff_ffff) - 1
        var at = row + 1
        while at < end {
            let name = tape.text(at)
            let value = at + 1
            at = tape.after(value)
            var field = expected < fields.count ? expected : 0
            if !isSame(name, fields[field].name) {
                guard let found = self.field(named: name) else {
                    if !RecordShape.isOfFormat(name) && ignored.count(name) { sawNew = true }
                    continue
                }
                field = found
            }
            expected = field + 1
            if isDelete && !(isConnector ? isKey[field] : isNeededByDelete[field]) { continue }
            let isRead =
                isConnector
                ? readConnector(value, of: tape, field, &described, into: batch, first + field)
                : read(value, tape.kind(value), of: tape, field, unit: fields[field].unit, into: batch, first + field)
            // "Of duplicate members the last counts": this one does not if it comes again.
            if !isRead { unread[field] = value } else if !unread.isEmpty { unread[field] = nil }
        }
        if let (field, value) = unread.min(by: { $0.value < $1.value }) {
            throw isConnector ? connectorRefusal(value, of: tape, field, &described) : refusal(value, of: tape, field)
        }
        return sawNew
    }

    @inline(__always)
    func isSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        a.count == b.count && equalBytes(a, b)
    }

    /// Reads a value in the forms that every format has; false when it has the wrong type.
    @inline(__always)
    func read(
        _ value: Int, _ kind: JSONTape.Kind, of tape: JSONTape, _ field: Int, unit: InstantUnit, into batch: ChangeBatch, _ cell: Int
    ) -> Bool {
        if kind == .null {
            batch.set(cell, .null)
            return true
        }
        switch fields[field].type {
        case .string where kind == .string:
            batch.setText(cell, tape.text(value))
            return true
        case .enum where kind == .string:
            let text = tape.text(value)
            for known in fields[field].values where isSame(text, known) {
                batch.setText(cell, text)
                return true
            }
        case .boolean where kind == .yes || kind == .no:
            batch.set(cell, .boolean(kind == .yes))
            return true
        case .integer:
            if kind == .integer {
                batch.set(cell, .integer(tape.integer(value)))
                return true
            }
            // −2^63 as a double may be any whole number that is nearest to it, and those below it are beyond 64 bits.
            if kind == .double, let whole = Int64(exactly: tape.double(value)), whole > .min {
                batch.set(cell, .integer(whole))
                return true
            }
        case .double where kind == .double || kind == .integer || kind == .large:
            let number = tape.number(value)
            if number.isFinite {
                batch.set(cell, .double(number == 0 ? 0 : number))
                return true
            }
        case .date where kind == .string:
            if let day = CivilDate.day(of: tape.text(value)) {
                batch.set(cell, .date(day))
                return true
            }
        case .datetime:
            if let instant = instant(value, kind, of: tape, unit) {
                batch.set(cell, .instant(instant))
                return true
            }
        default:
            break
        }
        return false
    }

    private func instant(_ value: Int, _ kind: JSONTape.Kind, of tape: JSONTape, _ unit: InstantUnit) -> Int64? {
        if kind == .string { return InstantText.milliseconds(of: tape.text(value)) }
        guard kind == .integer else { return nil }
        let count = tape.integer(value)
        let instant: Int64
        switch unit {
        case .seconds:
            let (product, overflow) = count.multipliedReportingOverflow(by: 1000)
            if overflow { return nil }
            instant = product
        case .milliseconds: instant = count
        case .microseconds: instant = floorDivide(count, 1000)
        case .nanoseconds: instant = floorDivide(count, 1_000_000)
        }
        return InstantText.isInRange(instant) ? instant : nil
    }

    private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        a / b - (a % b < 0 ? 1 : 0)
    }

    /// Why a value is refused: the field, what belongs there, and what helps. The value itself is not shown: reasons go to the log.
    func refusal(_ value: Int, of tape: JSONTape, _ field: Int, hint: String = "") -> Refusal {
        Refusal(
            .wrongValue, "\(path(of: field)): \(wanted(in: field)) is expected, not \(found(value, of: tape, in: field))\(hint)",
            field: path(of: field))
    }

    private func path(of field: Int) -> String { "\(name).\(String(decoding: fields[field].name, as: UTF8.self))" }

    private func wanted(in field: Int) -> String {
        switch fields[field].type {
        case .string: return "a text"
        case .integer: return "a whole number of 64 bits"
        case .double: return "a number"
        case .boolean: return "true or false"
        case .date: return "a date (YYYY-MM-DD)"
        case .datetime: return "an instant (RFC 3339 with an offset, or whole \(fields[field].unit.rawValue) since 1970)"
        case .enum:
            let maximum = 20
            let names = fields[field].values.prefix(maximum).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
            return "one of \(names)\(fields[field].values.count > maximum ? " …" : "")"
        }
    }

    /// The kind of a value; of a kind that may stand there the value itself is wrong.
    private func found(_ value: Int, of tape: JSONTape, in field: Int) -> String {
        switch tape.kind(value) {
        case .object: return "an object"
        case .array: return "an array"
        case .yes, .no: return "true or false"
        case .string: return [.date, .datetime, .enum].contains(fields[field].type) ? "this text" : "a text"
        default: return [.integer, .double, .datetime].contains(fields[field].type) ? "this number" : "a number"
        }
    }
}
