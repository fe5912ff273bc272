// Goal: a link leads each row where it was told last, has exactly those rows under a parent that lead there, and forgets what was watched
// with its last watcher. Method: random moves of a derived link against a dictionary; the kinds of links one by one.
import Testing

@testable import Engine

@Suite struct TableLinkTests {
    private func children(_ link: borrowing TableLink, under parent: RowNumber) -> Set<RowNumber> {
        var found: Set<RowNumber> = []
        var next = link.children.first(under: parent)
        while let row = next {
            found.insert(row)
            next = link.children.next(row)
        }
        return found
    }

    @Test func rowsStandUnderTheRowThatTheyLeadTo() {
        var random = RandomNumbers(seed: 11)
        var link = TableLink(to: 1, by: 0)
        link.addWatcher(1)
        link.grow(to: 50)
        #expect((0..<50).allSatisfy { link.rows[RowNumber($0)] == .noRecord })
        var model: [RowNumber: RowNumber] = [:]
        for _ in 0..<3000 {
            let (row, parent) = (RowNumber(random.number(0...49)), random.number(-2...9))
            link.move(row, to: RowNumber(parent))
            model[row] = RowNumber(parent)
        }
        for (row, parent) in model { #expect(link.rows[row] == parent) }
        for parent in 0..<10 {
            #expect(children(link, under: RowNumber(parent)) == Set(model.filter { $0.value == RowNumber(parent) }.keys))
        }
    }

    @Test func theLastWatcherTakesWhatWasWatchedAlong() {
        var link = TableLink(assignedTo: 1)
        link.grow(to: 3)
        link.watch(.existence)
        #expect(!link.watched.meets(Signals(bits: .existence)))
        link.addWatcher(1)
        link.addWatcher(1)
        link.watch(.existence)
        link.insert(2, under: 7)
        link.addWatcher(-1)
        #expect(link.watched.meets(Signals(bits: .existence)))
        #expect(children(link, under: 7) == [2])
        link.addWatcher(-1)
        #expect(!link.watched.meets(Signals(bits: .existence)))
        #expect(children(link, under: 7) == [])
    }

    @Test func aLinkOfASchemaIsByCodeOrByKeyOnceItsTargetIsThere() {
        var byKey = TableLink()
        var byCode = TableLink()
        #expect(!byKey.isByKey && byKey.target == nil)
        byKey.resolve(to: 4, by: [1, 2], column: nil)
        byCode.resolve(to: 4, by: [1], column: 1)
        #expect(byKey.isByKey && byKey.target == 4 && byKey.columns == [1, 2])
        #expect(!byCode.isByKey && byCode.column == 1)
        // One by code keeps no rows of its own.
        byKey.grow(to: 2)
        byCode.grow(to: 2)
        #expect(byKey.rows.count == 2 && byCode.rows.count == 0)
        byKey.set(1, to: 9)
        #expect(byKey.rows[0] == .none && byKey.rows[1] == 9)
    }

    @Test func onlyDerivedLinksMoveByWhatTheyRead() {
        var settled = TableLink(to: 1, by: 3)
        #expect(settled.isDerived && !settled.isSettled && !settled.isByKey)
        settled.settle(by: 2)
        #expect(settled.isSettled && settled.settledBy == 2)
        let chosen = TableLink(to: 1, chosenBy: 0, rows: 2)
        #expect(!chosen.isDerived && !chosen.isByKey && chosen.rows[1] == .noValue)
        let assigned = TableLink(assignedTo: 1)
        #expect(!assigned.isDerived && !assigned.isByKey)
    }
}
