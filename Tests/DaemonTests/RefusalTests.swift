// Goal: an output that brokers refuse ends the daemon after a while, which says what was refused, why and what to do; a permission that is
// missing is waited for. Method: the rule by itself, then lives on the in-process broker, which refuses everything that a transaction
// sends.

import CRdkafka
import Testing

@testable import Daemon
@testable import Kafka
@testable import Wire

@Suite(.serialized, .waiting, .quiet, .timeLimit(.minutes(1))) struct RefusalTests {
    private func error(_ code: rd_kafka_resp_err_t, of topic: String = "out/0") -> KafkaError {
        KafkaError(operation: "deliver record", object: topic, code: code)
    }

    @Test func aSeriesHasAnEnd() throws {
        var refusals = Refusals(patience: .zero)
        let counts = try (0..<2).map { try refusals.note(error(RD_KAFKA_RESP_ERR_INVALID_RECORD, of: "out/\($0)"), after: .zero) }
        #expect(counts == [1, 2])
        let failure = #expect(throws: DaemonFailure.self) { try refusals.note(error(RD_KAFKA_RESP_ERR_INVALID_RECORD), after: nil) }
        #expect(failure?.kind == .data)
        let words = try #require(failure?.description)
        for part in ["3 lives", "out/0", "INVALID_RECORD", "cleanup.policy", "nothing of its transaction is committed"] {
            #expect(words.contains(part), "\(part)")
        }
    }

    @Test func aPermissionIsWaitedForAndWhatWentWellBetweenBeginsAnew() throws {
        var refusals = Refusals(patience: .zero)
        for count in 1...5 { #expect(try refusals.note(error(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED), after: .zero) == count) }
        refusals = Refusals(patience: .seconds(3600))
        for count in 1...5 { #expect(try refusals.note(error(RD_KAFKA_RESP_ERR_INVALID_RECORD), after: .seconds(3)) == count) }
        #expect(try refusals.note(error(RD_KAFKA_RESP_ERR_INVALID_RECORD), after: .seconds(3601)) == 1)
        #expect(try refusals.note(error(RD_KAFKA_RESP_ERR_POLICY_VIOLATION), after: .zero) == 1)
    }

    /// After one permission is granted the next may be missing, and any of several may be met first.
    @Test func eachOperationAndTopicIsNews() throws {
        var refusals = Refusals(patience: .zero)
        let missing = error(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        func note(_ topic: String) throws -> Int { try refusals.note(missing.about(topic), after: .zero) }
        #expect(try ["a/0", "a/1", "b", "a", "b", "b", "c"].map(note) == [1, 2, 1, 2, 3, 4, 1])
        _ = try refusals.note(error(RD_KAFKA_RESP_ERR_INVALID_RECORD), after: .zero)
        #expect(try ["a", "a"].map(note) == [1, 2])
    }

    /// Gives the broker an error for all that a transaction sends, and takes it back when the producer is closed.
    private final class RefusedSink: CommitSink {
        private let inner: any CommitSink
        private let deployment: Deployment
        private let code: rd_kafka_resp_err_t

        init(_ inner: any CommitSink, _ deployment: Deployment, _ code: rd_kafka_resp_err_t) {
            (self.inner, self.deployment, self.code) = (inner, deployment, code)
        }

        func begin() throws(SinkFailure) {
            deployment.broker.failNextRequests(ofKind: 0, with: Array(repeating: code, count: 100))
            try inner.begin()
        }

        func send(_ output: OutputBatch) throws(SinkFailure) { try inner.send(output) }
        func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure) { try inner.send(journal: record, sequence: sequence) }
        func outputEnds() throws(SinkFailure) -> TopicOffsets { try inner.outputEnds() }
        var journalEnd: Int64? { inner.journalEnd }
        func commit() throws(SinkFailure) { try inner.commit() }
        func rest() { inner.rest() }
        func abort() throws(SinkFailure) { try inner.abort() }

        func close() {
            deployment.broker.forgetErrors(ofKind: 0)
            inner.close()
        }
    }

    /// Lives of a deployment whose first ones are refused.
    private func lives(
        _ code: rd_kafka_resp_err_t, refused: Int = .max, until isEnough: @escaping (KeepingSink) -> Bool = { _ in false }
    ) throws -> (count: Int, failure: DaemonFailure?, last: KeepingSink?) {
        let deployment = try Deployment()
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.flush()
        var count = 0
        var last: KeepingSink?
        let limit = Deadline(after: .seconds(40))
        let kafka = KafkaSource(
            client: deployment.client, group: deployment.configuration.group, partitionCounts: deployment.counts)
        let surroundings = Surroundings(source: kafka) { topics, facts, takeover, ends in
            let inner = try kafka.sink(topics, facts, takeover, ends)
            count += 1
            let sink = KeepingSink(count <= refused ? RefusedSink(inner, deployment, code) : inner)
            last = sink
            return sink
        }
        var lives = Lives(deployment.configuration, in: surroundings, refused: .seconds(2)) {
            limit.hasPassed || last.map(isEnough) == true
        }
        var failure: DaemonFailure?
        do { try lives.run() } catch { failure = error as? DaemonFailure }
        deployment.close()
        #expect(!limit.hasPassed)
        return (count, failure, last)
    }

    @Test func aRefusedOutputEndsTheDaemon() throws {
        let (count, failure, _) = try lives(RD_KAFKA_RESP_ERR_POLICY_VIOLATION)
        #expect(count >= 3 && failure?.kind == .data)
        #expect(failure?.cause.contains("POLICY_VIOLATION") == true && failure?.cause.contains("p.aud") == true)
    }

    @Test func aPermissionThatIsGrantedAgainIsUsed() throws {
        let (count, failure, last) = try lives(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, refused: 2) { !$0.transactions.isEmpty }
        #expect(count == 3 && failure == nil)
        #expect(last?.transactions.first?.journal.first?.sequence == 1)
    }
}
