// Links of tables: each leads from a row to one row of the target, or to none.

/// A link of a table, walked by a row number per row: one that its schema declares, one to a row that is chosen among those that lead
/// back, or one that is derived from values of the row.
struct TableLink: ~Copyable {
    /// The table that it leads to; nil until its schema arrives.
    var target: TableNumber?
    /// Of a link to a row that is chosen (Choices.swift): the choice.
    var choice: Number<Choice>?
    /// The columns that give the target's key, in the order of that key.
    var columns: [ColumnNumber] = []
    /// Set when one text column is the key: its codes are the row numbers.
    var column: ColumnNumber?
    /// Its rows are set by an operator.
    var isAssigned = false
    /// Of a derived link (DerivedLinks.swift): the node whose value says where it leads.
    var node: NodeNumber?
    /// Of a derived link that others hang on: the operator by which it moves at the end of a commit.
    var settledBy: OperatorNumber?
    /// Of a derived link: the way from the row to the record that it is asked of; that record's column, where its codes are row numbers of
    /// the target; and the signals that move it.
    var record: [LinkPlace] = []
    /// Whether there must be one.
    var isOfRecord = false
    var recordColumn: ColumnNumber?
    var reads = ReadSet.nothing
    /// Without a column: where each row leads; none is null.
    var rows = PerRow<RowNumber>()
    /// The signals of the target that conditions of this table read through the link, and how many readers there are.
    var watched = ReadSet.nothing
    var watchers = 0
    /// The bit that says, in this table, that something behind the link has changed.
    var bit: SignalBits = 0
    /// Parent → rows of this table; kept while somebody watches.
    var children = RowChains()

    /// Whether the row numbers are those of keys made of several columns, or of one that is no text.
    var isByKey: Bool { column == nil && target != nil && choice == nil && node == nil && !isAssigned }
    /// Whether its rows move when what they are derived from is told, not when the row is written.
    var isDerived: Bool { node != nil }
    /// Whether they move at the end of a commit.
    var isSettled: Bool { settledBy != nil }

    init() {}

    /// A link whose rows are set by an operator.
    init(assignedTo table: TableNumber) {
        target = table
        isAssigned = true
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
