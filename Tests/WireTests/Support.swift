// Goal: what the tests of this module share. Method: records as texts, decoded changes and output records as plain values that compare.

import Campaigns

@testable import Engine
@testable import Wire

/// Calls the body with bytes behind which 64 more are readable, as the parsers ask for.
func withPadded<Result, Failure: Error>(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 64, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    memory.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
}

/// A JSON text as a tree; traps when it is none.
func json(_ text: String) -> JSON {
    guard let tree = withPadded(Array(text.utf8), { JSONReader().tree($0) }) else { fatalError("no JSON: \(text)") }
    return tree
}

/// What every refusal of a null key says behind its field.
let nullKey = "null key; a row, also of a delete, has a value in every field of the primary key"

/// A change as a test sees it: cells in the order of the schema's fields.
struct PlainChange: Equatable {
    var table = 0
    var isDelete = false
    var cells: [Literal]
}

extension ChangeBatch {
    /// Everything the batch holds.
    var plain: [PlainChange] {
        (0..<changes.count).map { number in
            let change = changes[number]
            let values = (0..<Int(change.cellCount)).map { literal(cells[Int(change.firstCell) + $0]) }
            return PlainChange(table: Int(change.schema.value), isDelete: change.isDelete, cells: values)
        }
    }

    private func literal(_ cell: Cell) -> Literal {
        switch cell.kind {
        case .null: .null
        case .boolean: .boolean(cell.bits == 1)
        case .integer: .integer(cell.word)
        case .double: .double(Double(bitPattern: cell.bits))
        case .text: .string(String(decoding: text(cell), as: UTF8.self))
        case .date: .date(Int32(cell.word))
        case .instant: .instant(cell.word)
        case .unchanged: .string("<unchanged>")
        }
    }
}

extension ChangeDecoder {
    /// Decodes one record; the reason when it is refused.
    func refusal(_ record: [UInt8], mapped: String? = nil, into batch: ChangeBatch) -> String? {
        do throws(Refusal) {
            try withPadded(record) { (bytes) throws(Refusal) in try decode(bytes, mapped: mapped, into: batch) }
            return nil
        } catch {
            return error.reason
        }
    }

    func refusal(_ record: String, mapped: String? = nil, into batch: ChangeBatch) -> String? {
        refusal(Array(record.utf8), mapped: mapped, into: batch)
    }
}

extension Schema {
    /// A table with its key first.
    init(_ name: String, _ fields: [Field], key: [Int] = [0], version: Int? = nil) {
        self.init(name: name, fields: fields, primaryKey: key, version: version, identities: [], links: [])
    }
}

/// A record of the output as a test sees it.
struct PlainRecord: Equatable {
    var topic: OutputTopic
    var key: String?
    var value: String?
    var timestamp: Int64
    var headers: [String]

    /// The value of one header.
    func header(_ name: String) -> String? {
        headers.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}

extension OutputBatch {
    var plain: [PlainRecord] {
        var all: [PlainRecord] = []
        forEach { record in
            all.append(
                PlainRecord(
                    topic: record.topic, key: text(record.key), value: text(record.value), timestamp: record.timestamp,
                    headers: record.headers.map { "\(text($0.name)!)=\(text($0.value) ?? "null")" }))
        }
        return all
    }
}

func text(_ bytes: UnsafeRawBufferPointer?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
}

/// An input record of texts; the pointers are valid within the call.
@discardableResult
func withRecord<Result>(
    topic: String = "profile-changes", partition: Int32 = 0, offset: Int64 = 0, timestamp: Int64 = -1, key: String? = nil,
    value: String? = nil,
    headers: [(String, String?)] = [], _ body: (InputRecord) -> Result
) -> Result {
    var kept: [UnsafeMutableRawBufferPointer] = []
    defer { kept.forEach { $0.deallocate() } }
    func keep(_ text: String) -> UnsafeRawBufferPointer {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
        bytes.copyBytes(from: text.utf8)
        kept.append(bytes)
        return UnsafeRawBufferPointer(bytes)
    }
    let key = key.map(keep)
    let value = value.map(keep)
    let headers = headers.map { (name: keep($0.0), value: $0.1.map(keep)) }
    return body(
        InputRecord(topic: topic, partition: partition, offset: offset, timestamp: timestamp, key: key, value: value, headers: headers))
}
