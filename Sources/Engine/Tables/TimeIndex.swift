// Rows in the order of a date or instant column: the one structure behind all windows on that column. A window is a position in it,
// so its length costs nothing; positions stand still and go back too, so rows stay after they were passed.
//
// Rows long before every window are left out (`floor`): most of a history is, and can only matter to a longer window, which fills the
// index again. Two levels: a directory of leaves, each a sorted array of at most 512 entries.

struct TimeIndex: ~Copyable {
    struct Entry: BitwiseCopyable {
        var time: Int64
        var row: Int32

        @inline(__always)
        static func < (a: Entry, b: Entry) -> Bool { a.time < b.time || a.time == b.time && a.row < b.row }
    }

    private struct Leaf: ~Copyable {
        var entries = Vector<Entry>(capacity: TimeIndex.leafSize)
    }

    private static let leafSize = 512
    /// The first entry of each leaf. The first leaf always exists.
    private var starts = Vector<Entry>()
    private var leaves = Vector<UnsafeMutablePointer<Leaf>>()
    private(set) var count = 0
    /// Rows before it are not in the index.
    let floor: Int64

    init(floor: Int64) {
        self.floor = floor
    }

    /// With entries that are in order and not before the floor.
    init(floor: Int64, sorted entries: [Entry]) {
        self.init(floor: floor)
        for entry in entries {
            if leaves.isEmpty || leaves[leaves.count - 1].pointee.entries.count == TimeIndex.leafSize - 8 {
                leaves.append(TimeIndex.makeLeaf())
                starts.append(entry)
            }
            leaves[leaves.count - 1].pointee.entries.append(entry)
        }
        count = entries.count
    }

    deinit {
        for place in 0..<leaves.count {
            leaves[place].deinitialize(count: 1)
            leaves[place].deallocate()
        }
    }

    private static func makeLeaf() -> UnsafeMutablePointer<Leaf> {
        let leaf = UnsafeMutablePointer<Leaf>.allocate(capacity: 1)
        leaf.initialize(to: Leaf())
        return leaf
    }

    /// The last leaf whose first entry is not after the one given.
    private func leaf(for entry: Entry) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if entry < starts[middle] { high = middle } else { low = middle + 1 }
        }
        return max(low - 1, 0)
    }

    private static func place(of entry: Entry, in leaf: borrowing Leaf) -> Int {
        var low = 0
        var high = leaf.entries.count
        while low < high {
            let middle = (low + high) / 2
            if leaf.entries[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ row: Int32, at time: Int64) {
        guard time >= floor else { return }
        let entry = Entry(time: time, row: row)
        if leaves.isEmpty {
            leaves.append(TimeIndex.makeLeaf())
            starts.append(entry)
        }
        var number = leaf(for: entry)
        if leaves[number].pointee.entries.count == TimeIndex.leafSize {
            split(number)
            number = leaf(for: entry)
        }
        let place = TimeIndex.place(of: entry, in: leaves[number].pointee)
        leaves[number].pointee.entries.insert(entry, at: place)
        if place == 0 { starts[number] = entry }
        count += 1
    }

    mutating func remove(_ row: Int32, at time: Int64) {
        let entry = Entry(time: time, row: row)
        guard time >= floor else { return }
        precondition(!leaves.isEmpty, "the row is indexed")
        let number = leaf(for: entry)
        let place = TimeIndex.place(of: entry, in: leaves[number].pointee)
        precondition(place < leaves[number].pointee.entries.count && leaves[number].pointee.entries[place].row == row, "the row is indexed")
        leaves[number].pointee.entries.remove(at: place)
        count -= 1
        if leaves[number].pointee.entries.isEmpty && leaves.count > 1 {
            leaves[number].deinitialize(count: 1)
            leaves[number].deallocate()
            leaves.remove(at: number)
            starts.remove(at: number)
        } else if place == 0 && !leaves[number].pointee.entries.isEmpty {
            starts[number] = leaves[number].pointee.entries[0]
        }
    }

    private mutating func split(_ number: Int) {
        let right = TimeIndex.makeLeaf()
        let half = TimeIndex.leafSize / 2
        // At the end of the index rows mostly come in order: leave the old leaf full there.
        let kept = number == leaves.count - 1 ? TimeIndex.leafSize - 8 : half
        for place in kept..<TimeIndex.leafSize { right.pointee.entries.append(leaves[number].pointee.entries[place]) }
        leaves[number].pointee.entries.truncate(to: kept)
        leaves.insert(right, at: number + 1)
        starts.insert(right.pointee.entries[0], at: number + 1)
    }

    /// Appends the rows with `from` <= time < `to`, in the order of time.
    func rows(from: Int64, to: Int64, into found: inout Vector<Int32>) {
        guard from < to, !leaves.isEmpty else { return }
        let lowest = Entry(time: from, row: Int32.min)
        var number = leaf(for: lowest)
        var place = TimeIndex.place(of: lowest, in: leaves[number].pointee)
        while number < leaves.count {
            while place < leaves[number].pointee.entries.count {
                let entry = leaves[number].pointee.entries[place]
                if entry.time >= to { return }
                found.append(entry.row)
                place += 1
            }
            number += 1
            place = 0
        }
    }
}
