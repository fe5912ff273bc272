// Where the journal has a commit: from there a start goes on that has the state as of it.
import Storage

/// A record of a commit; known by its hash, since another journal has another record there.
struct JournalPlace: Equatable {
    var sequence: Int64
    /// Where to read from: of the record, or of one before it in the same transaction.
    var offset: Int64
    var hash: UInt64

    init(sequence: Int64, offset: Int64, hash: UInt64) {
        self.sequence = sequence
        self.offset = offset
        self.hash = hash
    }

    init(sequence: Int64, offset: Int64, value: UnsafeRawBufferPointer) {
        self.init(sequence: sequence, offset: offset, hash: ContentHash.of(value))
    }
}
