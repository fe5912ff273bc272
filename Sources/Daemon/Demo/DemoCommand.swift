// `audienced demo`: librdkafka's in-process broker, the daemon's own loop on a thread, and a shop that feeds it. Nothing is stored.
import Campaigns
import Glibc
import Kafka
import Synchronization
import Wire

/// How long the story is told; on a terminal the demo goes on until Ctrl-C.
private let storySeconds: Double = 25

func demoCommand(_ arguments: [String]) throws -> ExitCode {
    _ = try Arguments(arguments, options: [], flags: [], usage: "usage: audienced demo")
    let stop = StopSignals()
    var broker = try MockBroker(brokerCount: 1)
    var configuration = Configuration(kafka: ["bootstrap.servers": .text(broker.bootstrapServers)], data: "")
    configuration.group = "demo"
    let topics = Topics(configuration)
    let counts = try createTopics(topics, broker)
    let client = ClientConfiguration(settings: ["bootstrap.servers": broker.bootstrapServers])

    var screen = DemoScreen()
    screen.introduce()
    // What the daemon logs is for operators; here people watch.
    Log.show(from: .error)
    let daemon = DemoDaemon(configuration, client, counts)
    let thread = startThread { daemon.run() }
    let isTold = try tellStory(topics, client, counts, &screen, stop, daemon)
    daemon.stop()
    pthread_join(thread, nil)
    broker.stop()
    if let failure = daemon.failure { throw CommandFailure(.internal, failure) }
    screen.end(
        isTold
            ? "That was the whole story. Next: the README's first campaign of your own, `audienced run --config Config/audienced.yaml`."
            : "Stopped.")
    return .done
}

private func createTopics(_ topics: Topics, _ broker: borrowing MockBroker) throws -> [String: Int] {
    var counts = [topics.control: 1, topics.journal: 1]
    for change in topics.changes { counts[change.name] = 2 }
    for output in OutputTopic.allCases { counts[topics.name(output)] = 1 }
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { try broker.createTopic(name, partitionCount: Int32(count)) }
    return counts
}

/// Sends what is due and shows what comes out, until the story is told (true) or Ctrl-C.
private func tellStory(
    _ topics: Topics, _ client: ClientConfiguration, _ counts: [String: Int], _ screen: inout DemoScreen, _ stop: StopSignals, _ daemon: DemoDaemon
) throws -> Bool {
    var producer = try PlainProducer(configuration: client, name: "shop", handlers: .silent)
    let control = try producer.openTopic(topics.control, timeout: .seconds(10))
    let changes = try producer.openTopic(topics.changes[0].name, timeout: .seconds(10))
    let outputs = [topics.name(.members), topics.name(.updated)]
    var consumer = try TopicConsumer(
        configuration: client, group: "demo-reader",
        assignment: outputs.map { AssignedPartition(topic: $0, partition: 0, start: .beginning) }, handlers: .silent)
    var batch = RecordBatch()
    while !daemon.isReady && daemon.failure == nil && !stop.isRequested { pause(milliseconds: 20) }
    let start = screen.startClock()
    let steps = DemoStory.steps(start: wallMilliseconds())
    var next = 0
    let isEndless = isatty(STDOUT_FILENO) == 1
    while !stop.isRequested && daemon.failure == nil {
        let second = Double(monotonicNanoseconds() - start) / 1e9
        while next < steps.count && steps[next].second <= second {
            if !steps[next].caption.isEmpty { screen.input(steps[next].caption) }
            try send(steps[next].record, &producer, control, changes)
            next += 1
        }
        _ = consumer.waitForRecords(timeout: .milliseconds(50))
        batch.removeAll()
        for place in outputs.indices {
            _ = try consumer.poll(partition: place, into: &batch, maximumRecords: 1000, maximumBytes: 1 << 20, timeout: .zero)
        }
        for number in 0..<batch.count {
            if let value = batch[number].value { screen.output(value) }
        }
        if second > storySeconds && !isEndless { break }
        if second > storySeconds && next == steps.count {
            next += 1
            screen.end("The story is told; the daemon goes on keeping time. Ctrl-C ends it.")
        }
    }
    producer.close(deadline: .seconds(2))
    consumer.close(deadline: .seconds(2))
    return next >= steps.count
}

private func send(
    _ record: DemoStory.Record, _ producer: inout PlainProducer, _ control: ProducerTopic, _ changes: ProducerTopic
) throws {
    let (topic, key, value): (ProducerTopic, String?, JSON)
    switch record {
    case .nothing: return
    case .control(let event): (topic, key, value) = (control, nil, event)
    case .change(let name, let change): (topic, key, value) = (changes, name, change)
    }
    var text = JSONText()
    text.append(value)
    var problem: KafkaError?
    let keyBytes = key.map { Array($0.utf8) }
    func produce(_ key: UnsafeRawBufferPointer?) {
        text.bytes.withUnsafeBytes { value in
            do throws(KafkaError) { try producer.produce(to: topic, key: key, value: value) } catch { problem = error }
        }
    }
    if let keyBytes { keyBytes.withUnsafeBytes { produce($0) } } else { produce(nil) }
    if let problem { throw problem }
    producer.serveEvents()
}

/// The daemon's loop on a thread of its own.
///
/// `@unchecked Sendable`: the configuration is constant; the flags are atomic, and `message` is written before the flag that says so.
private final class DemoDaemon: @unchecked Sendable {
    private let configuration: Configuration
    private let client: ClientConfiguration
    private let counts: [String: Int]
    private let shouldStop = Atomic(false)
    private let ready = Atomic(false)
    private let hasFailed = Atomic(false)
    private var message = ""

    init(_ configuration: Configuration, _ client: ClientConfiguration, _ counts: [String: Int]) {
        self.configuration = configuration
        self.client = client
        self.counts = counts
    }

    var isReady: Bool { ready.load(ordering: .acquiring) }
    var failure: String? { hasFailed.load(ordering: .acquiring) ? message : nil }

    func stop() {
        shouldStop.store(true, ordering: .releasing)
    }

    func run() {
        do {
            let isStopping = { self.shouldStop.load(ordering: .acquiring) }
            var session = try Session.start(configuration, client: client, makeSink: { $0 }, prepare: { _ in TopicFacts(partitionCounts: self.counts) })
            try session.replay(shouldStop: isStopping)
            ready.store(true, ordering: .releasing)
            try session.run(shouldStop: isStopping)
            session.close()
        } catch {
            message = "\(error)"
            hasFailed.store(true, ordering: .releasing)
        }
    }
}
