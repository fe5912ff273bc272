// A record as it was read, for whatever is said of it later.

/// A record as it came in.
public struct InputRecord {
    /// Its whole name.
    public var topic: String
    /// From 0.
    public var partition: Int32
    /// Its place in the partition.
    public var offset: Int64
    /// Milliseconds since the Unix epoch; -1 = none.
    public var timestamp: Int64
    /// nil = null.
    public var key: UnsafeRawBufferPointer?
    /// nil = null: a tombstone.
    public var value: UnsafeRawBufferPointer?
    /// In their order; a value may be null.
    public var headers: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)]

    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}
