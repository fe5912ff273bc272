// All waits by duration (Waiting.swift), found by what they say, and when one is over next, however many there are.

/// All waits, by what they say.
struct Waits: ~Copyable {
    private var waits = Vector<Waiting>()
    private var numbers: [WaitingKey: Number<Waiting>] = [:]
    /// When a wait of each is over next.
    private let agenda = Agenda<Number<Waiting>>()

    @inline(__always)
    subscript(number: Number<Waiting>) -> Waiting {
        unsafeAddress { UnsafePointer(waits.address(Int(number.value))) }
        unsafeMutableAddress { waits.address(Int(number.value)) }
    }

    var nextNumber: Number<Waiting> { waits.nextNumber }

    func find(_ key: WaitingKey) -> Number<Waiting>? { numbers[key] }

    mutating func add(_ waiting: consuming Waiting) {
        numbers[waiting.key] = waits.nextNumber
        waits.append(waiting)
    }

    /// Those in which a wait is over at an instant.
    func due(at clock: Int64) -> [Number<Waiting>] { agenda.entries(through: clock) }

    /// Who waits, or until when, has changed.
    func schedule(_ number: Number<Waiting>) {
        agenda.schedule(number, at: waits[number].state.nextDue ?? .max)
    }
}
