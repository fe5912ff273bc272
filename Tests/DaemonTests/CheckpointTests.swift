// Goal: a life of the loop goes on from the checkpoint of the one before, and says what it would say without (Checkpoints.swift). Method:
// lives over librdkafka's in-process broker with a data directory; what is folded from the member events must be what the rows give.

import Testing

@testable import Campaigns
@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Storage
@testable import Wire

@Suite(.serialized, .quiet) struct CheckpointTests {
    /// One life: a row and a barrier behind it, up to that; then a stop.
    private func live(
        _ deployment: Deployment, _ number: Int, began: (borrowing CommitLoop) throws -> Void = { _ in }
    ) throws -> KeepingSink {
        let time = Int64(2000 + number)
        try deployment.send("p.a", Sample.row("\(number)", n: 1), time: time)
        try deployment.control(
            #"{"type":"barrier.requested","id":"\#(number)","after":{"p.a":{"0":\#(number + 1)}}}"#, time: time)
        try deployment.flush()
        return try deployment.run({ KeepingSink($0) }, began: began, until: { $0.hasReached("\(number)") })
    }

    private func begin(_ deployment: Deployment) throws {
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        // Nobody ever gets there: it waits from life to life.
        try deployment.control(#"{"type":"barrier.requested","id":"never","after":{"p.a":{"1":1000}}}"#, time: 1000)
    }

    private func checkpoints(_ folder: TemporaryFolder) throws -> [String] {
        try Folders.names(in: "\(folder.path)/checkpoints").sorted()
    }

    @Test func aLifeGoesOnFromThatOfTheOneBefore() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try begin(deployment)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        for number in 0..<4 {
            let before = sequence
            let sink = try live(deployment, number) { loop in
                // Everything before comes from the checkpoint, and nothing from the journal.
                #expect(loop.machine.sequence == before && loop.records.isEmpty)
                #expect(loop.barriers.waiting.map(\.id) == (number == 0 ? [] : ["never"]))
            }
            fold(sink.transactions, into: &members, from: &sequence)
            #expect(members.count == number + 1 && members["\(number)@x"] != nil)
        }
        #expect(try checkpoints(folder).count == 2)
        deployment.close()
    }

    /// What a process did that was killed is in the journal behind the checkpoint.
    @Test func whatCameAfterItIsRepeated() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try begin(deployment)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        for number in 0..<2 { fold(try live(deployment, number).transactions, into: &members, from: &sequence) }
        // The newest is as if it had never been.
        let names = try checkpoints(folder)
        try Folders.remove("\(folder.path)/checkpoints/\(names[1])")
        let sink = try live(deployment, 2) { loop in
            #expect(loop.machine.sequence == Int64(names[0].prefix(20)) && loop.machine.sequence + Int64(loop.records.count) == sequence)
        }
        fold(sink.transactions, into: &members, from: &sequence)
        #expect(members.keys.sorted() == ["0@x", "1@x", "2@x"])
        deployment.close()
    }

    /// They are taken while rows come. That of the stop is taken away: what is left is what a kill would leave.
    @Test func oneIsTakenBetweenCommits() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path, checkpointsEvery: .zero)
        try begin(deployment)
        struct Enough: Error {}
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        var taken: [Int64] = []
        for number in 0..<3 {
            try deployment.send("p.a", Sample.row("\(number)", n: 1), time: 2000)
            try deployment.flush()
            var rows = 0
            var sink: KeepingSink?
            #expect(throws: Enough.self) {
                _ = try deployment.run(
                    { kept in
                        sink = KeepingSink(kept)
                        return sink!
                    }, began: { taken.append($0.machine.sequence) }
                ) { _ in
                    // Rows of somebody who is no member, until there is one of this life.
                    let names = try Folders.names(in: folder.path).contains("checkpoints") ? try checkpoints(folder) : []
                    let newest = names.last { $0.hasSuffix(".image") }.flatMap { Int64($0.prefix(20)) } ?? 0
                    if newest > (taken.last ?? 0) && rows > 20 { throw Enough() }
                    rows += 1
                    try deployment.send("p.a", Sample.row("nobody", n: 0), time: 2000)
                    try deployment.flush()
                    return false
                }
            }
            fold(sink?.transactions ?? [], into: &members, from: &sequence)
            #expect(members.count == number + 1)
            try Folders.remove("\(folder.path)/checkpoints/\(try #require(try checkpoints(folder).last))")
        }
        #expect(taken.count == 3 && taken[0] == 0 && taken[1] > 0 && taken[2] > taken[1])
        deployment.close()
    }

    /// Whatever is wrong with them, the journal has everything.
    @Test func withoutOneThatCanBeUsedTheJournalIsRepeated() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try begin(deployment)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        fold(try live(deployment, 0).transactions, into: &members, from: &sequence)
        let path = "\(folder.path)/checkpoints/\(try #require(try checkpoints(folder).first))"
        var bytes = try OpenFile.reading(path).read(maximumBytes: Int.max)
        bytes[5000] ^= 1
        try AtomicFile.write(bytes, to: path)
        let sink = try live(deployment, 1) { loop in #expect(loop.machine.sequence == 0 && Int64(loop.records.count) == sequence) }
        fold(sink.transactions, into: &members, from: &sequence)
        #expect(members.keys.sorted() == ["0@x", "1@x"])
        #expect(try checkpoints(folder).contains { $0.hasSuffix(".damaged") })
        deployment.close()
    }

    /// Of another deployment or of a journal that lost commits: nobody can say what was committed, so nothing is done.
    @Test func oneThatTheJournalDoesNotKnow() throws {
        let folder = TemporaryFolder()
        let first = try Deployment(data: folder.path)
        try begin(first)
        _ = try live(first, 0)
        first.close()
        let second = try Deployment(data: folder.path)
        try begin(second)
        #expect { try live(second, 0) } throws: { error in
            guard let failure = error as? DaemonFailure else { return false }
            return failure.kind == .data && failure.description.contains("the journal ends before it")
        }
        second.close()
        let other = Checkpoints(folder: folder.path, group: "other")
        #expect { try other.load(.init(timezones: "", mapping: ""), .none) } throws: { error in
            (error as? DaemonFailure)?.description.contains("is a checkpoint of group audienced, not of other") ?? false
        }
        // Of topics that are mapped otherwise: its rows would be others.
        #expect(try Checkpoints(folder: folder.path, group: "audienced").load(.init(timezones: "?", mapping: ""), .none) == nil)
    }

    /// Behind a checkpoint there are commits that this program does not know, and no takeover says who wrote them: it was before.
    @Test func whoTookItWroteWhatIsUnknownBehindIt() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try begin(deployment)
        _ = try live(deployment, 0)
        let topics = Topics(deployment.configuration)
        let fingerprint = JournalRecord.Fingerprint(timezones: "", mapping: .init(topics.mapping))
        let loaded = try #require(try Checkpoints(folder: folder.path, group: "audienced").load(fingerprint, .none))
        #expect(loaded.program == Program.text())
        let topic = topics.journal
        try deployment.send(topic, [4] + Array("what nobody knows yet".utf8), time: 0)
        try deployment.flush()
        let kafka = KafkaSource(client: deployment.client, group: "test")
        for (program, hint) in [
            ("audienced 9.8.7 (abcdef0)", "audienced 9.8.7 (abcdef0) wrote it, and this is \(Program.text())"),
            (loaded.program, "Was it written by a newer version"),
        ] {
            var journal = try JournalReader(kafka, topic: topic, after: loaded.place, by: program)
            var found: (any Error)?
            do { try journal.readCommitted() } catch { found = error }
            #expect("\(try #require(found))".contains(hint), "\(found.map { "\($0)" } ?? "")")
        }
        deployment.close()
    }
}
