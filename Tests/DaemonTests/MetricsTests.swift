// Goal: the metrics of a deployment are what was counted of it: what it read, committed, refused and said; and they are counted once, also
// when the journal is repeated. Method: lives of the loop over the in-process broker, whose sink keeps what every transaction held.

import Campaigns
import Glibc
import Testing

@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Storage
@testable import Wire

@Suite(.serialized, .waiting, .quiet, .timeLimit(.minutes(2))) struct MetricsTests {
    private static let schema =
        #"{"name":"people","primaryKey":["id"],"version":"v","identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"n","type":"integer"},{"name":"v","type":"integer"},{"name":"at","type":"datetime"}]}"#

    private static func row(_ id: String, n: Int, v: Int = 1, at: Int64? = nil, more: String = "") -> String {
        let at = at.map { #","at":"\#(InstantText.text(of: $0))""# } ?? ""
        return #"{"table":"people","op":"u","row":{"id":"\#(id)","email":"\#(id)@x","n":\#(n),"v":\#(v)\#(at)\#(more)}}"#
    }

    private func labels(_ parts: (String, String)...) -> String { "{" + parts.map { "\($0)=\"\($1)\"" }.joined(separator: ",") + "}" }

    @Test func whatADeploymentDidIsCounted() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(
            clock: .wall, data: "\(folder.path)/data", checkpointsEvery: .milliseconds(200), countsTransitions: true)
        deployment.metrics = Metrics(
            program: ("1", "abc"), audiences: 2, memoryBytes: 77, snapshotsEvery: .seconds(3600))
        let now = wallMilliseconds()
        try deployment.control(Sample.publish(schema: Self.schema), time: now)
        for (id, filter) in [("vip", "n > 0"), ("soon", "at >= HoursAgo(1)"), ("third", "n > 100")] {
            try deployment.control(Sample.publish(campaign: Sample.campaign(id, audience: id, filter: filter)), time: now)
        }
        try deployment.control(#"{"type":"campaign.stopped","campaignId":"nobody"}"#, time: now)
        var sent: [String: (records: Int, bytes: Int)] = [:]
        func send(_ topic: String, _ text: String) throws {
            try deployment.send(topic, text, time: now - 700)
            sent[topic, default: (0, 0)].records += 1
            sent[topic, default: (0, 0)].bytes += text.utf8.count
        }
        for number in 0..<20 { try send("p.a", Self.row("a\(number)", n: number, more: number < 3 ? #","odd":1"# : "")) }
        try send("p.a", Self.row("a5", n: 0, v: 0))
        // It leaves its window a second from now, and what comes before it does not count.
        try send("p.b", Self.row("leaver", n: 0, at: now - 3_600_000 + 1500))
        try send("p.b", #"{"table":"people","op":"u","row":{"id":"x","n":"text"}}"#)
        try send("p.b", "{broken")
        try send("p.b", "{broken, too")
        try send("p.b", #"{"ts_ms":1}"#)
        try deployment.flush()
        let sink = try deployment.run({ KeepingSink($0, failures: 1) }) { sink in
            let read = ReadMetrics(deployment.metrics.text(.prometheus))
            let exits = read["membership_changes_total" + labels(("status", "exited"), ("cause", "time"))]
            let lag = read["consumer_lag_records" + labels(("topic", "p.b"), ("partition", "0"))]
            return exits == 1 && lag == 0 && read["checkpoint_bytes"] != nil && read["audit_rows_total"]! > 0
                && read["rows_held" + labels(("table", "people"))] == 21 && read["live_campaigns"] == 3
                && read["records_consumed_total" + labels(("topic", "p.campaign-publish"))] == 5
                && read["transition_rows" + labels(("campaign", "vip"), ("transition", "b"))] != nil
                && (read["memory_bytes" + labels(("part", "rows"))] ?? 0) > 0
        }
        let read = ReadMetrics(deployment.metrics.text(.prometheus))
        if let path = getenv("AUDIENCED_TEST_METRICS") {
            try AtomicFile.write(deployment.metrics.text(.prometheus), to: String(cString: path))
        }
        checkInputs(read, sent)
        checkCommits(read, sink.transactions)
        checkAudiences(read, sink.transactions)
        checkTimes(read, now)
        // By field, where they are about one.
        let fields = deployment.metrics.snapshot.refusedFields
        #expect(fields == [.init(topic: "p.b", reason: .wrongValue): ["people.n": 1]])
        #expect(read["transition_rows" + labels(("campaign", "vip"), ("transition", "b"))] == 19)

        // Another life repeats the journal, and counts nothing of it.
        _ = try deployment.run({ KeepingSink($0) }) { _ in true }
        let later = ReadMetrics(deployment.metrics.text(.prometheus))
        for (series, value) in read.samples
        where series.contains("_total{") && !series.contains("commits_total") && !series.contains("http") {
            #expect(later.samples[series] == value, "\(series)")
        }
        #expect(later["audience_members" + labels(("audience", "vip"))] == 19)
        #expect(later["rows_held" + labels(("table", "people"))] == 21)
        deployment.close()
    }

    private func checkInputs(_ read: ReadMetrics, _ sent: [String: (records: Int, bytes: Int)]) {
        for (topic, count) in sent {
            #expect(read["records_consumed_total" + labels(("topic", topic))] == Double(count.records), "\(topic)")
            #expect(read["consumed_bytes_total" + labels(("topic", topic))] == Double(count.bytes), "\(topic)")
        }
        for (result, count) in [("applied", 21), ("stale", 1), ("ignored", 0)] {
            #expect(read["rows_total" + labels(("table", "people"), ("result", result))] == Double(count), "\(result)")
        }
        // Of a topic that is mapped to no table.
        #expect(read["rows_total" + labels(("table", ""), ("result", "ignored"))] == 1)
        #expect(read["ignored_members_total" + labels(("table", "people"))] == 3)
        #expect(read["dead_letters_total" + labels(("topic", "p.b"), ("reason", "malformed"))] == 2)
        #expect(read["dead_letters_total" + labels(("topic", "p.b"), ("reason", "wrong-value"))] == 1)
        #expect(read["dead_letters_total" + labels(("topic", "p.campaign-publish"), ("reason", "rejected"))] == 1)
        #expect(read["consumer_lag_seconds" + labels(("topic", "p.a"), ("partition", "1"))] == 0)
    }

    private func checkCommits(_ read: ReadMetrics, _ transactions: [Transaction]) {
        let commits = transactions.flatMap(\.journal)
        #expect(read["commits_total" + labels(("result", "committed"))] == Double(commits.count))
        #expect(read["commits_total" + labels(("result", "aborted"))]! >= 1)
        #expect(read["commits_total" + labels(("result", "redone"))] == read["commits_total" + labels(("result", "aborted"))])
        #expect(read["commit_sequence"] == commits.last.map { Double($0.sequence) })
        #expect(read["clock_timestamp_seconds"] == commits.last.map { Double($0.clock) / 1000 })
        #expect(read["commit_duration_seconds_count"] == Double(transactions.count))
        let letters = transactions.reduce(0) { $0 + $1.deadLetters }
        #expect(read.samples.filter { $0.key.hasPrefix("audienced_dead_letters_total") }.reduce(0) { $0 + $1.value } == Double(letters))
    }

    private func checkAudiences(_ read: ReadMetrics, _ transactions: [Transaction]) {
        var changes: [String: Int] = [:]
        var byAudience: [String: Int] = [:]
        for event in transactions.flatMap(\.events) {
            guard let status = event.text("status"), let cause = event.text("cause"), let audience = event.text("audience") else {
                continue
            }
            changes[labels(("status", status), ("cause", cause)), default: 0] += 1
            byAudience[labels(("audience", audience), ("status", status)), default: 0] += 1
        }
        #expect(changes.count >= 2)
        for (series, value) in read.samples where series.hasPrefix("audienced_membership_changes_total") {
            #expect(Int(value) == changes[String(series.dropFirst("audienced_membership_changes_total".count))] ?? 0, "\(series)")
        }
        for (series, value) in read.samples where series.hasPrefix("audienced_audience_changes_total") {
            #expect(Int(value) == byAudience[String(series.dropFirst("audienced_audience_changes_total".count))] ?? 0, "\(series)")
        }
        #expect(read["audience_members" + labels(("audience", "vip"))] == 19)
        #expect(read["audience_members" + labels(("audience", "soon"))] == 0)
        // Two are listed at the most.
        #expect(read["audience_members" + labels(("audience", "third"))] == nil && read["audiences_unlisted"] == 1)
    }

    private func checkTimes(_ read: ReadMetrics, _ now: Int64) {
        // Every change that was applied or refused has a timestamp; they were sent 700 ms before they were.
        #expect(read["event_to_commit_seconds_count"] == 26 && read["event_to_commit_seconds_bucket{le=\"0.5\"}"] == 0)
        #expect(read["timer_lateness_seconds_count"] == 1)
        // The instant it was due is known to the millisecond; the clock ticks twice a second at least.
        #expect(read["timer_lateness_seconds_sum"]! < 5)
        #expect(read["last_commit_timestamp_seconds"]! >= Double(now) / 1000 && read["snapshot_interval_seconds"] == 3600)
        #expect(read["memory_budget_bytes"] == 77 && read["memory_bytes" + labels(("part", "rows"))]! > 0)
        #expect(read["build_info" + labels(("version", "1"), ("commit", "abc"), ("swift", "6.3"), ("semantics", "1"))] == 1)
        #expect(read["ready"] == 1 && read["replayed_ratio"] == 1 && read["clock_step_seconds"] == 0)
    }

    /// The labels of the design, where a deployment has something to show.
    @Test func labelsAreThoseOfTheDesign() {
        var counts = CommitCounts()
        counts.ignored = ["t": 1]
        var state = MetricsState(program: ("", ""), mostAudiences: 1, memoryBytes: 0)
        counts.readings = [.init(topic: "t", partition: 0, records: 1, bytes: 1, end: 1, lastTimestamp: nil)]
        state.add(counts, at: 0)
        state.lags.note(InputWatch.Reading(topic: "t", partition: 0, position: 0), end: 5, at: 0)
        let read = ReadMetrics(
            state.text(.prometheus, Health().report(), RequestMetrics().snapshot, ProcessFigures(), now: 0))
        let wanted: [String: Set<String>] = [
            "records_consumed_total": ["topic"], "rows_total": ["table", "result"], "consumer_lag_records": ["topic", "partition"],
            "commits_total": ["result"], "membership_changes_total": ["status", "cause"], "not_ready": ["reason"],
            "build_info": ["version", "commit", "swift", "semantics"], "engine_query_seconds_total": ["kind"],
        ]
        for (name, labels) in wanted { #expect(read.labels["audienced_" + name] == labels, "\(name)") }
        #expect(read["consumer_lag_records{topic=\"t\",partition=\"0\"}"] == 4)
    }

    /// What time changes is as late as the first of it was due, to the millisecond; what it passes without changing anything is no matter.
    @Test func whenTimersWereDue() {
        let house = House()
        house.control(Sample.publish(schema: Self.schema))
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "a", filter: "at >= HoursAgo(1) AND n > 0")))
        let hour: Int64 = 3_600_000
        let start: Int64 = 1_700_000_000_000
        for (id, n, at) in [("a", 1, 1000), ("b", 1, 1300), ("c", 0, 2000), ("d", 1, 5000)] as [(String, Int, Int64)] {
            house.change(Self.row(id, n: n, at: start - hour + at))
        }
        house.commit(clock: start)
        _ = house.machine.takeCounts()
        func timers(_ clock: Int64) -> [CommitCounts.Timers] {
            house.machine.advance(to: clock)
            if house.machine.hasChanges { house.machine.commit() } else { house.machine.forgetDue() }
            return house.machine.takeCounts().timers
        }
        let first = timers(start + 1500)
        #expect(first.count == 1 && first[0].events == 2 && (start + 1000...start + 1001).contains(first[0].due))
        #expect(timers(start + 2500).isEmpty)
        let last = timers(start + 6000)
        #expect(last.count == 1 && last[0].events == 1 && (start + 5000...start + 5001).contains(last[0].due))
    }

    @Test func lagInSecondsIsThatOfTheOldestThatWaits() {
        var lags = PartitionLags()
        func seconds(_ now: Int64) -> [Double] { lags.all(now: now).map(\.seconds) }
        let reading = InputWatch.Reading(topic: "t", partition: 0, position: 10, lastTimestamp: 1_000)
        #expect(seconds(0) == [])
        lags.note(reading, end: 10, at: 50_000)
        #expect(seconds(99_000) == [0])
        // Hours after the last a new one comes: it has waited since then at the most.
        lags.note(reading, end: 12, at: 52_000)
        #expect(seconds(52_500) == [2.5])
        lags.note(.init(topic: "t", partition: 0, records: 1, bytes: 0, end: 11, lastTimestamp: 51_500))
        #expect(seconds(52_500) == [1])
        lags.note(.init(topic: "t", partition: 0, records: 1, bytes: 0, end: 12, lastTimestamp: 51_900))
        #expect(seconds(60_000) == [0])
    }
}
