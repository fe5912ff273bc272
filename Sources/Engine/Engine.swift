// The engine: tables, the plan of all live campaigns, and the audiences they save. A deterministic function of what it is told:
// schemas, campaigns, changes and the clock; no I/O, no clock and no randomness of its own. It is one value that one thread owns.
//
// After every `commit` each audience is exactly what evaluating its campaign from scratch, on the tables as they are and at the
// clock, would give (semantics §1).
//
// This file is the script of a change, of time and of a commit; each step has a file of its own. What is found by what it says (nodes,
// conditions, windows, choices, audiences), what finds conditions and rows in time, and what waits for the end of a commit is kept by a
// store with private state. So is what rows are: columns, links and which rows are there change by the functions of `Table` and `TableLink`
// alone.
import Campaigns

/// Tables, plan and audiences, and how a change goes through them.
public struct Engine: ~Copyable {
    /// What was done since the beginning.
    public internal(set) var statistics = Statistics()
    /// Milliseconds since the Unix epoch; `Int64.min` before it was first set.
    public internal(set) var clock = Int64.min
    /// Of campaigns and their expressions.
    var zones: [TimeZoneRules] = []

    /// What rows are.
    var tables = Tables()
    /// What campaigns ask of them.
    var plan = Plan()
    /// What many rows come to for one.
    var states = AccumulatorStates()
    /// What campaigns say of them.
    var audiences = Audiences()
    /// What has changed since the last commit.
    var pending = PendingCommit()
    /// Memory that is used again.
    var scratch = Scratch()

    /// So many rows that windows pass at one instant are told in one commit, where others can wait (Windows/Crossing.swift). What is said
    /// in the end does not hang on it; a journal that is repeated needs the same.
    public var crossingLimit = Int.max

    /// More rows than this that lead to one row are a crowd (Operators/Crowds.swift).
    let fewRows: Int

    /// Never there. What holds an existential is handed over by its address, as an engine is everywhere; taken for a value of some hundred
    /// parts, of which none may be copied, it costs the compiler three times as long as all else.
    private let byAddress: (any Sendable)?

    public init() {
        self.init(fewRows: 32)
    }

    /// `fewRows`: how many rows that lead to one row are looked at, and not kept in their order, where the first of them is asked for. What
    /// the engine says does not hang on it.
    package init(fewRows: Int) {
        self.fewRows = fewRows
        byAddress = nil
    }
}

extension Engine {
    /// Values of a live row change, or a row comes: those of the signals that `bits` stand for. `write` exchanges them.
    @inline(__always)
    mutating func change(_ table: TableNumber, _ row: RowNumber, _ bits: SignalBits, write: (inout Engine) -> Void) {
        pending.round &+= 1
        pending.changing.begin(table, row)
        announce(.values, table, row, Signals(bits: bits))
        write(&self)
        restore()
        var signals = Signals(bits: bits)
        signals.formUnion(endChange())
        notify(table, row, signals)
    }

    /// A live row goes: it leaves every condition first, while its values are still there. `write` takes them.
    @inline(__always)
    mutating func remove(_ table: TableNumber, _ row: RowNumber, write: (inout Engine) -> Void) {
        pending.round &+= 1
        pending.changing.begin(table, row)
        announce(.values, table, row, .everything)
        let base = copyMembers(table, row, reading: .everything)
        for place in base..<scratch.conditions.count { flip(scratch.conditions[place], row, to: false) }
        scratch.conditions.truncate(to: base)
        write(&self)
        restore()
        _ = endChange()
        moveInOrders(table, row, .everything)
        moveLinks(table, row, .everything)
        notifyWatchers(table, row, .everything)
    }

    private mutating func endChange() -> Signals {
        pending.round &+= 1
        return pending.changing.end()
    }

    /// Moves the clock forward; an earlier or equal instant changes nothing. Milliseconds since the Unix epoch. It must not pass one of
    /// `commitInstants` on its way.
    public mutating func advance(to instant: Int64) {
        guard instant > clock else { return }
        let isAtEdge = instant >= audiences.nextValidityEdge
        let starting = isAtEdge ? endCampaigns(until: instant) : []
        pending.cause = .time
        let before = clock
        let hadClock = before != Int64.min
        clock = instant
        let terms = plan.terms.live.all
        for number in terms {
            plan.terms[number].keepPrevious()
            evaluateTerm(number)
        }
        let changed = terms.filter { number in
            plan.terms[number].aloneReaders > 0 && !isSame(plan.terms[number].previous, plan.terms[number].value)
        }
        // A campaign that starts takes what is there, whole.
        let inSlices = hadClock && !isAtEdge && beginCrossing()
        if hadClock {
            exchange(terms)
            announceCrossing()
            touchReaders(of: changed)
            markReaders(of: changed)
            if !changed.isEmpty { noteDue(before + 1) }
            exchange(terms)
        }
        sortAfterMoving()
        notifyCrossing(since: before, inSlices: inSlices)
        for number in terms { plan.terms[number].dropPrevious() }
        for term in changed { checkEverywhere(term) }
        trimOrders()
        markDueWaits(since: before)
        noteReplacements()
        start(starting)
    }

    /// Ends a commit of changes and time: what they marked is decided, and members are compared with what they were.
    public mutating func commit(into difference: Difference) {
        difference.removeAll()
        finishCommit(into: difference)
    }
}
