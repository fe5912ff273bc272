// Keyed records land where Java's default partitioner puts them.

import Testing

@testable import Kafka

@Suite(.waiting) struct PartitionerTests {
    /// Kafka's own: org.apache.kafka.common.utils.Utils.murmur2.
    static func murmur2(_ key: [UInt8]) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(key.count)
        let whole = key.count / 4 * 4
        for start in stride(from: 0, to: whole, by: 4) {
            var word = UInt32(key[start]) | UInt32(key[start + 1]) << 8 | UInt32(key[start + 2]) << 16 | UInt32(key[start + 3]) << 24
            word = word &* multiplier
            word ^= word >> 24
            hash = hash &* multiplier ^ (word &* multiplier)
        }
        let rest = key[whole...]
        for (position, byte) in rest.enumerated() { hash ^= UInt32(byte) << UInt32(8 * position) }
        if !rest.isEmpty { hash = hash &* multiplier }
        hash ^= hash >> 13
        hash = hash &* multiplier
        return hash ^ hash >> 15
    }

    /// From Kafka's UtilsTest.testMurmur2.
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829), ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ("abc", 479_470_107),
    ])
    func theReferenceIsKafkas(key: String, expected: Int32) {
        #expect(Int32(bitPattern: Self.murmur2(Array(key.utf8))) == expected)
    }

    @Test func otherKeysAreHashedAsKeysAre() {
        for count in [1, 3, 7, 64] {
            let topic = ProducerTopic(index: 0, partitionCount: count)
            for key in ["21", "foobar", "Email|a@x.fr", "Email|é", ""] + (0..<95).map({ "key \($0)" }) {
                let expected = Int32((Self.murmur2(Array(key.utf8)) & 0x7fff_ffff) % UInt32(count))
                #expect(Array(key.utf8).withUnsafeBytes { topic.partition(of: $0) } == expected, "\(key)")
            }
        }
    }

    @Test func recordsArePlacedByTheirKey() throws {
        let partitionCount: Int32 = 7
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("keyed", partitionCount: partitionCount)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: .silent)
        let topic = try producer.openTopic("keyed", timeout: .seconds(10))
        let keys = ["21", "foobar", "abc", "recent-buyers|Email|a@x.fr", ""] + (0..<95).map { "key \($0)" }
        for key in keys { try producer.send(topic, key, "x") }
        try producer.flush(timeout: .seconds(10))
        var consumer = try TopicConsumer(
            configuration: configuration, group: "test",
            assignment: (0..<partitionCount).map { AssignedPartition(topic: "keyed", partition: $0, start: .beginning) },
            handlers: .silent)
        let records = try consumer.collect(keys.count, from: 0..<Int(partitionCount))
        #expect(records.count == keys.count)
        for record in records {
            let hash = Self.murmur2(Array(try #require(record.key).utf8)) & 0x7fff_ffff
            #expect(record.partition == Int32(hash % UInt32(partitionCount)), "\(record)")
        }
    }
}
