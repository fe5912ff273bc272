// Expressions of the clock alone: evaluated when it moves, not for every row.

/// An expression of the clock alone, and its value at the engine's clock.
struct ClockTerm: BitwiseCopyable {
    var node: NodeNumber
    var value = Value.null
    /// Memory of a text value, owned by the term.
    var text: UnsafeMutableRawPointer?
    /// Conditions and attributes that use it otherwise than as one side of a window: all their rows are about it.
    var aloneReaders: Int32 = 0

    /// The value as a place in an order; nil for null and texts.
    var key: Int64? { value.sortKey }
    /// The same for guards, which compare it with instants and dates: null is before all of them.
    var instant: Int64 { value.sortKey ?? Int64.min }
}

/// All terms, by node. Inner terms come before those they are part of.
struct ClockTerms: ~Copyable {
    private var terms = Vector<ClockTerm>()
    private var numbers: [NodeNumber: Number<ClockTerm>] = [:]

    @inline(__always)
    subscript(number: Number<ClockTerm>) -> ClockTerm {
        unsafeAddress { UnsafePointer(terms.address(Int(number.value))) }
        unsafeMutableAddress { terms.address(Int(number.value)) }
    }

    var all: Numbers<ClockTerm> { terms.numbers }

    /// Copies of them as they are.
    var values: [ClockTerm] { (0..<terms.count).map { terms[$0] } }

    func find(_ node: NodeNumber) -> Number<ClockTerm>? { numbers[node] }

    /// A new one, not evaluated.
    mutating func add(_ node: NodeNumber) -> Number<ClockTerm> {
        let number = terms.nextNumber
        terms.append(ClockTerm(node: node))
        numbers[node] = number
        return number
    }
}
