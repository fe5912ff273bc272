// Goal: the range of a partition is told right or not at all: a start that took a journal for empty would say everything again. Method: the
// in-process broker refuses one of the two questions, so often that both answers come at once now and then.

import CRdkafka
import Testing

@testable import Kafka

@Suite(.serialized, .waiting, .timeLimit(.minutes(1))) struct RangeTests {
    private static let listOffsetsRequest: Int16 = 2

    /// A client that asks and reads nothing, and a topic `in` of five records.
    private func asker(of broker: inout MockBroker) throws -> TopicConsumer {
        try broker.createTopic("in", partitionCount: 1)
        var producer = try PlainProducer(configuration: configuration(broker.bootstrapServers), name: "test", handlers: .silent)
        let topic = try producer.openTopic("in", timeout: .seconds(10))
        for number in 0..<5 { try producer.send(topic, "k", "v\(number)", partition: 0) }
        try producer.flush(timeout: .seconds(10))
        producer.close(deadline: .seconds(5))

        return try TopicConsumer(
            configuration: configuration(broker.bootstrapServers), group: "test", assignment: [], handlers: .silent)
    }

    /// librdkafka 2.0.2 loses the first error when its own call for a range takes both answers at once, and calls the partition empty.
    @Test(arguments: [
        [RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED], [RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED],
    ])
    func anAnswerThatIsAnErrorIsNoOffset(errors: [rd_kafka_resp_err_t]) throws {
        var broker = try MockBroker()
        var consumer = try asker(of: &broker)
        var range = try consumer.watermarks(topic: "in", partition: 0, timeout: .seconds(10))
        #expect(range == (0, 5))
        for _ in 0..<100 {
            broker.failNextRequests(ofKind: Self.listOffsetsRequest, with: errors)
            do throws(KafkaError) {
                range = try consumer.watermarks(topic: "in", partition: 0, timeout: .seconds(10))
                Issue.record("\(range), and the broker refused to say")
            } catch {
                #expect(error.codeName == "TOPIC_AUTHORIZATION_FAILED" && error.object == "in")
            }
        }
        consumer.close(deadline: .seconds(5))
        broker.stop()
    }

    /// A client that reads nothing is told of no other leader: librdkafka 2.0.2 asks the one that it knows again and again.
    @Test func aLeaderThatMovedIsFound() throws {
        var broker = try MockBroker(brokerCount: 2)
        var consumer = try asker(of: &broker)
        for leader in [1, 2, 1, 2] as [Int32] {
            broker.setLeader(of: "in", partition: 0, to: leader)
            #expect(try consumer.watermarks(topic: "in", partition: 0, timeout: .seconds(10)) == (0, 5))
        }
        consumer.close(deadline: .seconds(5))
        broker.stop()
    }
}
