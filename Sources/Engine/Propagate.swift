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
            moveInOrders(table, row, interest)
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
                // Whoever is told of in between goes on with an event of its own: conditions were evaluated for the child, not for it.
                event &+= 1
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
                        if !clockTerms[cursors[cursor].term].value.isNull { passedOver = cursors[cursor].column }
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
        guard let start = clockTerms[cursor.term].key, let time = tables[cursor.table].columns[cursor.column].key(row) else { return false }
        return time >= start
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
        } else {
            texts.reset()
            if truth(conditions[number].node, row) == .yes { flip(number, row, to: true) }
        }
    }

    /// Evaluates a condition on a row and flips it if its truth is not the one kept.
    mutating func check(_ number: Int32, _ row: Int32) {
        let table = conditions[number].table
        let was = tables[table].memberships.contains(row, number)
        texts.reset()
        let now = tables[table].isLive(row) && truth(conditions[number].node, row) == .yes
        if was != now { flip(number, row, to: now) }
    }

    /// A row begins or ceases to meet a condition.
    mutating func flip(_ number: Int32, _ row: Int32, to now: Bool) {
        let table = conditions[number].table
        for place in 0..<conditions[number].saves.count { touch(conditions[number].saves[place], row: row, flipsTo: now) }
        if now { tables[table].memberships.set(row, number, 0) } else { tables[table].memberships.remove(row, number) }
        for place in 0..<conditions[number].feeds.count where !isRetracted(conditions[number].feeds[place], row) {
            feed(conditions[number].feeds[place], row, sign: now ? 1 : -1)
        }
    }

    /// A linked record's contribution comes (1) or goes (-1).
    mutating func feed(_ number: Int32, _ row: Int32, sign: Int) {
        guard let parent = parent(number, row) else { return }
        let table = accumulators[number].parent
        touchBefore(table, parent, accumulators[number].bit)
        let old = tables[table].accumulated.value(parent, number).flatMap { accumulatedNumber(number, $0) }
        guard contribute(number, row, sign: sign) else { return }
        let new = tables[table].accumulated.value(parent, number).flatMap { accumulatedNumber(number, $0) }
        event &+= 1
        if parent == changingRow && table == changingTable {
            pendingSignals |= accumulators[number].bit
        } else if tables[table].isLive(parent) {
            moveInOrders(table, parent, accumulators[number].bit)
            passThresholds(number, parent, old, new)
        }
        notifyChildren(table, parent, accumulators[number].bit)
    }

    /// The row that a record counts for; nil when the way there is broken.
    private func parent(_ number: Int32, _ row: Int32) -> Int32? {
        var (table, current) = (accumulators[number].child, row)
        for link in accumulators[number].links {
            guard tables[table].isLive(current) else { return nil }
            current = tables[table].follow(link, current)
            guard current >= 0 else { return nil }
            table = tables[table].links[link].target
        }
        return current
    }

    /// Tells the conditions whose constant lies between the old and the new value. nil: COUNT 0, SUM null.
    private mutating func passThresholds(_ number: Int32, _ row: Int32, _ old: Double?, _ new: Double?) {
        let isCount = accumulators[number].family == .count
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
        // Also when the number is the same: an average is not its sum, and a set of values has no number.
        for place in 0..<accumulators[number].otherReaders.count { check(accumulators[number].otherReaders[place], row) }
    }

    /// Adds or takes away a record's contribution; false when it has none (no parent, null value).
    mutating func contribute(_ number: Int32, _ row: Int32, sign: Int) -> Bool {
        guard let parent = parent(number, row) else { return false }
        let (table, family) = (accumulators[number].parent, accumulators[number].family)
        let held = tables[table].accumulated.value(parent, number)
        switch family {
        case .count:
            let count = Int(held ?? 0) + sign
            if count == 0 {
                tables[table].accumulated.remove(parent, number)
            } else {
                tables[table].accumulated.set(parent, number, UInt32(count))
            }
        case .sum:
            let value = value(accumulators[number].value, row)
            guard !value.isNull else { return false }
            let place = held ?? takeSum()
            if held == nil { tables[table].accumulated.set(parent, number, place) }
            if value.kind == .integer {
                sums[Int(place)].add(value.integer, sign: sign)
            } else {
                sums[Int(place)].add(value.double, sign: sign)
            }
            if sums[Int(place)].count == 0 { dropState(number, parent, place) }
        case .values:
            guard let key = valueKey(accumulators[number].value, row) else { return false }
            let place = held ?? takeValueSet()
            if held == nil { tables[table].accumulated.set(parent, number, place) }
            changeValues(number, place, key, by: Int32(sign))
            if valueSets[Int(place)].entries.isEmpty { dropState(number, parent, place) }
        }
        return true
    }

    private mutating func dropState(_ number: Int32, _ parent: Int32, _ place: UInt32) {
        releaseState(number, place)
        tables[accumulators[number].parent].accumulated.remove(parent, number)
    }

    /// Gives up what an accumulator keeps for one row.
    mutating func releaseState(_ number: Int32, _ place: UInt32) {
        switch accumulators[number].family {
        case .count: break
        case .sum:
            sums[Int(place)] = SumState()
            freeSums.append(place)
        case .values:
            valueSets[Int(place)] = ValueSet()
            freeValueSets.append(place)
        }
    }

    private mutating func takeSum() -> UInt32 {
        if !freeSums.isEmpty { return freeSums.removeLast() }
        sums.append(SumState())
        return UInt32(sums.count - 1)
    }

    private mutating func takeValueSet() -> UInt32 {
        if !freeValueSets.isEmpty { return freeValueSets.removeLast() }
        valueSets.append(ValueSet())
        return UInt32(valueSets.count - 1)
    }

    /// The place of a field's value in its order, or the code of its text; nil for null.
    private mutating func valueKey(_ number: Int32, _ row: Int32) -> Int64? {
        let node = nodes[number]
        if node.operation == .follow {
            let parent = tables[node.table].follow(node.a, row)
            guard parent >= 0, tables[tables[node.table].links[node.a].target].isLive(parent) else { return nil }
            return valueKey(node.b, parent)
        }
        if tables[node.table].columns[node.a].isText { return tables[node.table].columns[node.a].key(row) }
        return columnValue(node.table, node.a, row).sortKey
    }

    /// One record more or less with a value. Texts are in the order of their bytes.
    private mutating func changeValues(_ number: Int32, _ place: UInt32, _ key: Int64, by count: Int32) {
        let isText = accumulators[number].kind == .text
        var (low, high) = (0, valueSets[Int(place)].entries.count)
        while low < high {
            let middle = (low + high) / 2
            let other = valueSets[Int(place)].entries[middle].key
            let isBefore: Bool
            if isText && other != key {
                let node = accumulators[number].value
                isBefore = isLess(text(of: node, Int32(other)), text(of: node, Int32(key)))
            } else {
                isBefore = other < key
            }
            if isBefore { low = middle + 1 } else { high = middle }
        }
        if low < valueSets[Int(place)].entries.count && valueSets[Int(place)].entries[low].key == key {
            valueSets[Int(place)].entries[low].count += count
            if valueSets[Int(place)].entries[low].count == 0 { valueSets[Int(place)].entries.remove(at: low) }
        } else {
            precondition(count > 0, "a value that was counted is there")
            valueSets[Int(place)].entries.insert(ValueSet.Entry(key: key, count: count), at: low)
        }
    }

    /// A value kept for an accumulator as the number thresholds are compared with; nil for null and for sets of values.
    private func accumulatedNumber(_ number: Int32, _ value: UInt32) -> Double? {
        switch accumulators[number].family {
        case .count: return Double(value)
        case .sum: return accumulators[number].kind == .integer ? sums[Int(value)].integer.map { Double($0) } : sums[Int(value)].double
        case .values: return nil
        }
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
