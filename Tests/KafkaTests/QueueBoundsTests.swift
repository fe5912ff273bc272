// Goal: what queues may take becomes settings that librdkafka takes, whatever the operator says besides, who wins (QueueBounds.swift).

import Testing

@testable import Kafka

@Suite struct QueueBoundsTests {
    private let small = QueueBounds(readBytes: 8 << 20, sentBytes: 2 << 20)

    private func configuration(_ settings: [String: String] = [:]) -> ClientConfiguration {
        ClientConfiguration(settings: ["bootstrap.servers": "127.0.0.1:1"].merging(settings) { mine, _ in mine }, bounds: small)
    }

    @Test func partitionsShareWhatThereIs() {
        let bounds = QueueBounds()
        #expect(bounds.queueKilobytes(partitionCount: 8) == 8192 && bounds.queueRecords(partitionCount: 8) == 65_536)
        #expect(bounds.queueKilobytes(partitionCount: 1) == 16_384 && bounds.queueRecords(partitionCount: 1) == 100_000)
        #expect(small.queueKilobytes(partitionCount: 4) == 256 && small.queueRecords(partitionCount: 4) == 2048)
        #expect(small.queueKilobytes(partitionCount: 10_000) == 64 && small.queueRecords(partitionCount: 10_000) == 16)
    }

    /// A dead letter of the largest record waits for no room that there never is.
    @Test func theLargestRecordCanBeSent() {
        #expect(configuration().maximumSentBytes == ClientConfiguration(settings: [:]).maximumSentBytes)
    }

    @Test func theOperatorsWishIsForOneQueue() {
        let limits = configuration(["queued.max.messages.kbytes": "777", "queued.min.messages": "5"]).queueLimits(partitionCount: 3)
        #expect(limits.kilobytes == 777 && limits.records == 5)
    }

    @Test(arguments: [
        [:], ["message.max.bytes": "20000000"], ["receive.message.max.bytes": "2000000"], ["fetch.max.bytes": "3000000"],
        ["fetch.message.max.bytes": "1000"], ["queue.buffering.max.kbytes": "100000"], ["queue.buffering.max.messages": "10"],
    ])
    func librdkafkaTakesThem(settings: [String: String]) throws {
        for bounds in [small, QueueBounds()] {
            let all = settings.merging(["bootstrap.servers": "127.0.0.1:1"]) { mine, _ in mine }
            let configuration = ClientConfiguration(settings: all, bounds: bounds)
            var consumer = try TopicConsumer(configuration: configuration, group: "g", assignment: [], handlers: .silent)
            consumer.close(deadline: .seconds(5))
            var producer = try PlainProducer(configuration: configuration, name: "p", handlers: .silent)
            producer.close(deadline: .seconds(5))
        }
    }
}
