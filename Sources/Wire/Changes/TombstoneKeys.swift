// The key of a tombstone (contract §3): "JSON of the primary key (bare or Debezium's `payload`)".
import Engine

/// A record's key, before anything is known of it.
enum RecordKey {
    case null
    case bytes(UnsafeRawBufferPointer)
    /// A value on the tape, as `replay` has them.
    case value(Int)
}

/// Reads keys, each into the same memory.
final class TombstoneKeys {
    private lazy var parser = JSONParser()
    /// The key, with the bytes after it that the parser may read.
    private var padded: [UInt8] = []

    /// The object that holds the primary key, and its tape; valid until the next call.
    func read(_ key: RecordKey, _ tape: JSONTape?, table: String) throws(Refusal) -> (tape: JSONTape, object: Int) {
        switch key {
        case .null:
            throw Refusal(.wrongTombstone, "\(table): a tombstone has a key")
        case .bytes(let bytes):
            return try parse(bytes, table)
        case .value(let place):
            guard let tape else { throw Refusal(.wrongTombstone, "\(table): a tombstone has a key") }
            return tape.kind(place) == .string ? try parse(tape.text(place), table) : try object(tape, place, table)
        }
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, _ table: String) throws(Refusal) -> (tape: JSONTape, object: Int) {
        padded.removeAll(keepingCapacity: true)
        padded.append(contentsOf: bytes)
        padded.append(contentsOf: repeatElement(0, count: 64))
        let tape: JSONTape
        do throws(Refusal) {
            let result: Result<JSONTape, Refusal> = padded.withUnsafeBytes { memory in
                Result { () throws(Refusal) in try parser.parse(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count])) }
            }
            tape = try result.get()
        } catch {
            throw Refusal(.wrongTombstone, "\(table): the key of a tombstone is the JSON of the primary key: \(error.reason)")
        }
        return try object(tape, tape.root, table)
    }

    private func object(_ tape: JSONTape, _ place: Int, _ table: String) throws(Refusal) -> (tape: JSONTape, object: Int) {
        guard tape.kind(place) == .object else {
            throw Refusal(.wrongTombstone, "\(table): the key of a tombstone is an object with the fields of the primary key")
        }
        return (tape, payload(of: place, tape) ?? place)
    }

    /// The payload of an object that has nothing else but the Connect schema of it, an object or null.
    private func payload(of key: Int, _ tape: JSONTape) -> Int? {
        let shape = RecordShape(key, of: tape)
        return shape.isEnvelope(tape) && shape.hasOnly(tape) { isEqual($0, "payload") || isEqual($0, "schema") } ? shape.payload : nil
    }
}
