// Latency: changes are sent at a fixed rate, whatever comes back, and what each causes is awaited in the members topic, committed. A change
// has the instant at which it was due; a sender that is late makes it no faster.
//
// The changes are six parts of new values of a customer, three and a half of new purchases and half a part of purchases that go. Every
// customer is in the audience `everyone`, whose members carry `score`: the number of the change. So every customer's change has an
// event, unless the next change of the same customer comes in the same commit.
import Campaigns
import Daemon
import Glibc
import Kafka
import Synchronization

func measureLatency(_ files: WorkloadFiles, _ topic: WorkloadTopic, _ options: Options) throws {
    // The daemon follows the wall clock, where the workload's purchases are long past: so the reference audience is empty at first.
    let daemon = try Deployment(topic, "latency", clock: "wall", folder: files.folder, program: options.program)
    let everyone = Workload.campaign("everyone", filter: "store >= 0", attributes: ["country", "score"])
    try daemon.publishWorkload(campaigns: [Workload.reference, everyone])
    _ = try daemon.start()
    _ = try daemon.waitUntilLoaded()
    for rate in options.rates {
        var histograms: [Histogram] = []
        var (sent, absorbed) = (0, 0)
        for _ in 0..<options.repeats {
            var watch = try LatencyWatch(daemon)
            let changes = LiveChanges(topic, count: rate * options.seconds, rate: rate)
            try watch.follow(changes)
            histograms.append(watch.histogram)
            sent += changes.expected
            absorbed += changes.expected - watch.histogram.count
        }
        report(histograms, rate, sent: sent, absorbed: absorbed, topic.rows.workload, options)
    }
    try daemon.stop()
}

private func report(_ histograms: [Histogram], _ rate: Int, sent: Int, absorbed: Int, _ workload: Workload, _ options: Options) {
    func milliseconds(_ value: (Histogram) -> UInt64) -> [Double] { histograms.map { Double(value($0)) / 1e6 } }
    var report = Report(
        "latency", parameters: parameters(workload) + [("changesPerSecond", .count(rate)), ("seconds", .count(options.seconds))])
    report.add(milliseconds { $0.value(atShare: 0.5) }, unit: "ms")
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)] {
        report.add("\(name)Milliseconds", .figure(median(milliseconds { $0.value(atShare: share) }.sorted())))
    }
    report.add(counts: [("customerChanges", .count(sent)), ("changesWithoutOwnEvent", .count(absorbed))])
    report.print()
}

/// The changes of one go, sent by a thread of their own.
///
/// `@unchecked Sendable`: everything that changes belongs to the sending thread until `isDone`; `due` is written before a change is sent,
/// and read when what it caused comes back.
private final class LiveChanges: @unchecked Sendable {
    private let topic: WorkloadTopic
    private let interval: Double
    let count: Int
    /// Per change, the instant it is due; 0 for one without an event.
    let due: UnsafeMutablePointer<UInt64>
    private(set) var expected = 0
    private(set) var failure: (any Error)?
    private let done = Atomic(false)

    init(_ topic: WorkloadTopic, count: Int, rate: Int) {
        self.topic = topic
        self.count = count
        interval = 1e9 / Double(rate)
        due = .allocate(capacity: count)
        due.initialize(repeating: 0, count: count)
    }

    deinit {
        due.deallocate()
    }

    var isDone: Bool { done.load(ordering: .acquiring) }

    func send() {
        do {
            var random = RandomNumbers(seed: UInt64(count))
            let start = monotonicNanoseconds() + 100_000_000
            for number in 0..<count {
                let instant = start + UInt64(Double(number) * interval)
                sleep(until: instant)
                let (kind, time) = (random.below(100), wallMilliseconds())
                if kind < 60 {
                    due[number] = instant
                    expected += 1
                    try topic.sendCustomer(change: number, time: time)
                } else if kind < 95 {
                    try topic.sendPurchase(time: time)
                } else {
                    try topic.sendDelete(time: time)
                }
                topic.serve()
            }
            try topic.flush()
        } catch {
            failure = error
        }
        done.store(true, ordering: .releasing)
    }

    private func sleep(until instant: UInt64) {
        var time = timespec(tv_sec: Int(instant / 1_000_000_000), tv_nsec: Int(instant % 1_000_000_000))
        while monotonicNanoseconds() < instant { clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) }
    }
}

/// Reads the members topic and measures what comes.
private struct LatencyWatch {
    private static let marker = Array("\"score\":".utf8)
    /// What has not come so long after the last change was sent was absorbed by a later change.
    private static let patienceNanoseconds: UInt64 = 2_000_000_000

    private let reader: TopicReader
    private(set) var histogram = Histogram()

    init(_ daemon: Deployment) throws {
        reader = try daemon.membersReader()
    }

    mutating func follow(_ changes: LiveChanges) throws {
        let thread = startThread { changes.send() }
        defer { pthread_join(thread, nil) }
        var last = monotonicNanoseconds()
        while !changes.isDone || monotonicNanoseconds() - last < LatencyWatch.patienceNanoseconds {
            let taken = try reader.take(timeout: .milliseconds(100))
            let now = monotonicNanoseconds()
            if taken > 0 || !changes.isDone { last = now }
            reader.forEachValue { value in
                guard let change = change(in: value), change < changes.count else { return }
                let due = changes.due[change]
                if due > 0 && now > due { histogram.record(now - due) }
            }
        }
        if let failure = changes.failure { throw failure }
    }

    /// The number that an event's `score` is.
    private func change(in value: UnsafeRawBufferPointer) -> Int? {
        let marker = LatencyWatch.marker
        var place = 0
        while !value[place...].starts(with: marker) {
            if place + marker.count >= value.count { return nil }
            place += 1
        }
        place += marker.count
        var number: Int?
        while place < value.count, (0x30...0x39).contains(value[place]) {
            number = (number ?? 0) * 10 + Int(value[place] - 0x30)
            place += 1
        }
        return number
    }
}
