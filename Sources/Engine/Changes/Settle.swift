// The second phase of a commit. What hangs on many rows is not decided with every change: a change marks it, and here, before members are
// compared, it is decided once, from the state as all changes have left it. What a decision moves travels as a change does, and may mark
// what is made of it: that belongs to a later operator, so everything is decided once, and last what hangs on the most.

/// Something that is decided at the end of the commit.
struct Mark: BitwiseCopyable, Equatable {
    var operation: OperatorNumber
    /// Of the operator.
    var stratum: Int32 = 0
    /// The row or record that it is about; none: the operator as a whole.
    var item: RowNumber
    /// Of the last step that marked it.
    var cause: Cause
}

extension Engine {
    /// Decides what was marked, of operators of a stratum or a lower one.
    mutating func settle(through stratum: Int32) {
        while let lowest = pending.marks.lowest(through: stratum) { settle(lowest) }
    }
}
