// Time passing. The clock is data: it moves when the caller says so. All windows move at once; the rows between the old and the new
// position of a window, found in the order of its column, are the only ones visited.
import Campaigns

extension Engine {
    /// Moves the clock forward; an earlier or equal instant changes nothing. Milliseconds since the Unix epoch.
    public mutating func advance(to instant: Int64) {
        guard instant > clock else { return }
        cause = .time
        let hadClock = clock != Int64.min
        clock = instant
        let old = (0..<clockTerms.count).map { clockTerms[$0] }
        let new = old.map { term in
            var moved = term
            setInstant(of: &moved)
            return moved
        }
        if hadClock { touchCrossing(old, new) }
        setTerms(new)
        sortAfterMoving(old, new)
        let changed = moveClockAlone(old, new)
        for number in 0..<Int32(cursors.count) where cursors[number].readers > 0 {
            let cursor = cursors[number]
            let base = scratchRows.count
            rowsCrossing(number, old[Int(cursor.term)], new[Int(cursor.term)])
            for place in base..<scratchRows.count {
                statistics.rowsVisitedByTime += 1
                event &+= 1
                notify(cursor.table, scratchRows[place], cursor.bit)
            }
            scratchRows.truncate(to: base)
        }
        for node in changed { checkEverywhere(node) }
        trimTimeIndexes()
    }

    mutating func setInstant(of term: inout ClockTerm) {
        guard clock != Int64.min, let instant = Calendar.adding(term.offset, term.unit, to: clock, in: zones[Int(term.zone)]) else {
            term.isNull = true
            term.instant = Int64.min
            return
        }
        term.isNull = false
        term.instant = instant
    }

    private mutating func setTerms(_ terms: [ClockTerm]) {
        for place in 0..<terms.count { clockTerms[place] = terms[place] }
    }

    /// Remembers the members whose attributes are about to change because a window moves, with the values they have now.
    private mutating func touchCrossing(_ old: [ClockTerm], _ new: [ClockTerm]) {
        for number in 0..<Int32(cursors.count) where cursors[number].readers > 0 {
            let cursor = cursors[number]
            guard tables[cursor.table].saveReads & cursor.bit != 0 || linkedAttributes > 0 else { continue }
            let base = scratchRows.count
            rowsCrossing(number, old[Int(cursor.term)], new[Int(cursor.term)])
            for place in base..<scratchRows.count { touchBefore(cursor.table, scratchRows[place], cursor.bit) }
            scratchRows.truncate(to: base)
        }
    }

    /// Puts the rows for which a comparison with the window's term changes on the row stack.
    private mutating func rowsCrossing(_ number: Int32, _ old: ClockTerm, _ new: ClockTerm) {
        let cursor = cursors[number]
        var (from, to) = (Int64.min, Int64.max)
        if !old.isNull && !new.isNull {
            guard old.instant != new.instant else { return }
            let (low, high) = (min(old.instant, new.instant), max(old.instant, new.instant))
            from = edge(cursor, cursor.changesAtTerm ? low : low + 1)
            to = edge(cursor, cursor.changesAfterTerm ? high + 1 : high)
        } else if old.isNull && new.isNull {
            return
        }
        for place in 0..<tables[cursor.table].timeIndexes.count where tables[cursor.table].timeIndexes[place].column == cursor.column {
            if from < tables[cursor.table].timeIndexes[place].index.floor { fillTimeIndex(cursor.table, place, from: from) }
            tables[cursor.table].timeIndexes[place].index.rows(from: from, to: to, into: &scratchRows)
        }
    }

    /// The first value of the window's column that is at or after an instant: the instant itself, or the first day whose midnight is.
    func edge(_ cursor: Cursor, _ instant: Int64) -> Int64 {
        guard cursor.zone >= 0 else { return instant }
        let zone = zones[Int(cursor.zone)]
        let day = Calendar.day(of: instant, in: zone)
        guard let midnight = Calendar.midnight(ofDay: day, in: zone) else { return Int64(day) }
        var first = midnight >= instant ? day : day + 1
        // Where a zone skips a day, that day and the next have one midnight.
        while let before = Calendar.midnight(ofDay: first - 1, in: zone), before >= instant { first -= 1 }
        return Int64(first)
    }

    /// Guards walk windows from the earliest term on; months and years of different length may pass each other.
    private mutating func sortAfterMoving(_ old: [ClockTerm], _ new: [ClockTerm]) {
        let order = old.indices.sorted { old[$0].instant < old[$1].instant }
        for place in order.indices.dropFirst() {
            let (before, here) = (order[place - 1], order[place])
            if old[before].instant == old[here].instant || new[before].instant > new[here].instant {
                sortAllGroups()
                return
            }
        }
    }

    /// The comparisons of the clock alone whose truth has changed. Members whose attributes read them are remembered as they were.
    private mutating func moveClockAlone(_ old: [ClockTerm], _ new: [ClockTerm]) -> [Int32] {
        var changed = [Int32]()
        for place in 0..<clockAlone.count where clockAlone[place].readers > 0 {
            let node = clockAlone[place].node
            let truth = truth(node, -1)
            if truth != clockAlone[place].truth {
                clockAlone[place].truth = truth
                changed.append(node)
            }
        }
        guard !changed.isEmpty else { return [] }
        setTerms(old)
        for number in 0..<Int32(saves.count) where saves[number].isOpen {
            let reads = (0..<saves[number].attributes.count).contains { place in
                changed.contains { contains(saves[number].attributes[place], $0) }
            }
            guard reads else { continue }
            let table = saves[number].table
            for row in 0..<Int32(tables[table].states.count)
            where tables[table].memberships.contains(row, saves[number].condition) {
                touch(number, row: row)
            }
        }
        setTerms(new)
        return changed
    }

    /// Evaluates the conditions that contain a node on every row: a comparison of the clock alone is about all of them.
    private mutating func checkEverywhere(_ node: Int32) {
        for number in 0..<Int32(conditions.count) where conditions[number].references > 0 && contains(conditions[number].node, node) {
            let table = conditions[number].table
            for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
                statistics.rowsVisitedByTime += 1
                check(number, row)
            }
        }
    }

    /// Whether a node is part of another, within its condition.
    private func contains(_ number: Int32, _ part: Int32) -> Bool {
        if number == part { return true }
        let node = nodes[number]
        switch node.operation {
        case .midnight, .isNull, .not: return contains(node.a, part)
        case .follow: return contains(node.b, part)
        case .compare: return contains(node.a, part) || contains(node.b, part)
        case .and, .or, .except, .isOneOf:
            if node.operation == .isOneOf && contains(node.a, part) { return true }
            return (node.firstOperand..<node.firstOperand + node.operandCount).contains { contains(operands[$0], part) }
        default: return false
        }
    }
}
