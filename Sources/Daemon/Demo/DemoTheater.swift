// Plays the story: sends what is due to the input topics, reads the output topics, and has what was seen shown.
import Campaigns
import Kafka
import Wire

struct DemoTheater: ~Copyable {
    private var producer: PlainProducer
    private let control: ProducerTopic
    private let changes: ProducerTopic
    private var consumer: TopicConsumer
    private let outputCount: Int
    /// When the story is told, somebody buys that often.
    private static let secondsBetweenLater = 0.7

    static func open(_ topics: Topics, _ client: ClientConfiguration) throws -> DemoTheater {
        var producer = try PlainProducer(configuration: client, name: "shop", handlers: .silent)
        let control = try producer.openTopic(topics.control, timeout: Patience.step)
        let changes = try producer.openTopic(topics.changes[0].name, timeout: Patience.step)
        let outputs = [topics.name(.members), topics.name(.updated)]
        let consumer = try TopicConsumer(
            configuration: client, group: "demo-reader",
            assignment: outputs.map { AssignedPartition(topic: $0, partition: 0, start: .beginning) }, handlers: .silent)
        return DemoTheater(producer: producer, control: control, changes: changes, consumer: consumer, outputCount: outputs.count)
    }

    mutating func close() {
        producer.close(deadline: Patience.close)
        consumer.close(deadline: Patience.close)
    }

    /// Returns whether the story was told to its end.
    /// - Parameter isWatched: whether somebody looks at the console; the shop of who has looked stays open until a stop.
    mutating func play(
        _ state: inout DemoState, _ view: inout DemoView, isWatched: () -> Bool, shouldStop: () -> Bool
    ) throws -> Bool {
        let start = monotonicNanoseconds()
        let opening = wallMilliseconds()
        let steps = DemoStory.steps(start: opening)
        let shop = DemoShop(start: opening)
        var (laterCount, nextLaterSecond) = (0, 0.0)
        var next = 0
        let reader = JSONReader()
        var batch = RecordBatch()
        var (isTold, wasWatched) = (false, false)
        while !shouldStop() {
            state.second = Double(monotonicNanoseconds() - start) / 1e9
            wasWatched = wasWatched || isWatched()
            if state.second >= DemoStory.lastSecond && (state.isSettled || state.second >= 2 * DemoStory.lastSecond) {
                if !wasWatched { return true }
                if !isTold { state.tell("That was the story. Somebody looks at the console, so the shop stays open.", "Ctrl-C ends it.") }
                isTold = true
                if state.second >= nextLaterSecond {
                    try send(.row(shop.later(laterCount, at: wallMilliseconds())), &state)
                    (laterCount, nextLaterSecond) = (laterCount + 1, state.second + Self.secondsBetweenLater)
                }
            }
            while next < steps.count && steps[next].second <= state.second {
                if !steps[next].title.isEmpty { state.tell(steps[next].title, steps[next].meaning) }
                for record in steps[next].records { try send(record, &state) }
                next += 1
            }
            _ = consumer.waitForRecords(timeout: .milliseconds(25))
            batch.removeAll()
            for place in 0..<outputCount {
                _ = try consumer.poll(partition: place, into: &batch, maximumRecords: 1000, maximumBytes: 1 << 20, timeout: .zero)
            }
            for number in 0..<batch.count {
                guard let value = batch[number].value, let event = reader.tree(value) else { continue }
                state.receive(event, nanoseconds: monotonicNanoseconds(), wallMilliseconds: wallMilliseconds())
            }
            state.keepCopies()
            view.show(state)
        }
        return isTold
    }

    private mutating func send(_ record: DemoStory.Record, _ state: inout DemoState) throws {
        let (topic, key, value): (ProducerTopic, [UInt8]?, [UInt8])
        switch record {
        case .definition(let definition):
            (topic, key, value) = (control, nil, Array(definition.utf8))
        case .row(let row):
            (topic, key, value) = (changes, Array(row.key.utf8), Array(row.value.utf8))
            state.send(row, nanoseconds: monotonicNanoseconds())
        }
        var problem: KafkaError?
        (key ?? []).withUnsafeBytes { bytes in
            value.withUnsafeBytes { value in
                do throws(KafkaError) {
                    try producer.produce(to: topic, key: key == nil ? nil : bytes, value: value)
                } catch {
                    problem = error
                }
            }
        }
        if let problem { throw problem }
        producer.serveEvents()
    }
}
