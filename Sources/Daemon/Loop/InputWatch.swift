// Looks after the input topics from a thread of its own, so that the loop waits for no answer: whether Kafka answers at all, whether
// partitions were added, and whether a topic is still the one that was read. A topic that was deleted, made anew or cut is told by three
// signs, each of which no topic that only grows, forgets its oldest records or is compacted can give:
//
//   it is unknown, or has fewer partitions than were read
//   a partition ends before what was read of it, or begins behind it
//   the first offset whose record is later than a given instant is lower than it was, or lower than all that came since: there are others
//
// A broker that has just started may give the first two for a moment, so each counts only when it is seen several times in a row.
import Glibc
import Kafka

/// `@unchecked Sendable`: what both threads use is read and written with the lock held.
final class InputWatch: @unchecked Sendable {
    /// What was read of a partition.
    struct Reading: Equatable {
        var topic: String
        var partition: Int32
        /// The next offset.
        var position: Int64
        /// Of the record taken last, milliseconds since the Unix epoch.
        var lastTimestamp: Int64?
    }

    /// An instant, milliseconds since the Unix epoch, and the first offset that a record of a partition which is not older may have.
    struct Anchor: Equatable {
        var topic: String
        var partition: Int32
        var instant: Int64
        var offset: Int64

        fileprivate var place: TopicPartition { TopicPartition(topic: topic, partition: partition) }
    }

    private static let round = Duration.seconds(2)
    /// A sign counts when this many rounds in a row gave it.
    private static let roundsUntilCertain = 3

    private let monitor = Monitor()
    private var readings: [Reading] = []
    private var partitionCounts: [String: Int] = [:]
    private var failure: DaemonFailure?
    private var isClosed = false
    /// By these a checkpoint knows the topics again (`anchors`).
    private var published: [Anchor]
    private var thread: pthread_t?
    /// When it looks on the thread of the loop, and it may; nil where it has one of its own.
    private var next: (round: Deadline, isFree: @Sendable () -> Bool)?

    // The watching thread's own.
    private let asker: any SourceReader
    private let metrics: Metrics
    /// The first of each partition, which stays: what was set between a topic's end and its new beginning would say nothing.
    private var oldest: [TopicPartition: Anchor] = [:]
    private var newest: [TopicPartition: Anchor] = [:]
    /// How often in a row a topic or partition gave a sign.
    private var signs: [String: Int] = [:]

    /// - Parameter known: the anchors of a checkpoint. Throws when a partition has other records than then.
    init(_ source: any Source, known: [Anchor], workers: Workers = .threads, metrics: Metrics = Metrics()) throws {
        asker = try source.asker()
        self.metrics = metrics
        published = known
        for anchor in known {
            if oldest[anchor.place] == nil { oldest[anchor.place] = anchor }
            newest[anchor.place] = anchor
        }
        if let failure = try InputWatch.firstBroken(of: known, asker, timeout: Patience.answer) { throw failure }
        switch workers {
        case .threads: thread = startThread { [self] in run() }
        case .caller(let isFree): next = (Deadline(after: InputWatch.round), isFree)
        }
    }

    // Called by the loop.

    /// Tells how far was read.
    func note(_ readings: [Reading]) {
        monitor.locked { self.readings = readings }
    }

    /// How many partitions the topics have, as far as was found out. Throws when one is no longer what was read.
    func found() throws(DaemonFailure) -> [String: Int] {
        if let next, next.round.hasPassed, next.isFree() {
            self.next?.round = Deadline(after: InputWatch.round)
            look(at: readings)
        }
        let (failure, counts) = monitor.locked { (self.failure, partitionCounts) }
        if let failure { throw failure }
        return counts
    }

    /// By which a later start sees whether the topics are still those that were read.
    var anchorsFound: [Anchor] { monitor.locked { published } }

    /// Ends the thread. Must be called.
    func close() {
        let thread = monitor.locked {
            isClosed = true
            monitor.signal()
            defer { self.thread = nil }
            return self.thread
        }
        if let thread { pthread_join(thread, nil) }
        asker.close(deadline: Patience.close)
    }

    // The watching thread.

    private func run() {
        while true {
            let readings: [Reading]? = monitor.locked {
                monitor.wait(milliseconds: Int(InputWatch.round.components.seconds) * 1000) { !isClosed }
                return isClosed ? nil : self.readings
            }
            guard let readings else { return }
            look(at: readings)
        }
    }

    private func look(at readings: [Reading]) {
        do throws(KafkaError) {
            try lookAtTopics(of: readings)
            BrokerReach.current.answered()
        } catch {
            BrokerReach.current.failed(error)
        }
    }

    private func lookAtTopics(of readings: [Reading]) throws(KafkaError) {
        var counts: [String: Int] = [:]
        for reading in readings where counts[reading.topic] == nil {
            do throws(KafkaError) {
                counts[reading.topic] = try asker.partitionCount(of: reading.topic, timeout: Patience.quickAnswer)
            } catch  where error.isUnknownTopic {
                counts[reading.topic] = 0
            }
        }
        var isWhole = true
        for (topic, count) in counts.sorted(by: { $0.key < $1.key }) {
            let isGone = readings.contains { $0.topic == topic && $0.partition >= count }
            if isGone { isWhole = false }
            judge(isGone, topic, InputFailure.gone(topic))
        }
        monitor.locked { partitionCounts = counts }
        if isWhole { try lookAtPartitions(readings) }
    }

    private func lookAtPartitions(_ readings: [Reading]) throws(KafkaError) {
        let places = readings.map { TopicPartition(topic: $0.topic, partition: $0.partition) }
        let ranges = try asker.watermarks(of: places, timeout: Patience.quickAnswer)
        metrics.ends(zip(readings, ranges).map { ($0, $1.high) })
        for (reading, range) in zip(readings, ranges) {
            let name = "\(reading.topic)/\(reading.partition)"
            let (topic, partition, position) = (reading.topic, reading.partition, reading.position)
            judge(range.high < position, name + " ends", InputFailure.ends(topic, partition, at: range.high, readUpTo: position))
            judge(range.low > position, name + " begins", InputFailure.begins(topic, partition, at: range.low, neededFrom: position))
        }
        try lookAtAnchors(readings)
    }

    /// Asks again for the offsets found earlier, then for those behind the records taken last.
    private func lookAtAnchors(_ readings: [Reading]) throws(KafkaError) {
        if let failure = try InputWatch.firstBroken(of: anchors, asker, timeout: Patience.quickAnswer) { fail(failure) }
        let wanted = readings.compactMap { reading -> Anchor? in
            guard let last = reading.lastTimestamp else { return nil }
            // As long as there is no later record, it can only come behind what was read.
            return Anchor(topic: reading.topic, partition: reading.partition, instant: last + 1, offset: reading.position)
        }.filter { newest[$0.place]?.instant != $0.instant }
        let found = try asker.offsets(of: wanted.map(\.place), notOlderThan: wanted.map(\.instant), timeout: Patience.quickAnswer)
        for (wanted, offset) in zip(wanted, found) {
            var anchor = wanted
            anchor.offset = min(offset ?? .max, wanted.offset)
            if oldest[anchor.place] == nil { oldest[anchor.place] = anchor }
            newest[anchor.place] = anchor
        }
        let anchors = anchors
        monitor.locked { published = anchors }
    }

    /// By topic and partition; of one partition the older comes first.
    private var anchors: [Anchor] {
        oldest.values.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }.flatMap { first in
            [first] + [newest[first.place]].compactMap { $0 == first ? nil : $0 }
        }
    }

    private static func firstBroken(
        of anchors: [Anchor], _ asker: any SourceReader, timeout: Duration
    ) throws(KafkaError) -> DaemonFailure? {
        let found = try asker.offsets(of: anchors.map(\.place), notOlderThan: anchors.map(\.instant), timeout: timeout)
        guard let anchor = zip(anchors, found).first(where: { anchor, offset in offset ?? .max < anchor.offset })?.0 else { return nil }
        return InputFailure.notWhatWasRead("\(anchor.topic)/\(anchor.partition) has other records than were read: it was made anew")
    }

    private func judge(_ isSeen: Bool, _ sign: String, _ failure: @autoclosure () -> DaemonFailure) {
        signs[sign] = isSeen ? signs[sign, default: 0] + 1 : nil
        if signs[sign] == InputWatch.roundsUntilCertain { fail(failure()) }
    }

    private func fail(_ failure: DaemonFailure) {
        monitor.locked { if self.failure == nil { self.failure = failure } }
    }
}
