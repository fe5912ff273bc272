// Links of tables: each leads from a row to one row of the target, or to none. What a link is says how it is made; where its rows lead, who
// watches what lies behind it, and the rows of each parent change by its functions alone.

/// A link of a table, walked by a row number per row: one that its schema declares, one to a row that is chosen among those that lead
/// back, one that an operator assigns, or one that is derived from values of the row.
struct TableLink: ~Copyable {
    // What it is.

    /// The table that it leads to; nil until its schema arrives.
    private(set) var target: TableNumber?
    /// The columns that give the target's key, in the order of that key.
    private(set) var columns: [ColumnNumber] = []
    /// Set when one text column is the key: its codes are the row numbers.
    private(set) var column: ColumnNumber?
    /// Of a link to a row that is chosen (Choices.swift): the choice.
    let choice: Number<Choice>?
    /// Its rows are set by an operator.
    let isAssigned: Bool
    /// Of a derived link (DerivedLinks.swift): the node whose value says where it leads.
    let node: NodeNumber?
    /// Of a derived link that others hang on: the operator by which it moves at the end of a commit.
    private(set) var settledBy: OperatorNumber?
    /// Of a link to an identity that only rows with a key have: the way from the row to the record that it is asked of.
    let record: [LinkPlace]?
    /// That record's column, where its codes are row numbers of the target.
    let recordColumn: ColumnNumber?

    // Where its rows lead.

    /// Without a column: where each row leads; none is null.
    private(set) var rows = PerRow<RowNumber>()
    /// Parent → rows of this table; kept while somebody watches.
    private(set) var children = RowChains()

    // Who reads it.

    /// The signals that move a derived link.
    private(set) var reads = ReadSet.nothing
    /// The signals of the target that conditions of this table read through the link, and how many readers there are.
    private(set) var watched = ReadSet.nothing
    private(set) var watchers = 0
    /// The bit that says, in this table, that something behind the link has changed.
    private(set) var bit: SignalBits = 0

    /// A link of a schema, which leads somewhere when the schema of its target is there.
    init() { self.init(to: nil) }

    /// A link whose rows are set by an operator.
    init(assignedTo target: TableNumber) { self.init(to: target, isAssigned: true) }

    /// A link to the row of a table that a choice chooses; there is room for so many rows.
    init(to target: TableNumber, chosenBy choice: Number<Choice>, rows: Int) {
        self.init(to: target, choice: choice)
        grow(to: rows)
    }

    /// A derived link to the row that the value of a node names.
    init(to target: TableNumber, by node: NodeNumber, record: [LinkPlace]? = nil, recordColumn: ColumnNumber? = nil) {
        self.init(to: target, node: node, record: record, recordColumn: recordColumn)
    }

    private init(
        to target: TableNumber?, choice: Number<Choice>? = nil, isAssigned: Bool = false, node: NodeNumber? = nil,
        record: [LinkPlace]? = nil, recordColumn: ColumnNumber? = nil
    ) {
        self.target = target
        self.choice = choice
        self.isAssigned = isAssigned
        self.node = node
        self.record = record
        self.recordColumn = recordColumn
    }

    /// Whether the row numbers are those of keys made of several columns, or of one that is no text.
    var isByKey: Bool { column == nil && target != nil && choice == nil && node == nil && !isAssigned }
    /// Whether its rows move when what they are derived from is told, not when the row is written.
    var isDerived: Bool { node != nil }
    /// Whether they move at the end of a commit.
    var isSettled: Bool { settledBy != nil }

    /// The schema of a declared link's target has arrived. `column`: the one whose codes are row numbers there, if it has one.
    mutating func resolve(to target: TableNumber, by columns: [ColumnNumber], column: ColumnNumber?) {
        precondition(self.target == nil, "a link leads to one table")
        self.target = target
        self.columns = columns
        self.column = column
    }

    /// Its rows move at the end of a commit, by an operator.
    mutating func settle(by number: OperatorNumber) { settledBy = number }

    /// What it takes.
    var byteCount: Int { rows.byteCount + children.byteCount }

    // Rows.

    /// Makes room for so many rows, where it keeps any.
    mutating func grow(to count: Int) {
        if column == nil { rows.grow(to: count, filling: isDerived ? .noRecord : .noValue) }
    }

    /// Makes room for a row.
    mutating func grow(toHold row: RowNumber) { rows.grow(toHold: row, filling: .noValue) }

    /// Sets where a row leads; it stays under the parent it is under.
    @inline(__always)
    mutating func set(_ row: RowNumber, to target: RowNumber) { rows[row] = target }

    /// Leads a row elsewhere, from one parent to another.
    mutating func move(_ row: RowNumber, to target: RowNumber) {
        if let old = rows[row].orNil { children.remove(row, under: old) }
        rows[row] = target
        if let new = target.orNil { children.insert(row, under: new) }
    }

    /// Leads some rows, which led nowhere, to as many others.
    mutating func fill(_ block: RowBlock, with targets: borrowing Vector<RowNumber>) {
        var place = 0
        for row in block {
            rows[row] = targets[place]
            if let target = targets[place].orNil { children.insert(row, under: target) }
            place += 1
        }
    }

    /// Puts a row under its parent.
    @inline(__always)
    mutating func insert(_ row: RowNumber, under parent: RowNumber) { children.insert(row, under: parent) }

    /// Takes a row from under its parent.
    @inline(__always)
    mutating func remove(_ row: RowNumber, under parent: RowNumber) { children.remove(row, under: parent) }

    /// Forgets where all rows lead.
    mutating func forgetRows() { rows = PerRow<RowNumber>() }

    // Readers.

    /// The first reader gives it the bit of its signal.
    mutating func signal(with bit: SignalBits) { self.bit = bit }

    /// Signals that move it, from now on.
    mutating func move(by signals: ReadSet) { reads = signals }

    /// One more (1) or less (-1) who needs the rows of each parent. With the last one they are given up, and what was watched.
    mutating func addWatcher(_ count: Int32) {
        watchers += Int(count)
        guard watchers == 0 else { return }
        watched = .nothing
        children = RowChains()
    }

    /// Readers want to hear of signals of the target; when nobody watches any more they do not.
    mutating func watch(_ signals: ReadSet) {
        if watchers > 0 { watched.formUnion(signals) }
    }
}

extension RowNumber {
    /// In `TableLink.rows`: the value that leads on is null.
    static var noValue: RowNumber { .none }
    /// In `TableLink.rows` of a derived link: there is no record that it could be asked of.
    static var noRecord: RowNumber { RowNumber(-2) }
}

/// The number of a link in its table.
typealias LinkNumber = Number<TableLink>

/// A link, and the table whose rows it leads from.
struct LinkPlace: BitwiseCopyable, Hashable {
    var table: TableNumber
    var number: LinkNumber
}
