// Interned texts: each distinct byte string once, in one arena, with a dense code. Also the key index of a table, whose codes are
// the row numbers: a key has one number from the first time it is mentioned, whether its row is there yet or not.
import CPrefetch
import CXxhash

/// The hash of texts and keys, the same in batches and dictionaries.
@inline(__always)
public func textHash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: XXH3_64bits(bytes.baseAddress, bytes.count))
}

/// Texts by number, each once.
public struct TextDictionary: ~Copyable {
    /// hash << 32 | code + 1, by hash; 0 is free. A power of two, at most 3/4 full. The hash beside the code saves a look at the text
    /// of every other one that shares a place.
    private var slots = Vector<UInt64>()
    /// The slots before they became too few. Those from `moved` on are not in `slots` yet: they move some at a time, so that growing holds
    /// nobody up.
    private var former = Vector<UInt64>()
    private var moved = 0
    /// Where each text ends in `bytes`; it begins where the one before ends.
    private var ends = Vector<Int>()
    private var bytes = Vector<UInt8>()

    public init() {}

    /// How many there are.
    public var count: Int { ends.count }

    /// What they take.
    var byteCount: Int { slots.byteCount + former.byteCount + ends.byteCount + bytes.byteCount }

    /// The text of a code; valid until the next `intern`.
    @inline(__always)
    public func text(_ code: Int32) -> UnsafeRawBufferPointer {
        let start = code == 0 ? 0 : ends[code - 1]
        return UnsafeRawBufferPointer(start: bytes.base + start, count: ends[code] - start)
    }

    /// The code of a text, new if need be.
    public mutating func intern(_ text: UnsafeRawBufferPointer, hash: UInt32) -> Int32 {
        if (ends.count + 1) * 4 > slots.count * 3 { grow() }
        var place = place(of: text, hash, in: slots)
        if slots[place] != 0 { return Int32(truncatingIfNeeded: slots[place]) - 1 }
        if moved < former.count {
            let slot = former[self.place(of: text, hash, in: former)]
            if slot != 0 { return Int32(truncatingIfNeeded: slot) - 1 }
            // Half as many come before it grows again.
            move(min(TextDictionary.movedAtOnce, former.count - moved))
            place = self.place(of: text, hash, in: slots)
        }
        precondition(ends.count < Int(Int32.max), "a dictionary holds at most 2^31 texts")
        let code = Int32(ends.count)
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        slots[place] = UInt64(hash) << 32 | UInt64(code + 1)
        return code
    }

    /// The code of a text that is there; nil if it is not.
    public func find(_ text: UnsafeRawBufferPointer, hash: UInt32) -> Int32? {
        guard slots.count > 0 else { return nil }
        var slot = slots[place(of: text, hash, in: slots)]
        if slot == 0 && moved < former.count { slot = former[place(of: text, hash, in: former)] }
        return slot == 0 ? nil : Int32(truncatingIfNeeded: slot) - 1
    }

    // Interning a text that is there costs three reads, each of which depends on the one before and misses every cache in a large
    // dictionary. These three ask for them ahead of time, for a block of changes at once.

    @inline(__always)
    func prefetchSlot(_ hash: UInt32) {
        if slots.count > 0 { cprefetch_read(slots.base + Int(hash) & (slots.count - 1)) }
    }

    @inline(__always)
    func prefetchEnd(_ hash: UInt32) {
        guard slots.count > 0 else { return }
        let slot = slots.base[Int(hash) & (slots.count - 1)]
        if slot != 0 { cprefetch_read(ends.base + Int(UInt32(truncatingIfNeeded: slot)) - 1) }
    }

    @inline(__always)
    func prefetchText(_ hash: UInt32) {
        guard slots.count > 0 else { return }
        let slot = slots.base[Int(hash) & (slots.count - 1)]
        let code = Int(UInt32(truncatingIfNeeded: slot)) - 1
        if code > 0 { cprefetch_read(bytes.base + ends.base[code - 1]) }
    }

    /// Where the text is among slots, or the free place where it belongs.
    @inline(__always)
    private func place(of text: UnsafeRawBufferPointer, _ hash: UInt32, in slots: borrowing Vector<UInt64>) -> Int {
        let mask = slots.count - 1
        var place = Int(hash) & mask
        while true {
            let slot = slots[place]
            if slot == 0 { return place }
            if UInt32(truncatingIfNeeded: slot >> 32) == hash {
                let held = self.text(Int32(truncatingIfNeeded: slot) - 1)
                if held.count == text.count && equalBytes(held, text) { return place }
            }
            place = (place + 1) & mask
        }
    }

    /// Slots that move when a text comes.
    private static var movedAtOnce: Int { 8 }

    private mutating func grow() {
        moveAll()
        former = Vector(zeros: max(slots.count * 2, 16))
        swap(&slots, &former)
        moved = 0
        // What is there in no time moves at once.
        if former.count <= 4096 { moveAll() }
    }

    private mutating func moveAll() { move(former.count - moved) }

    /// Moves so many of the former slots. They stay where they were besides, so that the others are found.
    private mutating func move(_ count: Int) {
        let mask = slots.count - 1
        for old in moved..<moved + count where former[old] != 0 {
            var place = Int(former[old] >> 32) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = former[old]
        }
        moved += count
        guard moved == former.count else { return }
        former = Vector<UInt64>()
        moved = 0
    }
}

// As an image has it: in the order of codes the length of each text, a byte, or 255 and four more, and then the bytes of all.

extension TextDictionary {
    /// Codes from one on whose texts have so many bytes together, or the one whose text has more; and how many there are. At least one.
    func codes(from first: Int, bytes most: Int) -> Range<Int> {
        var end = first
        let start = first == 0 ? 0 : ends[first - 1]
        while end < count, end == first || ends[end] - start + 5 * (end - first) <= most { end += 1 }
        return first..<end
    }

    /// Appends some texts.
    func append(_ codes: Range<Int>, to bytes: inout [UInt8]) {
        for code in codes {
            let length = text(Int32(code)).count
            if length < 255 {
                bytes.append(UInt8(length))
            } else {
                bytes.append(255)
                withUnsafeBytes(of: UInt32(length).littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        guard let first = codes.first else { return }
        let start = first == 0 ? 0 : ends[first - 1]
        bytes.append(contentsOf: self.bytes.bytes(of: start..<ends[codes.upperBound - 1]))
    }

    /// Adds so many texts, none of which is there yet.
    mutating func add(_ count: Int, from reader: inout ByteReader) throws(FactsError) {
        let first = self.count
        guard count >= 0, first + count < Int(Int32.max) else { throw FactsError("\(count) texts beside \(first) are too many") }
        // No more than there are bytes for.
        try reader.require(count)
        reserve(first + count)
        var end = bytes.count
        for _ in 0..<count {
            let length = try reader.byte()
            end += length < 255 ? Int(length) : Int(try reader.word32())
            ends.append(end)
        }
        bytes.append(contentsOf: try reader.take(end - bytes.count))
        let mask = slots.count - 1
        var hashes = Vector<UInt32>(capacity: Self.textsAtOnce)
        var code = first
        while code < self.count {
            // For all of some texts first one step, then the next: each place is in no cache.
            let block = code..<min(code + Self.textsAtOnce, self.count)
            hashes.removeAll()
            for code in block {
                let hash = textHash(text(Int32(code)))
                hashes.append(hash)
                prefetchSlot(hash)
            }
            for code in block {
                let hash = hashes[code - block.lowerBound]
                var place = Int(hash) & mask
                while slots[place] != 0 { place = (place + 1) & mask }
                slots[place] = UInt64(hash) << 32 | UInt64(code + 1)
            }
            code = block.upperBound
        }
    }

    private static var textsAtOnce: Int { 32 }

    /// Makes room for so many texts.
    private mutating func reserve(_ texts: Int) {
        while (texts + 1) * 4 > slots.count * 3 { grow() }
        moveAll()
    }
}

/// Whether two byte strings of one length are equal.
@inlinable
@inline(__always)
public func equalBytes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard let left = a.baseAddress, let right = b.baseAddress else { return true }
    let count = a.count
    func differs<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int, _: Word.Type) -> Bool {
        left.loadUnaligned(fromByteOffset: place, as: Word.self) != right.loadUnaligned(fromByteOffset: place, as: Word.self)
    }
    // The last word may overlap the one before.
    if count >= 8 {
        var place = 0
        while place + 8 < count {
            if differs(place, UInt64.self) { return false }
            place += 8
        }
        return !differs(count - 8, UInt64.self)
    }
    if count >= 4 { return !differs(0, UInt32.self) && !differs(count - 4, UInt32.self) }
    if count >= 2 { return !differs(0, UInt16.self) && !differs(count - 2, UInt16.self) }
    return count == 0 || !differs(0, UInt8.self)
}

/// Text order: by UTF-8 bytes (semantics §3).
func isLess(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    compareBytes(a, b) < 0
}

/// Negative, zero or positive as `a` comes before, with or after `b` in the order of bytes.
func compareBytes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    let shared = min(a.count, b.count)
    for place in 0..<shared where a[place] != b[place] {
        return a[place] < b[place] ? -1 : 1
    }
    return a.count - b.count
}
