// The one error of this module: what was tried, on what, librdkafka's code, what that means and what to do about it.

import CRdkafka

/// A failed call. Its texts never hold a setting's value or a record's bytes.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried: "commit transaction", "read", …
    public let operation: String
    /// What it was tried on: a topic and partition, a transactional id, a setting.
    public private(set) var object: String
    /// librdkafka's name of the cause: `_TRANSPORT`, `MSG_SIZE_TOO_LARGE`, …
    public let codeName: String
    /// What a caller may do.
    public let errorClass: ErrorClass
    /// The cause in librdkafka's or the broker's words.
    public let message: String
    /// What the operator may do; empty if there is nothing to say.
    public let hint: String

    public var description: String {
        let cause = "\(operation) (\(object)): \(message) [\(codeName)]"
        return hint.isEmpty ? cause : "\(cause); \(hint)"
    }

    /// The brokers do not let this user do it. An operator may grant it meanwhile: then the same is taken.
    public var isForbidden: Bool {
        [
            "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED",
            "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
        ].contains(codeName)
    }

    /// The brokers do not take what was sent, and no new transaction changes that: for what the record is, for a rule of the topic, for a
    /// permission that is missing, or because they fail at it themselves.
    public var isRefusal: Bool { errorClass == .poison || isForbidden || ["POLICY_VIOLATION", "UNKNOWN"].contains(codeName) }

    /// The same, of something that brokers did not name.
    public func about(_ object: String) -> KafkaError {
        var error = self
        error.object = object
        return error
    }

    /// The brokers know no such topic or partition.
    public var isUnknownTopic: Bool { ["UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"].contains(codeName) }

    /// The partition has not the offset that was to be read: it begins later or ends before.
    public var isOffsetOutOfRange: Bool { ["OFFSET_OUT_OF_RANGE", "_AUTO_OFFSET_RESET"].contains(codeName) }
}

extension KafkaError {
    /// An error that librdkafka has no part in.
    package init(operation: String, object: String, codeName: String, errorClass: ErrorClass) {
        self.operation = operation
        self.object = object
        self.codeName = codeName
        self.errorClass = errorClass
        message = codeName
        hint = ""
    }

    /// An error of a bare code. `message` defaults to librdkafka's text for it.
    init(
        operation: String, object: String, code: rd_kafka_resp_err_t, message: String? = nil, isTransactional: Bool = false,
        errorClass: ErrorClass? = nil
    ) {
        self.operation = operation
        self.object = object
        codeName = String(cString: rd_kafka_err2name(code))
        self.errorClass = errorClass ?? .of(code: code, isTransactional: isTransactional)
        self.message = message ?? String(cString: rd_kafka_err2str(code))
        hint = Self.hint(for: code)
    }

    /// Takes over and destroys an `rd_kafka_error_t`. Of a fatal one the cause is asked of the client: calls after the first
    /// failure only say that there was one.
    init(consuming error: OpaquePointer, operation: String, object: String, client: OpaquePointer, isTransactional: Bool) {
        defer { rd_kafka_error_destroy(error) }
        var code = rd_kafka_error_code(error)
        var message = String(cString: rd_kafka_error_string(error))
        let isFatal = rd_kafka_error_is_fatal(error) != 0
        if let cause = Self.fatalCause(of: client), isFatal || code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR__STATE {
            code = cause.code
            message = cause.message
        }
        self.init(
            operation: operation, object: object, code: code, message: message,
            errorClass: .of(
                code: code, isFatal: isFatal, isRetriable: rd_kafka_error_is_retriable(error) != 0,
                requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0, isTransactional: isTransactional))
    }

    /// The fatal error that a client has raised, if it has.
    private static func fatalCause(of client: OpaquePointer) -> (code: rd_kafka_resp_err_t, message: String)? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            let code = rd_kafka_fatal_error(client, text.baseAddress, text.count)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, let start = text.baseAddress else { return nil }
            return (code, String(cString: start))
        }
    }

    private static func hint(for code: rd_kafka_resp_err_t) -> String {
        switch code {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR__RESOLVE:
            "check that the broker runs and that bootstrap.servers and security.protocol are right"
        case RD_KAFKA_RESP_ERR__SSL:
            "check ssl.ca.location and the broker's certificate"
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
            "check sasl.mechanisms, sasl.username and sasl.password; librdkafka 2.0.2 cannot do SCRAM with new brokers"
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            "grant this user the missing permission (ACL) on the broker"
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            "create the topic with enough partitions, or check its name and this user's permission to see it"
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
            "the records there were removed (retention), or the topic was made anew; nothing is skipped by itself"
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            "raise message.max.bytes here and max.message.bytes of the topic"
        case RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
            "look at the topic's settings and at the broker's log: cleanup.policy, message timestamps, a check of records or a policy"
        case RD_KAFKA_RESP_ERR_UNKNOWN:
            "look at the broker's log"
        case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
            "another process uses the same transactional id; only one may run"
        case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
            "the broker's transaction.max.timeout.ms is below the transaction timeout"
        default: ""
        }
    }
}
