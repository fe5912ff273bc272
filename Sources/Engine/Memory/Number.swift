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
    var numbers: some Sequence<Number<Element>> { (0..<Int32(count)).lazy.map { Number($0) } }
}
