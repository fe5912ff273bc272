// What the commit at hand has come to so far. Between commits nothing of it waits.

struct PendingCommit: ~Copyable {
    /// Of what is done now.
    var cause = Cause.change
    /// Members that may have changed, as they were.
    var touched = TouchedMembers()
    /// What is under way of an instant at which windows have passed many rows.
    var crossing = Crossing()
    /// Saves that have rows of crowds which may have moved.
    var gathering = Vector<Number<Save>>()
    /// Identities of saves that were seen to have many rows.
    var crowded = Vector<SavedIdentities.Entry>()
    /// Saves that were opened.
    var beginning = Vector<Number<Save>>()
    /// The engine is being made from facts: nobody asks what members were.
    var isLoading = false
    /// Members of appends that are kept as they were.
    var keptLast = SavedIdentities()
    /// Identities that channels look at.
    var contacts = Contacts()
    /// Gates of alerts that have moved, and those of alerts that were opened.
    var movedGates: [Number<Gate>] = []
    /// Frozen saves that are replaced.
    var replacements = Vector<Replacement>()
    /// What is decided at its end.
    var marks = Marks()
    /// States of accumulators that moved in a step whose readers are not told yet.
    var moved = Vector<Moved>()
    /// Contributions taken back while a row changes.
    var retracted = Retractions()
    /// Rows that compete in choices and lead elsewhere when the values that change are written.
    var relinked = Vector<RelinkedRow>()
    var changing = ChangingRow()
    /// When the first of what time has changed was due, in milliseconds since the Unix epoch (`takeEarliestDue`).
    var earliestDue = Int64.max
    /// Counts the steps in which conditions are evaluated, so that one step evaluates each once.
    var round: UInt64 = 0

    #if DEBUG
        /// Rows that somebody was told of (Invariants.swift).
        var told = Set<ToldRow>()
    #endif

    /// Whether a commit now may say something.
    var hasChanges: Bool {
        touched.count > 0 || marks.count > 0 || contacts.count > 0 || replacements.count > 0 || keptLast.count > 0 || crossing.isUnderWay
    }

    /// Whether a member was touched before; then this is its cause. `owner`: what tells the members of one save or audience from others'.
    @inline(__always)
    mutating func isTouched(_ owner: UInt32, of audience: Int, _ identity: RowNumber) -> Bool {
        if crossing.holds(audience) { return crossing.isTouched(owner, of: audience, identity, cause) }
        return touched.find(owner, identity, cause) != nil
    }

    /// A member that was not touched before.
    mutating func touch(_ member: TouchedMember, _ owner: UInt32, of audience: Int) {
        if crossing.holds(audience) { crossing.add(member, owner, of: audience) } else { touched.add(member, owner) }
    }
}

struct RelinkedRow: BitwiseCopyable {
    var choice: Number<Choice>
    var row: RowNumber
}

/// The row whose values are being exchanged, and the signals it got meanwhile. In a circle of links what it feeds comes back to it: its own
/// conditions wait until its values are the new ones.
struct ChangingRow: BitwiseCopyable {
    private var table: TableNumber?
    private var row = RowNumber.none
    private var signals = Signals.none

    mutating func begin(_ table: TableNumber, _ row: RowNumber) {
        (self.table, self.row, signals) = (table, row, .none)
    }

    /// Whether it is that row; then it gets the signals.
    @inline(__always)
    mutating func takes(_ more: Signals, for table: TableNumber, _ row: RowNumber) -> Bool {
        guard row == self.row && table == self.table else { return false }
        signals.formUnion(more)
        return true
    }

    /// Its values are the new ones. Returns the signals that it got.
    mutating func end() -> Signals {
        (table, row) = (nil, .none)
        return signals
    }
}
