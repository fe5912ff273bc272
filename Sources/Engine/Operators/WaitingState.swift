// What one wait keeps: who waits until when, and who is through.
import Campaigns

/// Who waits, since when, and until when.
struct WaitingState: ~Copyable {
    struct RowId: BitwiseCopyable {
        var due: Int64 = .max
        /// How many rows of it there are.
        var count: Int32 = 0
        /// It is in the order of what is due.
        var isDue = false
    }

    private let texts = RowIdTexts()
    private var rowIds = Vector<RowId>()
    /// By row id; `.min`: it is not there.
    private var since = SharedColumn<Int64>(empty: .min)
    private var order = OrderedRows<DueWait>()
    /// The row id that each row has, and the rows of each.
    private var rowIdOfRow = PerRow<RowNumber>()
    private var rows = RowChains()
    /// Row ids whose number of rows has changed.
    private var touched = Vector<Int32>()

    /// The next instant at which a wait is over; nil when none waits.
    var nextDue: Int64? { order.atOrAfter(DueWait(due: .min, rowId: .min)).map { order[$0].due } }

    /// A row has a row id now, or (nil) is not there any more.
    mutating func set(_ row: RowNumber, _ text: UnsafeRawBufferPointer?) {
        let new = text.map { texts.dictionary.intern($0, hash: textHash($0)) }
        let old = rowIdOfRow[row, default: .none].orNil?.value
        guard new != old else { return }
        rowIdOfRow.grow(toHold: row, filling: .none)
        if let old {
            rows.remove(row, under: RowNumber(old))
            rowIds[old].count -= 1
            touched.append(old)
        }
        rowIdOfRow[row] = new.map { RowNumber($0) } ?? .none
        guard let new else { return }
        rows.insert(row, under: RowNumber(new))
        rowIds.grow(to: Int(new) + 1, filling: RowId())
        rowIds[new].count += 1
        touched.append(new)
    }

    /// Row ids that have come begin to wait at an instant, or since the one that is remembered; those that have gone are forgotten.
    mutating func settle(at clock: Int64, remembered: WaitingMemory, due: (_ since: Int64) -> Int64?) {
        for place in 0..<touched.count {
            let number = touched[place]
            let isThere = rowIds[number].count > 0
            if !isThere { forget(number) }
            guard isThere, since[number] == .min else { continue }
            let began = remembered.isEmpty ? clock : remembered[Array(text(number))] ?? clock
            since[number] = began
            rowIds[number].due = due(began) ?? .max
            rowIds[number].isDue = rowIds[number].due > clock
            if rowIds[number].isDue { order.insert(DueWait(due: rowIds[number].due, rowId: number)) }
        }
        touched.removeAll()
    }

    private mutating func forget(_ number: Int32) {
        if rowIds[number].isDue { order.remove(DueWait(due: rowIds[number].due, rowId: number)) }
        rowIds[number] = RowId()
        since[number] = .min
    }

    /// Takes out a row id whose wait is over at an instant, and appends its rows; false when there is none.
    mutating func takeDue(at clock: Int64, into found: inout Vector<RowNumber>) -> Bool {
        guard let first = order.atOrAfter(DueWait(due: .min, rowId: .min)), order[first].due <= clock else { return false }
        let due = order[first]
        order.remove(due)
        rowIds[due.rowId].isDue = false
        var next = rows.first(under: RowNumber(due.rowId))
        while let row = next {
            found.append(row)
            next = rows.next(row)
        }
        return true
    }

    /// Whether the row is there, and its row id has waited until an instant.
    func hasWaited(_ row: RowNumber, until clock: Int64) -> Bool {
        guard let rowId = rowIdOfRow[row, default: .none].orNil else { return false }
        return rowIds[rowId.value].due <= clock
    }

    // For an audit (Audit/PlainGates.swift).

    /// What is kept of the row id of a row.
    struct Held {
        var rowId: Int32
        var since: Int64
        var due: Int64
        var count: Int32
        /// Whether it is said to be in the order of what is due, and whether it is.
        var isDue: Bool
        var isInOrder: Bool
        /// How many rows it has, asked of its first row; nil: of another row, or of too many.
        var counted: Int?
    }

    /// What is kept of a row; nil when it does not wait.
    func held(_ row: RowNumber, countingUpTo most: Int) -> Held? {
        guard let number = rowIdOfRow[row, default: .none].orNil?.value else { return nil }
        let (rowId, entry) = (rowIds[number], DueWait(due: rowIds[number].due, rowId: number))
        return Held(
            rowId: number, since: since[number], due: rowId.due, count: rowId.count, isDue: rowId.isDue,
            isInOrder: order.atOrAfter(entry).map { order[$0] == entry } ?? false, counted: count(from: row, of: number, upTo: most))
    }

    private func count(from row: RowNumber, of number: Int32, upTo most: Int) -> Int? {
        var next = rows.first(under: RowNumber(number))
        guard next == row else { return nil }
        var count = 0
        while let row = next, count <= most {
            count += 1
            next = rows.next(row)
        }
        return count > most ? nil : count
    }

    /// The text of a row id.
    func text(_ rowId: Int32) -> UnsafeRawBufferPointer { texts.dictionary.text(rowId) }

    /// What the next version is told.
    var memory: WaitingMemory {
        var all: WaitingMemory = [:]
        for number in 0..<Int32(rowIds.count) where rowIds[number].count > 0 {
            all[Array(text(number))] = since[number]
        }
        return all
    }

    /// The same as it is now, for an image.
    var shared: LiveList.Content { .waiting(since, texts) }
}
