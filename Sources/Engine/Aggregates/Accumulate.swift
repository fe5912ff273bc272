// What records add to accumulators. An accumulator whose way goes back to many, on, and back to many again takes, from each record, all
// that an inner accumulator holds where the record leads on to; what is added to the inner one is added, in the same step, to all that
// take from it. States move first, in all of them; then those who read them are told.

/// What is added to an accumulator or taken from it: one value, or everything that an inner accumulator holds for a row.
struct Portion: BitwiseCopyable {
    /// Of SUM and AVG.
    var value = Value.null
    /// Of MIN, MAX and COUNT_DISTINCT: the value's place in the order, or the code of a text.
    var key: Int64 = 0
    /// The inner accumulator and the row; nil when it is one value.
    var inner: Number<Accumulator>?
    var row = RowNumber.none
}

/// A state that has moved, as the number that thresholds are compared with.
struct Moved: BitwiseCopyable {
    var accumulator: Number<Accumulator>
    var row: RowNumber
    var old: Double?
    var new: Double?
}

extension Engine {
    /// A record's contribution comes (1) or goes (-1): the states that it is part of move. Who reads them is told afterwards.
    mutating func contribute(_ number: Number<Accumulator>, _ row: RowNumber, sign: Int64) {
        guard let parent = parent(number, row), let portion = portion(number, row) else { return }
        spread(portion, sign, to: number, parent)
    }

    /// Tells those who read states that moved.
    mutating func tellMoved(from base: Int) {
        for place in base..<pending.moved.count { tell(pending.moved[place]) }
        pending.moved.truncate(to: base)
    }

    /// Adds what a record contributes to an accumulator that is being filled, which nobody reads yet.
    mutating func fill(_ number: Number<Accumulator>, from row: RowNumber) {
        guard let parent = parent(number, row), let portion = portion(number, row) else { return }
        add(portion, 1, to: number, parent)
    }

    /// The row that a record counts for; nil when the way there is broken.
    private func parent(_ number: Number<Accumulator>, _ row: RowNumber) -> RowNumber? {
        var current = row
        for link in plan.accumulators[number].links {
            guard tables[link.table].isLive(current), let next = tables.follow(link, current) else { return nil }
            current = next
        }
        return current
    }

    /// What a record contributes; nil when that is nothing: no value, or nothing behind its links.
    private mutating func portion(_ number: Number<Accumulator>, _ row: RowNumber) -> Portion? {
        if let inner = plan.accumulators[number].inner { return portion(of: inner, number, row) }
        guard let node = plan.accumulators[number].value else { return Portion() }
        switch plan.accumulators[number].family {
        case .count:
            return Portion()
        case .sum:
            let value = value(node, row)
            return value.isNull ? nil : Portion(value: value)
        case .values:
            return valueKey(node, row).map { Portion(key: $0) }
        }
    }

    private func portion(of inner: Number<Accumulator>, _ number: Number<Accumulator>, _ row: RowNumber) -> Portion? {
        var end = row
        for step in plan.accumulators[number].tail {
            guard let next = tables.record(behind: step, end) else { return nil }
            end = next
        }
        return tables[plan.accumulators[inner].parent].accumulated.contains(end, inner) ? Portion(inner: inner, row: end) : nil
    }

    /// Adds a portion to the state of a row, and to the states of all rows that take from it.
    private mutating func spread(_ portion: Portion, _ sign: Int64, to number: Number<Accumulator>, _ row: RowNumber) {
        let table = plan.accumulators[number].parent
        announce(.state, table, row, plan.accumulators[number].signals)
        // Only the conditions of a live row compare it.
        let isCompared = tables[table].isLive(row)
        let old = isCompared ? accumulatedNumber(number, row) : nil
        add(portion, sign, to: number, row)
        let new = isCompared ? accumulatedNumber(number, row) : nil
        pending.moved.append(Moved(accumulator: number, row: row, old: old, new: new))
        guard plan.accumulators[number].outers.count > 0, tables[table].isLive(row) else { return }
        for place in 0..<plan.accumulators[number].outers.count {
            let outer = plan.accumulators[number].outers[place]
            let base = scratch.rows.count
            pushRows(leadingTo: row, plan.accumulators[outer].tail, plan.accumulators[outer].tail.count)
            for source in base..<scratch.rows.count {
                let record = scratch.rows[source]
                guard tables[plan.accumulators[outer].child].memberships.contains(record, plan.accumulators[outer].condition),
                    !pending.retracted.contains(outer, record), let parent = parent(outer, record)
                else { continue }
                spread(portion, sign, to: outer, parent)
            }
            scratch.rows.truncate(to: base)
        }
    }

    /// Puts the rows that lead to a row, over the first so many of some links, on the row stack.
    mutating func pushRows(leadingTo row: RowNumber, _ links: [LinkPlace], _ count: Int) {
        let link = links[count - 1]
        var next = tables[link].children.first(under: row)
        while let child = next {
            if count == 1 { scratch.rows.append(child) } else { pushRows(leadingTo: child, links, count - 1) }
            next = tables[link].children.next(child)
        }
    }

    /// Tells those who read a state that it has moved.
    private mutating func tell(_ state: Moved) {
        let (number, row) = (state.accumulator, state.row)
        let (table, signals) = (plan.accumulators[number].parent, plan.accumulators[number].signals)
        pending.round &+= 1
        if !pending.changing.takes(signals, for: table, row), tables[table].isLive(row) {
            moveInOrders(table, row, signals)
            moveLinks(table, row, signals)
            passThresholds(number, row, state.old, state.new)
        }
        notifyWatchers(table, row, signals)
    }

    /// Tells the conditions whose constant lies between the old and the new value. nil: COUNT 0, SUM null.
    private mutating func passThresholds(_ number: Number<Accumulator>, _ row: RowNumber, _ old: Double?, _ new: Double?) {
        let isCount = plan.accumulators[number].isCount
        let (before, after) = (old ?? (isCount ? 0 : -.infinity), new ?? (isCount ? 0 : -.infinity))
        let (low, high) = (min(before, after), max(before, after))
        let isNullChange = !isCount && (old == nil) != (new == nil)
        for place in 0..<plan.accumulators[number].thresholds.count {
            let threshold = plan.accumulators[number].thresholds[place]
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
        for place in 0..<plan.accumulators[number].otherReaders.count { check(plan.accumulators[number].otherReaders[place], row) }
    }

    // MARK: States

    private mutating func add(_ portion: Portion, _ sign: Int64, to number: Number<Accumulator>, _ row: RowNumber) {
        plan.found.noteMove()
        let table = plan.accumulators[number].parent
        let held = tables[table].accumulated.value(row, number)
        switch plan.accumulators[number].family {
        case .count:
            let count = Int64(held ?? 0) + sign
            if count == 0 {
                tables[table].accumulated.remove(row, number)
            } else {
                tables[table].accumulated.set(row, number, UInt32(count))
            }
        case .sum:
            let place = held ?? states.sums.take()
            if held == nil { tables[table].accumulated.set(row, number, place) }
            add(portion, sign, toSum: place, isCount: plan.accumulators[number].isCount)
            if states.sums[place].count == 0 { dropState(number, row, place) }
        case .values:
            let place = held ?? states.valueSets.take()
            if held == nil { tables[table].accumulated.set(row, number, place) }
            if portion.inner == nil {
                changeValues(number, place, portion.key, by: sign)
            } else if let inner = innerState(portion) {
                for entry in states.valueSets[inner].entries { changeValues(number, place, entry.key, by: sign * entry.count) }
            }
            if states.valueSets[place].entries.isEmpty { dropState(number, row, place) }
        }
    }

    private mutating func add(_ portion: Portion, _ sign: Int64, toSum place: UInt32, isCount: Bool) {
        if let inner = portion.inner {
            guard let state = innerState(portion) else { return }
            if plan.accumulators[inner].family == .count {
                states.sums[place].add(ones: sign * Int64(state))
            } else {
                let more = states.sums[state]
                states.sums[place].add(more, sign: sign)
            }
        } else if isCount {
            states.sums[place].add(ones: sign)
        } else if portion.value.kind == .integer {
            states.sums[place].add(portion.value.integer, sign: sign)
        } else {
            states.sums[place].add(portion.value.double, sign: sign)
        }
    }

    /// What the inner accumulator of a portion holds for its row.
    private func innerState(_ portion: Portion) -> UInt32? {
        portion.inner.flatMap { tables[plan.accumulators[$0].parent].accumulated.value(portion.row, $0) }
    }

    private mutating func dropState(_ number: Number<Accumulator>, _ parent: RowNumber, _ place: UInt32) {
        releaseState(number, place)
        tables[plan.accumulators[number].parent].accumulated.remove(parent, number)
    }

    /// Gives up what an accumulator keeps for one row.
    mutating func releaseState(_ number: Number<Accumulator>, _ place: UInt32) {
        switch plan.accumulators[number].family {
        case .count: break
        case .sum: states.sums.release(place)
        case .values: states.valueSets.release(place)
        }
    }

    /// What an accumulator holds for a row as the number that thresholds are compared with; nil for nothing, null and sets of values.
    private func accumulatedNumber(_ number: Number<Accumulator>, _ row: RowNumber) -> Double? {
        tables[plan.accumulators[number].parent].accumulated.value(row, number).flatMap { accumulatedNumber(number, $0) }
    }

    /// The same of a value that is kept.
    func accumulatedNumber(_ number: Number<Accumulator>, _ value: UInt32) -> Double? {
        switch plan.accumulators[number].family {
        case .count: return Double(value)
        case .sum:
            return plan.accumulators[number].kind == .integer ? states.sums[value].integer.map { Double($0) } : states.sums[value].double
        case .values: return nil
        }
    }
}
