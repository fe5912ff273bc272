// What accumulators keep for the rows of their parents: each row has the place of its state in a list of its own (`Table.accumulated`).

/// States by place; places that are given up are taken again.
struct Pool<State>: ~Copyable {
    private var states = Vector<State>()
    private var free = Vector<UInt32>()
    private let empty: State

    init(empty: State) {
        self.empty = empty
    }

    @inline(__always)
    subscript(place: UInt32) -> State {
        unsafeAddress { UnsafePointer(states.address(Int(place))) }
        unsafeMutableAddress { states.address(Int(place)) }
    }

    @inline(__always)
    mutating func take() -> UInt32 {
        if !free.isEmpty { return free.removeLast() }
        states.append(empty)
        return UInt32(states.count - 1)
    }

    @inline(__always)
    mutating func release(_ place: UInt32) {
        states[Int(place)] = empty
        free.append(place)
    }
}

struct AccumulatorStates: ~Copyable {
    /// Of SUM, AVG, and COUNT of more than 32 bits.
    var sums = Pool(empty: SumState())
    /// Of MIN, MAX and COUNT_DISTINCT.
    var valueSets = Pool(empty: ValueSet())
}
