// One daemon over a workload's topic: its control topic, its configuration, the child process, and what it tells.
import Campaigns
import Daemon
import Glibc
import Kafka

final class Deployment {
    private static let patienceNanoseconds: UInt64 = 600_000_000_000

    let topic: WorkloadTopic
    private let group: String
    private let folder: String
    private let control: String
    private let program: String?
    private let clock: String
    private var child: ChildProcess?
    private var updates: TopicReader?

    /// `clock` is the configuration's.
    init(_ topic: WorkloadTopic, _ name: String, clock: String, folder: String, program: String?) throws {
        self.topic = topic
        self.program = program
        self.clock = clock
        group = "\(name)-\(monotonicNanoseconds() / 1000)"
        control = "control-\(group)"
        self.folder = "\(folder)/\(group)"
        guard mkdir(self.folder, 0o700) == 0 else { throw Failure("cannot make \(self.folder)") }
        try createTopic(topic.prefix + control, partitions: 1, topic.client)
    }

    var residentBytes: Int { child?.residentBytes ?? 0 }
    var peakBytes: Int { child?.peakBytes ?? 0 }
    var processorSeconds: Double { child?.processorSeconds ?? 0 }
    /// The barrier that is reached when all rows are in.
    var barrier: String { "loaded-\(group)" }

    /// Sends control events. Returns when the broker has them.
    func publish(_ events: [JSON]) throws {
        var producer = try PlainProducer(configuration: topic.client, name: "control", handlers: .silent)
        defer { producer.close(deadline: .seconds(5)) }
        let topic = try producer.openTopic(self.topic.prefix + control, timeout: .seconds(30))
        for event in events {
            var text = JSONText()
            text.append(event)
            try text.bytes.withUnsafeBytes {
                try producer.produce(to: topic, key: nil, value: $0, timestampMilliseconds: timestamp(of: event))
            }
        }
        try producer.flush(timeout: .seconds(30))
    }

    private func timestamp(of event: JSON) -> Int64? {
        if case .integer(let time)? = event["time"] { return time }
        return nil
    }

    /// Schemas, campaigns, and the barrier behind all rows.
    func publishWorkload(campaigns: [JSON]) throws {
        let offsets = topic.ends.sorted { $0.key < $1.key }.map { (String($0.key), JSON.integer($0.value)) }
        let barrier = Workload.object([
            ("type", .string("barrier.requested")), ("time", .integer(Workload.end)), ("id", .string(barrier)),
            ("after", Workload.object([(topic.wholeName, Workload.object(offsets))])),
        ])
        try publish(Workload.schemaEvents() + campaigns.map { Workload.campaignEvent($0) } + [barrier])
    }

    /// Starts the daemon; returns when it is ready to read changes.
    func start() throws -> UInt64 {
        let name = topic.prefix + "audience-updated"
        let before = try TopicReader.ends(of: name, topic.client)
        let configuration = Workload.object([
            ("kafka", Workload.object([("bootstrap.servers", .string(topic.brokers))])), ("group", .string(group)),
            ("clock", .string(clock)),
            ("data", .string(folder)), ("http", Workload.object([("listen", .string("127.0.0.1:0"))])),
            (
                "topics",
                Workload.object([
                    ("prefix", .string(topic.prefix)), ("control", .string(control)),
                    ("changes", .array([Workload.object([("topic", .string(WorkloadTopic.name))])])),
                ])
            ),
        ])
        let file = "\(folder)/audienced.yaml"
        var text = JSONText()
        text.append(configuration)
        try writeFile(file) { fwrite(text.bytes, 1, text.bytes.count, $0) }
        let child = try ChildProcess(["run", "--config", file], program: program, log: "\(folder)/log")
        self.child = child
        // Programs from before the log was JSON are measured, too.
        while !child.output.contains("\"event\":\"ready\"") && !child.output.contains(" ready ") {
            guard try child.isRunning() else { throw Failure("audienced ended before it was ready:\n\(child.output.suffix(2000))") }
            usleep(2000)
        }
        let ready = monotonicNanoseconds()
        updates = try TopicReader(topic.client, name, from: before)
        return ready
    }

    /// Waits for an event about audiences or campaigns. Returns when it came.
    func wait(for what: String, _ isWanted: (JSON) -> Bool) throws -> UInt64 {
        let start = monotonicNanoseconds()
        while monotonicNanoseconds() - start < Deployment.patienceNanoseconds {
            guard let updates, try child?.isRunning() == true else { throw Failure("audienced ended, and there was no \(what)") }
            _ = try updates.take(timeout: .milliseconds(20))
            let now = monotonicNanoseconds()
            var isThere = false
            updates.forEachValue { value in
                if !isThere, let event = parse(value) { isThere = isWanted(event) }
            }
            if isThere { return now }
        }
        throw Failure("no \(what) within \(Deployment.patienceNanoseconds / 1_000_000_000) s")
    }

    /// Waits until all rows are in a commit, and the reference audience, if it is live, has that many members. Returns when the barrier
    /// came.
    func waitUntilLoaded(referenceSize: Int = 0) throws -> UInt64 {
        let barrier = JSON.string(barrier)
        var (reachedAt, size) = (UInt64?.none, 0)
        // The two may be in different partitions, and come in either order.
        let end = try wait(for: "barrier with \(referenceSize) members of the reference audience") { event in
            if event["audience"] == .string("reference"), case .integer(let told)? = event["size"] { size = Int(told) }
            if event["type"] == .string("barrier.reached") && event["id"] == barrier { reachedAt = monotonicNanoseconds() }
            return reachedAt != nil && size == referenceSize
        }
        return reachedAt ?? end
    }

    /// The members topic from where it ends now.
    func membersReader() throws -> TopicReader {
        let name = topic.prefix + "audience-members"
        return try TopicReader(topic.client, name, from: TopicReader.ends(of: name, topic.client))
    }

    func stop() throws {
        updates = nil
        try child?.stop()
    }
}
