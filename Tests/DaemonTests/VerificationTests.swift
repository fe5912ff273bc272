// Goal: `--verify` finds an engine that is wrong, says where, and finds nothing where it is right (semantics §1). Method: a right history,
// with something in the engine's state exchanged by hand: a membership, a member that was not announced, what is remembered.

import Campaigns
import Testing

@testable import Daemon
@testable import Engine

@Suite struct VerificationTests {
    private let house = House()

    private func verified() -> VerificationReport {
        var verification = Verification()
        verification.check(house.machine)
        return verification.report
    }

    /// Two people in, one out.
    private func goLive(_ campaign: String = Sample.campaign("c", audience: "vip")) {
        house.machine.told = ToldMembers()
        house.control(Sample.publish())
        house.control(Sample.publish(campaign: campaign))
        for (id, n) in [("1", 1), ("2", 2), ("3", 0)] { house.change(Sample.row(id, n: n)) }
        house.commit()
    }

    /// The row of a person, and of the condition that one is in.
    private func membership(_ id: String) -> (table: TableNumber, row: RowNumber, condition: Number<Condition>) {
        let table = house.machine.engine.tables.number(of: "people")
        let row = Array(id.utf8).withUnsafeBytes { house.machine.engine.tables[table].row(ofKey: $0, hash: textHash($0)) }
        let save = house.machine.engine.audiences.open[0]
        return (table, row, house.machine.engine.audiences.saves[save].condition)
    }

    /// Takes somebody out without a word.
    private func lose(_ id: String) {
        let (table, row, condition) = membership(id)
        house.machine.engine.tables[table].memberships.remove(row, condition)
    }

    @Test func aRightEngine() {
        goLive()
        let report = verified()
        #expect(!report.hasDifferences)
        #expect(
            report.summary == "verify: no difference in 1 check: 1 campaigns evaluated anew on 3 rows, 2 members of 1 audiences compared")
    }

    @Test func nothingYetIsRight() {
        #expect(!verified().hasDifferences)
        house.control(Sample.publish())
        #expect(!verified().hasDifferences)
    }

    @Test func aMembershipThatIsMissing() {
        goLive()
        lose("2")
        #expect(verified().differences == [#"campaign c, audience vip, Email '2@x': is out, should be 1 row with {"n":2}"#])
    }

    @Test func aMemberThatWasNotAnnounced() {
        goLive()
        house.change(Sample.row("3", n: 7))
        house.apply(clock: 2000)
        house.machine.engine.pending.touched.removeAll()
        house.machine.commit()
        #expect(
            verified().summary == """
                verify: 1 difference at 1970-01-01T00:00:02.000Z, in 1 check: 1 campaigns evaluated anew on 3 rows, \
                3 members of 1 audiences compared
                campaign c, audience vip, Email '3@x': was told as out, should be 1 row with {"n":7}
                """)
        // Without what was told the size still says so.
        house.machine.told = nil
        #expect(verified().differences == ["campaign c, audience vip: 2 members, 2 rows, should be 3 and 3"])
    }

    @Test func rejectedRows() {
        goLive()
        let save = house.machine.engine.audiences.open[0]
        house.change(#"{"table":"people","op":"u","row":{"id":"4","n":1}}"#)
        house.commit()
        #expect(!verified().hasDifferences && house.machine.engine.audience(0).rejected == 1)
        house.machine.engine.touch(save, row: membership("4").row, flipsTo: false)
        #expect(verified().differences == ["campaign c, audience vip: 0 rejected, should be 1"])
    }

    private static let waiting =
        #"{"id":"c","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"n > 0"},{"id":"w","type":"wait","from":"b","duration":"PT1S"},{"id":"s","type":"save-audience","from":"w","audience":{"id":"vip"},"identity":{"field":"email","namespace":"Email"}}]}"#

    /// Since when one waits is the engine's word; who waits is not.
    @Test func whoWaits() {
        goLive(Self.waiting)
        #expect(!verified().hasDifferences)
        let wait = Number<Waiting>(house.machine.engine.plan.waits.nextNumber.value - 1)
        let (inbound, row) = (house.machine.engine.plan.waits[wait].key.condition, membership("2").row)
        house.machine.engine.tables[membership("2").table].memberships.remove(row, inbound)
        house.machine.engine.mark(house.machine.engine.plan.waits[wait].number, row)
        house.commit(clock: 1001)
        #expect(verified().differences == ["campaign c, activity w, '2': is not remembered, should be"])
    }

    /// Of many the first are shown.
    @Test func manyDifferences() {
        goLive()
        for number in 100..<130 { house.change(Sample.row("\(number)", n: 1)) }
        house.commit()
        for number in 100..<130 { lose("\(number)") }
        let report = verified()
        #expect(report.differences.count == 20 && report.differenceCount == 30)
        #expect(report.differences[0].contains("'100@x'") && report.summary.hasSuffix("\nand 10 more"))
    }

    /// What is wrong at a barrier ends the command with 65, and the files are whole all the same.
    @Test func theReplayOfAWrongEngineEndsWith65() throws {
        for isWrong in [false, true] {
            let (from, to) = (TemporaryFolder(), TemporaryFolder())
            try from.write("a.ndjson", [Sample.row("4", n: 1, time: 2000), Sample.barrier("b", time: 2001)].joined(separator: "\n"))
            var options = Replay.Options(input: from.path, output: to.path)
            options.verifies = true
            var replay = try Replay(options, zone: zones)
            house.machine = replay.machine
            goLive()
            if isWrong { lose("2") }
            let result = try replay.run(findingRuns: false)
            let report = try #require(result.verification)
            #expect(try to.read("audience-updated.ndjson").contains("barrier.reached"))
            #expect(report.hasDifferences == isWrong && report.checks == (isWrong ? 1 : 2))
            let code = exitCode {
                if isWrong { try end(with: report) }
                return .done
            }
            #expect(code == (isWrong ? .data : .done))
        }
    }
}
