// Goal: a start that cannot repeat what was committed, since that followed from other rules, commits the difference with cause `repair`
// (contract §7), once. Method: lives over librdkafka's in-process broker; between two of them the topics are given what a program of other
// rules would have committed.

import Testing

@testable import Campaigns
@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Storage
@testable import Wire

@Suite(.serialized, .quiet) struct ReconcileTests {
    private static let odd =
        #"{"id":"odd","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"n > 0"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"odd","label":"odd"},"identity":{"field":"email","namespace":"Email"},"attributes":[{"source":"text","name":"a \"text\""},{"source":"double","name":"double"},{"source":"day","name":"day"},{"source":"at","name":"at"},{"source":"truth","name":"truth"},{"source":"n","name":"n"}]}]}"#
    private static let schema =
        #"{"name":"people","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"n","type":"integer"},{"name":"text","type":"string"},{"name":"double","type":"double"},{"name":"day","type":"date"},{"name":"at","type":"datetime"},{"name":"truth","type":"boolean"}]}"#

    /// Texts that are escaped in one way or another, and numbers that are written in several.
    private static let rows = [
        #""text":"a\"b\\c\/d\n\u0000\u001f\u007f\u2028é😀","double":0.1,"day":"2026-02-28","at":"2026-03-01T09:30:00.250Z","truth":true"#,
        #""text":"","double":1e300,"day":"0001-01-01","at":"0001-01-01T00:00:00Z","truth":false"#,
        #""text":"\ud83d\ude00 <&>'","double":-0.0,"day":null,"at":"9999-12-31T23:59:59.999Z""#,
        #""double":5e-324"#, #""double":123456789012345680"#, #""double":4"#,
    ]

    private func forgetCheckpoints(_ folder: TemporaryFolder) throws {
        let checkpoints = "\(folder.path)/checkpoints"
        for name in try Folders.names(in: checkpoints) { try Folders.remove("\(checkpoints)/\(name)") }
    }

    /// One life, up to a barrier behind so many rows.
    private func live(_ deployment: Deployment, _ barrier: String, rows: Int = 0) throws -> KeepingSink {
        let event = #"{"type":"barrier.requested","id":"\#(barrier)","after":{"p.a":{"0":\#(rows)}}}"#
        try deployment.control(event, time: 3000)
        try deployment.flush()
        return try deployment.run({ KeepingSink($0) }, until: { $0.hasReached(barrier) })
    }

    private func repairs(_ sink: KeepingSink) -> [String] {
        sink.transactions.flatMap(\.events).filter { $0["cause"] != nil }.map {
            "\($0.text("audience")!) \($0.text("identity", "id")!) \($0.text("status")!) \($0.text("cause")!)"
        }
    }

    /// As if a program of other rules had made one more commit, or one of the same had put members right.
    private func commitByOthers(
        _ deployment: Deployment, after sink: KeepingSink, _ events: [(topic: String, value: String)] = [],
        changes: [JournalRecord.Range] = [], isRepair: Bool = false, share: JournalRecord.Share? = nil
    ) throws {
        for event in events { try deployment.send(event.topic, event.value, time: 3000) }
        var last = try #require(sink.transactions.last?.journal.last)
        last = JournalRecord(
            sequence: last.sequence + 1, clock: last.clock, control: nil, changes: changes, isRepair: isRepair, share: share,
            fingerprint: isRepair ? last.fingerprint : .init(timezones: "1970a", mapping: last.fingerprint.mapping))
        try deployment.send(Topics(deployment.configuration).journal, last.encoded, time: 3000)
        try deployment.flush()
    }

    private func member(_ audience: String, _ id: String, _ status: String, _ attributes: String) -> (topic: String, value: String) {
        let attributes = status == "exited" ? "" : ",\"attributes\":\(attributes)"
        return (
            "p.audience-members",
            #"{"audience":"\#(audience)","identity":{"namespace":"Email","id":"\#(id)"},"status":"\#(status)"\#(attributes),"rows":\#(status == "exited" ? 0 : 1),"cause":"change","campaign":"c","campaignVersion":1,"sequence":1,"time":"2026-03-01T09:30:00.250Z"}"#
        )
    }

    /// Whether the state comes from a checkpoint or from the journal.
    @Test(arguments: [true, false])
    func theDifferenceIsCommittedOnce(hasCheckpoint: Bool) throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try deployment.control(Sample.publish(schema: ReconcileTests.schema), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        try deployment.control(Sample.publish(campaign: ReconcileTests.odd), time: 1000)
        for number in 0..<4 { try deployment.send("p.a", Sample.row("\(number)", n: 1), time: 2000) }
        for (number, row) in ReconcileTests.rows.enumerated() {
            let value = #"{"table":"people","op":"u","row":{"id":"odd\#(number)","email":"odd\#(number)@x","n":1,\#(row)}}"#
            try deployment.send("p.a", value, time: 2000)
        }
        let first = try live(deployment, "first", rows: 10)
        #expect(repairs(first).count == 20)
        if !hasCheckpoint { try forgetCheckpoints(folder) }
        try commitByOthers(
            deployment, after: first,
            [
                member("vip", "ghost@x", "realized", #"{"n":1}"#), member("vip", "1@x", "exited", ""),
                member("vip", "2@x", "existing", #"{"n":2}"#), member("vip", "3@x", "existing", #"{ "n" : 1 }"#),
            ])
        let second = try live(deployment, "second")
        #expect(
            repairs(second) == ["vip 1@x realized repair", "vip 2@x existing repair", "vip ghost@x exited repair"],
            "and none of what is written in another way")
        let record = try #require(second.transactions.flatMap(\.journal).first)
        #expect(record.isRepair && record.fingerprint.timezones == TimeZones.system.version)
        let third = try live(deployment, "third")
        #expect(repairs(third) == [])
        deployment.close()
    }

    /// Another start had less to go by, since compaction had taken something away, and put members right by that. Who has a checkpoint of
    /// before does not take that for what follows from there.
    @Test func aRepairOfOthers() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        for number in 0..<2 { try deployment.send("p.a", Sample.row("\(number)", n: 1), time: 2000) }
        let first = try live(deployment, "first", rows: 2)
        try commitByOthers(deployment, after: first, [member("vip", "1@x", "exited", "")], isRepair: true)
        let second = try live(deployment, "second")
        #expect(repairs(second) == ["vip 1@x realized repair"])
        deployment.close()
    }

    /// Others had reached a barrier, and had not said all that it waits for when they ended: it was not told yet.
    @Test(arguments: [true, false])
    func aBarrierOfOthers(leavesEvents: Bool) throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("d", audience: "nobody", filter: "n > 9")), time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"late","after":{"p.a":{"1":1}}}"#, time: 1000)
        let first = try live(deployment, "first")
        let row = Array(Sample.row("9", n: 1).utf8)
        try deployment.send("p.a", partition: 1, row, time: 2000)
        let hash = RecordHash()
        hash.reset()
        row.withUnsafeBytes { hash.update(offset: 0, timestamp: 2000, key: nil, value: $0, headerCount: 0) }
        let range = JournalRecord.Range(topic: "p.a", partition: 1, from: 0, to: 1, records: 1, hash: hash.value)
        try commitByOthers(deployment, after: first, changes: [range], share: .init(limit: 1, leavesEvents: leavesEvents))
        let second = try live(deployment, "second")
        #expect(!first.hasReached("late") && second.hasReached("late") == leavesEvents)
        #expect(repairs(second) == ["vip 9@x realized repair"])
        // An audience that had something to say may be one of which nothing is different any more.
        let updates = second.transactions.flatMap(\.events).filter { $0.text("type") == "audience.updated" }
        #expect(updates.map { $0.text("audience") } == (leavesEvents ? ["nobody", "vip"] : ["vip"]))
        #expect(updates.allSatisfy { $0["complete"] == .boolean(true) })
        deployment.close()
    }

    /// Nobody can say what becomes of members whose campaign is no more.
    @Test func anAudienceThatNobodyWrites() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        let first = try live(deployment, "first")
        try commitByOthers(deployment, after: first, [member("lost", "1@x", "realized", "{}")])
        #expect { try live(deployment, "second") } throws: { error in
            (error as? DaemonFailure).map { $0.kind == .data && $0.description.contains("audience lost") } ?? false
        }
        deployment.close()
    }

    /// A start that is overtaken reads members of an audience that only its successor knows.
    @Test func aStartThatIsOvertaken() throws {
        let deployment = try Deployment()
        try deployment.control(Sample.publish(), time: 1000)
        let first = try live(deployment, "first")
        try commitByOthers(deployment, after: first)
        let kafka = KafkaSource(
            client: deployment.client, group: deployment.configuration.group, partitionCounts: deployment.counts)
        let surroundings = Surroundings(source: kafka) { topics, facts, takeover, ends in
            let sink = try kafka.sink(topics, facts, takeover, ends)
            try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "later")), time: 2000)
            try deployment.send("p.a", Sample.row("1", n: 1), time: 2000)
            _ = try live(deployment, "second", rows: 1)
            return sink
        }
        var lives = Lives(deployment.configuration, in: surroundings, instance: Instance(name: "slow")) { false }
        #expect { try lives.run() } throws: { ($0 as? DaemonFailure)?.kind == .successor }
        deployment.close()
    }

    /// A topic more is no other rule for rows that are there; a topic of another table is.
    @Test func whichCheckpointsFitAMapping() {
        func fits(_ then: String, _ now: String) -> Bool {
            let then = JournalRecord.Fingerprint(semantics: 0, timezones: "1970a", mapping: .init(then))
            return JournalRecord.Fingerprint(timezones: "", mapping: .init(now)).isMapped(as: then.text)
        }
        #expect(fits("a=people,b=", "a=people,b=") && fits("a=people,b=", "b=,c=people,a=people") && fits("", "a="))
        #expect(!fits("a=people,b=", "a=,b=") && !fits("a=people,b=", "a=people"))
    }
}
