// Gates: outputs that are taken or not, all rows at once, by how many rows there are (test), or by whether other gates are open
// (and-join); and whether an alert is raised, which lets nobody through.
// A gate follows its expression at the end of a commit, once, however often the count went to and fro.
//
// Kept: of the rows that it lets through one bit, and their number (Counter).
// A change: a count, and a mark for the gates that read it. Settling: the expression; where the answer is another one, the rows that it
// lets through are told. Publishing: a count.
import Campaigns

/// The rows of a condition, counted.
struct Counter: ~Copyable {
    let condition: Number<Condition>
    var rows = RowSet()
    fileprivate(set) var readers = 0
    /// Who evaluates the count.
    fileprivate(set) var gates = Vector<OperatorNumber>()

    init(condition: Number<Condition>) {
        self.condition = condition
    }
}

struct GateKey: Hashable {
    /// The rows that it lets through.
    var counter: Number<Counter>
    /// What must be true, of counts, other gates and the clock.
    var when: NodeNumber
}

struct Gate: ~Copyable {
    let key: GateKey
    let number: OperatorNumber
    /// That it opens or closes, of the table whose rows it lets through.
    fileprivate(set) var signals = Signals.none
    fileprivate(set) var isOpen = false
    /// Gates that read whether it is open.
    fileprivate(set) var gates = Vector<OperatorNumber>()

    init(key: GateKey, number: OperatorNumber) {
        self.key = key
        self.number = number
    }
}

extension Engine {
    /// The node that is true of rows while a gate is open, new if need be.
    mutating func gateNode(_ key: GateKey) -> NodeNumber {
        let table = plan.conditions[plan.gates[key.counter].condition].table
        if let found = plan.gates.find(key) { return intern(Node(operation: .isOpen, table: table, a: found.value)) }
        let gate = plan.gates.nextNumber
        plan.gates.add(Gate(key: key, number: plan.operators.add(.gate(gate))))
        return intern(Node(operation: .isOpen, table: table, a: gate.value))
    }

    /// How many rows meet a condition, as a node of no row.
    mutating func countNode(_ counter: Number<Counter>) -> NodeNumber {
        intern(Node(operation: .recordCount, table: plan.conditions[plan.gates[counter].condition].table, a: counter.value))
    }

    // Counters.

    /// Adds (1) or takes away (-1) one reader of a count.
    mutating func retainCounter(_ number: Number<Counter>, _ count: Int32) {
        let condition = plan.gates[number].condition
        plan.gates[number].readers += Int(count)
        if count > 0 && plan.gates[number].readers == 1 {
            retainCondition(condition)
            addTaker(.counter(number), of: condition, isLinked: false)
            let table = plan.conditions[condition].table
            for block in tables[table].blocks {
                for row in tables[table].memberships.rows(block, with: condition) { plan.gates[number].rows.insert(row) }
            }
        } else if count < 0 && plan.gates[number].readers == 0 {
            removeTaker(.counter(number), of: condition, isLinked: false)
            plan.gates[number].rows = RowSet()
            releaseCondition(condition)
        }
    }

    /// A row begins or ceases to be counted.
    mutating func count(_ number: Number<Counter>, _ row: RowNumber, _ now: Bool) {
        plan.found.noteMove()
        if now { plan.gates[number].rows.insert(row) } else { plan.gates[number].rows.remove(row) }
        if Omission.markingGates.isOn { return }
        for place in 0..<plan.gates[number].gates.count { mark(plan.gates[number].gates[place], .none) }
    }

    // Gates.

    /// Adds (1) or takes away (-1) one reader of a gate. Returns the signals that say it has opened or closed.
    mutating func retainGate(_ gate: Number<Gate>, _ count: Int32) -> ReadSet {
        let (key, number) = (plan.gates[gate].key, plan.gates[gate].number)
        let table = plan.conditions[plan.gates[key.counter].condition].table
        if plan.gates[gate].signals.bits == 0 {
            plan.gates[gate].signals = Signals(gate: gate, bit: tables[table].takeSourceBit())
        }
        tables[table].reads.add(plan.gates[gate].signals.bits, count)
        if plan.operators.addReader(of: number, Int(count)) {
            if count > 0 { openGate(gate) } else { closeGate(gate) }
        }
        return ReadSet(plan.gates[gate].signals)
    }

    private mutating func openGate(_ gate: Number<Gate>) {
        let (key, number) = (plan.gates[gate].key, plan.gates[gate].number)
        retainCounter(key.counter, 1)
        _ = retain(key.when)
        for counter in plan.nodes.counters(in: key.when) { plan.gates[counter].gates.append(number) }
        for other in plan.nodes.gates(in: key.when) { plan.gates[other].gates.append(number) }
        plan.operators.open(number, reading: .nothing)
        plan.gates[gate].isOpen = isOpen(key)
        plan.found.noteMove()
    }

    private mutating func closeGate(_ gate: Number<Gate>) {
        let (key, number) = (plan.gates[gate].key, plan.gates[gate].number)
        plan.operators.close(number)
        for other in plan.nodes.gates(in: key.when) { plan.gates[other].gates.removeFirst(number) }
        for counter in plan.nodes.counters(in: key.when) { plan.gates[counter].gates.removeFirst(number) }
        release(key.when)
        retainCounter(key.counter, -1)
    }

    private mutating func isOpen(_ key: GateKey) -> Bool {
        scratch.texts.reset()
        return truth(key.when, .none) == .yes
    }

    /// Opens or closes a gate: its rows are told.
    mutating func settle(_ gate: Number<Gate>) {
        while let mark = pending.marks.take(of: plan.gates[gate].number) { pending.cause = mark.cause }
        let (key, signals) = (plan.gates[gate].key, plan.gates[gate].signals)
        let now = isOpen(key)
        guard now != plan.gates[gate].isOpen else { return }
        let table = plan.conditions[plan.gates[key.counter].condition].table
        forEachRow(of: key.counter) { $0.announce(.state, table, $1, signals) }
        plan.gates[gate].isOpen = now
        plan.found.noteMove()
        if audiences.alertsOfGates[gate] != nil { pending.movedGates.append(gate) }
        forEachRow(of: key.counter) { engine, row in
            engine.pending.round &+= 1
            engine.notify(table, row, signals)
        }
        for place in 0..<plan.gates[gate].gates.count { mark(plan.gates[gate].gates[place], .none) }
    }

    private mutating func forEachRow(of counter: Number<Counter>, _ visit: (inout Engine, RowNumber) -> Void) {
        var next = plan.gates[counter].rows.first(from: 0)
        while let row = next {
            statistics.rowsVisitedBySettling += 1
            visit(&self, row)
            next = plan.gates[counter].rows.first(from: row.value + 1)
        }
    }
}
