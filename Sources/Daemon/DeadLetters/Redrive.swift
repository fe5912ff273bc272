// Sends refused records to the topics they came from again, as they were, each once: in the order of the dead letters, which keeps that
// of the records of a key. Nothing is sent twice, also when one of two redrives ends in the middle or both go on at once: the marks of
// what was sent are in the transactions that send it, the later redrive fences the earlier one, and only then reads the marks.
import Campaigns
import Kafka
import Wire

struct Redrive {
    /// What became of dead letters that pass the filter.
    enum Outcome: String, CaseIterable {
        /// Sent again; with `isTrial` it would have been.
        case redriven
        /// It was sent by a redrive before.
        case before
        /// Its value is too large for the topic of dead letters, which has only its hash.
        case shortened
        /// Its topic is none that the configuration reads, or that of control events, which is redriven only when it is named.
        case elsewhere
    }

    struct Kind: Hashable, Comparable {
        let topic: String
        let reason: String

        static func < (left: Kind, right: Kind) -> Bool { (left.topic, left.reason) < (right.topic, right.reason) }
    }

    let kafka: KafkaSource
    let topics: Topics
    let filter: DeadLetterFilter
    /// nil: any.
    var partition: Int32?
    /// In each partition of the topic of dead letters.
    var offsets: ClosedRange<Int64> = 0...Int64.max
    /// Nothing is sent.
    var isTrial = false

    /// What was found, by topic and reason.
    private(set) var counts: [Kind: [Outcome: Int]] = [:]

    init(_ kafka: KafkaSource, _ topics: Topics, _ filter: DeadLetterFilter) {
        self.kafka = kafka
        self.topics = topics
        self.filter = filter
    }

    /// - Parameter progress: is called with the number looked at so far.
    mutating func run(progress: (Int64) -> Void) throws {
        let producer = try isTrial ? nil : makeProducer()
        defer { producer?.close() }
        var marks = try RedriveMarks(kafka, topic: topics.redrives)
        let reader = DeadLetterReader(source: kafka, topic: topics.name(.deadLetters))
        var next: DeadLetterPlace? = DeadLetterPlace(partition: partition ?? 0, offset: partition == nil ? 0 : offsets.lowerBound)
        var lookedAt: Int64 = 0
        while let start = next, partition == nil || start.partition == partition {
            next = try reader.read(from: start, until: Deadline(after: Patience.answer)) { letter in
                lookedAt += 1
                progress(lookedAt)
                if let partition, let letter, letter.place.partition > partition { return false }
                guard let letter, isMeant(letter) else { return true }
                let outcome = outcome(of: letter, marks)
                counts[Kind(topic: letter.topic, reason: letter.reason?.rawValue ?? ""), default: [:]][outcome, default: 0] += 1
                if outcome == .redriven {
                    try send(letter, producer)
                    marks.insert(letter)
                }
                return true
            }
        }
        try producer?.commit()
    }

    private func send(_ letter: FoundDeadLetter, _ producer: RedriveProducer?) throws {
        do {
            try producer?.send(letter)
        } catch let error as KafkaError where error.errorClass == .poison {
            try producer?.commit()
            throw DaemonFailure(
                .data, "dead letter \(letter.place): \(error)",
                hint: "what comes before it is sent; let its topic take it, or leave it out with --partition, --from and --to")
        }
    }

    private func isMeant(_ letter: FoundDeadLetter) -> Bool {
        filter.takes(letter) && offsets.contains(letter.place.offset) && (partition == nil || letter.place.partition == partition)
    }

    private func outcome(of letter: FoundDeadLetter, _ marks: RedriveMarks) -> Outcome {
        // A definition of before would take the place of the one that is live.
        let isControl = letter.topic == topics.control && filter.topic == topics.control
        if !topics.isChangeTopic(letter.topic) && !isControl { return .elsewhere }
        if marks.contains(letter) { return .before }
        return letter.isShortened ? .shortened : .redriven
    }

    private func makeProducer() throws -> RedriveProducer {
        var admin = try Admin(configuration: kafka.client, handlers: kafkaHandlers)
        defer { admin.close(deadline: Patience.close) }
        try topics.prepareRedrives(admin)
        return try RedriveProducer(kafka.client, group: kafka.group, marks: topics.redrives)
    }
}
