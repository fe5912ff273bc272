// Numbers of things of one kind. A node's number is not a condition's: to hand over the wrong one does not compile.

/// The place of a thing among those of its kind; four bytes.
struct Number<Kind: ~Copyable>: BitwiseCopyable, Hashable, Comparable {
    let value: Int32

    init(_ value: Int32) {
        self.value = value
    }

    init(_ value: Int) {
        self.value = Int32(value)
    }

    static func < (a: Number, b: Number) -> Bool { a.value < b.value }
}

extension Vector where Element: ~Copyable {
    @inline(__always)
    subscript(number: Number<Element>) -> Element {
        unsafeAddress { UnsafePointer(address(Int(number.value))) }
        unsafeMutableAddress { address(Int(number.value)) }
    }

    /// The number that the next element gets.
    var nextNumber: Number<Element> { Number(count) }

    /// The numbers of all elements.
    var numbers: Numbers<Element> { Numbers(count: count) }
}

/// The numbers of the first so many things of a kind, in their order.
struct Numbers<Kind: ~Copyable>: BitwiseCopyable, Sequence, IteratorProtocol {
    private var following: Int32 = 0
    private let count: Int32

    init(count: Int) {
        self.count = Int32(count)
    }

    var underestimatedCount: Int { Int(count - following) }

    @inline(__always)
    mutating func next() -> Number<Kind>? {
        guard following < count else { return nil }
        defer { following &+= 1 }
        return Number(following)
    }
}
