// States of one size in one piece of memory, for those who keep the place of theirs elsewhere.

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

    /// What they take, but for what a state has elsewhere.
    var byteCount: Int { states.byteCount + free.byteCount }

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
