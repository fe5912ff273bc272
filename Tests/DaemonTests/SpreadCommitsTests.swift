// Goal: what is large is said over several commits, and a stop between any two of them changes nothing of what is said in the end (contract
// §4). Method: lives of the loop over librdkafka's in-process broker, two events a commit; some lives end in the middle.

import Campaigns
import Testing

@testable import Daemon
@testable import Engine
@testable import Wire

@Suite(.serialized, .quiet) struct SpreadCommitsTests {
    private static let behind =
        #"{"id":"d","activities":[{"id":"r","type":"read-audience","audience":"vip","dimension":"people","identityField":"email"},{"id":"s","type":"save-audience","from":"r","audience":{"id":"behind","label":"behind"},"identity":{"field":"email","namespace":"Email"}}]}"#

    @Test func livesThatEndBetweenTwoCommits() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path, checkpointsEvery: .milliseconds(1))
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        try deployment.control(Sample.publish(campaign: Self.behind), time: 1000)
        var all: [Transaction] = []
        func live(transactions: Int = .max, until barrier: String) throws {
            all += try deployment.life(transactions: transactions, eventsPerCommit: 2, until: barrier)
        }
        // Lives that end while a barrier waits for the last, and lives that end before one is asked for.
        for (number, (barrier, divisor)) in [("first", 2), ("in", 1), ("end", 3)].enumerated() {
            for row in 10..<30 { try deployment.send("p.a", Sample.row("\(row)", n: divisor == 1 ? 1 : row % divisor), time: 2000) }
            let place = 20 * (number + 1)
            let request = #"{"type":"barrier.requested","id":"\#(barrier)","after":{"p.a":{"0":\#(place)}}}"#
            if number == 0 { try deployment.control(request, time: 2000) }
            try deployment.flush()
            for transactions in 1...2 { try live(transactions: transactions, until: barrier) }
            if number > 0 { try deployment.control(request, time: 2000) }
            try deployment.flush()
            try live(until: barrier)
        }
        try check(all)
        deployment.close()
    }

    /// A barrier whose commit is said over several, and that was not through when its life ended, is there with the last of them, whoever
    /// says that: here a life that stops at once.
    @Test func aBarrierOutlivesTheLivesThatSayWhatIsBeforeIt() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path)
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"in","after":{"p.a":{"0":20}}}"#, time: 1000)
        try deployment.flush()
        var kept: [KeepingSink] = []
        func live(transactions: Int = .max, until isOver: (KeepingSink) -> Bool) throws {
            _ = try deployment.run(
                { inner in
                    kept.append(KeepingSink(inner, lifetime: transactions))
                    return kept[kept.count - 1]
                }, eventsPerCommit: 2, until: isOver)
        }
        func says(_ number: Int) -> Int { kept[number].transactions.flatMap(\.events).count { $0.text("status") != nil } }
        // Definitions.
        try live { $0.transactions.flatMap(\.journal).count { $0.control != nil } == 3 }
        for row in 10..<30 { try deployment.send("p.a", Sample.row("\(row)", n: 1), time: 2000) }
        try deployment.flush()
        #expect(throws: SinkFailure.self) { try live(transactions: 1) { _ in false } }
        try live { _ in true }
        #expect(says(1) > 0 && says(2) > 0 && says(1) + says(2) == 20)
        let isThere = kept.contains { $0.hasReached("in") }
        #expect(isThere)
        try live { _ in true }
        #expect(kept.flatMap(\.transactions).flatMap(\.events).count { $0.text("type") == "barrier.reached" } == 1)
        deployment.close()
    }

    /// What readers of the topics hold at each commit.
    private func check(_ all: [Transaction]) throws {
        var members: [String: [String: String]] = [:]
        var complete: [String: Bool] = [:]
        var sequence: Int64 = 0
        var barriers: [String] = []
        var incomplete = 0
        var behind: Set<Int64> = []
        for record in all.flatMap(\.journal) {
            #expect(record.sequence == sequence + 1)
            sequence = record.sequence
        }
        for event in all.flatMap(\.events) {
            if let status = event.text("status"), let audience = event.text("audience"), let id = event.text("identity", "id") {
                let held = members[audience]?[id]
                #expect((held == nil) == (status == "realized"), "\(written(event))")
                if audience == "behind", case .integer(let number)? = event["sequence"] { behind.insert(number) }
                members[audience, default: [:]][id] = status == "exited" ? nil : event["attributes"].map(written) ?? ""
            }
            if event.text("type") == "audience.updated", let audience = event.text("audience") {
                #expect(event["size"] == .integer(Int64(members[audience, default: [:]].count)))
                complete[audience] = event["complete"] == .boolean(true)
                if complete[audience] == false { incomplete += 1 }
                if audience == "vip", complete[audience] == false, case .integer(let number)? = event["sequence"] {
                    #expect(!behind.contains(number), "it waits for the last of what it reads")
                }
            }
            if event.text("type") == "barrier.reached" {
                barriers.append(event.text("id")!)
                #expect(complete.values.allSatisfy { $0 }, "it waits for the last of all")
            }
        }
        #expect(barriers == ["first", "in", "end"] && incomplete > 5)
        #expect(all.flatMap(\.events).compactMap { $0.text("type") }.allSatisfy { $0 != "campaign.rejected" })
        let expected = (10..<30).filter { $0 % 3 > 0 }.map { ("\($0)@x", #"{"n":\#($0 % 3)}"#) }
        #expect(members["vip"] == Dictionary(uniqueKeysWithValues: expected))
        #expect(members["behind"].map { Set($0.keys) } == Set(expected.map(\.0)))
    }
}
