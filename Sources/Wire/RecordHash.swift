// The hash of a range of input records, by which a journal record recognises them again: xxh3 over each record's offset, timestamp, and
// the lengths and bytes of its key and value, in the order of offsets.
import CXxhash

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

    public func reset() {
        _ = XXH3_64bits_reset(state)
    }

    public func update(offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        let frame = (offset.littleEndian, timestamp.littleEndian, Int64(key?.count ?? -1).littleEndian, Int64(value?.count ?? -1).littleEndian)
        withUnsafeBytes(of: frame) { _ = XXH3_64bits_update(state, $0.baseAddress, $0.count) }
        if let key { _ = XXH3_64bits_update(state, key.baseAddress, key.count) }
        if let value { _ = XXH3_64bits_update(state, value.baseAddress, value.count) }
    }

    public var value: UInt64 { XXH3_64bits_digest(state) }
}
