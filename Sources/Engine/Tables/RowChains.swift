// Rows by a small number: the rows of one identity, the children of one parent. Doubly linked, so that a row leaves in constant
// time however many it shares the number with.

struct RowChains: ~Copyable {
    /// The first row of each number; -1 = none.
    private var heads = Vector<Int32>()
    private var following = Vector<Int32>()
    private var preceding = Vector<Int32>()

    /// The first row; -1 when there is none.
    @inline(__always)
    func first(_ number: Int32) -> Int32 {
        Int(number) < heads.count ? heads[number] : -1
    }

    @inline(__always)
    func next(_ row: Int32) -> Int32 { following[row] }

    mutating func insert(_ row: Int32, under number: Int32) {
        heads.grow(to: Int(number) + 1, filling: -1)
        following.grow(to: Int(row) + 1, filling: -1)
        preceding.grow(to: Int(row) + 1, filling: -1)
        let old = heads[number]
        following[row] = old
        preceding[row] = -1
        if old >= 0 { preceding[old] = row }
        heads[number] = row
    }

    mutating func remove(_ row: Int32, under number: Int32) {
        let before = preceding[row]
        let after = following[row]
        if before >= 0 { following[before] = after } else { heads[number] = after }
        if after >= 0 { preceding[after] = before }
    }
}
