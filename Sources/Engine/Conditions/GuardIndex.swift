// From what a row says to the conditions that it may make true, without visiting the others: by the value of a field and within it by
// window, by the accumulators that guard them, or, where nothing guards them, by the signals they read.

/// The conditions of one table, by what each of them is found by.
struct GuardIndex: ~Copyable {
    private var columns = Vector<GuardColumn>()
    /// What conditions that are guarded by an accumulator read: they are listed with its thresholds.
    private var accumulatorReads = SignalCounts()
    /// What conditions that are guarded by another condition read: they are listed with that.
    private var memberReads = SignalCounts()
    /// Conditions without a guard, by the signals they read; as long as the highest of those.
    private var unguarded = Vector<UnguardedList>()

    /// Lists a condition that reads some signals under its guards.
    mutating func add(_ condition: Number<Condition>, under guards: [Guard], reading signals: SignalBits, _ plan: borrowing Plan) {
        for one in guards {
            switch one {
            case .accumulator:
                accumulatorReads.add(signals, 1)
            case .member:
                memberReads.add(signals, 1)
            case .column(let column, let keys, let window):
                columns[place(of: column)].add(condition, under: keys, in: window, reading: signals, plan)
            case .none:
                for bit in signals.places {
                    while unguarded.count <= bit { unguarded.append(UnguardedList()) }
                    unguarded[bit].conditions.append(condition)
                }
            }
        }
    }

    /// Takes a condition out that was added with the same guards and signals.
    mutating func remove(_ condition: Number<Condition>, under guards: [Guard], reading signals: SignalBits) {
        for one in guards {
            switch one {
            case .accumulator: accumulatorReads.add(signals, -1)
            case .member: memberReads.add(signals, -1)
            case .column(let column, let keys, _): columns[place(of: column)].remove(condition, under: keys, reading: signals)
            case .none: for bit in signals.places { unguarded[bit].conditions.removeFirst(condition) }
            }
        }
    }

    /// Puts windows in order again, after two of them passed each other (months of different length).
    mutating func sort(_ plan: borrowing Plan) {
        for place in 0..<columns.count { columns[place].sort(plan) }
    }

    /// The place of a guard column, new if need be.
    private mutating func place(of column: ColumnNumber?) -> Int {
        for place in 0..<columns.count where columns[place].column == column { return place }
        columns.append(GuardColumn(column: column))
        return columns.count - 1
    }

    // Finding. What is found may read other signals than those that have changed, and may be found more than once.

    /// Appends the conditions found by what the fields of a row hold, where some read some of the signals. `evaluations` counts the
    /// fields and windows that were looked at.
    @inline(__always)
    func findByFields(
        of row: RowNumber, _ columns: borrowing Vector<Column>, _ signals: SignalBits, _ plan: borrowing Plan,
        into found: inout Vector<Number<Condition>>, evaluations: inout Int
    ) {
        for place in 0..<self.columns.count where self.columns[place].reads(signals) {
            self.columns[place].find(row, columns, plan, into: &found, evaluations: &evaluations)
        }
    }

    /// Whether conditions that are guarded by an accumulator read some of the signals.
    @inline(__always)
    func mayBeFoundByAccumulators(_ signals: SignalBits) -> Bool { accumulatorReads.bits & signals != 0 }

    /// Whether conditions that are guarded by another condition read some of the signals.
    @inline(__always)
    func mayBeFoundByMembership(_ signals: SignalBits) -> Bool { memberReads.bits & signals != 0 }

    /// Appends the conditions without a guard that read some of the signals.
    @inline(__always)
    func findUnguarded(_ signals: SignalBits, into found: inout Vector<Number<Condition>>) {
        // Every condition reads the row's existence: one list has them all.
        var rest = signals & .existence != 0 ? .existence : signals
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            rest &= rest - 1
            if bit >= unguarded.count { return }
            found.append(contentsOf: unguarded[bit].conditions)
        }
    }
}

/// The conditions without a guard that read one signal.
struct UnguardedList: ~Copyable {
    var conditions = Vector<Number<Condition>>()
}

// Of one table among all: in one access to them, so that the conditions found may go to another part of the engine.
extension Tables {
    @inline(__always)
    func findByFields(
        of row: RowNumber, in table: TableNumber, _ signals: SignalBits, _ plan: borrowing Plan,
        into found: inout Vector<Number<Condition>>, evaluations: inout Int
    ) {
        self[table].guards.findByFields(of: row, self[table].columns, signals, plan, into: &found, evaluations: &evaluations)
    }

    @inline(__always)
    func findUnguarded(in table: TableNumber, _ signals: SignalBits, into found: inout Vector<Number<Condition>>) {
        self[table].guards.findUnguarded(signals, into: &found)
    }
}
