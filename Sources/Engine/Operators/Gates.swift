// The gates of the plan, and the counters that they ask.
import Campaigns

/// All gates and counters, by what they say.
struct Gates: ~Copyable {
    private var gates = Vector<Gate>()
    private var numbers: [GateKey: Number<Gate>] = [:]
    private var counters = Vector<Counter>()
    private var counterNumbers: [Number<Condition>: Number<Counter>] = [:]

    @inline(__always)
    subscript(number: Number<Gate>) -> Gate {
        unsafeAddress { UnsafePointer(gates.address(Int(number.value))) }
        unsafeMutableAddress { gates.address(Int(number.value)) }
    }

    @inline(__always)
    subscript(number: Number<Counter>) -> Counter {
        unsafeAddress { UnsafePointer(counters.address(Int(number.value))) }
        unsafeMutableAddress { counters.address(Int(number.value)) }
    }

    /// The counter of a condition, new if need be.
    mutating func counter(of condition: Number<Condition>) -> Number<Counter> {
        if let found = counterNumbers[condition] { return found }
        let number = counters.nextNumber
        counterNumbers[condition] = number
        counters.append(Counter(condition: condition))
        return number
    }

    var allCounters: Numbers<Counter> { counters.numbers }

    var nextNumber: Number<Gate> { gates.nextNumber }

    func find(_ key: GateKey) -> Number<Gate>? { numbers[key] }

    mutating func add(_ gate: consuming Gate) {
        numbers[gate.key] = gates.nextNumber
        gates.append(gate)
    }
}
