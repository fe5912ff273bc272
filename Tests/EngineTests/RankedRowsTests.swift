// Goal: of each group the first few by group, value, hash, row id and place are within the cut, whatever came and went, and whoever changes
// sides is told, and nobody else. Method: random rows against a sorted array, settled after random many changes.
import Campaigns
import Testing

@testable import Engine

@Suite struct RankedRowsTests {
    /// What a row says of itself.
    private struct Entry: Equatable {
        var row: Int32
        var group: Int32
        var isNull = false
        var key: Int64 = 0
        var value = ""
        var hash: UInt64 = 0
        var rowId = ""
        var place: Int64 = 0

        func ranked(withTexts: Bool) -> RankedRow {
            var ranked = RankedRow(row: RowNumber(row), group: group)
            (ranked.isNull, ranked.key, ranked.hash, ranked.place) = (isNull, key, hash, place)
            if withTexts {
                ranked.texts = Array(value.utf8).withUnsafeBytes { value in
                    Array(rowId.utf8).withUnsafeBytes { RankedTexts(value: value, rowId: $0) }
                }
            }
            return ranked
        }

        func isBefore(_ other: Entry, isDescending: Bool) -> Bool {
            if group != other.group { return group < other.group }
            if isNull != other.isNull { return other.isNull }
            if key != other.key { return key < other.key }
            if value != other.value { return value.utf8.lexicographicallyPrecedes(other.value.utf8) != isDescending }
            if hash != other.hash { return hash < other.hash }
            if rowId != other.rowId { return rowId.utf8.lexicographicallyPrecedes(other.rowId.utf8) }
            return (place, row) < (other.place, other.row)
        }
    }

    struct Trial: CustomTestStringConvertible {
        var cut: RankingKey.Cut
        var hasTexts: Bool
        var isDescending: Bool
        var groups: Int
        /// How many rows there are at most.
        var rows: Int
        /// How many values there are; with few of them most rows are equal.
        var spread: Int

        var testDescription: String { "\(cut) of \(rows) rows in \(groups) groups, \(spread) values, texts \(hasTexts)" }
    }

    private static let cuts: [RankingKey.Cut] = [
        .count(0), .count(1), .count(3), .count(40), .count(100_000), .share(share(.integer(0))), .share(share(.double(0.07))),
        .share(share(.double(33.3))), .share(share(.integer(100))),
    ]

    private static func share(_ percent: JSON) -> Percentage { Percentage(percent)! }

    static let trials: [Trial] = cuts.enumerated().flatMap { place, cut in
        [(1, 400, 2), (5, 300, 40), (60, 200, 3)].enumerated().map { size, sizes in
            Trial(
                cut: cut, hasTexts: (place + size) % 2 == 0, isDescending: (place + size) % 4 < 2, groups: sizes.0, rows: sizes.1,
                spread: sizes.2)
        }
    }

    /// The rows, their model, and who was within when they were settled last.
    private struct Pair: ~Copyable {
        let trial: Trial
        var rows: RankedRows
        var model: [Int32: Entry] = [:]
        var within: Set<Int32> = []
        /// Rows that came since.
        var new: Set<Int32> = []

        init(_ trial: Trial) {
            self.trial = trial
            rows = RankedRows(isDescending: trial.isDescending)
        }

        func cut(_ count: Int) -> Int {
            switch trial.cut {
            case .count(let most): most
            case .share(let percentage): percentage.of(count)
            }
        }

        mutating func remove(_ row: Int32) {
            rows.remove(RowNumber(row))
            model[row] = nil
        }

        mutating func insert(_ entry: Entry) {
            rows.insert(entry.ranked(withTexts: trial.hasTexts))
            model[entry.row] = entry
            new.insert(entry.row)
        }

        /// Settles, and compares everything with the model.
        mutating func settleAndCheck(isLoaded: Bool = false) {
            let trial = trial
            rows.settle { count in
                switch trial.cut {
                case .count(let most): most
                case .share(let percentage): percentage.of(count)
                }
            }
            let groups = Dictionary(grouping: model.values, by: \.group)
            var expected: Set<Int32> = []
            for (group, entries) in groups {
                let sorted = entries.sorted { $0.isBefore($1, isDescending: trial.isDescending) }
                expected.formUnion(sorted.prefix(cut(sorted.count)).map(\.row))
                #expect(rows.count(ofGroup: group) == sorted.count)
            }
            #expect(rows.count == model.count && rows.count(ofGroup: Int32(trial.groups)) == 0)
            for row in 0..<Int32(trial.rows) {
                #expect(rows.contains(RowNumber(row)) == (model[row] != nil))
                #expect(rows.isWithin(RowNumber(row)) == expected.contains(row), "row \(row)")
            }
            var told: [Int32] = []
            for place in 0..<rows.movedCount {
                let (row, isWithin) = rows.moved(at: place)
                #expect(isWithin == expected.contains(row.value))
                told.append(row.value)
            }
            // Who came is told of once or, where the boundary passes it, twice; of the others those who have changed sides, once.
            if !isLoaded { #expect(new.isSubset(of: told)) }
            let others = told.filter { !new.contains($0) }
            #expect(Set(others).count == others.count)
            #expect(Set(others) == expected.symmetricDifference(within.intersection(model.keys)).subtracting(new))
            rows.forgetMoved()
            (within, new) = (expected, [])
        }
    }

    private static func entry(_ row: Int, _ trial: Trial, _ random: inout RandomNumbers) -> Entry {
        var entry = Entry(row: Int32(row), group: Int32(random.number(0...trial.groups - 1)))
        entry.isNull = random.chance(15)
        let value = random.number(1...trial.spread)
        if !entry.isNull {
            if trial.hasTexts { entry.value = random.pick(["", "a", "ab", "\u{e9}"]) + "\(value)" } else { entry.key = Int64(value - 20) }
        }
        entry.hash = random.chance(50) ? 7 : random.next()
        if trial.hasTexts { entry.rowId = random.pick(["", "a", "a>", "b"]) }
        entry.place = Int64(random.number(0...1))
        return entry
    }

    @Test(arguments: trials)
    func areTheFirstOfTheirGroups(trial: Trial) {
        var random = RandomNumbers(seed: UInt64(trial.rows * 31 + trial.groups))
        var pair = Pair(trial)
        // It fills, moves about, falls to nothing, and fills again.
        for percentThatCome in [90, 50, 50, 5, 0, 95] {
            for _ in 0..<25 {
                let changed = Set((0..<random.pick([1, 1, 2, 30])).map { _ in random.number(0...trial.rows - 1) }).sorted()
                for row in changed { pair.remove(Int32(row)) }
                for row in changed where random.chance(percentThatCome) { pair.insert(Self.entry(row, trial, &random)) }
                pair.settleAndCheck()
            }
            if percentThatCome == 0 {
                for row in pair.model.keys.sorted() { pair.remove(row) }
                pair.settleAndCheck()
            }
        }
    }

    @Test(arguments: trials)
    func areLoadedAsTheyWouldHaveCome(trial: Trial) {
        var random = RandomNumbers(seed: UInt64(trial.rows * 17 + trial.groups))
        var pair = Pair(trial)
        var all = Vector<RankedRow>()
        for row in 0..<trial.rows where random.chance(80) {
            let entry = Self.entry(row, trial, &random)
            all.append(entry.ranked(withTexts: trial.hasTexts))
            pair.model[entry.row] = entry
        }
        pair.rows.load(all)
        pair.settleAndCheck(isLoaded: true)
        for row in pair.model.keys.sorted().prefix(20) { pair.remove(row) }
        for row in 0..<10 { pair.insert(Self.entry(row, trial, &random)) }
        pair.settleAndCheck()
    }

    /// One that replaces another moves the boundary by one row at most, however many rows are equal.
    @Test(arguments: [1, 100_000])
    func aChangeMovesOneRow(spread: Int) {
        var random = RandomNumbers(seed: 8)
        let count = 100_000
        func row(_ number: Int, _ key: Int) -> RankedRow {
            var row = RankedRow(row: RowNumber(number), group: 0)
            (row.key, row.hash) = (Int64(key), UInt64(number))
            return row
        }
        var all = Vector<RankedRow>()
        for number in 0..<count { all.append(row(number, number % spread)) }
        var rows = RankedRows(isDescending: false)
        rows.load(all)
        rows.settle { _ in 1000 }
        #expect(rows.movedCount == 1000)
        rows.forgetMoved()
        for _ in 0..<200 {
            let number = random.number(0...count - 1)
            rows.remove(RowNumber(number))
            rows.insert(row(number, random.number(0...spread - 1)))
            rows.settle { _ in 1000 }
            #expect(rows.movedCount <= 2)
            rows.forgetMoved()
        }
    }
}
