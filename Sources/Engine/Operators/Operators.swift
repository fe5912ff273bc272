// Operators: what decides at the end of a commit, from the state as all changes have left it. Each is made of what was there before it, so
// the order of their numbers is one in which nothing decided reaches its own operator or one that was settled before.
//
//   operator   decides
//   link       where a row leads by values that are computed of it (Tables/DerivedLinks.swift)
//   choice     which row a record leads to, of those that lead to it (Tables/Choices.swift)
//   ranking    which rows are the first of their group
//   pairs      the rows that stand for a row and a record linked to it
//   gate       whether an output is taken
//   waiting    which rows have waited long enough
import Campaigns

enum Operator: BitwiseCopyable {
    case link(LinkPlace)
    case choice(Number<Choice>)
    case ranking(Number<Ranking>)
    /// Of its rows, or of the records linked to them.
    case pairs(Number<Pairs>, ofRows: Bool)
    case gate(Number<Gate>)
    case waiting(Number<Waiting>)
}

typealias OperatorNumber = Number<Operation>

/// An operator, and what it reads while it is asked for.
struct Operation: ~Copyable {
    let kind: Operator
    /// What moves what it says of a row, besides that the row comes or goes.
    fileprivate(set) var reads = ReadSet.nothing
    fileprivate(set) var readers = 0
    /// It reads audiences of lower strata (Audiences/Strata.swift): it settles when they are written.
    var stratum: Int32 = 0

    init(_ kind: Operator) {
        self.kind = kind
    }
}

/// All operators, in the order in which they settle.
struct Operators: ~Copyable {
    private var operations = Vector<Operation>()
    /// Those that somebody asks for.
    private(set) var live = NumberList<Operation>()

    @inline(__always)
    subscript(number: OperatorNumber) -> Operation {
        unsafeAddress { UnsafePointer(operations.address(Int(number.value))) }
        unsafeMutableAddress { operations.address(Int(number.value)) }
    }

    var all: Numbers<Operation> { operations.numbers }

    /// A new one, behind all others.
    mutating func add(_ kind: Operator) -> OperatorNumber {
        let number = operations.nextNumber
        operations.append(Operation(kind))
        return number
    }

    /// Adds (1) or takes away (-1) one reader. Returns whether it is the first or was the last.
    mutating func addReader(of number: OperatorNumber, _ count: Int) -> Bool {
        operations[number].readers += count
        return operations[number].readers == (count > 0 ? 1 : 0)
    }

    mutating func open(_ number: OperatorNumber, reading reads: ReadSet) {
        operations[number].reads = reads
        live.insert(number)
    }

    mutating func close(_ number: OperatorNumber) {
        operations[number].reads = .nothing
        live.remove(number)
    }
}

extension Engine {
    /// Notes that an operator must decide about something at the end of the commit.
    mutating func mark(_ number: OperatorNumber, _ item: RowNumber) {
        pending.marks.mark(Mark(operation: number, stratum: plan.operators[number].stratum, item: item, cause: pending.cause))
    }

    /// A row of the condition that an operator takes comes or goes.
    mutating func flipped(_ number: OperatorNumber, _ row: RowNumber) {
        if case .choice(let choice) = plan.operators[number].kind { markRecord(of: row, choice) } else { mark(number, row) }
    }

    /// What an operator reads of a row is about to change.
    mutating func announce(_ what: Announcement, _ number: OperatorNumber, _ row: RowNumber) {
        guard case .choice(let choice) = plan.operators[number].kind else { return mark(number, row) }
        markRecord(of: row, choice)
        // Also the record that it leads to when the new values are there.
        if what == .values, !Omission.markingNewRecords.isOn { pending.relinked.append(RelinkedRow(choice: choice, row: row)) }
    }

    /// Decides what was marked for the lowest operator.
    mutating func settle(_ number: OperatorNumber) {
        switch plan.operators[number].kind {
        case .link(let link): settleEach(number) { $0.settleLink(link, $1) }
        case .choice(let choice): settleEach(number) { $0.choose(choice, $1) }
        case .ranking(let ranking): settle(ranking)
        case .pairs(let pairs, let ofRows): settle(pairs, ofRows: ofRows)
        case .gate(let gate): settle(gate)
        case .waiting(let waiting): settle(waiting)
        }
    }

    private mutating func settleEach(_ number: OperatorNumber, _ decide: (inout Engine, RowNumber) -> Void) {
        while let mark = pending.marks.take(of: number) {
            pending.cause = mark.cause
            decide(&self, mark.item)
        }
    }

    // Conditions that operators decide.

    /// A condition whose rows an operator names.
    mutating func newDecidedCondition(of table: TableNumber, by number: OperatorNumber) -> Number<Condition> {
        let condition = plan.conditions.nextNumber
        let node = memberNode(condition, table)
        plan.conditions.add(table: table, node: node, decidedBy: number)
        // A row that goes leaves it at once, whoever asks for it.
        plan.conditions[condition].begin(reading: .existence)
        return condition
    }

    /// Whether a row meets a condition that is kept, as a node: it changes when the row is told to meet it or not.
    mutating func memberNode(_ condition: Number<Condition>, _ table: TableNumber) -> NodeNumber {
        intern(Node(operation: .member, table: table, a: condition.value))
    }

    /// An operator has decided whether a row meets its condition.
    mutating func decide(_ condition: Number<Condition>, _ row: RowNumber, _ now: Bool) {
        let table = plan.conditions[condition].table
        guard tables[table].isLive(row), tables[table].memberships.contains(row, condition) != now else { return }
        flip(condition, row, to: now)
    }

    /// Adds (1) or takes away (-1) one reader of whether rows meet a condition.
    mutating func retainMembership(_ condition: Number<Condition>, _ count: Int32) -> ReadSet {
        let table = plan.conditions[condition].table
        if plan.conditions[condition].signals.bits == 0 {
            plan.conditions[condition].give(Signals(condition: condition, bit: tables[table].takeSourceBit()))
        }
        plan.conditions[condition].addMemberReaders(Int(count))
        let signals = plan.conditions[condition].signals
        tables[table].reads.add(signals.bits, count)
        if let number = plan.conditions[condition].decidedBy {
            if plan.operators.addReader(of: number, Int(count)) { if count > 0 { open(number) } else { close(number) } }
        } else if count > 0 {
            retainCondition(condition)
        } else {
            releaseCondition(condition)
        }
        return ReadSet(signals)
    }

    private mutating func open(_ number: OperatorNumber) {
        switch plan.operators[number].kind {
        case .ranking(let ranking): openRanking(ranking)
        case .waiting(let waiting): openWaiting(waiting)
        case .link, .choice, .pairs, .gate: preconditionFailure("they decide no condition")
        }
    }

    private mutating func close(_ number: OperatorNumber) {
        switch plan.operators[number].kind {
        case .ranking(let ranking): closeRanking(ranking)
        case .waiting(let waiting): closeWaiting(waiting)
        case .link, .choice, .pairs, .gate: preconditionFailure("they decide no condition")
        }
    }
}
