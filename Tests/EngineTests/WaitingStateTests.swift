// Goal: a row has waited once its row id has been there without a break, from commit to commit, for the duration; row ids wait as one,
// however many rows they have. Method: random rows that come, go and change their row id against a dictionary of since when each is there.
import Campaigns
import Testing

@testable import Engine

@Suite struct WaitingStateTests {
    private struct Pair: ~Copyable {
        let duration: Int64
        var state = WaitingState()
        var rowIds: [Int32: String] = [:]
        var since: [String: Int64] = [:]
        var clock: Int64 = 0
        var lastClock = Int64.min

        mutating func set(_ row: Int32, _ rowId: String?) {
            if let rowId {
                Array(rowId.utf8).withUnsafeBytes { state.set(RowNumber(row), $0) }
            } else {
                state.set(RowNumber(row), nil)
            }
            rowIds[row] = rowId
        }

        /// Ends a commit, and compares with the model.
        mutating func settleAndCheck(remembered: WaitingMemory = [:]) {
            let duration = duration
            // Who has waited since the last commit.
            let over = Set(since.filter { $0.value + duration > lastClock && $0.value + duration <= clock }.keys)
            lastClock = clock
            state.settle(at: clock, remembered: remembered) { $0.addingReportingOverflow(duration).overflow ? nil : $0 + duration }
            let there = Set(rowIds.values)
            for rowId in there where since[rowId] == nil { since[rowId] = remembered[Array(rowId.utf8)] ?? clock }
            since = since.filter { there.contains($0.key) }
            var due = Vector<RowNumber>()
            while state.takeDue(at: clock, into: &due) {}
            let found = (0..<due.count).map { due[$0].value }
            #expect(Set(found).count == found.count)
            for row in Int32(0)..<40 {
                let hasWaited = rowIds[row].map { since[$0]! + duration <= clock }
                let found = state.hasWaited(RowNumber(row), until: clock)
                #expect(found == (hasWaited ?? false))
            }
            #expect(Set(found) == Set(rowIds.filter { over.contains($0.value) }.keys))
            let waiting = since.values.compactMap { $0 + duration > clock ? $0 + duration : nil }
            #expect(state.nextDue == waiting.min())
            #expect(state.memory == Dictionary(uniqueKeysWithValues: since.map { (Array($0.key.utf8), $0.value) }))
        }
    }

    @Test(arguments: [1, 10, 1000], [1, 4, 40])
    func waitsAreFromCommitToCommit(duration: Int64, rowIds: Int) {
        var random = RandomNumbers(seed: UInt64(duration) * 100 + UInt64(rowIds))
        var pair = Pair(duration: duration)
        for percentThatStay in [80, 50, 10, 90] {
            for _ in 0..<150 {
                for _ in 0..<random.pick([0, 1, 2, 8]) {
                    let row = Int32(random.number(0...39))
                    pair.set(row, random.chance(percentThatStay) ? "r\(random.number(1...rowIds))" : nil)
                    // Away and back within a commit is no break.
                    if random.chance(20), let rowId = pair.rowIds[row] {
                        pair.set(row, nil)
                        pair.set(row, rowId)
                    }
                }
                pair.settleAndCheck()
                pair.clock += Int64(random.pick([0, 1, 1, Int(duration) / 2, Int(duration), 3 * Int(duration)]))
                // Those who are due are found though nobody came or went.
                pair.settleAndCheck()
            }
        }
    }

    @Test func whoIsRememberedGoesOn() {
        var pair = Pair(duration: 10)
        pair.clock = 100
        for (row, rowId) in ["long ago", "lately", "", "new"].enumerated() { pair.set(Int32(row), rowId) }
        pair.settleAndCheck(remembered: [Array("long ago".utf8): 50, Array("lately".utf8): 95, []: 90, Array("gone".utf8): 1])
        #expect(pair.state.nextDue == 105)
        let haveWaited = (0..<4).map { pair.state.hasWaited(RowNumber($0), until: 100) }
        #expect(haveWaited == [true, false, true, false])
    }

    @Test func whatIsNeverDueWaitsForEver() {
        var pair = Pair(duration: .max)
        pair.clock = 5
        pair.set(0, "a")
        pair.state.settle(at: 5, remembered: [:]) { _ in nil }
        let hasWaited = pair.state.hasWaited(RowNumber(0), until: .max - 1)
        #expect(!hasWaited)
        pair.set(0, nil)
        pair.state.settle(at: 6, remembered: [:]) { _ in nil }
        #expect(pair.state.nextDue == nil && pair.state.memory == [:])
    }
}
