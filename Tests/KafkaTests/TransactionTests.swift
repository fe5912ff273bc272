// The states of a transactional producer, on the mock broker with errors pushed into its answers.

import CRdkafka
import Testing

@testable import Kafka

@Suite(.waiting) struct TransactionTests {
    let handlers = ClientHandlers.silent
    static let produceRequest: Int16 = 0
    static let addPartitionsRequest: Int16 = 24
    static let endTransactionRequest: Int16 = 26

    /// A broker with topic `out` and a producer that may begin.
    private func ready(
        _ body: (borrowing MockBroker, inout TransactionalProducer, ProducerTopic) throws -> Void
    ) throws {
        var broker = try MockBroker()
        try broker.createTopic("out", partitionCount: 2)
        var producer = try TransactionalProducer(
            configuration: configuration(broker.bootstrapServers), transactionalIdentifier: "test", handlers: handlers)
        let takenOver = try producer.initTransactions(timeout: .seconds(10))
        #expect(takenOver == .finished)
        let topic = try producer.openTopic("out", timeout: .seconds(10))
        try body(broker, &producer, topic)
        producer.close(deadline: .seconds(5))
        broker.stop()
    }

    @Test func commitsAndTellsWhereTheRecordsAre() throws {
        try ready { _, producer, topic in
            for round in 0..<2 {
                try producer.begin()
                for number in 0..<3 { try producer.send(topic, "k", "v\(number)", partition: 1) }
                #expect(producer.commit(timeout: .seconds(10)) == .committed)
                #expect(producer.state == .ready)
                let offsets = producer.deliveredOffsets
                #expect(offsets.map(\.partition) == [1])
                #expect(offsets.allSatisfy { $0.offset >= Int64(3 * round + 2) })
                let isUnknown = producer.hasUnknownDeliveredOffsets
                #expect(!isUnknown)
            }
            try producer.begin()
            #expect(producer.commit(timeout: .seconds(10)) == .committed)
            let offsets = producer.deliveredOffsets
            #expect(offsets.isEmpty)
        }
    }

    @Test(arguments: [RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH])
    func fencedAtCommit(code: rd_kafka_resp_err_t) throws {
        try ready { broker, producer, topic in
            broker.failNextRequests(ofKind: Self.endTransactionRequest, with: [code])
            try producer.begin()
            try producer.send(topic, "k", "v")
            guard case .fenced(let error) = producer.commit(timeout: .seconds(10)) else {
                Issue.record("not fenced")
                return
            }
            #expect(error.errorClass == .fenced && error.object == "test" && error.codeName == "_FENCED")
            #expect(producer.state == .failed)
        }
    }

    @Test func anAbortableErrorIsRefusedThenAbortedThenSentAgain() throws {
        try ready { broker, producer, topic in
            broker.failNextRequests(
                ofKind: Self.addPartitionsRequest, with: [RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED])
            try producer.begin()
            try producer.send(topic, "k", "v")
            guard case .refused(let error) = producer.commit(timeout: .seconds(10)) else {
                Issue.record("not refused")
                return
            }
            #expect(error.errorClass == .abortable)
            #expect(producer.state == .open)
            #expect(try producer.abort(timeout: .seconds(10)) == .finished)
            try producer.begin()
            try producer.send(topic, "k", "v")
            #expect(producer.commit(timeout: .seconds(10)) == .committed)
        }
    }

    /// Markers of the transaction before: librdkafka asks again after 20 ms, and the producer tells.
    @Test func markersThatWereMetAreSeen() throws {
        try ready { broker, producer, topic in
            for isMet in [false, true, false] {
                if isMet {
                    broker.failNextRequests(ofKind: Self.addPartitionsRequest, with: [RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS])
                }
                try producer.begin()
                try producer.send(topic, "k", "v", partition: 0)
                #expect(producer.commit(timeout: .seconds(10)) == .committed)
                let wait = producer.registrationWait
                #expect(isMet ? wait >= .milliseconds(20) : wait == .zero)
            }
        }
    }

    @Test func aRefusedRecordIsNamed() throws {
        try ready { broker, producer, topic in
            try producer.begin()
            try producer.send(topic, "k", "good", partition: 0)
            broker.failNextRequests(ofKind: Self.produceRequest, with: [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
            let outcome = producer.commit(timeout: .seconds(10))
            guard case .refused = outcome else {
                Issue.record("not refused: \(outcome)")
                return
            }
            let failure = producer.firstFailedDelivery
            let failed = try #require(failure)
            #expect(failed.recordIndex == 0 && failed.error.errorClass == .poison && failed.error.object == "out/0")
            #expect(try producer.abort(timeout: .seconds(10)) == .finished)
        }
    }

    @Test func afterARefusedRecordTheNextOneFailsAsTheTransactionDoes() throws {
        try ready { broker, producer, topic in
            broker.failNextRequests(ofKind: Self.produceRequest, with: [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
            try producer.begin()
            try producer.send(topic, "k", "refused", partition: 0)
            var failure: KafkaError?
            let deadline = Deadline(after: .seconds(10))
            while failure == nil && !deadline.hasPassed {
                do throws(KafkaError) { try producer.send(topic, "k", "next", partition: 1) } catch { failure = error }
            }
            let refused = producer.firstFailedDelivery
            #expect(failure?.errorClass == .abortable && refused?.error.codeName == "MSG_SIZE_TOO_LARGE")
            #expect(try producer.abort(timeout: .seconds(10)) == .finished)
        }
    }

    @Test func aRecordThatIsTooLargeIsPoisonAndHarmsNothing() throws {
        try ready { _, producer, topic in
            try producer.begin()
            let error = #expect(throws: KafkaError.self) {
                try producer.send(topic, "k", String(repeating: "x", count: 12 << 20))
            }
            #expect(error?.errorClass == .poison && error?.codeName == "MSG_SIZE_TOO_LARGE")
            try producer.send(topic, "k", "small")
            #expect(producer.commit(timeout: .seconds(10)) == .committed)
        }
    }

    @Test func aCallThatRunsOutOfTimeIsResumedByTheSameCall() throws {
        try ready { broker, producer, topic in
            try producer.begin()
            try producer.send(topic, "k", "v")
            broker.delayAnswers(by: .milliseconds(300))
            guard case .unfinished(let error) = producer.commit(timeout: .milliseconds(50)) else {
                Issue.record("not unfinished")
                return
            }
            #expect(error.errorClass == .retriable && producer.state == .committing)
            broker.delayAnswers(by: .zero)
            #expect(producer.commit(timeout: .seconds(10)) == .committed)

            try producer.begin()
            try producer.send(topic, "k", "v")
            #expect(try producer.abort(timeout: .seconds(10)) == .finished)
            #expect(producer.state == .ready)
        }
    }

    @Test func takingOverWaitsForABroker() throws {
        var broker = try MockBroker()
        broker.setReachable(false)
        var producer = try TransactionalProducer(
            configuration: configuration(broker.bootstrapServers), transactionalIdentifier: "test", handlers: handlers)
        guard case .unfinished(let error) = try producer.initTransactions(timeout: .milliseconds(100)) else {
            Issue.record("not unfinished")
            return
        }
        #expect(error.errorClass == .retriable && producer.state == .initialising)
        broker.setReachable(true)
        let takenOver = try producer.initTransactions(timeout: .seconds(10))
        #expect(takenOver == .finished)
        producer.close(deadline: .seconds(5))
        broker.stop()
    }
}
