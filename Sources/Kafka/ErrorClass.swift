// What a failure means for the commit loop: the one place where librdkafka's error codes and flags are sorted.

import CRdkafka

/// What a caller may do after a failure.
public enum ErrorClass: Sendable, Hashable {
    /// Nothing is decided; the same call may be made again.
    case retriable
    /// The open transaction cannot be committed and is certainly not: abort it, then send the same records again.
    case abortable
    /// This client cannot be used any more: close it and make a new one, or start up again.
    case fatal
    /// A successor took over the transactional id. Nothing more may be sent: leave the field to it.
    case fenced
    /// These very bytes will never be accepted (too large, an impossible timestamp). Sending them again is pointless.
    case poison
}

extension ErrorClass {
    /// Sorts the flags and code of an `rd_kafka_error_t`. An error with no flag at all is fatal, as librdkafka's introduction asks.
    ///
    /// `INVALID_PRODUCER_EPOCH` that asks for an abort only says that the broker timed the transaction out. The abort bumps the epoch,
    /// and if there is a successor, that is when the fatal error comes.
    static func of(
        code: rd_kafka_resp_err_t, isFatal: Bool, isRetriable: Bool, requiresAbort: Bool, isTransactional: Bool
    ) -> ErrorClass {
        if isTransactional, !requiresAbort || isFatal, isFencing(code) { return .fenced }
        if isFatal { return .fatal }
        if requiresAbort { return .abortable }
        if isRetriable { return .retriable }
        return isAboutTheRecord(code) ? .poison : .fatal
    }

    /// Sorts a bare code: of a delivery report, a consumer's error message, a query or an admin call.
    static func of(code: rd_kafka_resp_err_t, isTransactional: Bool = false) -> ErrorClass {
        if isTransactional, code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED { return .fenced }
        if isTransient(code) { return .retriable }
        return isAboutTheRecord(code) ? .poison : .fatal
    }

    private static func isFencing(_ code: rd_kafka_resp_err_t) -> Bool {
        switch code {
        case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH: true
        default: false
        }
    }

    private static func isAboutTheRecord(_ code: rd_kafka_resp_err_t) -> Bool {
        switch code {
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_RECORD,
            RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
            true
        default: false
        }
    }

    /// TLS failures count as transport: 2.0.2 reports an unclean close of OpenSSL 3 as one.
    private static func isTransient(_ code: rd_kafka_resp_err_t) -> Bool {
        switch code {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR__WAIT_COORD,
            RD_KAFKA_RESP_ERR__WAIT_CACHE, RD_KAFKA_RESP_ERR__RETRY, RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS, RD_KAFKA_RESP_ERR__NO_OFFSET,
            RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND, RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED,
            RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
            RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND, RD_KAFKA_RESP_ERR_INVALID_FETCH_SESSION_EPOCH:
            true
        default: false
        }
    }
}
