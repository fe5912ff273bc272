// Entries in their order, each once: the one order of the engine. Two levels: a directory, and leaves of 128 places, all in one arena.
// So it is three vectors of plain values, and a copy of them is a copy of the order. It says nothing of what an entry means: windows and
// waits bring entries that compare by themselves; of a ranking an entry is the number of what stands elsewhere, and the order is given with
// each call, the same one always.
//
// What it costs, with n entries of s bytes:
//
//   before, atOrAfter an entry     log₂ n comparisons
//   before, after a position       constant: no leaf is empty
//   walk                           log₂ n comparisons, and one for each entry of the range
//   insert, remove                 log₂ n comparisons, and at most 127 entries move; once in about 64 of them a leaf is split, joined or
//                                  freed: at most 128 entries and the directory behind it move, s + 8 bytes for each leaf
//   prepending what is sorted      linear in what is prepended, and the directory moves
//   dropping what is before        log₂ n comparisons, at most 127 entries move, and the directory
//   memory                         128/120 s an entry when they came in order, about 3/2 s when they came anyhow, at most 4 s and one leaf,
//                                  and s + 8 for each leaf; a leaf that becomes free is used again, the arena shrinks when it is told to

struct OrderedRows<Entry: BitwiseCopyable & Equatable>: ~Copyable {
    typealias Order = (Entry, Entry) -> Bool

    /// Where an entry stands, until one is inserted or removed.
    struct Position: BitwiseCopyable {
        fileprivate var leaf: Int
        fileprivate var place: Int
    }

    /// Not private: a debug build of Swift 6.3 fails when another file needs the metadata of a private type in a generic one.
    struct Leaf: BitwiseCopyable {
        /// Its first entry. Kept here, so that a search reads the arena in one leaf only.
        var start: Entry
        /// Its entries begin at so many times `leafSize` in the arena.
        var number: Int32
        var count: Int32

        @inline(__always)
        var base: Int { Int(number) * OrderedRows.leafSize }
        @inline(__always)
        var end: Int { base + Int(count) }
    }

    private static var leafSize: Int { 128 }
    /// How full entries that come in order leave a leaf: so that a straggler does not split it.
    private static var fillInOrder: Int { 120 }

    private var arena = Vector<Entry>()
    /// The directory. In order; none is empty, and two that are neighbours hold more than half a leaf.
    private var leaves = Vector<Leaf>()
    /// The numbers of leaves that hold nothing.
    private var free = Vector<Int32>()
    private(set) var count = 0

    init() {}

    init(sorted entries: some Collection<Entry>, by isBefore: Order) {
        prepend(entries, by: isBefore)
    }

    /// What it takes.
    var byteCount: Int { arena.byteCount + leaves.byteCount + free.byteCount }

    /// Leaves that there is memory for.
    var leafCount: Int { arena.count / OrderedRows.leafSize }

    @inline(__always)
    subscript(position: Position) -> Entry { arena[leaves[position.leaf].base + position.place] }

    // Finding.

    /// How many entries are not before the one given, which need not be there; linear in leaves.
    func count(from entry: Entry, by isBefore: Order) -> Int {
        guard let start = atOrAfter(entry, by: isBefore) else { return 0 }
        return (start.leaf..<leaves.count).reduce(-start.place) { $0 + Int(leaves[$1].count) }
    }

    /// The first entry that is not before the one given, which need not be there.
    @inline(__always)
    func atOrAfter(_ entry: Entry, by isBefore: Order) -> Position? {
        first { !isBefore($0, entry) }
    }

    /// The first entry that something is true of which, once it is true of one, is true of all that come after it.
    @inline(__always)
    func first(where isReached: (Entry) -> Bool) -> Position? {
        if leaves.isEmpty { return nil }
        let leaf = lastLeaf { !isReached($0) }
        return position(leaf, firstPlace(in: leaf, where: isReached))
    }

    /// The last entry before the one given, which need not be there.
    @inline(__always)
    func before(_ entry: Entry, by isBefore: Order) -> Position? {
        if leaves.isEmpty { return nil }
        let leaf = lastLeaf { isBefore($0, entry) }
        return before(Position(leaf: leaf, place: firstPlace(in: leaf) { !isBefore($0, entry) }))
    }

    @inline(__always)
    func after(_ position: Position) -> Position? {
        self.position(position.leaf, position.place + 1)
    }

    @inline(__always)
    func before(_ position: Position) -> Position? {
        if position.place > 0 { return Position(leaf: position.leaf, place: position.place - 1) }
        if position.leaf == 0 { return nil }
        return Position(leaf: position.leaf - 1, place: Int(leaves[position.leaf - 1].count) - 1)
    }

    /// Behind the last entry.
    var end: Position { Position(leaf: leaves.count, place: 0) }

    /// How many steps `after` takes from a position to one that is not before it: a look at each leaf between.
    func distance(from first: Position, to last: Position) -> Int {
        (first.leaf..<last.leaf).reduce(last.place - first.place) { $0 + Int(leaves[$1].count) }
    }

    /// A place of a leaf, or the first of the next leaf where it is the end of one.
    @inline(__always)
    private func position(_ leaf: Int, _ place: Int) -> Position? {
        if place < Int(leaves[leaf].count) { return Position(leaf: leaf, place: place) }
        return leaf + 1 < leaves.count ? Position(leaf: leaf + 1, place: 0) : nil
    }

    /// The last leaf of whose first entry something is true, that is true of all before it too; the first leaf when it is of none.
    @inline(__always)
    private func lastLeaf(where isTrue: (Entry) -> Bool) -> Int {
        var low = 0
        var high = leaves.count
        while low < high {
            let middle = (low + high) / 2
            if isTrue(leaves[middle].start) { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// The place in a leaf of the first entry that something is true of; the end of the leaf when it is of none.
    @inline(__always)
    private func firstPlace(in leaf: Int, where isReached: (Entry) -> Bool) -> Int {
        let base = leaves[leaf].base
        var low = base
        var high = leaves[leaf].end
        while low < high {
            let middle = (low + high) / 2
            if isReached(arena[middle]) { high = middle } else { low = middle + 1 }
        }
        return low - base
    }

    // Changing.

    /// Adds an entry that is not there.
    mutating func insert(_ entry: Entry, by isBefore: Order) {
        if leaves.isEmpty { leaves.append(takeLeaf(startingWith: entry)) }
        var number = lastLeaf { isBefore($0, entry) }
        if Int(leaves[number].count) == OrderedRows.leafSize {
            split(number)
            if !isBefore(entry, leaves[number + 1].start) { number += 1 }
        }
        let place = firstPlace(in: number) { !isBefore($0, entry) }
        if place == 0 { leaves[number].start = entry }
        let leaf = leaves[number]
        let target = leaf.base + place
        precondition(target == leaf.end || arena[target] != entry, "an entry is there once")
        arena.copy(target..<leaf.end, to: target + 1)
        arena[target] = entry
        leaves[number].count += 1
        count += 1
    }

    /// Removes an entry that is there.
    mutating func remove(_ entry: Entry, by isBefore: Order) {
        guard let position = atOrAfter(entry, by: isBefore) else { preconditionFailure("the entry is there") }
        let (number, place) = (position.leaf, position.place)
        let leaf = leaves[number]
        let target = leaf.base + place
        precondition(target < leaf.end && arena[target] == entry, "the entry is there")
        arena.copy(target + 1..<leaf.end, to: target)
        leaves[number].count -= 1
        count -= 1
        if leaf.count == 1 {
            leaves.remove(at: number)
            free.append(leaf.number)
        } else {
            if place == 0 { leaves[number].start = arena[leaf.base] }
            joinNext(number)
            if number > 0 { joinNext(number - 1) }
        }
    }

    /// Adds entries that are in order, and before all that are there.
    mutating func prepend(_ entries: some Collection<Entry>, by isBefore: Order) {
        let wanted = (entries.count + OrderedRows.fillInOrder - 1) / OrderedRows.fillInOrder
        arena.reserve(arena.count + wanted * OrderedRows.leafSize)
        var added = Vector<Leaf>(capacity: wanted + leaves.count)
        var last: Entry?
        for entry in entries {
            if added.isEmpty || Int(added[added.count - 1].count) == OrderedRows.fillInOrder {
                added.append(takeLeaf(startingWith: entry))
            }
            if let last { precondition(isBefore(last, entry), "entries are in order, each once") }
            arena[added[added.count - 1].end] = entry
            added[added.count - 1].count += 1
            last = entry
        }
        guard let last else { return }
        precondition(leaves.isEmpty || isBefore(last, leaves[0].start), "what is prepended comes before what is there")
        count += entries.count
        let lastAdded = added.count - 1
        added.append(contentsOf: leaves)
        Swift.swap(&leaves, &added)
        joinNext(lastAdded)
    }

    /// Removes all entries before the one given, which need not be there.
    mutating func drop(before entry: Entry, by isBefore: Order) {
        let first = atOrAfter(entry, by: isBefore) ?? end
        for leaf in 0..<first.leaf {
            free.append(leaves[leaf].number)
            count -= Int(leaves[leaf].count)
        }
        leaves.copy(first.leaf..<leaves.count, to: 0)
        leaves.truncate(to: leaves.count - first.leaf)
        guard first.place > 0 else { return }
        let leaf = leaves[0]
        arena.copy(leaf.base + first.place..<leaf.end, to: leaf.base)
        leaves[0] = Leaf(start: arena[leaf.base], number: leaf.number, count: leaf.count - Int32(first.place))
        count -= first.place
        joinNext(0)
    }

    /// Gives back the memory of leaves that are free, when most are.
    mutating func shrink(by isBefore: Order) {
        guard free.count > 3 * leaves.count else { return }
        var entries = Vector<Entry>(capacity: count)
        for leaf in 0..<leaves.count {
            for place in leaves[leaf].base..<leaves[leaf].end { entries.append(arena[place]) }
        }
        self = OrderedRows(sorted: UnsafeBufferPointer(start: entries.base, count: entries.count), by: isBefore)
    }

    /// A leaf without entries, for those from this one on.
    private mutating func takeLeaf(startingWith entry: Entry) -> Leaf {
        if !free.isEmpty { return Leaf(start: entry, number: free.removeLast(), count: 0) }
        let number = Int32(leafCount)
        arena.grow(to: arena.count + OrderedRows.leafSize, filling: entry)
        return Leaf(start: entry, number: number, count: 0)
    }

    /// Moves a part of a full leaf to a new one behind it.
    private mutating func split(_ number: Int) {
        let left = leaves[number]
        // At the end entries mostly come in order: what is behind them stays full.
        let kept = number == leaves.count - 1 ? OrderedRows.fillInOrder : OrderedRows.leafSize / 2
        var right = takeLeaf(startingWith: arena[left.base + kept])
        arena.copy(left.base + kept..<left.end, to: right.base)
        right.count = left.count - Int32(kept)
        leaves[number].count = Int32(kept)
        leaves.insert(right, at: number + 1)
    }

    /// Joins a leaf and the next one when both together fill half of one: else leaves that entries have left would stay nearly empty.
    private mutating func joinNext(_ number: Int) {
        guard number + 1 < leaves.count else { return }
        let (left, right) = (leaves[number], leaves[number + 1])
        guard Int(left.count + right.count) <= OrderedRows.leafSize / 2 else { return }
        arena.copy(right.base..<right.end, to: left.end)
        leaves[number].count += right.count
        leaves.remove(at: number + 1)
        free.append(right.number)
    }
}

/// Entries that compare by themselves.
extension OrderedRows where Entry: Comparable {
    init(sorted entries: some Collection<Entry>) {
        self.init(sorted: entries, by: <)
    }

    @inline(__always)
    func atOrAfter(_ entry: Entry) -> Position? { atOrAfter(entry, by: <) }

    @inline(__always)
    func before(_ entry: Entry) -> Position? { before(entry, by: <) }

    func count(from entry: Entry) -> Int { count(from: entry, by: <) }

    mutating func insert(_ entry: Entry) { insert(entry, by: <) }

    mutating func remove(_ entry: Entry) { remove(entry, by: <) }

    mutating func prepend(_ entries: some Collection<Entry>) { prepend(entries, by: <) }

    mutating func drop(before entry: Entry) { drop(before: entry, by: <) }

    mutating func shrink() { shrink(by: <) }

    /// Visits the entries from one on and before another, in order.
    @inline(__always)
    func walk(from first: Entry, to end: Entry, _ visit: (Entry) -> Void) {
        var next = atOrAfter(first)
        while let position = next {
            let entry = self[position]
            if !(entry < end) { return }
            visit(entry)
            next = after(position)
        }
    }

    /// Visits the entries from one on, in order.
    @inline(__always)
    func walk(from first: Entry, _ visit: (Entry) -> Void) {
        guard var position = atOrAfter(first) else { return }
        while position.leaf < leaves.count {
            let leaf = leaves[position.leaf]
            for place in leaf.base + position.place..<leaf.end { visit(arena[place]) }
            position = Position(leaf: position.leaf + 1, place: 0)
        }
    }
}
