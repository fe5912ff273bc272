// Growable raw memory: what every column, index and plan of the engine is made of. It owns its elements, is never copied, and
// checks every subscript: a bug traps, it does not read beside the array.

/// A growable array without reference counting and copy-on-write. One without room has no memory.
struct Vector<Element: ~Copyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private(set) var capacity: Int

    init(capacity: Int = 0) {
        base = Self.nowhere
        self.capacity = 0
        if capacity > 0 { resize(to: capacity) }
    }

    deinit {
        base.deinitialize(count: count)
        if capacity > 0 { PlainMemory.free(base, byteCount: capacity * MemoryLayout<Element>.stride) }
    }

    /// Where nothing is read or written.
    private static var nowhere: UnsafeMutablePointer<Element> { .init(bitPattern: MemoryLayout<Element>.alignment)! }

    /// Where an element lies, until the vector grows.
    @inline(__always)
    func address(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < count)
        return base + index
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        unsafeAddress { UnsafePointer(address(index)) }
        unsafeMutableAddress { address(index) }
    }

    @inline(__always)
    subscript(index: Int32) -> Element {
        unsafeAddress { UnsafePointer(address(Int(index))) }
        unsafeMutableAddress { address(Int(index)) }
    }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    /// What its elements take; room that nothing was ever written to takes nothing.
    var byteCount: Int { count * MemoryLayout<Element>.stride }

    @inline(__always)
    mutating func append(_ element: consuming Element) {
        if count == capacity { reserve(count + 1) }
        (base + count).initialize(to: element)
        count += 1
    }

    mutating func removeLast() -> Element {
        precondition(count > 0)
        count -= 1
        return (base + count).move()
    }

    /// Room for at least that many elements; grows by half, so that appending stays linear without doubling a large column.
    mutating func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        resize(to: max(wanted, capacity + capacity / 2, 8))
    }

    /// Values of this module may be moved as bytes: a large column is neither copied nor there twice meanwhile.
    private mutating func resize(to larger: Int) {
        precondition(MemoryLayout<Element>.alignment <= 16, "memory is aligned to 16 bytes")
        let stride = MemoryLayout<Element>.stride
        let memory =
            capacity == 0
            ? PlainMemory.allocate(byteCount: larger * stride)
            : PlainMemory.resize(base, from: capacity * stride, to: larger * stride)
        base = memory.assumingMemoryBound(to: Element.self)
        capacity = larger
    }
}

extension Vector where Element: FixedWidthInteger {
    /// That many zeros. Of a large one nothing is written until somebody does: the system gives memory that is zero.
    init(zeros count: Int) {
        self.init()
        guard count > 0 else { return }
        base = PlainMemory.allocate(zeros: count * MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
        self.count = count
        capacity = count
    }

    /// Appends zeros until there are that many elements, of a vector that nothing was ever taken from. Of a large one they are written by
    /// nobody: what is mapped behind the elements is zero.
    @inline(__always)
    mutating func grow(zerosTo wanted: Int) {
        if wanted > count { appendZeros(upTo: wanted) }
    }

    private mutating func appendZeros(upTo wanted: Int) {
        let stride = MemoryLayout<Element>.stride
        // What the C library gave holds anything, also where it was moved to.
        let wasMapped = PlainMemory.isMapped(capacity * stride)
        let room = capacity
        reserve(wanted)
        let unset = wasMapped ? count : PlainMemory.isMapped(capacity * stride) ? max(room, count) : wanted
        (base + count).initialize(repeating: 0, count: unset - count)
        count = wanted
    }
}

extension Vector where Element: BitwiseCopyable {
    /// So many elements, which may be anything: whoever asks for them sets each before it is read.
    init(unset count: Int) {
        self.init(capacity: count)
        self.count = count
    }

    /// Appends copies of a value until there are that many elements.
    @inline(__always)
    mutating func grow(to wanted: Int, filling value: Element) {
        if wanted > count {
            reserve(wanted)
            (base + count).initialize(repeating: value, count: wanted - count)
            count = wanted
        }
    }

    mutating func append(contentsOf source: UnsafeRawBufferPointer) where Element == UInt8 {
        guard let address = source.baseAddress else { return }
        reserve(count + source.count)
        UnsafeMutableRawPointer(base + count).copyMemory(from: address, byteCount: source.count)
        count += source.count
    }

    /// Appends copies of the elements of another vector.
    @inline(__always)
    mutating func append(contentsOf other: borrowing Vector) {
        reserve(count + other.count)
        (base + count).update(from: other.base, count: other.count)
        count += other.count
    }

    /// The bytes of a range of elements; valid until the vector grows.
    func bytes(of range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count * MemoryLayout<Element>.stride)
    }

    /// Sets a range of elements from as many bytes.
    mutating func fill(_ range: Range<Int>, from source: UnsafeRawBufferPointer) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && source.count == range.count * MemoryLayout<Element>.stride)
        guard let address = source.baseAddress else { return }
        UnsafeMutableRawPointer(base + range.lowerBound).copyMemory(from: address, byteCount: source.count)
    }

    mutating func removeAll() {
        count = 0
    }

    mutating func truncate(to wanted: Int) {
        precondition(wanted <= count)
        count = wanted
    }

    /// Copies a range of elements to another place among them; the two may overlap.
    @inline(__always)
    mutating func copy(_ range: Range<Int>, to place: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && place >= 0 && place + range.count <= count)
        (base + place).update(from: base + range.lowerBound, count: range.count)
    }

    /// Inserts at a place, moving what comes after.
    mutating func insert(_ element: Element, at place: Int) {
        precondition(place >= 0 && place <= count)
        if count == capacity { reserve(count + 1) }
        (base + place + 1).update(from: base + place, count: count - place)
        base[place] = element
        count += 1
    }

    /// Removes at a place, moving what comes after.
    mutating func remove(at place: Int) {
        precondition(place >= 0 && place < count)
        (base + place).update(from: base + place + 1, count: count - place - 1)
        count -= 1
    }

    /// Removes the elements equal to the value.
    mutating func removeEvery(_ value: Element) where Element: Equatable {
        for place in (0..<count).reversed() where base[place] == value { remove(at: place) }
    }

    /// Removes the first element equal to the value, if there is one.
    mutating func removeFirst(_ value: Element) where Element: Equatable {
        for place in 0..<count where base[place] == value {
            remove(at: place)
            return
        }
    }
}

extension Vector where Element: ~Copyable {
    mutating func swap(_ a: Int, _ b: Int) {
        precondition(a >= 0 && a < count && b >= 0 && b < count)
        guard a != b else { return }
        let kept = (base + a).move()
        (base + a).moveInitialize(from: base + b, count: 1)
        (base + b).initialize(to: kept)
    }

    /// Takes the element at a place out, moving what comes after.
    mutating func take(at place: Int) -> Element {
        precondition(place >= 0 && place < count)
        let taken = (base + place).move()
        (base + place).moveInitialize(from: base + place + 1, count: count - place - 1)
        count -= 1
        return taken
    }
}
