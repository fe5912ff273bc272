// What the tests share: clients with short names, records as plain values, and the switch for tests that need a real broker.

import Glibc

@testable import Kafka

/// `AUDIENCED_TEST_BOOTSTRAP`: the address of a real broker that tests may create topics on.
let realBroker: String? = getenv("AUDIENCED_TEST_BOOTSTRAP").map { String(cString: $0) }

func configuration(_ bootstrapServers: String, _ more: [String: String] = [:]) -> ClientConfiguration {
    // The mock broker answers a fetch only when its time is up.
    let basic = ["bootstrap.servers": bootstrapServers, "fetch.wait.max.ms": "20"]
    return ClientConfiguration(settings: more.merging(basic) { mine, _ in mine })
}

func uniqueName(_ purpose: String) -> String {
    "\(purpose)-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
}

/// A record as a test sees it.
struct TextRecord: Equatable {
    var topicIndex = 0
    var partition: Int32 = 0
    var offset: Int64
    var key: String?
    var value: String?
    var headers: [String] = []
}

func text(_ bytes: UnsafeRawBufferPointer?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
}

func textRecords(_ batch: borrowing RecordBatch) -> [TextRecord] {
    var records: [TextRecord] = []
    for index in 0..<batch.count {
        let record = batch[index]
        var headers: [String] = []
        for position in 0..<record.headerCount {
            let header = batch.header(position, of: record)
            headers.append("\(text(header.name) ?? "")=\(text(header.value) ?? "null")")
        }
        records.append(
            TextRecord(
                topicIndex: record.topicIndex, partition: record.partition, offset: record.offset, key: text(record.key),
                value: text(record.value), headers: headers))
    }
    return records
}

extension PlainProducer {
    mutating func send(
        _ topic: ProducerTopic, _ key: String?, _ value: String?, partition: Int32? = nil, headers: RecordHeaders = RecordHeaders(),
        timestampMilliseconds: Int64? = nil
    ) throws(KafkaError) {
        let keyBytes = key.map { Array($0.utf8) }
        let valueBytes = value.map { Array($0.utf8) }
        try withBuffers(keyBytes, valueBytes) { key, value throws(KafkaError) in
            try self.produce(
                to: topic, partition: partition, key: key, value: value, headers: headers,
                timestampMilliseconds: timestampMilliseconds)
        }
    }
}

extension TransactionalProducer {
    mutating func send(_ topic: ProducerTopic, _ key: String?, _ value: String?, partition: Int32? = nil) throws(KafkaError) {
        let keyBytes = key.map { Array($0.utf8) }
        let valueBytes = value.map { Array($0.utf8) }
        try withBuffers(keyBytes, valueBytes) { key, value throws(KafkaError) in
            try self.produce(to: topic, partition: partition, key: key, value: value)
        }
    }
}

private func withBuffers(
    _ key: [UInt8]?, _ value: [UInt8]?, _ body: (UnsafeRawBufferPointer?, UnsafeRawBufferPointer?) throws(KafkaError) -> Void
) throws(KafkaError) {
    let keyCopy = key.map { ManagedBytes($0) }
    let valueCopy = value.map { ManagedBytes($0) }
    defer { withExtendedLifetime((keyCopy, valueCopy)) {} }
    try body(keyCopy?.bytes, valueCopy?.bytes)
}

/// Bytes that stay where they are as long as this lives.
private final class ManagedBytes {
    let bytes: UnsafeRawBufferPointer

    init(_ source: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
        copy.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
}

extension TopicConsumer {
    /// Polls the partitions in turn until `count` records (and `ends` partition ends) are there, for at most ten seconds.
    mutating func collect(_ count: Int, ends: Int = 0, from partitions: Range<Int> = 0..<1) throws(KafkaError) -> [TextRecord] {
        var batch = RecordBatch(capacityBytes: 16)
        let deadline = Deadline(after: .seconds(10))
        while (batch.count < count || batch.partitionEnds.count < ends) && !deadline.hasPassed {
            _ = waitForRecords(timeout: .milliseconds(100))
            for partition in partitions {
                try poll(partition: partition, into: &batch, maximumRecords: 10_000, maximumBytes: 1 << 24, timeout: .zero)
            }
        }
        return textRecords(batch)
    }
}
