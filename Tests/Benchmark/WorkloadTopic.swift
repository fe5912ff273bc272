// The workload in a topic of a real broker, keyed by customer, so that a customer and its purchases share a partition.
import Campaigns
import Daemon
import Glibc
import Kafka

final class WorkloadTopic {
    static let partitions: Int32 = 4

    let brokers: String
    /// Before the names of all topics of this run.
    let prefix: String
    let client: ClientConfiguration
    private(set) var rows: WorkloadRows
    /// The next offset of each partition, behind the last row sent.
    private(set) var ends: [Int32: Int64] = [:]
    private var producer: PlainProducer
    private let topic: ProducerTopic

    static let name = "profile-changes"
    var wholeName: String { prefix + WorkloadTopic.name }

    /// Makes the topic and fills it. Records have their row's time as timestamp.
    init(brokers: String, workload: Workload) throws {
        self.brokers = brokers
        prefix = "benchmark-\(getpid())-\(monotonicNanoseconds() / 1_000_000)."
        // What waits in the producer is no latency of the daemon's.
        client = ClientConfiguration(settings: ["bootstrap.servers": brokers, "linger.ms": "0", "queue.buffering.max.kbytes": "262144"])
        try createTopic(prefix + WorkloadTopic.name, partitions: WorkloadTopic.partitions, client)
        producer = try PlainProducer(configuration: client, name: "benchmark", handlers: .silent)
        topic = try producer.openTopic(prefix + WorkloadTopic.name, timeout: .seconds(30))
        rows = WorkloadRows(workload)
        say("sending \(workload.rows) rows to \(wholeName)")
        for number in 0..<workload.rows {
            let row = rows.makeNext(number)
            try send(customer: row.customer, time: row.time)
        }
        try flush()
    }

    /// Makes and sends a customer's change. Its `score` is the number of the change, and comes back in what it causes.
    func sendCustomer(change number: Int, time: Int64) throws {
        let customer = rows.anyCustomer()
        rows.makeCustomer(customer, score: Double(number), time: time)
        try send(customer: customer, time: time)
    }

    func sendPurchase(time: Int64) throws {
        try send(customer: rows.makePurchase(at: time, time: time), time: time)
    }

    func sendDelete(time: Int64) throws {
        try send(customer: rows.makeDelete(time: time), time: time)
    }

    private func send(customer: Int, time: Int64) throws {
        var key = JSONText()
        key.append(raw: "c")
        key.append(integer: Int64(customer))
        try key.bytes.withUnsafeBytes { key in
            try rows.text.bytes.withUnsafeBytes { try producer.produce(to: topic, key: key, value: $0, timestampMilliseconds: time) }
        }
    }

    /// Serves delivery reports; to be called now and then by who sends a little at a time.
    func serve() {
        producer.serveEvents()
    }

    func flush() throws {
        try producer.flush(timeout: .seconds(120))
        for delivered in producer.deliveredOffsets { ends[delivered.partition] = delivered.offset + 1 }
    }
}

/// A topic that is kept for ever.
func createTopic(_ name: String, partitions: Int32, _ client: ClientConfiguration) throws {
    var admin = try Admin(configuration: client, handlers: .silent)
    defer { admin.close(deadline: .seconds(5)) }
    let topic = NewTopic(name: name, partitionCount: partitions, settings: ["cleanup.policy": "delete", "retention.ms": "-1"])
    for creation in try admin.create(topics: [topic], timeout: .seconds(30)) {
        if case .failed(let error) = creation.outcome { throw error }
    }
}
