// Records on their way out: keys, headers and values in one arena. Replay writes them as lines, the daemon produces them.

/// The records of a transaction, or of a part of one, in one piece of memory that is used again.
public final class OutputBatch {
    /// What is a record's own: its key, and behind that its value and, at once, its id.
    struct Record: BitwiseCopyable {
        var topic: OutputTopic
        var endsKey = false
        /// The place of its frame.
        var frame: Int32
        var start: Int
        /// Milliseconds since the Unix epoch; -1: the broker's.
        var timestamp: Int64 = -1
        /// -1: null.
        var keyBytes: Int32
        /// How much of the key is not of the person that decides the partition; -1: the whole key does.
        var audienceBytes: Int32 = -1
        /// Where its value begins, behind `start`.
        var valueOffset: Int32
        /// What its value has between the beginning and the end that its frame has. -1: null.
        var valueBytes: Int32
        /// Of the value of the header that is its own.
        var idBytes: Int32 = 0

        fileprivate var key: Range<Int>? { keyBytes < 0 ? nil : start..<start + Int(keyBytes) }
        fileprivate var partitionKey: Range<Int>? { audienceBytes < 0 ? nil : start + Int(audienceBytes)..<start + Int(keyBytes) }
        fileprivate var valueStart: Int { start + Int(valueOffset) }
        fileprivate var value: Range<Int>? { valueBytes < 0 ? nil : valueStart..<valueStart + Int(valueBytes) }
        fileprivate var id: Range<Int> {
            let start = valueStart + Int(max(0, valueBytes))
            return start..<start + Int(idBytes)
        }
    }

    struct Header {
        var name: Range<Int>
        var value: Range<Int>?
        /// Its value is the record's own.
        var isId = false
    }

    /// What records share: headers, and how values begin and end.
    struct Frame {
        var headers: Range<Int>
        var beginning = 0..<0
        var end = 0..<0
    }

    /// A frame of the events of one type of one commit.
    private struct CommitFrame {
        var sequence: Int64
        var type: String
        var place: Int
    }

    var bytes: [UInt8] = []
    var headers: [Header] = []
    var records: [Record] = []
    var frames: [Frame] = []
    private var commitFrames: [CommitFrame] = []
    /// Values that are put together, one at a time.
    private var whole: [UInt8] = []

    public init() {}

    /// How many there are.
    public var count: Int { records.count }
    /// How many of them are dead letters.
    public internal(set) var deadLetters = 0
    /// How many are events that were too large and went without attributes, a snapshot's manifest, or some of the problems.
    public internal(set) var truncatedEvents = 0
    /// Of keys, values and headers together.
    public var byteCount: Int { bytes.count }
    /// About how much memory they take.
    public var memoryBytes: Int { bytes.capacity + records.capacity * MemoryLayout<Record>.stride }

    /// Empties it, and keeps the memory.
    public func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        headers.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        commitFrames.removeAll(keepingCapacity: true)
        deadLetters = 0
        truncatedEvents = 0
    }

    /// Adds bytes of a record that is being written, and says where they lie.
    func append(_ part: UnsafeRawBufferPointer) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: part)
        return start..<bytes.count
    }

    func append(_ part: String) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: part.utf8)
        return start..<bytes.count
    }

    /// The place of the frame of the events of a type in a commit, whose values share nothing. Its headers are made when there is none.
    func frame(of type: String, sequence: Int64, _ headers: () -> Range<Int>) -> Int {
        for frame in commitFrames.reversed() {
            if frame.sequence != sequence { break }
            if frame.type == type { return frame.place }
        }
        commitFrames.append(CommitFrame(sequence: sequence, type: type, place: frames.count))
        return add(Frame(headers: headers()))
    }

    /// Returns its place.
    func add(_ frame: Frame) -> Int {
        frames.append(frame)
        return frames.count - 1
    }

    /// A record as others see it. The pointers are valid within the call.
    public struct View {
        /// Where it goes.
        public var topic: OutputTopic
        /// nil = null.
        public var key: UnsafeRawBufferPointer?
        /// What decides the partition in the place of the key.
        public var partitionKey: UnsafeRawBufferPointer?
        /// nil = null: a tombstone.
        public var value: UnsafeRawBufferPointer?
        /// Milliseconds since the Unix epoch; -1 = that of the broker.
        public var timestamp: Int64
        /// In their order; a value may be null.
        public var headers: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)]
        /// Whether nothing more is to be known of the key: where there are topics, a tombstone follows, so that compaction forgets it.
        public var endsKey: Bool
    }

    /// Calls the body with each record, in order.
    public func forEach<Failure: Error>(_ body: (View) throws(Failure) -> Void) throws(Failure) {
        var view = View(topic: .members, key: nil, partitionKey: nil, value: nil, timestamp: -1, headers: [], endsKey: false)
        for record in records {
            let frame = frames[Int(record.frame)]
            let isWhole = frame.beginning.isEmpty && frame.end.isEmpty
            whole.removeAll(keepingCapacity: true)
            if let value = record.value, !isWhole {
                whole += bytes[frame.beginning]
                whole += bytes[value]
                whole += bytes[frame.end]
            }
            let failure: Failure? = whole.withUnsafeBytes { whole in
                bytes.withUnsafeBytes { all in
                    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: all[range]) }
                    view.topic = record.topic
                    view.key = record.key.map(part)
                    view.partitionKey = record.partitionKey.map(part)
                    view.endsKey = record.endsKey
                    view.value = record.value.map { isWhole ? part($0) : whole }
                    view.timestamp = record.timestamp
                    view.headers.removeAll(keepingCapacity: true)
                    for header in headers[frame.headers] {
                        view.headers.append((part(header.name), (header.isId ? record.id : header.value).map(part)))
                    }
                    do throws(Failure) {
                        try body(view)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            if let failure { throw failure }
        }
    }
}
