// Rows by the row that they share: the rows of one identity, the children of one parent. Doubly linked, so that a row leaves in constant
// time however many it shares that one with.

struct RowChains: ~Copyable {
    /// The first row under each parent.
    private var heads = PerRow<RowNumber>()
    private var following = PerRow<RowNumber>()
    private var preceding = PerRow<RowNumber>()

    /// The first row under a parent; nil when there is none.
    @inline(__always)
    func first(under parent: RowNumber) -> RowNumber? { heads[parent, default: .none].orNil }

    @inline(__always)
    func next(_ row: RowNumber) -> RowNumber? { following[row].orNil }

    /// What they take.
    var byteCount: Int { heads.byteCount + following.byteCount + preceding.byteCount }

    /// Whether a row hangs under a parent, between its neighbors.
    func holds(_ row: RowNumber, under parent: RowNumber) -> Bool {
        guard Int(row.value) < following.count else { return false }
        let isFollowed = following[row].orNil.map { preceding[$0] == row } ?? true
        return isFollowed && (preceding[row].orNil.map { following[$0] } ?? heads[parent, default: .none]) == row
    }

    /// The rows before and after one that hangs somewhere.
    func neighbors(of row: RowNumber) -> [RowNumber] { [preceding[row].orNil, following[row].orNil].compactMap { $0 } }

    mutating func insert(_ row: RowNumber, under parent: RowNumber) {
        heads.grow(toHold: parent, filling: .none)
        following.grow(toHold: row, filling: .none)
        preceding.grow(toHold: row, filling: .none)
        let old = heads[parent]
        following[row] = old
        preceding[row] = .none
        if let old = old.orNil { preceding[old] = row }
        heads[parent] = row
    }

    mutating func remove(_ row: RowNumber, under parent: RowNumber) {
        let before = preceding[row]
        let after = following[row]
        if let before = before.orNil { following[before] = after } else { heads[parent] = after }
        if let after = after.orNil { preceding[after] = before }
    }
}
