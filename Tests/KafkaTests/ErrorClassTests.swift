// The table of error classes, flag by flag and code by code.

import CRdkafka
import Testing

@testable import Kafka

@Suite struct ErrorClassTests {
    struct Row: Sendable {
        let code: rd_kafka_resp_err_t
        var isFatal = false
        var isRetriable = false
        var requiresAbort = false
        var isTransactional = true
        let expected: ErrorClass
    }

    static let flagged = [
        Row(code: RD_KAFKA_RESP_ERR__FENCED, isFatal: true, expected: .fenced),
        Row(code: RD_KAFKA_RESP_ERR_PRODUCER_FENCED, isFatal: true, expected: .fenced),
        Row(code: RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, isFatal: true, expected: .fenced),
        Row(code: RD_KAFKA_RESP_ERR_PRODUCER_FENCED, expected: .fenced),
        Row(code: RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, requiresAbort: true, expected: .abortable),
        Row(code: RD_KAFKA_RESP_ERR__FENCED, isFatal: true, isTransactional: false, expected: .fatal),
        Row(code: RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, isFatal: true, expected: .fatal),
        Row(code: RD_KAFKA_RESP_ERR__TIMED_OUT, isRetriable: true, expected: .retriable),
        Row(code: RD_KAFKA_RESP_ERR__TIMED_OUT, expected: .fatal),
        Row(code: RD_KAFKA_RESP_ERR__STATE, expected: .fatal),
        Row(code: RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, expected: .poison),
        Row(code: RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, requiresAbort: true, expected: .abortable),
        Row(code: RD_KAFKA_RESP_ERR__QUEUE_FULL, isRetriable: true, expected: .retriable),
        Row(code: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, isFatal: true, requiresAbort: true, expected: .fatal),
    ]

    @Test(arguments: flagged)
    func withFlags(row: Row) {
        #expect(
            row.expected
                == .of(
                    code: row.code, isFatal: row.isFatal, isRetriable: row.isRetriable, requiresAbort: row.requiresAbort,
                    isTransactional: row.isTransactional))
    }

    static let bare: [(rd_kafka_resp_err_t, ErrorClass)] = [
        (RD_KAFKA_RESP_ERR__TRANSPORT, .retriable), (RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, .retriable),
        (RD_KAFKA_RESP_ERR__SSL, .retriable), (RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, .retriable),
        (RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, .fatal), (RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, .fatal),
        (RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, .fatal), (RD_KAFKA_RESP_ERR__BAD_MSG, .fatal),
        (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .fatal), (RD_KAFKA_RESP_ERR_INVALID_RECORD, .poison),
        (RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, .poison), (RD_KAFKA_RESP_ERR_UNKNOWN, .fatal),
    ]

    @Test(arguments: bare)
    func withoutFlags(code: rd_kafka_resp_err_t, expected: ErrorClass) {
        #expect(ErrorClass.of(code: code) == expected)
    }

    @Test func anErrorNamesOperationObjectCauseAndHint() {
        let error = KafkaError(operation: "read", object: "changes/3", code: RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
        #expect(error.description.hasPrefix("read (changes/3): Broker: Offset out of range [OFFSET_OUT_OF_RANGE]; the records there"))
    }
}
