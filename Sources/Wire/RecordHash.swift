// The hash of a range of input records, by which a journal record recognises them again: xxh3 over each record in the order of offsets.
// Of a record: offset, timestamp, the lengths of key and value (-1 null) and the number of headers, each 8 bytes, little-endian; the bytes
// of key and value; then per header the lengths of name and value, 8 bytes each, and their bytes. Journals of format 1 know no headers:
// neither their number nor what they are.
import CXxhash

/// The hash under way.
public final class RecordHash {
    private let state: OpaquePointer

    public init() {
        guard let state = XXH3_createState() else { fatalError("no memory for a hash") }
        self.state = state
        reset()
    }

    deinit {
        XXH3_freeState(state)
    }

    /// Begins anew.
    public func reset() {
        _ = XXH3_64bits_reset(state)
    }

    /// Takes a record; its headers come next, one by one. `headerCount` is nil for a journal of format 1.
    public func update(offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, headerCount: Int?) {
        let frame = (
            offset.littleEndian, timestamp.littleEndian, length(key), length(value), Int64(headerCount ?? 0).littleEndian
        )
        withUnsafeBytes(of: frame) { update(UnsafeRawBufferPointer(rebasing: headerCount == nil ? $0.dropLast(8) : $0[...])) }
        if let key { update(key) }
        if let value { update(value) }
    }

    /// Takes the next header of the record.
    public func update(headerName name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        withUnsafeBytes(of: (length(name), length(value))) { update($0) }
        update(name)
        if let value { update(value) }
    }

    private func length(_ bytes: UnsafeRawBufferPointer?) -> Int64 { Int64(bytes?.count ?? -1).littleEndian }

    private func update(_ bytes: UnsafeRawBufferPointer) { _ = XXH3_64bits_update(state, bytes.baseAddress, bytes.count) }

    /// Of what was taken since the beginning.
    public var value: UInt64 { XXH3_64bits_digest(state) }
}
