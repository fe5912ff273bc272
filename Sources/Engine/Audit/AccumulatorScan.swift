// What an audit makes of accumulators: the records of the child table are gone through once for a block of parents, and added up anew.
// That needs no list of who leads to a parent (an accumulator keeps none), and takes as long for one parent as for thousands; but it takes
// longer than a slice, so commits may lie between its beginning and its end. What has changed meanwhile is passed over, and before
// something is called wrong it is added up once more, in one go.
import Campaigns

/// What the records looked at so far come to, for each parent of a block.
struct AccumulatorScan {
    /// How many parents are a block.
    static let blockSize = 4096
    static func blockCount(of parents: Int) -> Int { (parents + blockSize - 1) / blockSize }

    /// So many records cost as much as the look at one thing elsewhere.
    fileprivate static let recordsPerVisit = 8

    /// What records come to for one parent.
    fileprivate struct Found {
        var count: Int64 = 0
        var sum = SumState()
        /// Each value, and how many records have it.
        var values: [Int64: Int64] = [:]
    }

    fileprivate let accumulator: Number<Accumulator>
    fileprivate let parents: Range<Int>
    /// What stands for what was held when it began; nil: it is too much.
    fileprivate let held: [UInt64?]
    fileprivate var found: [Found]
    /// The next record.
    fileprivate var next = 0
}

/// How many parents of a block were right, and were passed over; and whether one was wrong.
struct BlockVerdict {
    var decided = 0
    var passedOver = 0
    var isWrong = false
}

extension Engine {
    /// Begins to add up what leads to a block of parents.
    func beginScan(_ number: Number<Accumulator>, block: Int) -> AccumulatorScan {
        let end = min((block + 1) * AccumulatorScan.blockSize, tables[plan.accumulators[number].parent].keys.count)
        return scan(number, block * AccumulatorScan.blockSize..<end)
    }

    private func scan(_ number: Number<Accumulator>, _ parents: Range<Int>) -> AccumulatorScan {
        AccumulatorScan(
            accumulator: number, parents: parents, held: parents.map { fingerprint(number, RowNumber($0)) },
            found: Array(repeating: AccumulatorScan.Found(), count: parents.count))
    }

    /// Goes on until so many visits were made. Returns what came out; nil: there are more records.
    mutating func goOn(_ scan: inout AccumulatorScan, visiting most: Int, _ visited: inout Int) -> BlockVerdict? {
        let end = tables[plan.accumulators[scan.accumulator].child].states.count
        let last = min(end, scan.next + max(most - visited, 1) * AccumulatorScan.recordsPerVisit)
        visited += (last - scan.next) / AccumulatorScan.recordsPerVisit
        while scan.next < last {
            addRecord(RowNumber(scan.next), to: &scan)
            scan.next += 1
        }
        guard last == end else { return nil }
        visited += scan.parents.count / AccumulatorScan.recordsPerVisit
        var verdict = BlockVerdict()
        for parent in scan.parents where !verdict.isWrong { compare(parent, scan, &verdict) }
        return verdict
    }

    private mutating func compare(_ parent: Int, _ scan: AccumulatorScan, _ verdict: inout BlockVerdict) {
        let row = RowNumber(parent)
        let place = parent - scan.parents.lowerBound
        guard let before = scan.held[place], fingerprint(scan.accumulator, row) == before else {
            verdict.passedOver += 1
            return
        }
        if !isHeld(scan.found[place], scan.accumulator, row) {
            // A record may have moved from where nothing was looked at yet to where all was, and added to the same what it took from it.
            var again = self.scan(scan.accumulator, parent..<parent + 1)
            for record in 0..<tables[plan.accumulators[scan.accumulator].child].states.count { addRecord(RowNumber(record), to: &again) }
            verdict.isWrong = !isHeld(again.found[0], scan.accumulator, row)
        }
        let isNothing = tables[plan.accumulators[scan.accumulator].parent].accumulated.value(row, scan.accumulator) == nil
        if verdict.isWrong || !isNothing { verdict.decided += 1 }
    }

    // Adding up.

    private mutating func addRecord(_ record: RowNumber, to scan: inout AccumulatorScan) {
        let number = scan.accumulator
        guard tables[plan.accumulators[number].child].memberships.contains(record, plan.accumulators[number].condition),
            let parent = plainEnd(of: record, over: plan.accumulators[number].links), scan.parents.contains(Int(parent.value))
        else { return }
        let place = Int(parent.value) - scan.parents.lowerBound
        if let inner = plan.accumulators[number].inner {
            guard let state = innerState(inner, number, record) else { return }
            addInner(inner, state, to: &scan.found[place], plan.accumulators[number].family)
            return
        }
        switch plan.accumulators[number].family {
        case .count: scan.found[place].count += 1
        case .sum:
            guard let node = plan.accumulators[number].value else { return scan.found[place].sum.add(ones: 1) }
            scratch.texts.reset()
            let value = value(node, record)
            if value.kind == .integer { scan.found[place].sum.add(value.integer, sign: 1) }
            if value.kind == .double { scan.found[place].sum.add(value.double, sign: 1) }
        case .values:
            if let key = valueKey(plan.accumulators[number].value!, record) { scan.found[place].values[key, default: 0] += 1 }
        }
    }

    private func addInner(
        _ inner: Number<Accumulator>, _ state: UInt32, to found: inout AccumulatorScan.Found, _ family: Accumulator.Family
    ) {
        switch (family, plan.accumulators[inner].family) {
        case (.sum, .count): found.sum.add(ones: Int64(state))
        case (.sum, _): found.sum.add(states.sums[state], sign: 1)
        default: for entry in states.valueSets[state].entries { found.values[entry.key, default: 0] += entry.count }
        }
    }

    /// What an inner accumulator holds for the row that a record leads on to.
    private func innerState(_ inner: Number<Accumulator>, _ number: Number<Accumulator>, _ record: RowNumber) -> UInt32? {
        plainRecord(of: record, over: plan.accumulators[number].tail).flatMap {
            tables[plan.accumulators[inner].parent].accumulated.value($0, inner)
        }
    }

    // Comparing.

    /// Whether an accumulator holds for a row what was found.
    private func isHeld(_ found: AccumulatorScan.Found, _ number: Number<Accumulator>, _ row: RowNumber) -> Bool {
        let held = tables[plan.accumulators[number].parent].accumulated.value(row, number)
        switch plan.accumulators[number].family {
        case .count: return Int64(held ?? 0) == found.count && held != 0
        case .sum:
            guard let held else { return found.sum.count == 0 }
            return found.sum.count != 0 && states.sums[held].isSame(as: found.sum, plan.accumulators[number].kind)
        case .values:
            guard let held else { return found.values.isEmpty }
            return !found.values.isEmpty && isSame(states.valueSets[held].entries, found.values, number)
        }
    }

    /// Whether the values are those, and in their order.
    private func isSame(_ entries: [ValueSet.Entry], _ values: [Int64: Int64], _ number: Number<Accumulator>) -> Bool {
        guard entries.count == values.count, entries.allSatisfy({ values[$0.key] == $0.count }) else { return false }
        guard plan.accumulators[number].kind == .text else { return zip(entries, entries.dropFirst()).allSatisfy { $0.key < $1.key } }
        let node = plan.accumulators[number].value!
        return zip(entries, entries.dropFirst()).allSatisfy { isLess(text(of: node, Int32($0.key)), text(of: node, Int32($1.key))) }
    }

    /// What stands for what an accumulator holds for a row, so that it is seen when that changes; nil: too much is held.
    private func fingerprint(_ number: Number<Accumulator>, _ row: RowNumber) -> UInt64? {
        guard let held = tables[plan.accumulators[number].parent].accumulated.value(row, number) else { return 0 }
        var hash: UInt64 = 1
        func add(_ word: Int64) { hash = (hash ^ UInt64(bitPattern: word)) &* 0x9e37_79b9_7f4a_7c15 ^ hash >> 29 }
        switch plan.accumulators[number].family {
        case .count: add(Int64(held))
        case .sum:
            add(states.sums[held].count)
            add(Int64(truncatingIfNeeded: states.sums[held].fixed))
            add(Int64(truncatingIfNeeded: states.sums[held].fixed >> 64))
            add(Int64(bitPattern: (states.sums[held].double ?? .nan).bitPattern))
        case .values:
            guard states.valueSets[held].entries.count <= AuditBounds.scanned else { return nil }
            for entry in states.valueSets[held].entries {
                add(entry.key)
                add(entry.count)
            }
        }
        return hash
    }
}

extension SumState {
    /// Whether it comes to the same for all who ask, however it was added up.
    fileprivate func isSame(as other: SumState, _ kind: Value.Kind) -> Bool {
        guard count == other.count else { return false }
        let isInteger = kind == .integer
        let isTotalSame = isInteger ? integer == other.integer : double == other.double
        return isTotalSame && average(isInteger: isInteger) == other.average(isInteger: isInteger)
    }
}
