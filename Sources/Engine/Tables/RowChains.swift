// Rows by the row that they share: the rows of one identity, the children of one parent. Doubly linked, so that a row leaves in constant
// time however many it shares that one with. Neighbors are kept from the first row on that has one: where all stand alone, 4 bytes a parent
// is all.

struct RowChains: ~Copyable {
    /// The first row under each parent.
    private var heads = PerRow<RowNumber>()
    private var following = PerRow<RowNumber>()
    private var preceding = PerRow<RowNumber>()

    /// The first row under a parent; nil when there is none.
    @inline(__always)
    func first(under parent: RowNumber) -> RowNumber? { heads[parent, default: .none].orNil }

    @inline(__always)
    func next(_ row: RowNumber) -> RowNumber? { following[row, default: .none].orNil }

    /// What they take.
    var byteCount: Int { heads.byteCount + following.byteCount + preceding.byteCount }

    /// Whether a row hangs under a parent, between its neighbors.
    func holds(_ row: RowNumber, under parent: RowNumber) -> Bool {
        let isFollowed = next(row).map { preceding[$0] == row } ?? true
        return isFollowed && (previous(row).map { following[$0] } ?? heads[parent, default: .none]) == row
    }

    /// The rows before and after one that hangs somewhere.
    func neighbors(of row: RowNumber) -> [RowNumber] { [previous(row), next(row)].compactMap { $0 } }

    private func previous(_ row: RowNumber) -> RowNumber? { preceding[row, default: .none].orNil }

    @inline(__always)
    mutating func insert(_ row: RowNumber, under parent: RowNumber) {
        heads.grow(toHold: parent, filling: .none)
        let old = heads[parent]
        if old != .none {
            following.grow(toHold: max(row, old), filling: .none)
            preceding.grow(toHold: max(row, old), filling: .none)
            preceding[old] = row
        }
        // What it was followed by when it hung there before is not its neighbor any more.
        if Int(row.value) < following.count {
            following[row] = old
            preceding[row] = .none
        }
        heads[parent] = row
    }

    mutating func remove(_ row: RowNumber, under parent: RowNumber) {
        let (before, after) = (previous(row), next(row))
        if let before { following[before] = after ?? .none } else { heads[parent] = after ?? .none }
        if let after { preceding[after] = before ?? .none }
    }
}
