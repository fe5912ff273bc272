// Records as they were read, copied once into one block of memory that is used again and again.
//
// Arena: per record key bytes, value bytes, then per header name bytes and value bytes, with nothing between; 64 bytes that may be
// read (zero) follow the last one, for parsers that read ahead. Everything of a record that has a fixed size is an entry.

import Glibc

/// A reader stood at the end of a partition.
public struct PartitionEnd: Sendable, Hashable {
    /// Which topic of the consumer's `topics`.
    public let topicIndex: Int
    /// From 0.
    public let partition: Int32
    /// The offset that the next record there would have at least.
    public let offset: Int64

    package init(topicIndex: Int, partition: Int32, offset: Int64) {
        self.topicIndex = topicIndex
        self.partition = partition
        self.offset = offset
    }
}

/// Records of one or several polls, and the ends of partitions met between them.
public struct RecordBatch: ~Copyable {
    /// Bytes behind any key or value that may be read, though they mean nothing.
    public static let slackBytes = 64

    private struct Entry {
        var offset: Int64
        var timestampMilliseconds: Int64
        var start: Int
        /// -1 null.
        var keyLength: Int32
        /// -1 null.
        var valueLength: Int32
        var topicIndex: Int32
        var partition: Int32
        var firstHeader: Int32
        var headerCount: Int32
    }

    private struct HeaderEntry {
        var start: Int
        var nameLength: Int32
        /// -1 null.
        var valueLength: Int32
    }

    private var arena: UnsafeMutableRawPointer
    private var capacity: Int
    private var entries: [Entry] = []
    private var headers: [HeaderEntry] = []

    /// Bytes of all keys, values and headers.
    public private(set) var byteCount = 0
    /// Ends of partitions, in the order they were met; only of consumers that report them.
    public package(set) var partitionEnds: [PartitionEnd] = []

    /// - Parameter capacityBytes: what it holds before it grows.
    public init(capacityBytes: Int = 1 << 20) {
        precondition(capacityBytes >= 0, "a capacity is not negative")
        capacity = capacityBytes + Self.slackBytes
        arena = .allocate(byteCount: capacity, alignment: 64)
        arena.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    }

    deinit {
        arena.deallocate()
    }

    /// How many records it holds.
    public var count: Int { entries.count }

    /// When a record came, milliseconds since the Unix epoch; less than 0 where that is not known.
    public func timestampMilliseconds(of number: Int) -> Int64 { entries[number].timestampMilliseconds }

    /// Bytes of the keys and values of some records.
    public func byteCount(of records: Range<Int>) -> Int {
        var bytes = 0
        for number in records { bytes += Int(max(0, entries[number].keyLength)) + Int(max(0, entries[number].valueLength)) }
        return bytes
    }

    /// Empties it; the memory is kept for the next records, unless it is more than so many bytes.
    public mutating func removeAll(keeping bytes: Int = .max) {
        if capacity > max(bytes, Self.slackBytes) {
            arena.deallocate()
            arena = .allocate(byteCount: Self.slackBytes, alignment: 64)
            capacity = Self.slackBytes
        }
        entries.removeAll(keepingCapacity: true)
        headers.removeAll(keepingCapacity: true)
        partitionEnds.removeAll(keepingCapacity: true)
        byteCount = 0
    }

    /// Takes the records that came last out again.
    public mutating func removeLast(_ count: Int) { entries.removeLast(count) }

    /// Record `index`, of `0 ..< count`, in the order of arrival (per partition: by offset).
    public subscript(index: Int) -> Record {
        let entry = entries[index]
        return Record(
            topicIndex: Int(entry.topicIndex), partition: entry.partition, offset: entry.offset,
            timestampMilliseconds: entry.timestampMilliseconds,
            key: bytes(at: entry.start, entry.keyLength),
            value: bytes(at: entry.start + Int(max(0, entry.keyLength)), entry.valueLength),
            headerCount: Int(entry.headerCount), firstHeader: Int(entry.firstHeader))
    }

    /// Header `index`, of `0 ..< record.headerCount`, of a record of this batch.
    public func header(_ index: Int, of record: Record) -> RawHeader {
        precondition(index >= 0 && index < record.headerCount, "the record has no such header")
        let entry = headers[record.firstHeader + index]
        return RawHeader(
            name: UnsafeRawBufferPointer(start: arena + entry.start, count: Int(entry.nameLength)),
            value: bytes(at: entry.start + Int(entry.nameLength), entry.valueLength))
    }

    private func bytes(at start: Int, _ length: Int32) -> UnsafeRawBufferPointer? {
        length < 0 ? nil : UnsafeRawBufferPointer(start: arena + start, count: Int(length))
    }

    /// Brings the records into the order of their topics and partitions, if they are in another; those of a partition stay as they came.
    public mutating func sort() {
        // A poll takes one partition, so they lie in runs, and few of these.
        func place(_ entry: Entry) -> (Int32, Int32) { (entry.topicIndex, entry.partition) }
        var starts: [Int] = []
        for index in entries.indices where index == 0 || place(entries[index]) != place(entries[index - 1]) { starts.append(index) }
        let runs = zip(starts, starts.dropFirst() + [entries.count]).map { $0..<$1 }
        func isBefore(_ a: Int, _ b: Int) -> Bool {
            (entries[a].topicIndex, entries[a].partition, a) < (entries[b].topicIndex, entries[b].partition, b)
        }
        let sorted = runs.sorted { isBefore($0.lowerBound, $1.lowerBound) }
        if sorted == runs { return }
        var ordered: [Entry] = []
        ordered.reserveCapacity(entries.capacity)
        for run in sorted { ordered += entries[run] }
        entries = ordered
    }

    // MARK: - Filling

    /// Appends a record; a nil pointer is null.
    package mutating func append(
        topicIndex: Int32, partition: Int32, offset: Int64, timestampMilliseconds: Int64,
        key: UnsafeRawPointer?, keyCount: Int, value: UnsafeRawPointer?, valueCount: Int
    ) {
        entries.append(
            Entry(
                offset: offset, timestampMilliseconds: timestampMilliseconds, start: byteCount,
                keyLength: key == nil ? -1 : Int32(keyCount), valueLength: value == nil ? -1 : Int32(valueCount),
                topicIndex: topicIndex, partition: partition, firstHeader: 0, headerCount: 0))
        reserve((key == nil ? 0 : keyCount) + (value == nil ? 0 : valueCount))
        if let key { copy(key, keyCount) }
        if let value { copy(value, valueCount) }
    }

    /// Appends a header to the record that was appended last.
    package mutating func appendHeader(name: UnsafeRawPointer, nameCount: Int, value: UnsafeRawPointer?, valueCount: Int) {
        let last = entries.count - 1
        if entries[last].headerCount == 0 { entries[last].firstHeader = Int32(headers.count) }
        entries[last].headerCount += 1
        headers.append(
            HeaderEntry(
                start: byteCount, nameLength: Int32(nameCount), valueLength: value == nil ? -1 : Int32(valueCount)))
        reserve(nameCount + (value == nil ? 0 : valueCount))
        copy(name, nameCount)
        if let value { copy(value, valueCount) }
    }

    /// Makes what follows the last record read as zero.
    package mutating func seal() {
        memset(arena + byteCount, 0, Self.slackBytes)
    }

    private mutating func copy(_ source: UnsafeRawPointer, _ count: Int) {
        memcpy(arena + byteCount, source, count)
        byteCount += count
    }

    private mutating func reserve(_ count: Int) {
        let needed = byteCount + count + Self.slackBytes
        if needed > capacity { grow(to: needed) }
    }

    private mutating func grow(to needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
        memcpy(moved, arena, byteCount)
        arena.deallocate()
        arena = moved
        capacity = larger
    }
}
