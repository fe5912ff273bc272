// What records add to accumulators. An accumulator whose way goes back to many, on, and back to many again takes, from each record, all
// that an inner accumulator holds where the record leads on to; what is added to the inner one is added, in the same step, to all that
// take from it. States move first, in all of them; then those who read them are told.

/// What is added to an accumulator or taken from it: one value, or everything that an inner accumulator holds for a row.
struct Portion: BitwiseCopyable {
    /// Of SUM and AVG.
    var value = Value.null
    /// Of MIN, MAX and COUNT_DISTINCT: the value's place in the order, or the code of a text.
    var key: Int64 = 0
    /// The inner accumulator and the row; -1 when it is one value.
    var inner: Int32 = -1
    var row: Int32 = -1
}

/// A state that has moved, as the number that thresholds are compared with.
struct Moved: BitwiseCopyable {
    var accumulator: Int32
    var row: Int32
    var old: Double?
    var new: Double?
}

extension Engine {
    /// A record's contribution comes (1) or goes (-1): the states that it is part of move. Who reads them is told afterwards.
    mutating func contribute(_ number: Int32, _ row: Int32, sign: Int64) {
        guard let parent = parent(number, row), let portion = portion(number, row) else { return }
        spread(portion, sign, to: number, parent)
    }

    /// Tells those who read states that moved.
    mutating func tellMoved(from base: Int) {
        for place in base..<moved.count { tell(moved[place]) }
        moved.truncate(to: base)
    }

    /// Adds what a record contributes to an accumulator that is being filled, which nobody reads yet.
    mutating func fill(_ number: Int32, from row: Int32) {
        guard let parent = parent(number, row), let portion = portion(number, row) else { return }
        add(portion, 1, to: number, parent)
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

    /// What a record contributes; nil when that is nothing: no value, or nothing behind its links.
    private mutating func portion(_ number: Int32, _ row: Int32) -> Portion? {
        if accumulators[number].inner >= 0 { return innerPortion(number, row) }
        switch accumulators[number].family {
        case .count:
            return Portion()
        case .sum:
            let value = value(accumulators[number].value, row)
            return value.isNull ? nil : Portion(value: value)
        case .values:
            return valueKey(accumulators[number].value, row).map { Portion(key: $0) }
        }
    }

    private func innerPortion(_ number: Int32, _ row: Int32) -> Portion? {
        var end = row
        for step in accumulators[number].tail {
            end = tables[step.table].follow(step.link, end)
            guard end >= 0, tables[tables[step.table].links[step.link].target].isLive(end) else { return nil }
        }
        let inner = accumulators[number].inner
        return tables[accumulators[inner].parent].accumulated.contains(end, inner) ? Portion(inner: inner, row: end) : nil
    }

    /// Adds a portion to the state of a row, and to the states of all rows that take from it.
    private mutating func spread(_ portion: Portion, _ sign: Int64, to number: Int32, _ row: Int32) {
        let table = accumulators[number].parent
        announce(.state, table, row, accumulators[number].bit)
        let old = accumulatedNumber(number, row)
        add(portion, sign, to: number, row)
        moved.append(Moved(accumulator: number, row: row, old: old, new: accumulatedNumber(number, row)))
        guard accumulators[number].outers.count > 0, tables[table].isLive(row) else { return }
        for place in 0..<accumulators[number].outers.count {
            let outer = accumulators[number].outers[place]
            let base = scratchRows.count
            pushRows(leadingTo: row, outer, accumulators[outer].tail.count)
            for source in base..<scratchRows.count {
                let record = scratchRows[source]
                guard tables[accumulators[outer].child].memberships.contains(record, accumulators[outer].condition),
                    !isRetracted(outer, record), let parent = parent(outer, record)
                else { continue }
                spread(portion, sign, to: outer, parent)
            }
            scratchRows.truncate(to: base)
        }
    }

    /// Puts the records of an outer accumulator that lead on to a row, over the first so many of its links, on the row stack.
    private mutating func pushRows(leadingTo row: Int32, _ outer: Int32, _ count: Int) {
        let step = accumulators[outer].tail[count - 1]
        var child = tables[step.table].links[step.link].children.first(row)
        while child >= 0 {
            if count == 1 { scratchRows.append(child) } else { pushRows(leadingTo: child, outer, count - 1) }
            child = tables[step.table].links[step.link].children.next(child)
        }
    }

    /// Tells those who read a state that it has moved.
    private mutating func tell(_ moved: Moved) {
        let (number, row) = (moved.accumulator, moved.row)
        let (table, bit) = (accumulators[number].parent, accumulators[number].bit)
        event &+= 1
        if row == changingRow && table == changingTable {
            pendingSignals |= bit
        } else if tables[table].isLive(row) {
            moveInOrders(table, row, bit)
            moveLinks(table, row, bit)
            passThresholds(number, row, moved.old, moved.new)
        }
        notifyWatchers(table, row, bit)
    }

    /// Tells the conditions whose constant lies between the old and the new value. nil: COUNT 0, SUM null.
    private mutating func passThresholds(_ number: Int32, _ row: Int32, _ old: Double?, _ new: Double?) {
        let isCount = accumulators[number].isCount
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

    // MARK: States

    private mutating func add(_ portion: Portion, _ sign: Int64, to number: Int32, _ row: Int32) {
        moves &+= 1
        let table = accumulators[number].parent
        let held = tables[table].accumulated.value(row, number)
        switch accumulators[number].family {
        case .count:
            let count = Int64(held ?? 0) + sign
            if count == 0 {
                tables[table].accumulated.remove(row, number)
            } else {
                tables[table].accumulated.set(row, number, UInt32(count))
            }
        case .sum:
            let place = held ?? takeSum()
            if held == nil { tables[table].accumulated.set(row, number, place) }
            add(portion, sign, toSum: Int(place), isCount: accumulators[number].isCount)
            if sums[Int(place)].count == 0 { dropState(number, row, place) }
        case .values:
            let place = held ?? takeValueSet()
            if held == nil { tables[table].accumulated.set(row, number, place) }
            if portion.inner < 0 {
                changeValues(number, place, portion.key, by: sign)
            } else if let inner = tables[accumulators[portion.inner].parent].accumulated.value(portion.row, portion.inner) {
                for entry in valueSets[Int(inner)].entries { changeValues(number, place, entry.key, by: sign * entry.count) }
            }
            if valueSets[Int(place)].entries.isEmpty { dropState(number, row, place) }
        }
    }

    private mutating func add(_ portion: Portion, _ sign: Int64, toSum place: Int, isCount: Bool) {
        if portion.inner < 0 {
            if isCount {
                sums[place].add(ones: sign)
            } else if portion.value.kind == .integer {
                sums[place].add(portion.value.integer, sign: sign)
            } else {
                sums[place].add(portion.value.double, sign: sign)
            }
            return
        }
        guard let inner = tables[accumulators[portion.inner].parent].accumulated.value(portion.row, portion.inner) else { return }
        if accumulators[portion.inner].family == .count {
            sums[place].add(ones: sign * Int64(inner))
        } else {
            sums[place].add(sums[Int(inner)], sign: sign)
        }
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

    /// What an accumulator holds for a row as the number that thresholds are compared with; nil for nothing, null and sets of values.
    private func accumulatedNumber(_ number: Int32, _ row: Int32) -> Double? {
        tables[accumulators[number].parent].accumulated.value(row, number).flatMap { accumulatedNumber(number, $0) }
    }

    /// The same of a value that is kept.
    func accumulatedNumber(_ number: Int32, _ value: UInt32) -> Double? {
        switch accumulators[number].family {
        case .count: return Double(value)
        case .sum: return accumulators[number].kind == .integer ? sums[Int(value)].integer.map { Double($0) } : sums[Int(value)].double
        case .values: return nil
        }
    }
}
