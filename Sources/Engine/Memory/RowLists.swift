// A small list of numbers per row, of things of one kind, with a value each or without: which conditions a row meets, and which
// accumulators of a row are not empty. The state follows what is true: a row with nothing costs four bytes, a row with one number without
// value no more.
//
// head of a row: 0 = empty; negative = one entry with value 0, its number is -head - 1; positive = where its block begins.
// block: a header with the count, then the numbers, ascending, with room for more, then, where there are values, those, with as much room.

struct RowLists<Kind: ~Copyable>: ~Copyable {
    private var heads = PerRow<Int32>()
    private var blocks = Blocks()
    /// Words of an entry.
    private let width: Int

    /// `hasValues`: without them all are 0. A value is below 2^31.
    init(hasValues: Bool) {
        width = hasValues ? 2 : 1
    }

    /// What they take.
    var byteCount: Int { heads.byteCount + blocks.byteCount }

    @inline(__always)
    private func head(_ row: RowNumber) -> Int32 { heads[row, default: 0] }

    /// How many entries a block has room for.
    @inline(__always)
    private func room(in block: Int32) -> Int { width == 1 ? blocks.size(of: block) - 1 : (blocks.size(of: block) - 1) >> 1 }

    @inline(__always)
    func count(_ row: RowNumber) -> Int {
        let head = head(row)
        return head == 0 ? 0 : head < 0 ? 1 : blocks.number(of: head)
    }

    @inline(__always)
    private func value(inBlock block: Int32, at place: Int) -> UInt32 {
        width == 1 ? 0 : blocks[Int(block) + 1 + room(in: block) + place]
    }

    /// The entry at a place of a row's list.
    @inline(__always)
    func entry(_ row: RowNumber, at place: Int) -> (number: Number<Kind>, value: UInt32) {
        let head = head(row)
        if head < 0 { return (Number(-head - 1), 0) }
        return (Number(Int32(truncatingIfNeeded: blocks[Int(head) + 1 + place])), value(inBlock: head, at: place))
    }

    /// The value kept under a number; nil if the row has none.
    @inline(__always)
    func value(_ row: RowNumber, _ number: Number<Kind>) -> UInt32? {
        let number = number.value
        let head = head(row)
        if head == 0 { return nil }
        if head < 0 { return -head - 1 == number ? 0 : nil }
        let (place, isThere) = place(of: number, inBlock: head)
        return isThere ? value(inBlock: head, at: place) : nil
    }

    @inline(__always)
    func contains(_ row: RowNumber, _ number: Number<Kind>) -> Bool {
        let number = number.value
        let head = head(row)
        if head == 0 { return false }
        return head < 0 ? -head - 1 == number : place(of: number, inBlock: head).isThere
    }

    /// Those of some rows that have a number. Where none has any that is seen at once.
    func rows(_ block: RowBlock, with number: Number<Kind>) -> RowBlock {
        guard !block.isSparse, Int(block.first) + 64 <= heads.count else { return block.filter { contains($0, number) } }
        let heads = heads.block(of: block)
        var some: Int32 = 0
        for place in 0..<64 { some |= heads[place] }
        if some == 0 { return block.intersection(0) }
        let only = -number.value - 1
        let several = block.intersection(bits { heads[$0] > 0 }).filter { contains($0, number) }
        return RowBlock(first: block.first, bits: several.bits | block.bits & bits { heads[$0] == only })
    }

    /// Whether rows have so many numbers that looking for one of them costs more than reading a column.
    var isCrowded: Bool { blocks.byteCount > heads.byteCount }

    /// Where a number is, or belongs.
    @inline(__always)
    private func place(of number: Int32, inBlock block: Int32) -> (place: Int, isThere: Bool) {
        let first = Int(block) + 1
        let count = blocks.number(of: block)
        let wanted = UInt32(bitPattern: number)
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if blocks[first + middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return (low, low < count && blocks[first + low] == wanted)
    }

    /// Keeps a value under a number, new or instead of the one that is there.
    mutating func set(_ row: RowNumber, _ number: Number<Kind>, _ value: UInt32) {
        precondition(value >> 31 == 0 && (width == 2 || value == 0), "a value is a count or a place")
        heads.grow(zerosToHold: row)
        let head = heads[row]
        if head == 0 && value == 0 {
            heads[row] = -number.value - 1
            return
        }
        if head <= 0 {
            let old = -head - 1
            if old == number.value && value == 0 { return }
            let block = blocks.take(words: 1 + (head == 0 ? 1 : 2) * width)
            heads[row] = block
            if head < 0 { insert(old, 0, at: 0, of: block) }
        }
        let block = heads[row]
        let (place, isThere) = place(of: number.value, inBlock: block)
        if !isThere { return insert(number.value, value, at: place, of: roomier(row)) }
        if width == 2 { blocks[Int(block) + 1 + room(in: block) + place] = value }
    }

    /// The block of a row, another one where it has no room for one more.
    private mutating func roomier(_ row: RowNumber) -> Int32 {
        let block = heads[row]
        let count = blocks.number(of: block)
        let room = room(in: block)
        guard count == room else { return block }
        let larger = blocks.take(words: 1 + (count + 1) * width)
        blocks.set(number: count, of: larger)
        blocks.move(count, from: Int(block) + 1, to: Int(larger) + 1)
        if width == 2 { blocks.move(count, from: Int(block) + 1 + room, to: Int(larger) + 1 + self.room(in: larger)) }
        blocks.release(block)
        heads[row] = larger
        return larger
    }

    private mutating func insert(_ number: Int32, _ value: UInt32, at place: Int, of block: Int32) {
        let count = blocks.number(of: block)
        let first = Int(block) + 1
        blocks.move(count - place, from: first + place, to: first + place + 1)
        blocks[first + place] = UInt32(bitPattern: number)
        if width == 2 {
            let values = first + room(in: block)
            blocks.move(count - place, from: values + place, to: values + place + 1)
            blocks[values + place] = value
        }
        blocks.set(number: count + 1, of: block)
    }

    mutating func remove(_ row: RowNumber, _ number: Number<Kind>) {
        let number = number.value
        let head = head(row)
        if head == 0 { return }
        if head < 0 {
            if -head - 1 == number { heads[row] = 0 }
            return
        }
        let (place, isThere) = place(of: number, inBlock: head)
        guard isThere else { return }
        let count = blocks.number(of: head)
        if count == 1 {
            blocks.release(head)
            heads[row] = 0
            return
        }
        let first = Int(head) + 1
        blocks.move(count - place - 1, from: first + place + 1, to: first + place)
        if width == 2 {
            let values = first + room(in: head)
            blocks.move(count - place - 1, from: values + place + 1, to: values + place)
        }
        blocks.set(number: count - 1, of: head)
    }
}
