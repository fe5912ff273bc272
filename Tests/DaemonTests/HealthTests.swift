// Goal: the daemon is ready when it is, says why when it is not, and lives as long as its loop goes on, whatever Kafka does. Method: lives
// of the loop over the in-process broker, which goes away; a wall clock that stepped; a sink that is fenced.

import Campaigns
import Glibc
import Synchronization
import Testing

@testable import Daemon
@testable import Kafka
@testable import Wire

@Suite(.serialized, .waiting, .quiet, .timeLimit(.minutes(2))) struct HealthTests {
    private let error = KafkaError(operation: "ask", object: "t", codeName: "_TRANSPORT", errorClass: .retriable)

    private func wrong(_ health: Health) -> [HealthCheck.Reason] { health.report().checks.filter { !$0.isOK }.map(\.reason) }

    @Test func aStartAndAStop() {
        let health = Health(reach: BrokerReach())
        #expect(wrong(health) == [.starting])
        health.repeated(63, of: 100)
        #expect(health.report().worst!.message.hasSuffix(", 63 %") && health.report().replayedRatio == 0.63)
        health.lives(at: 8)
        #expect(wrong(health) == [] && health.report().sentence == "ready at commit 8")
        health.stops()
        health.isFenced(true)
        #expect(wrong(health) == [.fenced, .stopping], "the worst is the first")
        #expect(health.report().sentence == "not ready: fenced: another process has taken over this deployment")
        health.isFenced(false)
        health.starts()
        #expect(health.report().worst?.reason == .stopping)
    }

    @Test func theForms() {
        let health = Health(reach: BrokerReach())
        health.lives(at: 8)
        #expect(health.report().text(isVerbose: false) == "ready at commit 8\n")
        health.clockStands(off: -3_600_000)
        let report = health.report()
        let words = "the wall clock stepped by -3600.0 s and is not followed"
        #expect(report.text(isVerbose: false) == "clock-stepped: \(words)\n")
        let verbose = report.text(isVerbose: true).split(separator: "\n")
        #expect(verbose.count == 7 && verbose[0] == "not ready: clock-stepped: \(words)")
        #expect(verbose[5].hasPrefix("NOT OK clock-stepped since 20") && verbose[5].hasSuffix("restart the daemon to take it"))
        let read = json(String(decoding: report.json, as: UTF8.self))
        #expect(read["ready"] == .boolean(false) && read.text("status") == String(verbose[0]))
        guard case .array(let checks)? = read["checks"] else {
            Issue.record("no checks")
            return
        }
        #expect(checks.map { $0.text("check") } == HealthCheck.Reason.allCases.map(\.rawValue))
        #expect(checks.map { $0["ok"] == .boolean(true) } == [true, true, true, true, false, true])
        #expect(checks[4].text("message") == words && checks[4].text("since")!.hasSuffix("Z") && checks[4].text("help") != nil)
    }

    @Test func brokersThatDoNotAnswerAndCommitsThatDoNotCome() {
        let reach = BrokerReach()
        let health = Health(reach: reach, limits: .init(brokers: 30_000_000, commits: 60_000_000, life: 60_000_000))
        health.lives(at: 1)
        reach.failed(error)
        #expect(wrong(health) == [])
        pause(milliseconds: 40)
        #expect(wrong(health) == [.kafkaUnreachable])
        reach.answered()
        #expect(wrong(health) == [])
        pause(milliseconds: 40)
        #expect(wrong(health) == [.commitsStalled] && !health.isAlive)
        health.giveSign()
        health.committed(2)
        #expect(wrong(health) == [] && health.isAlive && health.report().sentence == "ready at commit 2")
        pause(milliseconds: 70)
        health.waitsForTime()
        #expect(wrong(health) == [])
    }

    @Test func aLifeOfTheLoop() throws {
        let deployment = try Deployment(clock: .wall)
        let health = Health(limits: .init(brokers: 1_000_000_000))
        deployment.metrics = Metrics(health: health)
        var seen: [[HealthCheck.Reason]] = []
        func note(_ found: [HealthCheck.Reason]) { if seen.last != found { seen.append(found) } }
        let away = Mutex<[HealthCheck.Reason]>([])
        var watching: pthread_t?
        // While the broker is away the loop may wait for it: another thread looks on, and has it back.
        nonisolated(unsafe) let deployed = deployment
        _ = try deployment.run(
            { KeepingSink($0) }, began: { _ in note(wrong(health)) },
            first: { loop in
                note(wrong(health))
                // As if the wall clock had been an hour earlier when the loop began.
                loop.clock = WallClock(maximumStep: .seconds(300), last: wallMilliseconds() - 3_600_000)
            }
        ) { _ in
            let found = wrong(health)
            if watching == nil {
                note(found)
                guard found == [.clockStepped] else { return false }
                deployment.broker.setReachable(false)
                watching = startThread {
                    let limit = Deadline(after: .seconds(15))
                    while !self.wrong(health).contains(.kafkaUnreachable), !limit.hasPassed { pause(milliseconds: 10) }
                    away.withLock { $0 = self.wrong(health) }
                    deployed.broker.setReachable(true)
                }
            }
            guard away.withLock({ !$0.isEmpty }), found == [.clockStepped] else { return false }
            health.stops()
            note(wrong(health))
            return true
        }
        if let watching { pthread_join(watching, nil) }
        #expect(seen == [[.starting], [], [.clockStepped], [.stopping, .clockStepped]])
        #expect(away.withLock { $0 } == [.kafkaUnreachable, .clockStepped])
        deployment.close()
    }

    private final class FencedSink: CommitSink {
        private let inner: any CommitSink

        init(_ inner: any CommitSink) { self.inner = inner }

        func begin() throws(SinkFailure) { throw .fenced("on purpose") }
        func send(_ output: OutputBatch) throws(SinkFailure) {}
        func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure) {}
        func outputEnds() throws(SinkFailure) -> TopicOffsets { try inner.outputEnds() }
        var journalEnd: Int64? { inner.journalEnd }
        func commit() throws(SinkFailure) {}
        func rest() {}
        func abort() throws(SinkFailure) {}
        func close() { inner.close() }
    }

    @Test func whoIsFencedSaysSo() throws {
        let deployment = try Deployment(clock: .wall)
        let metrics = Metrics()
        let kafka = KafkaSource(client: deployment.client, group: deployment.configuration.group, partitionCounts: deployment.counts)
        let surroundings = Surroundings(source: kafka, metrics: metrics) { FencedSink(try kafka.sink($0, $1, $2, $3)) }
        let limit = Deadline(after: .seconds(20))
        var wasFenced = false
        try deployment.control(Sample.publish(), time: 1)
        try deployment.flush()
        var lives = Lives(deployment.configuration, in: surroundings) {
            if metrics.health.report().worst?.reason == .fenced { wasFenced = true }
            return wasFenced || limit.hasPassed
        }
        try lives.run()
        #expect(wasFenced)
        deployment.close()
    }
}
