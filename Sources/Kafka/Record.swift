// One record of a batch, as it was read.

/// One record of a batch. Its buffers point into the batch: they are valid until the batch is changed or destroyed, and at least
/// `RecordBatch.slackBytes` bytes behind each may be read.
public struct Record {
    /// Which topic of the consumer's `topics`.
    public let topicIndex: Int
    /// From 0.
    public let partition: Int32
    /// Its place in the partition.
    public let offset: Int64
    /// Milliseconds since the Unix epoch, -1 if the record has none.
    public let timestampMilliseconds: Int64
    /// Nil is a null key; an empty key is an empty buffer.
    public let key: UnsafeRawBufferPointer?
    /// Nil is a null value (a tombstone); an empty value is an empty buffer.
    public let value: UnsafeRawBufferPointer?
    /// How many headers it has: `RecordBatch.header(_:of:)`.
    public let headerCount: Int
    let firstHeader: Int
}

/// One header of a record, as bytes; valid as long as the record's other buffers.
public struct RawHeader {
    /// Up to the first NUL, if a producer put one in: librdkafka gives no more.
    public let name: UnsafeRawBufferPointer
    /// Nil is a null value.
    public let value: UnsafeRawBufferPointer?
}
