// How much memory the queues of librdkafka may take: from two numbers of bytes to its settings. Its own limits count keys and values alone,
// and most of them are one partition's, or one answer's; what a record costs besides is more than a small one has.

/// How much memory the queues of clients may take together, where the operator's settings do not say it.
public struct QueueBounds: Sendable, Equatable {
    /// More to read ahead is of no use: with so much a reader is not waited for, however fast records are taken.
    public static let enoughReadBytes = 512 << 20
    /// More to send is of no use.
    public static let enoughSentBytes = 128 << 20

    /// What a reader has fetched and nobody has taken, of all its partitions together.
    public var readBytes: Int
    /// What a producer has taken and no broker has acknowledged.
    public var sentBytes: Int

    public init(readBytes: Int = Self.enoughReadBytes, sentBytes: Int = Self.enoughSentBytes) {
        self.readBytes = readBytes
        self.sentBytes = sentBytes
    }

    /// What a fetched record costs beside its key and value: an operation of librdkafka's, in a piece of memory of its own.
    static let readRecordBytes = 512
    /// What one costs that is to be sent, with the headers of an event, each of which has a piece of its own.
    static let sentRecordBytes = 1_024

    // Of what may be read ahead an eighth is keys and values, half is what records cost besides, and the rest is for an answer that comes
    // when the queues are as full as they may be, and is unpacked at once.

    /// Keys and values in the queue of each of so many partitions.
    func queueKilobytes(partitionCount: Int) -> Int {
        let shared = min(64 << 20, readBytes / 8)
        return min(16_384, max(64, shared / 1_024 / max(1, partitionCount)))
    }

    /// Records in the queue of each.
    func queueRecords(partitionCount: Int) -> Int {
        min(100_000, max(16, readBytes / 2 / Self.readRecordBytes / max(1, partitionCount)))
    }

    /// What a broker answers at once. It may be eight times as large once librdkafka has unpacked it, and more; where there is much memory
    /// that matters less than large answers do, which are read a third faster than small ones. A batch of records that is larger comes all
    /// the same, alone.
    var fetchBytes: Int { min(50 << 20, max(64 << 10, readBytes / 8 / 8, readBytes / 10 * readBytes / Self.enoughReadBytes)) }

    /// What it answers of one partition.
    var partitionFetchBytes: Int { min(ClientConfiguration.maximumRecordBytes + 65_536, max(64 << 10, fetchBytes / 4)) }

    /// Keys and values that wait to be sent; never less than the largest record has, which would wait for ever.
    var sendKilobytes: Int { min(65_536, max(ClientConfiguration.maximumRecordBytes / 1_024 + 2_048, sentBytes / 2 / 1_024)) }

    /// Records that wait to be sent.
    var sendRecords: Int { min(100_000, max(256, sentBytes / Self.sentRecordBytes)) }
}
