// Goal: the parts of the commit loop, and the loop itself over restarts, without a real Kafka (contract §2, §4, §7). Method: librdkafka's
// in-process broker with the topics made beforehand; a sink that keeps what every transaction held beside sending it on. What is folded
// from the member events must be what the same changes give without a loop.

import CRdkafka
import Campaigns
import Testing

@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Wire

@Suite(.serialized, .waiting, .quiet) struct LoopTests {
    @Test func topicNames() {
        var configuration = Configuration(kafka: [:], data: "")
        var topics = Topics(configuration)
        #expect(topics.control == "campaign-publish" && topics.journal == "audienced.audienced.journal")
        #expect(topics.changes.map(\.name) == ["profile-changes"] && topics.mapping == "profile-changes=")
        #expect(OutputTopic.allCases.map { topics.name($0) } == OutputTopic.allCases.map(\.name))
        configuration.group = "g"
        configuration.topics.prefix = "p."
        configuration.topics.control = "c"
        configuration.topics.changes = ["é", "b", "B", "ba", "_"].map { .init(topic: $0, table: $0 == "b" ? "t" : nil) }
        topics = Topics(configuration)
        #expect(topics.control == "p.c" && topics.journal == "p.audienced.g.journal" && topics.name(.deadLetters) == "p.audienced.dlq")
        // In the order of UTF-8 bytes: it is the order within a commit.
        #expect(topics.changes.map(\.name) == ["p.B", "p._", "p.b", "p.ba", "p.é"])
        #expect(topics.mapping == "p.B=,p._=,p.b=t,p.ba=,p.é=")
    }

    @Test func theWallClockIsFollowed() {
        let before = wallMilliseconds()
        var clock = WallClock(maximumStep: .seconds(300))
        var last = before
        for _ in 0..<1000 {
            let now = clock.now()
            #expect(now >= last && now <= wallMilliseconds())
            last = now
        }
        #expect(!clock.refusesStep)
    }

    /// What a predecessor still commits while a start reads where the outputs end would lie behind these ends.
    @Test func theOutputEndsAreReadOnlyBehindTheTakeover() throws {
        var broker = try MockBroker()
        let initProducerRequest: Int16 = 22
        broker.failNextRequests(ofKind: initProducerRequest, with: [RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED])
        let configuration = Configuration(kafka: [:], data: "")
        var wereAsked = false
        #expect(throws: KafkaError.self) {
            _ = try KafkaSink(
                ClientConfiguration(settings: ["bootstrap.servers": broker.bootstrapServers]), group: "g", topics: Topics(configuration),
                facts: TopicFacts(partitionCounts: [:]), takeover: Takeover(by: "test")
            ) {
                wereAsked = true
                return [:]
            }
        }
        #expect(!wereAsked)
        broker.stop()
    }

    /// The journal record of a commit that took in a range.
    private func commit(_ range: JournalRecord.Range) -> JournalRecord {
        JournalRecord(sequence: 1, clock: 0, control: nil, changes: [range], fingerprint: .init(timezones: "", mapping: ""))
    }

    @Test func barriersWaitForTheirOffsets() throws {
        let deployment = try Deployment()
        var inputs = try deployment.inputs()
        func problems(_ after: TopicOffsets, _ inputs: borrowing Inputs) -> [String] {
            Barriers.problems(after, inputs).map(\.path)
        }
        var found = problems(["p.a": [0: 5, 1: 5], "p.campaign-publish": [0: 1], "p.b": [:]], inputs)
        #expect(found == [])
        found = problems(["p.a": [2: 1, -1: 1], "a": [0: 1], "p.audience-members": [0: 1]], inputs)
        #expect(found == ["after.a.0", "after.p.a.-1", "after.p.a.2", "after.p.audience-members.0"])

        /// Passes records that belong to nobody.
        func pass(_ partition: Int32, to offset: Int64, _ inputs: inout Inputs) throws {
            let range = JournalRecord.Range(topic: "p.a", partition: partition, from: 0, to: offset, records: 0, hash: 0)
            var none = RecordBatch()
            try inputs.read(range, of: commit(range), into: &none)
        }

        var barriers = Barriers()
        barriers.add(.init(id: "third", after: ["p.a": [0: 3, 1: 1]]))
        barriers.add(.init(id: "at once", after: [:]))
        barriers.add(.init(id: "from the start", after: ["p.b": [0: 0]]))
        barriers.add(.init(id: "second", after: ["p.a": [0: 2]]))
        var reached = barriers.takeReached(inputs)
        #expect(reached == ["at once", "from the start"])
        try pass(0, to: 1, &inputs)
        reached = barriers.takeReached(inputs)
        #expect(reached == [])
        try pass(0, to: 3, &inputs)
        reached = barriers.takeReached(inputs)
        #expect(reached == ["second"])
        try pass(1, to: 1, &inputs)
        reached = barriers.takeReached(inputs)
        #expect(reached == ["third"])
        reached = barriers.takeReached(inputs)
        #expect(reached == [])
        inputs.close()
        deployment.close()
    }

    @Test func aRangeIsReadAgainOrRefused() throws {
        let deployment = try Deployment()
        for number in 0..<5 { try deployment.send("p.a", partition: 1, "value \(number)", time: 1000 + Int64(number)) }
        try deployment.flush()
        var inputs = try deployment.inputs()
        var batch = RecordBatch()
        while batch.count < 5 { _ = try inputs.take(2, into: &batch, maximumRecords: 5, timeout: .milliseconds(100)) }
        let range = inputs.range(of: 0..<5, in: batch, partition: 2)
        #expect(range.topic == "p.a" && range.partition == 1 && range.from == 0 && range.to == 5 && range.records == 5)
        var positions = inputs.positions
        #expect(positions == ["p.campaign-publish": [0: 0], "p.a": [0: 0, 1: 5], "p.b": [0: 0]])
        inputs.close()

        for isTampered in [false, true] {
            inputs = try deployment.inputs()
            batch.removeAll()
            var wanted = range
            if isTampered { wanted.hash ^= 1 }
            do {
                try inputs.read(wanted, of: commit(wanted), into: &batch)
                #expect(!isTampered && batch.count == 5)
                positions = inputs.positions
                #expect(positions["p.a"] == [0: 0, 1: 5])
            } catch let failure as DaemonFailure {
                #expect(isTampered && failure.kind == .data && failure.cause.contains("p.a/1, offsets 0 to 5"))
            }
            inputs.close()
        }
        deployment.close()
    }

    /// Random changes through two lives of the daemon, some transactions aborted; the oracle is the state machine alone.
    @Test(arguments: [1, 2] as [UInt64]) func aLifeAndAnother(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let deployment = try Deployment()
        var rows: [String: Int] = [:]
        var time: Int64 = 1000
        try deployment.control(Sample.publish(), time: time)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: time)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        var offsets: [Int32: Int64] = [0: 0, 1: 0]
        for life in 0..<2 {
            for _ in 0..<200 {
                time += Int64.random(in: 0...5, using: &random)
                let person = Int.random(in: 0..<20, using: &random)
                let partition = Int32(person % 2)
                offsets[partition]! += 1
                switch Int.random(in: 0...9, using: &random) {
                case 0: try deployment.send("p.a", partition: partition, "{broken", time: time)
                case 1:
                    try deployment.send("p.a", partition: partition, Sample.row("\(person)", n: 0, op: "d"), time: time)
                    rows["\(person)"] = nil
                default:
                    let n = Int.random(in: 0...3, using: &random)
                    try deployment.send("p.a", partition: partition, Sample.row("\(person)", n: n), time: time)
                    rows["\(person)"] = n
                }
            }
            let barrier = #"{"type":"barrier.requested","id":"\#(life)","after":{"p.a":{"0":\#(offsets[0]!),"1":\#(offsets[1]!)}}}"#
            try deployment.control(barrier, time: time)
            try deployment.flush()
            let sink = try deployment.run({ KeepingSink($0, failures: life) }, until: { $0.hasReached("\(life)") })
            #expect(sink.hasReached("\(life)"))
            fold(sink.transactions, into: &members, from: &sequence)
            let expected = rows.filter { $0.value > 0 }.map { ("\($0.key)@x", #"{"n":\#($0.value)}"#) }
            #expect(members == Dictionary(uniqueKeysWithValues: expected))
        }
        deployment.close()
    }

    /// `startAt` and `endAt` are commits of their own, with journal records of their own, which the next life repeats.
    @Test func instantsOfACampaignAreJournalRecords() throws {
        let deployment = try Deployment()
        let campaign = Sample.campaign("c", audience: "vip").replacing(#"{"id":"c","#, with: #"{"id":"c","startAt":2000,"endAt":3000,"#)
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: campaign), time: 1000)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        var clocks: [Int64] = []
        var events: [JSON] = []
        for (life, (time, person)) in [(Int64(1500), "1"), (2500, "2"), (5000, "3"), (6000, "4")].enumerated() {
            try deployment.send("p.a", Sample.row(person, n: 1), time: time)
            try deployment.control(#"{"type":"barrier.requested","id":"\#(life)","after":{"p.a":{"0":\#(life + 1)}}}"#, time: 1200)
            try deployment.flush()
            let sink = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("\(life)") })
            #expect(sink.hasReached("\(life)"))
            fold(sink.transactions, into: &members, from: &sequence)
            clocks += sink.transactions.flatMap(\.journal).map(\.clock)
            events += sink.transactions.flatMap(\.events).filter { $0["status"] != nil }
        }
        #expect(members.keys.sorted() == ["1@x", "2@x"])
        #expect(events.map { $0.text("cause") } == ["time", "change"])
        #expect(clocks.filter { [2000, 2999].contains($0) } == [2000, 2999] && clocks == clocks.sorted() && clocks.last == 6000)
        deployment.close()
    }

    /// A schema that arrives while a batch with its rows is held: the rows beside them belong to the batch's own commit, not to the
    /// clock's.
    @Test func aSchemaThatArrivesWhileItsRowsAreHeld() throws {
        let deployment = try Deployment()
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        try deployment.flush()
        let other = Sample.schema.replacing("people", with: "others")
        let sink = try deployment.run(
            { KeepingSink($0) },
            first: { loop in
                // The loop has looked at the control topic, and looks for changes next. Rows, one of an unknown table, and its schema come.
                try loop.takeControl(upTo: 2)
                // The ends of partitions that are met by then would count as waiting.
                pause(milliseconds: 300)
                while loop.inputs.waitingRecords > 0 {
                    try loop.gather()
                    #expect(try !loop.takeControl() && !loop.takeChanges())
                }
                try deployment.send("p.b", Sample.row("1", n: 1), time: 2000)
                try deployment.send("p.b", Sample.row("1", n: 1, table: "others"), time: 2000)
                try deployment.control(Sample.publish(schema: other), time: 2000)
                try deployment.control(#"{"type":"barrier.requested","id":"end","after":{"p.b":{"0":2}}}"#, time: 2000)
                try deployment.flush()
                while loop.inputs.waitingRecords < 4 { pause(milliseconds: 10) }
                try loop.gather()
                #expect(try loop.takeChanges())
            }, until: { $0.hasReached("end") })
        #expect(sink.hasReached("end"))
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        fold(sink.transactions, into: &members, from: &sequence)
        #expect(members == ["1@x": #"{"n":1}"#])
        #expect(sink.transactions.map(\.deadLetters).reduce(0, +) == 0)
        deployment.close()
    }

    @Test func withTheWallClockAClockEventIsRefused() throws {
        let deployment = try Deployment(clock: .wall)
        try deployment.control(#"{"type":"clock.advanced","to":0}"#, time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"nowhere","after":{"a":{"0":0}}}"#, time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"end"}"#, time: 1000)
        try deployment.flush()
        let before = wallMilliseconds()
        let sink = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("end") })
        let all = sink.transactions.flatMap(\.events)
        #expect(all.map { $0.text("type") } == ["campaign.rejected", "campaign.rejected", "barrier.reached"])
        let events = all.filter { $0["problems"] != nil }
        #expect(events.map { written($0["problems"]!).contains("\"path\":\"type\"") } == [true, false])
        #expect(events.count == 2 && written(events[1]["problems"]!).contains("\"path\":\"after.a.0\""))
        #expect(sink.transactions.map(\.deadLetters).reduce(0, +) == 2)
        #expect(sink.transactions.flatMap(\.journal).allSatisfy { $0.clock >= before })
        deployment.close()
    }

    /// "A record further ahead of the wall clock than `clock-ahead` is applied and counted but does not move it."
    @Test func aRecordFarAheadDoesNotMoveTheClock() throws {
        let deployment = try Deployment(clockAhead: .seconds(3600))
        let now = wallMilliseconds()
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: now - 5000)
        try deployment.send("p.a", Sample.row("1", n: 1), time: now + 7_200_000)
        try deployment.send("p.a", Sample.row("2", n: 1), time: now - 4000)
        try deployment.send("p.a", Sample.row("3", n: 1), time: 2000)
        try deployment.control(#"{"type":"barrier.requested","id":"end","after":{"p.a":{"0":3}}}"#, time: 500)
        try deployment.flush()
        let sink = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("end") })
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        fold(sink.transactions, into: &members, from: &sequence)
        #expect(members.keys.sorted() == ["1@x", "2@x", "3@x"])
        let clocks = sink.transactions.flatMap(\.journal).map(\.clock)
        #expect(clocks == clocks.sorted())
        #expect([clocks.first.map { $0 - 1000 }, clocks.last.map { $0 - now }] == [0, -4000])
        deployment.close()
    }

    /// "Until then it waits […] and holds up nothing else, but barriers that name its offsets": over two lives of the daemon.
    @Test func topicsWaitForTheirSchema() throws {
        let deployment = try Deployment()
        try deployment.control(Sample.publish(schema: Sample.schema.replacing("people", with: "others")), time: 1000)
        try deployment.send("p.a", #"{"id":"1","email":"1@x","n":1}"#, time: 1000)
        try deployment.send("p.b", Sample.row("1", n: 1, table: "others"), time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"b","after":{"p.b":{"0":1}}}"#, time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"a","after":{"p.a":{"0":1}}}"#, time: 1000)
        try deployment.flush()
        let first = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("b") })
        #expect(first.hasReached("b") && !first.hasReached("a"))
        #expect(first.transactions.flatMap(\.journal).allSatisfy { $0.changes.allSatisfy { $0.topic != "p.a" } })

        try deployment.control(Sample.publish(), time: 2000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 2000)
        try deployment.flush()
        let second = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("a") })
        #expect(second.hasReached("a"))
        let all = first.transactions + second.transactions
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        fold(all, into: &members, from: &sequence)
        #expect(members == ["1@x": #"{"n":1}"#] && all.allSatisfy { $0.deadLetters == 0 })
        deployment.close()
    }

    /// Every record that was taken has its range before another consumer goes on, and what was taken without one is not read again.
    @Test func anotherConsumerGoesOnWhereTheFirstWas() throws {
        let deployment = try Deployment()
        for number in 0..<6 { try deployment.send("p.a", partition: 1, "value \(number)", time: 1000) }
        try deployment.flush()
        var inputs = try deployment.inputs()
        var batch = RecordBatch()
        while batch.count < 4 { _ = try inputs.take(2, into: &batch, maximumRecords: 4 - batch.count, timeout: .milliseconds(100)) }
        _ = inputs.range(of: 0..<2, in: batch, partition: 2)
        try inputs.replaceReader(reading: inputs.partitions)
        while batch.count < 6 { _ = try inputs.take(2, into: &batch, maximumRecords: 6 - batch.count, timeout: .milliseconds(100)) }
        let offsets = (0..<6).map { batch[$0].offset }
        #expect(offsets == Array(0..<6))
        let range = inputs.range(of: 2..<6, in: batch, partition: 2)
        #expect(range.from == 2 && range.to == 6)
        inputs.close()
        deployment.close()
    }

    /// Who takes what compaction has left may meet the end behind records that nobody has read yet: they count when they come once more.
    @Test func theEndBehindWhatIsLeftIsMetAgain() throws {
        let deployment = try Deployment()
        for number in 0..<6 { try deployment.send("p.a", partition: 1, "value \(number)", time: 1000) }
        try deployment.flush()
        var inputs = try deployment.inputs(rebuilding: ["p.a"])
        var batch = RecordBatch()
        let read = JournalRecord.Range(topic: "p.a", partition: 1, from: 0, to: 4, records: 4, hash: 0)
        try inputs.read(read, of: commit(read), into: &batch)
        while inputs.partitions[2].end < 6 { _ = try inputs.take(2, into: &batch, maximumRecords: 10, timeout: .milliseconds(100)) }
        try inputs.leaveRemains()
        _ = inputs.passEnds(ofControl: false)
        #expect(inputs.partitions[2].position == 4)
        inputs.close()
        deployment.close()
    }
}
