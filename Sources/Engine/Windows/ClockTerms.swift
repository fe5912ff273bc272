// The clock terms of the plan, by what they say, and which of them are read.

/// All terms, by node. Inner terms come before those they are part of.
struct ClockTerms: ~Copyable {
    private var terms = Vector<ClockTerm>()
    private var numbers: [NodeNumber: Number<ClockTerm>] = [:]
    /// Those that have readers.
    private(set) var live = NumberList<ClockTerm>()
    /// The clock is put elsewhere for a look at what a term will be: those that it is made of are evaluated, not read.
    var isAside = false

    @inline(__always)
    subscript(number: Number<ClockTerm>) -> ClockTerm {
        unsafeAddress { UnsafePointer(terms.address(Int(number.value))) }
        unsafeMutableAddress { terms.address(Int(number.value)) }
    }

    func find(_ node: NodeNumber) -> Number<ClockTerm>? { numbers[node] }

    /// A new one, not evaluated.
    mutating func add(_ node: NodeNumber) -> Number<ClockTerm> {
        let number = terms.nextNumber
        terms.append(ClockTerm(node: node))
        numbers[node] = number
        return number
    }

    /// Adds (1) or takes away (-1) one reader. Returns whether it is the first or was the last.
    mutating func addReader(of number: Number<ClockTerm>, _ count: Int32) -> Bool {
        guard terms[number].addReader(count) else { return false }
        if count > 0 { live.insert(number) } else { live.remove(number) }
        return true
    }
}
