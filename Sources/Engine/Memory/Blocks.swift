// Blocks of words in one arena, for the many small lists that rows have: a list that grows moves to a larger block, and what it leaves is
// joined with what is free beside it. So rows that grow together do not leave as much behind as they have.
//
// A block has a power of two of words, at least four, and begins at a multiple of them; or three quarters of that, where the last quarter
// is a block of its own. Free blocks of a size are a list. Two halves of a block that are both free are one.
//
//   block in use   header: size << 24, and in the 24 bits below what its owner keeps there; then the owner's words
//   free block     header: 1 << 31 | exponent; the next free block of its size, and the one before
//
// No word of an owner has the highest bit, so that the other half of a block can be looked at, whatever it is.

/// An arena of blocks. What an owner keeps of one is the word where it begins; 0 is none.
struct Blocks: ~Copyable {
    private var words = Vector<UInt32>()
    /// By exponent the first free block; 0: there is none.
    private var free = Vector<Int32>()

    private static let freeMark: UInt32 = 1 << 31
    private static let ownersMask: UInt32 = 1 << 24 - 1
    private static let smallest = 2
    /// The arena grows by so much at once, once it is as large.
    private static let growth = 16

    /// What they take, free ones too.
    var byteCount: Int { words.byteCount + free.byteCount }

    @inline(__always)
    subscript(place: Int) -> UInt32 {
        unsafeAddress { UnsafePointer(words.address(place)) }
        unsafeMutableAddress { words.address(place) }
    }

    /// What its owner keeps in the header.
    @inline(__always)
    func number(of block: Int32) -> Int { Int(words[block] & Self.ownersMask) }

    @inline(__always)
    mutating func set(number: Int, of block: Int32) {
        precondition(number <= Int(Self.ownersMask), "a list has at most 2^24 entries")
        words[block] = words[block] & ~Self.ownersMask | UInt32(truncatingIfNeeded: number)
    }

    /// How many words a block has, its header with them. Its size is twice the exponent, and one more where a quarter is missing.
    @inline(__always)
    func size(of block: Int32) -> Int {
        let size = words[block] >> 24
        let whole = 1 << Int(size >> 1)
        return size & 1 == 0 ? whole : whole - whole >> 2
    }

    /// Moves words within a block or from one to another; they may overlap.
    @inline(__always)
    mutating func move(_ count: Int, from source: Int, to target: Int) { words.copy(source..<source + count, to: target) }

    /// A block with at least so many words, its header with them.
    mutating func take(words wanted: Int) -> Int32 {
        var exponent = Self.smallest
        while 1 << exponent < wanted { exponent += 1 }
        let block = takeWhole(exponent)
        let isPart = exponent > Self.smallest + 1 && wanted <= 3 << (exponent - 2)
        words[block] = UInt32(exponent << 1 | (isPart ? 1 : 0)) << 24
        if isPart { put(Int(block) + 3 << (exponent - 2), exponent - 2) }
        return block
    }

    /// Gives a block back.
    mutating func release(_ block: Int32) {
        let size = Int(words[block] >> 24)
        let exponent = size >> 1
        if size & 1 == 0 { return put(Int(block), exponent) }
        words[Int(block) + 1 << (exponent - 1)] = 0
        put(Int(block) + 1 << (exponent - 1), exponent - 2)
        put(Int(block), exponent - 1)
    }

    private mutating func takeWhole(_ exponent: Int) -> Int32 {
        var found = exponent
        while found >= free.count || free[found] == 0 {
            if found >= free.count {
                grow(toHold: exponent)
                found = exponent
            } else {
                found += 1
            }
        }
        let block = free[found]
        remove(block, found)
        // The halves that are not wanted.
        while found > exponent {
            found -= 1
            add(Int(block) + 1 << found, found)
        }
        return block
    }

    /// Makes a free block, joined with its other half as long as that is free.
    private mutating func put(_ place: Int, _ exponent: Int) {
        var (place, exponent) = (place, exponent)
        while case let other = place ^ 1 << exponent, other < words.count, words[other] == Self.freeMark | UInt32(exponent) {
            remove(Int32(other), exponent)
            // Nothing within a block is taken for one.
            words[max(place, other)] = 0
            place = min(place, other)
            exponent += 1
        }
        add(place, exponent)
    }

    private mutating func add(_ place: Int, _ exponent: Int) {
        free.grow(to: exponent + 1, filling: 0)
        let next = free[exponent]
        words[place] = Self.freeMark | UInt32(exponent)
        words[place + 1] = UInt32(next)
        words[place + 2] = 0
        if next != 0 { words[Int(next) + 2] = UInt32(place) }
        free[exponent] = Int32(place)
    }

    private mutating func remove(_ block: Int32, _ exponent: Int) {
        let (next, before) = (Int32(words[Int(block) + 1]), Int32(words[Int(block) + 2]))
        if before == 0 { free[exponent] = next } else { words[Int(before) + 1] = UInt32(next) }
        if next != 0 { words[Int(next) + 2] = UInt32(before) }
    }

    /// More words, until there is a free block of a size. The arena always has a multiple of what it grows by, so blocks of that size begin
    /// where they must.
    private mutating func grow(toHold exponent: Int) {
        if words.isEmpty {
            words.grow(to: 1 << 8, filling: 0)
            // The first block is nobody's: its place is none. What is behind it is free.
            words[0] = UInt32(Self.smallest << 1) << 24
            for exponent in Self.smallest..<8 { add(1 << exponent, exponent) }
        }
        while exponent >= free.count || !(exponent..<free.count).contains(where: { free[$0] != 0 }) {
            let place = words.count
            let step = min(place.trailingZeroBitCount, Self.growth)
            precondition(place + 1 << step <= Int(Int32.max), "the lists of one table hold at most 8 GiB")
            words.grow(to: place + 1 << step, filling: 0)
            put(place, step)
        }
    }
}
