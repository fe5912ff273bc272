// Goal: blocks in use never overlap, and what is given back becomes whole again (Blocks.swift). Method: random calls, each block full of a
// number of its own.

import Testing

@testable import Engine

@Suite struct BlocksTests {
    @Test func blocksKeepWhatTheirOwnersWrite() {
        var random = RandomNumbers(seed: 8)
        var blocks = Blocks()
        var held: [Int32: (words: Int, mark: UInt32)] = [:]
        func fill(_ block: Int32, _ mark: UInt32) {
            for place in 1..<blocks.size(of: block) { blocks[Int(block) + place] = mark }
        }
        for round in 0..<30_000 {
            if held.isEmpty || random.chance(round < 20_000 ? 60 : 40) {
                let wanted = random.number(2...random.pick([4, 9, 40, 700]))
                let block = blocks.take(words: wanted)
                #expect(held[block] == nil && block != 0 && blocks.size(of: block) >= wanted)
                #expect(blocks.number(of: block) == 0)
                let mark = UInt32(random.number(0...Int(Int32.max)))
                blocks.set(number: wanted, of: block)
                fill(block, mark)
                held[block] = (wanted, mark)
            } else {
                let block = random.pick(held.keys.sorted())
                let (words, mark) = held.removeValue(forKey: block)!
                #expect(blocks.number(of: block) == words)
                #expect((1..<blocks.size(of: block)).allSatisfy { blocks[Int(block) + $0] == mark })
                blocks.release(block)
            }
        }
        for block in held.keys.sorted() { blocks.release(block) }
        // All of it is free, so as much again takes no more.
        let bytes = blocks.byteCount
        var words = 0
        while words < bytes / 16 {
            words += blocks.size(of: blocks.take(words: 64))
        }
        #expect(blocks.byteCount == bytes)
    }

    /// Lists that grow together leave little behind: what they have left is joined and used by those that grow next.
    @Test func listsThatGrowTogetherUseWhatTheyLeave() {
        var lists = RowLists<Condition>(hasValues: false)
        let (rows, entries) = (20_000, 24)
        for number in 0..<entries {
            for row in 0..<rows { lists.set(RowNumber(Int32(row)), Number(Int32(number)), 0) }
        }
        #expect(lists.byteCount < rows * (4 + entries * 4) * 2)
    }
}
