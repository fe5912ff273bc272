// A small list of (number, value) per row, of things of one kind: which conditions a row meets, and which accumulators of a row are not
// empty. The state follows what is true: a row with nothing costs four bytes, a row with one number without value no more.
//
// head of a row: 0 = empty; negative = one entry with value 0, its number is -head - 1; positive = the word where its block begins.
// block: one word (count | size class << 32), then 2^class entries of 64 bits (number << 32 | value).

struct RowLists<Kind: ~Copyable>: ~Copyable {
    private var heads = PerRow<Int32>()
    private var words = Vector<UInt64>()
    /// Per size class the first free block; its first entry names the next one. 0 ends the list.
    private var free = Vector<Int32>()

    init() {
        words.append(0)
        free.grow(to: 28, filling: 0)
    }

    @inline(__always)
    private func head(_ row: RowNumber) -> Int32 { heads[row, default: 0] }

    @inline(__always)
    private func count(ofBlock block: Int32) -> Int {
        Int(words[block] & 0xffff_ffff)
    }

    func count(_ row: RowNumber) -> Int {
        let head = head(row)
        return head == 0 ? 0 : head < 0 ? 1 : count(ofBlock: head)
    }

    /// The entry at a place of a row's list.
    @inline(__always)
    func entry(_ row: RowNumber, at place: Int) -> (number: Number<Kind>, value: UInt32) {
        let head = head(row)
        if head < 0 { return (Number(-head - 1), 0) }
        let word = words[Int(head) + 1 + place]
        return (Number(Int32(truncatingIfNeeded: word >> 32)), UInt32(truncatingIfNeeded: word))
    }

    /// The value kept under a number; nil if the row has none.
    @inline(__always)
    func value(_ row: RowNumber, _ number: Number<Kind>) -> UInt32? {
        let number = number.value
        let head = head(row)
        if head == 0 { return nil }
        if head < 0 { return -head - 1 == number ? 0 : nil }
        guard let place = place(of: number, inBlock: head) else { return nil }
        return UInt32(truncatingIfNeeded: words[Int(head) + 1 + place])
    }

    @inline(__always)
    func contains(_ row: RowNumber, _ number: Number<Kind>) -> Bool {
        value(row, number) != nil
    }

    private func place(of number: Int32, inBlock block: Int32) -> Int? {
        let first = Int(block) + 1
        var low = 0
        var high = count(ofBlock: block)
        while low < high {
            let middle = (low + high) / 2
            if Int32(truncatingIfNeeded: words[first + middle] >> 32) < number { low = middle + 1 } else { high = middle }
        }
        guard low < count(ofBlock: block), Int32(truncatingIfNeeded: words[first + low] >> 32) == number else { return nil }
        return low
    }

    /// Keeps a value under a number, new or instead of the one that is there. Lists stay sorted by number.
    mutating func set(_ row: RowNumber, _ number: Number<Kind>, _ value: UInt32) {
        set(row, number.value, value)
    }

    private mutating func set(_ row: RowNumber, _ number: Int32, _ value: UInt32) {
        heads.grow(toHold: row, filling: 0)
        let entry = UInt64(UInt32(bitPattern: number)) << 32 | UInt64(value)
        let head = heads[row]
        if head == 0 {
            if value == 0 {
                heads[row] = -number - 1
            } else {
                let block = allocate(sizeClass: 0)
                words[block] = 1
                words[Int(block) + 1] = entry
                heads[row] = block
            }
            return
        }
        if head < 0 {
            let old = -head - 1
            if old == number && value == 0 { return }
            let block = allocate(sizeClass: 1)
            words[block] = 1 | 1 << 32
            words[Int(block) + 1] = UInt64(UInt32(bitPattern: old)) << 32
            heads[row] = block
            set(row, number, value)
            return
        }
        if let place = place(of: number, inBlock: head) {
            words[Int(head) + 1 + place] = entry
            return
        }
        let count = count(ofBlock: head)
        var block = head
        let sizeClass = Int(words[head] >> 32)
        if count == 1 << sizeClass {
            block = allocate(sizeClass: sizeClass + 1)
            for place in 0..<count { words[Int(block) + 1 + place] = words[Int(head) + 1 + place] }
            words[block] = UInt64(count) | UInt64(sizeClass + 1) << 32
            release(head)
            heads[row] = block
        }
        var place = count
        while place > 0 && Int32(truncatingIfNeeded: words[Int(block) + place] >> 32) > number {
            words[Int(block) + 1 + place] = words[Int(block) + place]
            place -= 1
        }
        words[Int(block) + 1 + place] = entry
        words[block] += 1
    }

    mutating func remove(_ row: RowNumber, _ number: Number<Kind>) {
        let number = number.value
        let head = head(row)
        if head == 0 { return }
        if head < 0 {
            if -head - 1 == number { heads[row] = 0 }
            return
        }
        guard let place = place(of: number, inBlock: head) else { return }
        let count = count(ofBlock: head)
        if count == 1 {
            release(head)
            heads[row] = 0
            return
        }
        for next in place + 1..<max(count, place + 1) { words[Int(head) + next] = words[Int(head) + 1 + next] }
        words[head] -= 1
    }

    private mutating func allocate(sizeClass: Int) -> Int32 {
        let first = free[sizeClass]
        if first != 0 {
            free[sizeClass] = Int32(truncatingIfNeeded: words[Int(first) + 1])
            return first
        }
        precondition(words.count + 1 + 1 << sizeClass <= Int(Int32.max), "the lists of one table hold at most 16 GiB")
        let block = Int32(words.count)
        words.grow(to: words.count + 1 + 1 << sizeClass, filling: 0)
        return block
    }

    private mutating func release(_ block: Int32) {
        let sizeClass = Int(words[block] >> 32)
        words[Int(block) + 1] = UInt64(free[sizeClass])
        free[sizeClass] = block
    }
}
