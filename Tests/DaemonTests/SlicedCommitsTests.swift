// Goal: an instant at which a window passes many rows is decided over several commits, others go on meanwhile, and a stop between any two
// of them changes nothing of what is said in the end. Method: lives of the loop over librdkafka's in-process broker, sixteen rows and two
// events a commit; most of them end in the middle.

import Campaigns
import Testing

@testable import Daemon
@testable import Wire

@Suite(.serialized, .quiet) struct SlicedCommitsTests {
    private static let schema =
        #"{"name":"people","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"n","type":"integer"},{"name":"at","type":"datetime"}]}"#
    private static let start: Int64 = 1_798_761_600_000
    private static let day: Int64 = 86_400_000

    private static func row(_ id: Int, n: Int = 0, at: Int64) -> String {
        #"{"table":"people","op":"u","row":{"id":"\#(id)","email":"\#(id)@x","n":\#(n),"at":"\#(InstantText.text(of: at))"}}"#
    }

    @Test func livesThatEndWhileAnInstantIsDecided() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path, checkpointsEvery: .milliseconds(1))
        try deployment.control(Sample.publish(schema: Self.schema), time: Self.start)
        try deployment.control(
            Sample.publish(campaign: Sample.campaign("c", audience: "recent", filter: "at >= DaysAgo(1)")), time: Self.start)
        try deployment.control(Sample.publish(campaign: Sample.campaign("d", audience: "beside")), time: Self.start)
        for id in 0..<60 { try deployment.send("p.a", Self.row(id, at: Self.start), time: Self.start) }
        try deployment.control(#"{"type":"barrier.requested","id":"in","after":{"p.a":{"0":60}}}"#, time: Self.start)
        try deployment.flush()
        var all: [Transaction] = []
        func live(transactions: Int = .max, until barrier: String) throws {
            all += try deployment.life(transactions: transactions, eventsPerCommit: 2, until: barrier)
        }
        try live(until: "in")
        // The window passes all of them, and one comes back; others are written meanwhile.
        let later = Self.start + Self.day + 1
        for id in 100..<110 { try deployment.send("p.a", Self.row(id, n: 1, at: later), time: later) }
        try deployment.send("p.a", Self.row(7, n: 2, at: later), time: later + 1)
        try deployment.control(#"{"type":"barrier.requested","id":"out","after":{"p.a":{"0":71}}}"#, time: later)
        try deployment.flush()
        for transactions in [1, 1, 2, 1, 3, 1, 2] { try live(transactions: transactions, until: "out") }
        try live(until: "out")
        deployment.close()
        try check(all)
    }

    /// What moves the clock and is a commit itself comes when all is decided that it changed: an event, and a repair. A journal with those
    /// is repeated.
    @Test(arguments: [true, false])
    func whatComesAtThatInstantComesBehindIt(isEvent: Bool) throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path, checkpointsEvery: .seconds(3600))
        try deployment.control(Sample.publish(schema: Self.schema), time: Self.start)
        try deployment.control(
            Sample.publish(campaign: Sample.campaign("c", audience: "recent", filter: "at >= DaysAgo(1)")), time: Self.start)
        for id in 0..<60 { try deployment.send("p.a", Self.row(id, at: Self.start), time: Self.start) }
        try deployment.control(#"{"type":"barrier.requested","id":"in","after":{"p.a":{"0":60}}}"#, time: Self.start)
        try deployment.flush()
        _ = try deployment.life(transactions: .max, eventsPerCommit: 2, until: "in")
        let later = Self.start + Self.day + 1
        if isEvent {
            try deployment.control(#"{"type":"clock.advanced","to":\#(later)}"#, time: Self.start)
            try deployment.control(#"{"type":"barrier.requested","id":"out"}"#, time: Self.start)
            try deployment.flush()
        }
        let sink = try deployment.run(
            { KeepingSink($0) },
            first: { loop in
                if isEvent { return }
                try loop.commits.moveClock(later)
                #expect(loop.machine.isEmitting, "some of it is not decided")
                try loop.commits.repair()
                try loop.commits.handOver()
            }, eventsPerCommit: 2,
            until: { sink in
                let exits = sink.transactions.flatMap(\.events).count { $0.text("status") == "exited" }
                return exits == 60 && (!isEvent || sink.hasReached("out"))
            })
        let journal = sink.transactions.flatMap(\.journal)
        let last = try #require(journal.last { $0.share?.isSliced ?? false })
        #expect(journal.contains { $0.sequence > last.sequence && (isEvent ? $0.control != nil : $0.isRepair) })
        // Another life repeats it.
        _ = try deployment.run({ KeepingSink($0) }, eventsPerCommit: 2) { _ in true }
        deployment.close()
    }

    /// What the journal has of slices, and what readers of the topics hold.
    private func check(_ all: [Transaction]) throws {
        let journal = all.flatMap(\.journal)
        for (place, record) in journal.enumerated() { #expect(record.sequence == Int64(place + 1)) }
        let sliced = journal.filter { $0.share?.isSliced ?? false }.map(\.sequence)
        #expect(sliced.count >= 8, "four for rows, four for members: \(sliced)")
        var members: [String: Set<String>] = [:]
        for event in all.flatMap(\.events) {
            if event.text("type") == "barrier.reached" {
                #expect(members["recent"]?.count == (event.text("id") == "in" ? 60 : 11), "it waits for the last")
            }
            guard let status = event.text("status"), let audience = event.text("audience"), let id = event.text("identity", "id") else {
                continue
            }
            guard case .integer(let sequence)? = event["sequence"] else { continue }
            #expect(members[audience, default: []].contains(id) == (status != "realized"), "\(written(event))")
            if status == "exited" { members[audience]!.remove(id) } else { members[audience, default: []].insert(id) }
            let last = try #require(sliced.last)
            #expect(audience == "beside" || sequence >= last || !sliced.contains(sequence), "it waits: \(written(event))")
        }
        #expect(members["recent"] == Set((100..<110).map { "\($0)@x" } + ["7@x"]))
        #expect(members["beside"] == Set((100..<110).map { "\($0)@x" } + ["7@x"]))
        #expect(all.flatMap(\.events).count { $0.text("id") == "out" } == 1)
    }
}
