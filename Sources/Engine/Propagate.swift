// How a change travels: signals of a row → conditions that read them → flips → accumulators of the parent → thresholds → the
// parent's conditions, and through watched links to the records behind which something has changed. Every step is undone by its
// opposite, so states in the middle of a change do no harm: what counts is compared when the commit ends.

extension Engine {
    /// Signals of a live row have changed, and its values are the new ones.
    mutating func notify(_ table: Int32, _ row: Int32, _ signals: SignalSet, distance: Int = 0) {
        let interest = signals & tables[table].reads
        if interest == 0 { return }
        if row == changingRow && table == changingTable {
            pendingSignals |= interest
            return
        }
        if tables[table].isLive(row) {
            let base = copyMembers(table, row, reading: interest)
            for place in base..<scratch.count { check(scratch[place], row) }
            scratch.truncate(to: base)
            enterByFields(table, row, interest)
            if tables[table].accumulatorGuardReads & interest != 0 { enterByAccumulators(table, row, interest) }
            enterUnguarded(table, row, interest)
        }
        notifyChildren(table, row, interest, distance: distance)
    }

    /// Tells the records that watch this one through a link.
    mutating func notifyChildren(_ table: Int32, _ row: Int32, _ signals: SignalSet, distance: Int = 0) {
        guard distance < longestPath else { return }
        for place in 0..<tables[table].incoming.count {
            let incoming = tables[table].incoming[place]
            guard tables[incoming.table].links[incoming.link].watched & signals != 0 else { continue }
            let bit = tables[incoming.table].links[incoming.link].bit
            var child = tables[incoming.table].links[incoming.link].children.first(row)
            while child >= 0 {
                let next = tables[incoming.table].links[incoming.link].children.next(child)
                event &+= 1
                notify(incoming.table, child, bit, distance: distance + 1)
                child = next
            }
        }
    }

    /// Conditions found by the value of a field, and by window.
    private mutating func enterByFields(_ table: Int32, _ row: Int32, _ interest: SignalSet) {
        for place in 0..<tables[table].guards.count where tables[table].guards[place].reads & interest != 0 {
            let column = tables[table].guards[place].column
            var key: Int64 = 0
            if column >= 0 {
                statistics.conditionsEvaluated += 1
                guard let value = tables[table].columns[column].key(row) else { continue }
                key = value
            }
            guard let posting = tables[table].guards[place].numbers.find(UInt64(bitPattern: key)) else { continue }
            var passedOver: Int32 = -1
            for group in 0..<tables[table].guards[place].postings[posting].groups.count {
                let cursor = tables[table].guards[place].postings[posting].groups[group].cursor
                if cursor >= 0 {
                    if cursors[cursor].column == passedOver { continue }
                    statistics.conditionsEvaluated += 1
                    if !isInWindow(cursor, row) {
                        // The windows that follow on this column begin later still, unless this one has no beginning.
                        if !clockTerms[cursors[cursor].term].isNull { passedOver = cursors[cursor].column }
                        continue
                    }
                }
                for member in 0..<tables[table].guards[place].postings[posting].groups[group].conditions.count {
                    let number = tables[table].guards[place].postings[posting].groups[group].conditions[member]
                    enter(number, row, interest)
                }
            }
        }
    }

    /// Whether the row's time is at or after the term of a window.
    private func isInWindow(_ number: Int32, _ row: Int32) -> Bool {
        let cursor = cursors[number]
        let term = clockTerms[cursor.term]
        guard !term.isNull, let time = tables[cursor.table].columns[cursor.column].key(row) else { return false }
        return time >= term.instant
    }

    /// Conditions guarded by accumulators: of those that hold something for the row, the thresholds they have reached.
    private mutating func enterByAccumulators(_ table: Int32, _ row: Int32, _ interest: SignalSet) {
        var place = 0
        while place < tables[table].accumulated.count(row) {
            let entry = tables[table].accumulated.entry(row, at: place)
            place += 1
            guard let value = accumulatedNumber(entry.number, entry.value) else { continue }
            for threshold in 0..<accumulators[entry.number].thresholds.count {
                let found = accumulators[entry.number].thresholds[threshold]
                if found.value > value { break }
                if found.isGuard { enter(found.condition, row, interest) }
            }
        }
    }

    private mutating func enterUnguarded(_ table: Int32, _ row: Int32, _ interest: SignalSet) {
        // Every condition reads the row's existence: one list has them all.
        var rest = interest & .existence != 0 ? .existence : interest
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            rest &= rest - 1
            for place in 0..<tables[table].unguarded[bit].conditions.count {
                enter(tables[table].unguarded[bit].conditions[place], row, interest)
            }
        }
    }

    /// A condition that the row may now meet.
    @inline(__always)
    private mutating func enter(_ number: Int32, _ row: Int32, _ interest: SignalSet) {
        guard conditions[number].reads & interest != 0, conditions[number].lastEvent != event else { return }
        conditions[number].lastEvent = event
        if tables[conditions[number].table].memberships.contains(row, number) { return }
        if conditions[number].isCovered {
            flip(number, row, to: true)
        } else if truth(conditions[number].node, row) == .yes {
            flip(number, row, to: true)
        }
    }

    /// Evaluates a condition on a row and flips it if its truth is not the one kept.
    mutating func check(_ number: Int32, _ row: Int32) {
        let table = conditions[number].table
        let was = tables[table].memberships.contains(row, number)
        let now = tables[table].isLive(row) && truth(conditions[number].node, row) == .yes
        if was != now { flip(number, row, to: now) }
    }

    /// A row begins or ceases to meet a condition.
    mutating func flip(_ number: Int32, _ row: Int32, to now: Bool) {
        let table = conditions[number].table
        for place in 0..<conditions[number].saves.count { touch(conditions[number].saves[place], row: row, flipsTo: now) }
        if now { tables[table].memberships.set(row, number, 0) } else { tables[table].memberships.remove(row, number) }
        for place in 0..<conditions[number].feeds.count { feed(conditions[number].feeds[place], row, sign: now ? 1 : -1) }
    }

    /// A linked record's contribution comes (1) or goes (-1).
    mutating func feed(_ number: Int32, _ row: Int32, sign: Int) {
        let parent = tables[accumulators[number].child].follow(accumulators[number].link, row)
        guard parent >= 0 else { return }
        let table = accumulators[number].parent
        touchBefore(table, parent, accumulators[number].bit)
        let old = tables[table].accumulated.value(parent, number).flatMap { accumulatedNumber(number, $0) }
        guard contribute(number, row, sign: sign) else { return }
        let new = tables[table].accumulated.value(parent, number).flatMap { accumulatedNumber(number, $0) }
        event &+= 1
        if parent == changingRow && table == changingTable {
            pendingSignals |= accumulators[number].bit
        } else if tables[table].isLive(parent) {
            passThresholds(number, parent, old, new)
        }
        notifyChildren(table, parent, accumulators[number].bit)
    }

    /// Tells the conditions whose constant lies between the old and the new value. nil: COUNT 0, SUM null.
    private mutating func passThresholds(_ number: Int32, _ row: Int32, _ old: Double?, _ new: Double?) {
        let isCount = accumulators[number].column < 0
        let (before, after) = (old ?? (isCount ? 0 : -.infinity), new ?? (isCount ? 0 : -.infinity))
        let (low, high) = (min(before, after), max(before, after))
        let isNullChange = !isCount && (old == nil) != (new == nil)
        for place in 0..<accumulators[number].thresholds.count {
            let threshold = accumulators[number].thresholds[place]
            if threshold.value > high && !isNullChange { break }
            let isPassed: Bool
            switch threshold.kind {
            // Beyond 2^53 an integer and its double may differ: whoever may have passed is told.
            case _ where threshold.value.magnitude >= 0x1p53: isPassed = low <= threshold.value && threshold.value <= high
            case .at: isPassed = low < threshold.value && threshold.value <= high
            case .above: isPassed = low <= threshold.value && threshold.value < high
            case .both: isPassed = low != high && (threshold.value == low || threshold.value == high)
            }
            if isPassed || isNullChange && threshold.changesFromNull { check(threshold.condition, row) }
        }
        let mayDiffer = accumulators[number].isInteger && high.magnitude >= 0x1p53 || low.magnitude >= 0x1p53
        if before != after || isNullChange || mayDiffer {
            for place in 0..<accumulators[number].otherReaders.count { check(accumulators[number].otherReaders[place], row) }
        }
    }

    /// Adds or takes away a record's contribution; false when it has none (no parent, null value).
    mutating func contribute(_ number: Int32, _ row: Int32, sign: Int) -> Bool {
        let (child, parentTable, column) = (accumulators[number].child, accumulators[number].parent, accumulators[number].column)
        let parent = tables[child].follow(accumulators[number].link, row)
        guard parent >= 0 else { return false }
        let held = tables[parentTable].accumulated.value(parent, number)
        if column < 0 {
            let count = Int(held ?? 0) + sign
            if count == 0 {
                tables[parentTable].accumulated.remove(parent, number)
            } else {
                tables[parentTable].accumulated.set(parent, number, UInt32(count))
            }
            return true
        }
        guard !tables[child].columns[column].isNullWord(row) else { return false }
        let word = tables[child].columns[column].words[row]
        let place = held ?? takeSum()
        if held == nil { tables[parentTable].accumulated.set(parent, number, place) }
        if accumulators[number].isInteger {
            sums[Int(place)].add(word, sign: sign)
        } else {
            sums[Int(place)].add(Double(bitPattern: UInt64(bitPattern: word)), sign: sign)
        }
        if sums[Int(place)].count == 0 {
            releaseSum(place)
            tables[parentTable].accumulated.remove(parent, number)
        }
        return true
    }

    /// A value kept for an accumulator as the number thresholds are compared with; nil for null.
    private func accumulatedNumber(_ number: Int32, _ value: UInt32) -> Double? {
        if accumulators[number].column < 0 { return Double(value) }
        if accumulators[number].isInteger { return sums[Int(value)].integer.map(Double.init) }
        return sums[Int(value)].double
    }

    private mutating func takeSum() -> UInt32 {
        if !freeSums.isEmpty { return freeSums.removeLast() }
        sums.append(SumState())
        return UInt32(sums.count - 1)
    }

    mutating func releaseSum(_ place: UInt32) {
        sums[Int(place)] = SumState()
        freeSums.append(place)
    }

    /// Puts the conditions a row meets that read some of the signals on the scratch stack; returns where they begin.
    mutating func copyMembers(_ table: Int32, _ row: Int32, reading signals: SignalSet) -> Int {
        let base = scratch.count
        for place in 0..<tables[table].memberships.count(row) {
            let number = tables[table].memberships.entry(row, at: place).number
            if conditions[number].reads & signals != 0 { scratch.append(number) }
        }
        return base
    }
}
