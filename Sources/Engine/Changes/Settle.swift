// The second phase of a commit. What hangs on many rows is not decided with every change: a change marks it, and here, before members are
// compared, it is decided once, from the state as all changes have left it. What a decision moves travels as a change does.

/// Something that is decided at the end of the commit.
struct Mark: BitwiseCopyable {
    /// The unique link, and the row that it is walked back from.
    var choice: ChoiceNumber
    var row: RowNumber
    /// Of the last step that marked it.
    var cause: Cause
}

/// What was marked, each once.
struct Marks: ~Copyable {
    private var marks = Vector<Mark>()
    private var places = IntegerMap()

    var count: Int { marks.count }

    subscript(place: Int) -> Mark { marks[place] }

    mutating func mark(_ mark: Mark) {
        let key = UInt64(UInt32(bitPattern: mark.choice.value)) << 32 | UInt64(UInt32(bitPattern: mark.row.value))
        if let place = places.find(key) {
            marks[place].cause = mark.cause
            return
        }
        places.insert(key, Int32(marks.count))
        marks.append(mark)
    }

    mutating func removeAll() {
        marks.removeAll()
        places.removeAll()
    }
}

extension Engine {
    /// Where the unique links of a row lead is chosen again, for the rows that they lead to now. Called before a row changes and after.
    @inline(__always)
    mutating func markChoices(_ table: TableNumber, _ row: RowNumber) {
        guard tables[table].reversedLinks.count > 0, tables[table].isLive(row) else { return }
        for place in 0..<tables[table].reversedLinks.count {
            let link = tables[table].reversedLinks[place]
            guard let choice = tables[table].links[link].choice, let target = tables[table].follow(link, row) else { continue }
            pending.marks.mark(Mark(choice: choice, row: target, cause: pending.cause))
        }
    }

    /// Decides what was marked. A choice hangs on rows alone, so none marks another.
    mutating func settle() {
        for place in 0..<pending.marks.count {
            let mark = pending.marks[place]
            pending.cause = mark.cause
            choose(plan.choices[mark.choice], mark.row)
        }
        pending.marks.removeAll()
    }
}
