// Contributions that hang on values about to change: they are taken back while the old values are still there, and given again with the
// new ones; who reads what they add to is told when both is done. A contribution may depend on the row itself or, behind links, on another
// that changes; it is taken back once, however many ways lead to it, and what flips meanwhile leaves it alone.

extension Engine {
    /// Takes back what records contribute by values that read some signals of a row: the row's own contributions, and those of records
    /// that watch it through links.
    mutating func retract(_ table: Int32, _ row: Int32, _ signals: SignalSet, distance: Int = 0) {
        if tables[table].isLive(row) {
            let base = copyMembers(table, row, reading: .existence)
            for place in base..<scratch.count {
                let condition = scratch[place]
                guard conditions[condition].feedReads & signals != 0 else { continue }
                for feed in 0..<conditions[condition].feeds.count {
                    let number = conditions[condition].feeds[feed]
                    if accumulators[number].feedReads & signals != 0 { retract(number, row, condition) }
                }
            }
            scratch.truncate(to: base)
        }
        guard linkedFeeds > 0 else { return }
        forEachWatcher(table, row, signals, distance) { engine, table, row, bit in
            engine.retract(table, row, bit, distance: distance + 1)
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
