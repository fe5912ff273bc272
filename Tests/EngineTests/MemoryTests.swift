// The engine's own containers against the plainest model of each, on random operations.
import Testing

@testable import Engine

@Suite struct MemoryTests {
    @Test func textDictionaryGivesEachTextOneDenseCode() {
        var random = RandomNumbers(seed: 1)
        var dictionary = TextDictionary()
        var codes: [[UInt8]: Int32] = [:]
        var texts: [[UInt8]] = []
        for _ in 0..<20_000 {
            let text = (0..<random.number(0...random.pick([1, 2, 9, 17]))).map { _ in UInt8(random.number(97...100)) }
            // Few hashes, so that texts share places and whole hashes.
            let hash = random.chance(50) ? nil : UInt32(7)
            text.withUnsafeBytes { bytes in
                let hash = hash.map { $0 + UInt32(text.count) } ?? textHash(bytes)
                let key = text + [hash == textHash(bytes) ? 0 : 1]
                if let code = codes[key] {
                    #expect(dictionary.find(bytes, hash: hash) == code)
                    #expect(dictionary.intern(bytes, hash: hash) == code)
                } else {
                    #expect(dictionary.find(bytes, hash: hash) == nil)
                    codes[key] = dictionary.intern(bytes, hash: hash)
                    #expect(codes[key] == Int32(texts.count))
                    texts.append(text)
                }
            }
            #expect(dictionary.count == texts.count)
        }
        for (code, text) in texts.enumerated() { #expect(Array(dictionary.text(Int32(code))) == text) }
    }

    @Test func perRowKeepsWhatWasWrittenAndGrowsWithTheFilling() {
        var random = RandomNumbers(seed: 5)
        var values = PerRow<Int64>()
        var model: [Int64] = []
        for _ in 0..<2000 {
            let row = random.number(0...300)
            #expect(values[RowNumber(row), default: -7] == (row < model.count ? model[row] : -7))
            if random.chance(30) {
                values.grow(toHold: RowNumber(row), filling: Int64(row))
                while model.count <= row { model.append(Int64(row)) }
                values[RowNumber(row)] += 1
                model[row] += 1
            }
            #expect(values.count == model.count)
        }
    }

    @Test func rowListsAreDictionariesPerRow() {
        var random = RandomNumbers(seed: 2)
        var lists = RowLists<Condition>(hasValues: true)
        var model: [RowNumber: [Number<Condition>: UInt32]] = [:]
        for _ in 0..<60_000 {
            let row = RowNumber(random.number(0...40))
            let number = Number<Condition>(random.number(0...random.pick([1, 3, 70])))
            if random.chance(55) {
                let value = random.chance(60) ? 0 : UInt32(random.pick([1, 2, Int(Int32.max)]))
                lists.set(row, number, value)
                model[row, default: [:]][number] = value
            } else {
                lists.remove(row, number)
                model[row]?[number] = nil
            }
            let expected = model[row, default: [:]].sorted { $0.key < $1.key }
            #expect(lists.count(row) == expected.count)
            for (place, entry) in expected.enumerated() where place < lists.count(row) {
                let found = lists.entry(row, at: place)
                #expect(found.number == entry.key && found.value == entry.value)
            }
            #expect(lists.value(row, number) == model[row]?[number])
            #expect(lists.contains(row, number) == (model[row]?[number] != nil))
        }
        for row in Numbers<TableRow>(count: 41) { #expect(lists.count(row) == model[row, default: [:]].count) }
        #expect(lists.count(RowNumber(1000)) == 0)
    }

    @Test func rowChainsAreSetsPerParent() {
        var random = RandomNumbers(seed: 3)
        var chains = RowChains()
        var parents: [RowNumber: RowNumber] = [:]
        for _ in 0..<20_000 {
            let row = RowNumber(random.number(0...60))
            if let parent = parents.removeValue(forKey: row) {
                chains.remove(row, under: parent)
            } else {
                parents[row] = RowNumber(random.number(0...5))
                chains.insert(row, under: parents[row]!)
            }
            let parent = RowNumber(random.number(0...7))
            var found: [RowNumber] = []
            var next = chains.first(under: parent)
            while let row = next {
                found.append(row)
                next = chains.next(row)
            }
            #expect(found.sorted() == parents.filter { $0.value == parent }.map(\.key).sorted())
        }
    }

    @Test func integerMapFindsWhatWasInserted() {
        var random = RandomNumbers(seed: 4)
        var map = IntegerMap()
        var model: [UInt64: Int32] = [:]
        #expect(map.find(0) == nil)
        for round in 0..<6 {
            for _ in 0..<random.pick([10, 9000]) {
                let key = random.chance(50) ? random.next() : UInt64(random.number(0...300)) << UInt64(random.pick([0, 32]))
                if model[key] == nil {
                    model[key] = Int32(model.count + round)
                    map.insert(key, model[key]!)
                }
                let other = UInt64(random.number(0...400))
                #expect(map.find(other) == model[other])
            }
            #expect(map.count == model.count)
            for (key, number) in model { #expect(map.find(key) == number) }
            map.removeAll()
            model = [:]
            #expect(map.count == 0 && map.find(0) == nil)
        }
    }
}
