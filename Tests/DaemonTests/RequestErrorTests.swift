// Goal: the table of what becomes of the loop for every kind of request and every error that a broker answers it with (contract §7): it
// goes on, sends the transaction again, begins again from the journal, or ends, and says why. Whatever it is, afterwards everyone was told
// of once. Method: the in-process broker answers a request with the error. It shows aborted records to everybody, so each life begins
// with a journal, of a group of its own, of just those records that a reader of a real broker would see. Where nobody knows whether the
// transaction was committed, a life follows that finds it, or one that does not.

import CRdkafka
import Glibc
import Testing

@testable import Daemon
@testable import Kafka

@Suite(.serialized, .waiting, .quiet, .timeLimit(.minutes(2))) struct RequestErrorTests {
    /// Kafka's numbers of requests.
    enum Request: Int16 {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case findCoordinator = 10
        case initProducerId = 22
        case addPartitions = 24
        case endTransaction = 26

        /// Whether it is made before a life is ready.
        var isOfStart: Bool { self == .listOffsets || self == .findCoordinator || self == .initProducerId }
    }

    /// What becomes of the loop.
    enum Outcome: Equatable, CustomStringConvertible {
        case goesOn
        /// The same bytes, in another transaction.
        case sentAgain
        /// Another life, from the journal; nothing of the transaction is there.
        case startsAgain
        /// The same, and whether anything of it is there nobody knows.
        case isUnknown
        /// Another life, which after a time is none any more (`Refusals`).
        case isRefused
        case isFenced
        case ends(ExitCode)

        var description: String {
            switch self {
            case .goesOn: "goes on"
            case .sentAgain: "is sent again"
            case .startsAgain: "starts again"
            case .isUnknown: "is unknown"
            case .isRefused: "is refused"
            case .isFenced: "is fenced"
            case .ends(let code): "ends with \(code.rawValue)"
            }
        }
    }

    /// What a request is answered with, and what comes of that. `isThere`: the next life finds the transaction of which nobody knows.
    /// `or`: comes of it too, by what else is under way.
    struct Row: Sendable {
        let request: Request
        let code: rd_kafka_resp_err_t
        let outcome: Outcome
        let other: Outcome?
        let isThere: Bool

        init(
            _ request: Request, _ code: rd_kafka_resp_err_t, _ outcome: Outcome, or other: Outcome? = nil, isThere: Bool = false
        ) {
            (self.request, self.code, self.outcome, self.other, self.isThere) = (request, code, outcome, other, isThere)
        }

        var name: String { "\(request) \(String(cString: rd_kafka_err2name(code)))" }
    }

    private static let transient = [
        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
    ]

    /// Each is played in a deployment of its own, beside the others.
    static let tables: [[Row]] = [
        [
            // What is acknowledged at the second attempt only may have no offset, and a barrier says none that nobody knows.
            Row(.produce, RD_KAFKA_RESP_ERR__TRANSPORT, .goesOn, or: .isUnknown),
            Row(.produce, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER, .isUnknown),
            Row(.produce, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, .goesOn),
            Row(.produce, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, .goesOn), Row(.produce, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, .goesOn),
            Row(.produce, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, .goesOn),
            Row(.produce, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, .isUnknown),
            Row(.produce, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, .sentAgain),
            Row(.produce, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, .isFenced),
        ],
        [
            // Brokers say so of no record; who is fenced learns it from the coordinator, at the abort.
            Row(.produce, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, .sentAgain),
            Row(.produce, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, .isRefused),
            Row(.produce, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, .isRefused), Row(.produce, RD_KAFKA_RESP_ERR_INVALID_RECORD, .isRefused),
            Row(.produce, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, .isRefused),
        ],
        [
            Row(.produce, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .isRefused),
            Row(.produce, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, .isRefused),
            Row(.produce, RD_KAFKA_RESP_ERR_POLICY_VIOLATION, .isRefused), Row(.produce, RD_KAFKA_RESP_ERR_UNKNOWN, .isRefused),
        ],
        transient.map { Row(.addPartitions, $0, .goesOn) } + [
            Row(.addPartitions, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, .goesOn),
            Row(.addPartitions, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING, .sentAgain),
            Row(.addPartitions, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .isRefused),
            Row(.addPartitions, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .isUnknown),
        ],
        [
            Row(.addPartitions, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, .isFenced),
            Row(.addPartitions, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, .isFenced),
            Row(.addPartitions, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, .isUnknown),
        ],
        transient.map { Row(.endTransaction, $0, .goesOn) } + [
            // The abort before that is what a coordinator refuses when it has begun to commit: then it is unknown.
            Row(.endTransaction, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, .sentAgain),
            Row(.endTransaction, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING, .sentAgain),
            Row(.endTransaction, RD_KAFKA_RESP_ERR_UNKNOWN, .sentAgain),
        ],
        [
            Row(.endTransaction, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, .isFenced, isThere: true),
            Row(.endTransaction, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, .isFenced),
            Row(.endTransaction, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, .isUnknown, isThere: true),
            Row(.endTransaction, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, .isUnknown),
            Row(.endTransaction, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .isUnknown),
        ],
        transient.map { Row(.initProducerId, $0, .goesOn) },
        [
            Row(.initProducerId, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, .isFenced),
            Row(.initProducerId, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, .isFenced),
            Row(.initProducerId, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .isRefused),
            Row(.initProducerId, RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, .startsAgain),
        ],
        [
            Row(.findCoordinator, RD_KAFKA_RESP_ERR__TRANSPORT, .goesOn),
            Row(.findCoordinator, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, .goesOn),
            Row(.listOffsets, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, .goesOn),
            Row(.listOffsets, RD_KAFKA_RESP_ERR__TRANSPORT, .goesOn),
            Row(.listOffsets, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE, .goesOn),
            Row(.listOffsets, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .isRefused),
        ],
        [
            Row(.fetch, RD_KAFKA_RESP_ERR__TRANSPORT, .goesOn), Row(.fetch, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, .goesOn),
            Row(.fetch, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, .goesOn), Row(.fetch, RD_KAFKA_RESP_ERR_UNKNOWN, .startsAgain),
            Row(.fetch, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .isRefused),
            Row(.fetch, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, .ends(.data)),
        ],
    ]

    @Test func eachErrorOfEachRequest() throws {
        let stories = Self.tables.map { RequestErrorStory($0) }
        let threads = stories.map { story in startThread { story.play() } }
        for thread in threads { pthread_join(thread, nil) }
        for story in stories { #expect(story.problems == []) }
        #expect(stories.reduce(0) { $0 + $1.played } == Self.tables.joined().count)
    }
}
