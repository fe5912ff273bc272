// Figures, not checks: how fast records are copied out of librdkafka and how long a transaction takes. Needs a real broker and
// AUDIENCED_TEST_MEASURE; meaningful with `swift test -c release`.

import Glibc
import Testing

@testable import Kafka

@Suite(.enabled(if: realBroker != nil && getenv("AUDIENCED_TEST_MEASURE") != nil), .serialized) struct MeasureTests {
    let bootstrap = realBroker ?? ""
    let handlers = ClientHandlers.silent

    private func createTopic(_ purpose: String, partitionCount: Int32) throws -> String {
        let name = uniqueName(purpose)
        let admin = try Admin(configuration: configuration(bootstrap), handlers: handlers)
        _ = try admin.create(topics: [NewTopic(name: name, partitionCount: partitionCount)], timeout: .seconds(20))
        return name
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    @Test func readingAMillionRecords() throws {
        let total = 3_000_000
        let name = try createTopic("rate", partitionCount: 4)
        var feeder = try PlainProducer(configuration: configuration(bootstrap), name: "x", handlers: handlers)
        let topic = try feeder.openTopic(name, timeout: .seconds(10))
        let value = [UInt8](repeating: 120, count: 180)
        let start = ContinuousClock.now
        for number in 0..<total {
            let key = UInt64(number) &* 0x9e37_79b9_7f4a_7c15
            try withUnsafeBytes(of: key) { keyBytes in
                try value.withUnsafeBytes {
                    try feeder.produce(to: topic, key: UnsafeRawBufferPointer(rebasing: keyBytes[..<7]), value: $0)
                }
            }
        }
        try feeder.flush(timeout: .seconds(60))
        print("produced \(Int(Double(total) / seconds(ContinuousClock.now - start))) records/s")

        print("topic \(name)")
        for more in [[:], ["queued.max.messages.kbytes": "65536"], ["check.crcs": "false"]] {
            let range = try read(name, total: total, more: more)
            print("read \(more): \(range)")
            print("read and work \(more): \(try read(name, total: total, more: more, workNanoseconds: 500))")
        }
    }

    /// A reader that is slower than the network meets a full queue all the time: it must not stand still for it (FetchReminder).
    @Test func readingThroughASmallQueue() throws {
        let name = try createTopic("small", partitionCount: 4)
        var feeder = try PlainProducer(configuration: configuration(bootstrap), name: "x", handlers: handlers)
        let topic = try feeder.openTopic(name, timeout: .seconds(10))
        let value = [UInt8](repeating: 120, count: 187)
        for _ in 0..<200_000 {
            try value.withUnsafeBytes { try feeder.produce(to: topic, key: nil, value: $0) }
        }
        try feeder.flush(timeout: .seconds(60))
        let small = ["queued.max.messages.kbytes": "1024", "fetch.message.max.bytes": "262144"]
        print("read and work, small queue: \(try read(name, total: 200_000, more: small, workNanoseconds: 2_000))")
    }

    private func read(_ name: String, total: Int, more: [String: String], workNanoseconds: Int = 0) throws -> String {
        let assignment = (0..<4).map { AssignedPartition(topic: name, partition: $0, start: .beginning) }
        var settings = more
        settings["fetch.wait.max.ms"] = "500"
        var consumer = try TopicConsumer(
            configuration: configuration(bootstrap, settings), group: "rate", assignment: assignment, handlers: handlers)
        var batch = RecordBatch(capacityBytes: 8 << 20)
        var count = 0
        var sum = 0
        let start = ContinuousClock.now
        let cpuBefore = threadNanoseconds()
        while count < total {
            batch.removeAll()
            _ = consumer.waitForRecords(timeout: .seconds(5))
            for partition in 0..<4 {
                count += try consumer.poll(
                    partition: partition, into: &batch, maximumRecords: 10_000, maximumBytes: 2 << 20, timeout: .zero)
            }
            sum += batch.byteCount
            let working = threadNanoseconds()
            while threadNanoseconds() - working < batch.count * workNanoseconds {}
        }
        let took = seconds(ContinuousClock.now - start)
        consumer.close(deadline: .seconds(5))
        let cpu = (threadNanoseconds() - cpuBefore) / count
        return "\(Int(Double(count) / took)) records/s, \(sum / count) bytes and \(cpu) ns of this thread each"
    }

    private func threadNanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test func transactionsOfAHundredRecords() throws {
        let name = try createTopic("latency", partitionCount: 4)
        let journal = try createTopic("journal", partitionCount: 1)
        var writer = try TransactionalProducer(
            configuration: configuration(bootstrap), transactionalIdentifier: uniqueName("latency"), handlers: handlers)
        while try writer.initTransactions(timeout: .seconds(5)) != .finished {}
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        let journalTopic = try writer.openTopic(journal, timeout: .seconds(10))
        var headers = RecordHeaders()
        headers.append("ce_id", "8123-4")
        let value = [UInt8](repeating: 120, count: 300)
        for pause in [UInt32(0), 10_000] {
            var took: [Duration] = []
            for _ in 0..<500 {
                usleep(pause)
                let start = ContinuousClock.now
                try writer.begin()
                for number in 0..<100 {
                    try withUnsafeBytes(of: number) { key in
                        try value.withUnsafeBytes { try writer.produce(to: topic, key: key, value: $0, headers: headers) }
                    }
                }
                try value.withUnsafeBytes { try writer.produce(to: journalTopic, partition: 0, key: nil, value: $0) }
                let outcome = writer.commit(timeout: .seconds(10))
                took.append(ContinuousClock.now - start)
                #expect(outcome == .committed)
            }
            took.sort()
            print("transaction, \(pause / 1_000) ms between: p50 \(took[250]), p95 \(took[475]), p99 \(took[495])")
        }
    }
}
