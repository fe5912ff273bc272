// Latencies as HdrHistogram keeps them: buckets that double, each of equally wide slots, so that every value is kept within a thousandth of
// itself and recording one costs an increment. Values are measured from the instant at which something was due, not from when a late sender
// got to it: what waits behind a slow answer counts as slow (Gil Tene's coordinated omission).
//
// Slot of a value: below 2048 the value itself; above, its 11 leading bits, 1024 slots for each doubling.

struct Histogram {
    private static let exactValues = 2048
    private static let slotsPerDoubling = 1024

    private var counts: [Int] = Array(repeating: 0, count: Histogram.slot(of: 0) + exactValues)
    private(set) var count = 0
    private(set) var largest: UInt64 = 0

    mutating func record(_ value: UInt64) {
        let slot = Histogram.slot(of: value)
        if slot >= counts.count { counts += Array(repeating: 0, count: slot + 1 - counts.count) }
        counts[slot] += 1
        count += 1
        largest = max(largest, value)
    }

    /// The value that a share (0 … 1) of all recorded ones do not exceed, within a thousandth of it; 0 when there are none.
    func value(atShare share: Double) -> UInt64 {
        let wanted = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for slot in counts.indices {
            seen += counts[slot]
            if seen >= wanted { return min(Histogram.last(of: slot), largest) }
        }
        return largest
    }

    private static func slot(of value: UInt64) -> Int {
        if value < UInt64(exactValues) { return Int(value) }
        let shift = 53 - value.leadingZeroBitCount
        return exactValues + (shift - 1) * slotsPerDoubling + Int(value >> UInt64(shift)) - slotsPerDoubling
    }

    /// The largest value of a slot.
    private static func last(of slot: Int) -> UInt64 {
        if slot < exactValues { return UInt64(slot) }
        let shift = UInt64((slot - exactValues) / slotsPerDoubling + 1)
        let leading = UInt64((slot - exactValues) % slotsPerDoubling + slotsPerDoubling)
        return leading << shift + ((1 << shift) - 1)
    }
}
