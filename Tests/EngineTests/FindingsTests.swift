// Goal: what a node was found to be is found again until something moves that it may read: a condition of columns until columns are
// written, another until anything moves, and on one row alone. Method: random findings, writes and moves against dictionaries.
import Testing

@testable import Engine

@Suite struct FindingsTests {
    private struct Truths {
        var row: Int
        var truth: Truth
    }

    @Test func truthsEndWithWritesOrMoves() {
        var random = RandomNumbers(seed: 25)
        var findings = Findings()
        findings.grow(nodes: 20, held: 0)
        var model: [Int: Truths] = [:]
        for _ in 0..<20_000 {
            let (node, row) = (random.number(0...19), random.number(0...2))
            // Every second one is a condition of columns.
            let isOfColumns = node % 2 == 0
            switch random.number(0...9) {
            case 0:
                findings.noteWrite()
                model = [:]
            case 1:
                findings.noteMove()
                model = model.filter { $0.key % 2 == 0 }
            case 2...5:
                let truth = random.pick([Truth.no, .yes, .unknown])
                findings.hold(truth, of: Number(node), isOfColumns: isOfColumns, on: .init(row))
                model[node] = Truths(row: row, truth: truth)
            default:
                let expected = model[node].flatMap { $0.row == row ? $0.truth : nil }
                #expect(findings.truth(of: Number(node), isOfColumns: isOfColumns, on: .init(row)) == expected)
            }
        }
    }

    @Test func nothingIsFoundBeforeItIsHeld() {
        var findings = Findings()
        findings.grow(nodes: 3, held: 3)
        // Terms are asked of no row.
        for row in -1...1 {
            #expect(findings.truth(of: 2, isOfColumns: true, on: .init(row)) == nil)
            #expect(findings.truth(of: 2, isOfColumns: false, on: .init(row)) == nil)
            #expect(findings.value(at: 2, on: .init(row), generation: 0)?.kind == nil)
        }
    }

    @Test func valuesEndWithMovesAndWithTheTextsOfTheirTime() {
        var findings = Findings()
        findings.grow(nodes: 1, held: 2)
        func held(on row: Int, _ generation: UInt64) -> Int64? {
            findings.value(at: 1, on: .init(row), generation: generation)?.integer
        }
        findings.hold(.integer(7), at: 1, on: 4, generation: 9)
        #expect(held(on: 4, 9) == 7)
        #expect(held(on: 5, 9) == nil && held(on: 4, 8) == nil && held(on: 4, 10) == nil)
        #expect(findings.value(at: 0, on: 4, generation: 9)?.kind == nil)
        findings.noteMove()
        #expect(held(on: 4, 9) == nil)
        findings.hold(.null, at: 1, on: 4, generation: 9)
        #expect(findings.value(at: 1, on: 4, generation: 9)?.kind == .null, "null is found too")
        findings.noteWrite()
        #expect(findings.value(at: 1, on: 4, generation: 9)?.kind == nil)
    }

    @Test func moreNodesLeaveWhatIsFound() {
        var findings = Findings()
        findings.grow(nodes: 1, held: 1)
        findings.hold(.yes, of: 0, isOfColumns: false, on: 3)
        findings.hold(.integer(5), at: 0, on: 3, generation: 1)
        findings.grow(nodes: 1000, held: 1000)
        #expect(findings.truth(of: 0, isOfColumns: false, on: 3) == .yes)
        #expect(findings.value(at: 0, on: 3, generation: 1)?.integer == 5)
        #expect(findings.truth(of: 999, isOfColumns: false, on: 3) == nil)
    }
}
