// Rows in groups, in each group in an order, and of each group the first few: what a limit and a deduplication keep. The order is total,
// and of what rows say alone: never of when they came. Of each group it is known how many there are, how many are within the cut, and which
// of those is the last, the boundary. A change moves the boundary to its neighbours until the count is right, so it costs the rows that
// change sides, whatever the group's size.
//
// Kept: 48 bytes a row and its texts, 5 in the order, about 20 to find it again; 12 bytes and its values a group.
// A row that comes or goes: log₂ n comparisons, and a step for each row that changes sides. Loading n rows: one sort.

/// Where a row stands.
struct RankedRow: BitwiseCopyable {
    let row: RowNumber
    let group: Int32
    /// Of several rows of one row id: the inbound that it came from.
    var place: Int64 = 0
    /// Null values are last, whatever the direction.
    var isNull = false
    /// The value's place in its order, from the last to the first where that is the direction; 0 of texts.
    var key: Int64 = 0
    /// By stable order: the hash of seed and row id.
    var hash: UInt64 = 0
    /// The value, where that is a text, and the row id, where that decides.
    var texts: RankedTexts?

    init(row: RowNumber, group: Int32) {
        self.row = row
        self.group = group
    }
}

/// Two texts in memory of their own, which does not move.
struct RankedTexts: BitwiseCopyable {
    private let memory: UnsafeMutableRawPointer

    init(value: UnsafeRawBufferPointer, rowId: UnsafeRawBufferPointer) {
        memory = .allocate(byteCount: 8 + value.count + rowId.count, alignment: 8)
        memory.storeBytes(of: UInt32(value.count), as: UInt32.self)
        memory.storeBytes(of: UInt32(rowId.count), toByteOffset: 4, as: UInt32.self)
        UnsafeMutableRawBufferPointer(start: memory + 8, count: value.count).copyMemory(from: value)
        UnsafeMutableRawBufferPointer(start: memory + 8 + value.count, count: rowId.count).copyMemory(from: rowId)
    }

    var value: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory + 8, count: Int(memory.load(as: UInt32.self)))
    }

    var rowId: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory + 8 + value.count, count: Int(memory.load(fromByteOffset: 4, as: UInt32.self)))
    }

    func deallocate() { memory.deallocate() }
}

struct RankedRows: ~Copyable {
    struct Group: BitwiseCopyable {
        var count: Int32 = 0
        var countWithin: Int32 = 0
        /// The slot of the last row within the cut; -1: none is.
        var boundary: Int32 = -1
        var isTouched = false
    }

    /// Whether texts go from the last to the first.
    private let isDescending: Bool
    private var slots = Vector<RankedRow>()
    private var freeSlots = Vector<Int32>()
    private var slotOfRow = IntegerMap()
    private var order = OrderedRows<Int32>()
    private var groups = Vector<Group>()
    private var touched = Vector<Int32>()
    /// Slots that may have changed sides since `forgetMoved`.
    private var moved = Vector<Int32>()

    init(isDescending: Bool) {
        self.isDescending = isDescending
    }

    deinit {
        slotOfRow.forEach { slots[$0].texts?.deallocate() }
    }

    var count: Int { order.count }

    /// How many rows a group has.
    func count(ofGroup group: Int32) -> Int { Int(group) < groups.count ? Int(groups[group].count) : 0 }

    /// The row of a group that so many come before; nil when there are not so many.
    func row(at line: Int, ofGroup group: Int32) -> RowNumber? {
        var position = order.first { slots[$0].group >= group }
        for _ in 0..<line { position = position.flatMap { order.after($0) } }
        guard let position, slots[order[position]].group == group else { return nil }
        return slots[order[position]].row
    }

    func contains(_ row: RowNumber) -> Bool { slotOfRow.find(Self.key(row)) != nil }

    /// Whether a row is there and within the cut of its group, as it was settled last.
    func isWithin(_ row: RowNumber) -> Bool {
        guard let slot = slotOfRow.find(Self.key(row)) else { return false }
        return isSlotWithin(slot)
    }

    // For an audit (Audit/PlainRankings.swift).

    /// Where a row stands as it is kept; nil when it is not there.
    func held(_ row: RowNumber) -> RankedRow? { slotOfRow.find(Self.key(row)).map { slots[$0] } }

    /// Whether a row that is there is found in the order, between those that come before and after it.
    func isFound(_ row: RowNumber) -> Bool {
        guard let slot = slotOfRow.find(Self.key(row)), let position = order.atOrAfter(slot, by: isBefore) else { return false }
        return order[position] == slot
    }

    /// The rows of a group, in their order.
    func rows(ofGroup group: Int32) -> [RowNumber] {
        var rows: [RowNumber] = []
        var next = order.first { slots[$0].group >= group }
        while let position = next, slots[order[position]].group == group {
            rows.append(slots[order[position]].row)
            next = order.after(position)
        }
        return rows
    }

    /// How many rows of a group stand in the order, and how many of them up to its boundary.
    func counted(ofGroup group: Int32) -> (count: Int, within: Int) {
        guard let first = order.first(where: { slots[$0].group >= group }), slots[order[first]].group == group else { return (0, 0) }
        let end = order.first { slots[$0].group > group }
        let boundary = groups[group].boundary
        let last = boundary < 0 ? nil : order.atOrAfter(boundary, by: isBefore)
        return (
            order.distance(from: first, to: end ?? order.end), last.map { order.distance(from: first, to: $0) + 1 } ?? 0
        )
    }

    // For an explanation (Explain/ExplainSteps.swift).

    /// Where a row stands in its group, from 1 on, of how many, how many of them are within the cut, the last of those, and the first of
    /// all; nil when the row is not there.
    func standing(of row: RowNumber) -> (place: Int, of: Int, within: Int, boundary: RowNumber?, first: RowNumber)? {
        guard let slot = slotOfRow.find(Self.key(row)), let position = order.atOrAfter(slot, by: isBefore) else { return nil }
        let number = slots[slot].group
        guard let first = order.first(where: { slots[$0].group >= number }) else { return nil }
        let group = groups[number]
        return (
            order.distance(from: first, to: position) + 1, Int(group.count), Int(group.countWithin),
            group.boundary < 0 ? nil : slots[group.boundary].row, slots[order[first]].row
        )
    }

    // Changing.

    /// Fills what is empty.
    mutating func load(_ rows: borrowing Vector<RankedRow>) {
        var all: [Int32] = []
        all.reserveCapacity(rows.count)
        for place in 0..<rows.count { all.append(slot(for: rows[place])) }
        let isBefore = isBefore
        all.sort(by: isBefore)
        order = OrderedRows(sorted: all, by: isBefore)
        for slot in all { touch(slots[slot].group) { group in group.count += 1 } }
    }

    /// Adds a row that is not there.
    mutating func insert(_ row: RankedRow) {
        let slot = slot(for: row)
        let isBefore = isBefore
        order.insert(slot, by: isBefore)
        touch(row.group) { group in
            group.count += 1
            if group.boundary >= 0, isBefore(slot, group.boundary) { group.countWithin += 1 }
        }
        moved.append(slot)
    }

    /// Takes a row out, if it is there.
    mutating func remove(_ row: RowNumber) {
        guard let slot = slotOfRow.remove(Self.key(row)) else { return }
        let (wasWithin, group) = (isSlotWithin(slot), slots[slot].group)
        let before = wasWithin && groups[group].boundary == slot ? slotBefore(slot) : groups[group].boundary
        order.remove(slot, by: isBefore)
        touch(group) { group in
            group.count -= 1
            if wasWithin { group.countWithin -= 1 }
            group.boundary = before
        }
        slots[slot].texts?.deallocate()
        slots[slot].texts = nil
        freeSlots.append(slot)
    }

    /// Moves the boundaries of the groups that were touched to where the cut is. Which rows may have changed sides is told afterwards.
    mutating func settle(cut: (Int) -> Int) {
        for place in 0..<touched.count { settle(group: touched[place], cut) }
        touched.removeAll()
    }

    /// How many rows may have changed sides.
    var movedCount: Int { moved.count }

    /// One of them, and whether it is within the cut now.
    func moved(at place: Int) -> (row: RowNumber, isWithin: Bool) { (slots[moved[place]].row, isSlotWithin(moved[place])) }

    mutating func forgetMoved() { moved.removeAll() }

    private mutating func settle(group number: Int32, _ cut: (Int) -> Int) {
        groups[number].isTouched = false
        let wanted = min(cut(Int(groups[number].count)), Int(groups[number].count))
        while Int(groups[number].countWithin) > wanted {
            moved.append(groups[number].boundary)
            groups[number].boundary = slotBefore(groups[number].boundary)
            groups[number].countWithin -= 1
        }
        while Int(groups[number].countWithin) < wanted {
            groups[number].boundary = slotAfterBoundary(of: number)
            groups[number].countWithin += 1
            moved.append(groups[number].boundary)
        }
    }

    private mutating func touch(_ number: Int32, _ change: (inout Group) -> Void) {
        groups.grow(to: Int(number) + 1, filling: Group())
        change(&groups[number])
        if groups[number].isTouched { return }
        groups[number].isTouched = true
        touched.append(number)
    }

    private mutating func slot(for row: RankedRow) -> Int32 {
        let slot: Int32
        if freeSlots.isEmpty {
            slot = Int32(slots.count)
            slots.append(row)
        } else {
            slot = freeSlots.removeLast()
            slots[slot] = row
        }
        slotOfRow.insert(Self.key(row.row), slot)
        return slot
    }

    private static func key(_ row: RowNumber) -> UInt64 { UInt64(UInt32(bitPattern: row.value)) }

    // The order.

    private func isSlotWithin(_ slot: Int32) -> Bool {
        let boundary = groups[slots[slot].group].boundary
        return boundary >= 0 && !isBefore(boundary, slot)
    }

    /// The slot before one, in its group; -1 when it is the first.
    private func slotBefore(_ slot: Int32) -> Int32 {
        guard let position = order.before(slot, by: isBefore), slots[order[position]].group == slots[slot].group else { return -1 }
        return order[position]
    }

    private func slotAfterBoundary(of number: Int32) -> Int32 {
        let boundary = groups[number].boundary
        let next: OrderedRows<Int32>.Position?
        if boundary >= 0 {
            next = order.atOrAfter(boundary, by: isBefore).flatMap { order.after($0) }
        } else {
            next = order.first { slots[$0].group >= number }
        }
        guard let next else { preconditionFailure("the group has more rows than are within") }
        return order[next]
    }

    private var isBefore: (Int32, Int32) -> Bool {
        let (rows, isDescending) = (UnsafePointer(slots.base), isDescending)
        return { a, b in RankedRows.isBefore(rows[Int(a)], rows[Int(b)], isDescending) }
    }

    private static func isBefore(_ a: RankedRow, _ b: RankedRow, _ isDescending: Bool) -> Bool {
        if a.group != b.group { return a.group < b.group }
        if a.isNull != b.isNull { return b.isNull }
        if a.key != b.key { return a.key < b.key }
        if let mine = a.texts, let other = b.texts {
            let order = compareBytes(mine.value, other.value)
            if order != 0 { return isDescending ? order > 0 : order < 0 }
        }
        if a.hash != b.hash { return a.hash < b.hash }
        if let mine = a.texts, let other = b.texts {
            let order = compareBytes(mine.rowId, other.rowId)
            if order != 0 { return order < 0 }
        }
        return (a.place, a.row) < (b.place, b.row)
    }
}
