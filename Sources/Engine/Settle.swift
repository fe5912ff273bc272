// The second phase of a commit. What hangs on many rows is not decided with every change: a change marks it, and here, before members are
// compared, it is decided once, from the state as all changes have left it. What a decision moves travels as a change does.

/// Something that is decided at the end of the commit.
struct Mark: BitwiseCopyable {
    /// The unique link, by its place among `Engine.choices`, and the row that it is walked back from.
    var choice: Int32
    var row: Int32
    /// Of the last step that marked it.
    var cause: Cause
}

extension Engine {
    /// Where the unique links of a row lead is chosen again, for the rows that they lead to now. Called before a row changes and after.
    @inline(__always)
    mutating func markChoices(_ table: Int32, _ row: Int32) {
        guard tables[table].reversedLinks.count > 0, tables[table].isLive(row) else { return }
        for place in 0..<tables[table].reversedLinks.count {
            let link = tables[table].reversedLinks[place]
            let target = tables[table].follow(link, row)
            if target >= 0 { mark(tables[table].links[link].choice, target) }
        }
    }

    private mutating func mark(_ choice: Int32, _ row: Int32) {
        let key = UInt64(UInt32(bitPattern: choice)) << 32 | UInt64(UInt32(bitPattern: row))
        if let place = markNumbers.find(key) {
            marks[place].cause = cause
            return
        }
        markNumbers.insert(key, Int32(marks.count))
        marks.append(Mark(choice: choice, row: row, cause: cause))
    }

    /// Decides what was marked. A choice hangs on rows alone, so none marks another.
    mutating func settle() {
        for place in 0..<marks.count {
            let mark = marks[place]
            cause = mark.cause
            choose(choices[mark.choice].table, choices[mark.choice].link, mark.row)
        }
        marks.removeAll()
        markNumbers.removeAll()
    }
}
