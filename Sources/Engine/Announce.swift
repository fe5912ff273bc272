// Nothing changes unannounced. Before a value, a link, a state or a window changes, whoever takes something from it is told, here and
// behind links: members are noted as they are, and contributions that hang on it are taken back, to be given again when the new values are
// there. Who reads what they add to is told when both is done. A contribution may depend on the row itself or, behind links, on another
// that changes; it is taken back once, however many ways lead to it, and what flips meanwhile leaves it alone.

/// What is about to change.
enum Announcement {
    /// Values or links of a row. Contributions that hang on them stay taken back until `restore`.
    case values
    /// A state or a window, which no contribution hangs on.
    case state
}

extension Engine {
    /// What some signals of a row stand for is about to change. Its old values are still there.
    mutating func announce(_ what: Announcement, _ table: Int32, _ row: Int32, _ signals: SignalSet, distance: Int = 0) {
        if tables[table].takerReads & signals != 0 {
            for place in 0..<tables[table].memberships.count(row) {
                let condition = tables[table].memberships.entry(row, at: place).number
                if conditions[condition].takerReads & signals != 0 { announce(what, toTakersOf: condition, row, signals) }
            }
        }
        guard linkedTakers > 0 else { return }
        forEachWatcher(table, row, signals, distance) { engine, table, row, bit in
            engine.announce(what, table, row, bit, distance: distance + 1)
        }
    }

    private mutating func announce(_ what: Announcement, toTakersOf condition: Int32, _ row: Int32, _ signals: SignalSet) {
        for place in 0..<conditions[condition].takers.count {
            let taker = conditions[condition].takers[place]
            switch taker.kind {
            case .save: if saves[taker.number].reads & signals != 0 { touch(taker.number, row: row) }
            case .accumulator:
                if what == .values, accumulators[taker.number].feedReads & signals != 0 { retract(taker.number, row, condition) }
            }
        }
    }

    private mutating func retract(_ number: Int32, _ row: Int32, _ condition: Int32) {
        guard !isRetracted(number, row), tables[accumulators[number].child].memberships.contains(row, condition) else { return }
        retractedNumbers.insert(retractionKey(number, row), Int32(retracted.count))
        retracted.append(Retraction(accumulator: number, row: row))
        contribute(number, row, sign: -1)
    }

    /// Gives again what was taken back, where the record still meets its condition.
    mutating func restore() {
        for place in 0..<retracted.count {
            let (number, row) = (retracted[place].accumulator, retracted[place].row)
            retracted[place].isRestored = true
            if tables[accumulators[number].child].memberships.contains(row, accumulators[number].condition) {
                contribute(number, row, sign: 1)
            }
        }
        retracted.removeAll()
        retractedNumbers.removeAll()
        // Only now: a condition that flips between the old values and the new ones would contribute the one and take back the other.
        tellMoved(from: 0)
    }

    /// Whether a contribution is taken back at the moment.
    @inline(__always)
    func isRetracted(_ number: Int32, _ row: Int32) -> Bool {
        if retracted.isEmpty { return false }
        guard let place = retractedNumbers.find(retractionKey(number, row)) else { return false }
        return !retracted[place].isRestored
    }

    private func retractionKey(_ number: Int32, _ row: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: number)) << 32 | UInt64(UInt32(bitPattern: row))
    }
}

/// A contribution taken back while values change.
struct Retraction: BitwiseCopyable {
    var accumulator: Int32
    var row: Int32
    var isRestored = false
}
