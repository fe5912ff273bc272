// What is due at which instant: found in the order of time, however much there is. Instants are milliseconds since the Unix epoch;
// `Int64.max` is never.
//
// What it costs, with n instants: to be due at one log₂ n comparisons (OrderedRows) and a step in a set; the next instant nothing; what is
// due up to an instant, as much as that is.
//
// A class, since the compiler copies the engine as a whole where a method only reads it: there it is eight bytes.

final class Agenda<Entry: Hashable & Comparable> {
    private var instants = OrderedRows<Int64>()
    private var entries: [Int64: Set<Entry>] = [:]
    /// The instant of each entry.
    private var dues: [Entry: Int64] = [:]
    /// The first instant at which something is due; `Int64.max` when nothing is.
    private(set) var next = Int64.max

    /// An entry is due at an instant, and at no other.
    func schedule(_ entry: Entry, at instant: Int64) {
        let old = dues[entry] ?? .max
        if old == instant { return }
        if old < .max {
            entries[old]!.remove(entry)
            if entries[old]!.isEmpty { remove(old) }
        }
        dues[entry] = instant == .max ? nil : instant
        if instant == .max { return }
        if entries[instant] == nil {
            instants.insert(instant)
            next = min(next, instant)
        }
        entries[instant, default: []].insert(entry)
    }

    /// The instants up to one at which something is due, in their order.
    func instants(through last: Int64) -> [Int64] {
        var found: [Int64] = []
        var place = next <= last ? instants.atOrAfter(next) : nil
        while let position = place, instants[position] <= last {
            found.append(instants[position])
            place = instants.after(position)
        }
        return found
    }

    /// What is due up to an instant, in the order of entries.
    func entries(through last: Int64) -> [Entry] {
        instants(through: last).flatMap { entries[$0]! }.sorted()
    }

    /// Takes out what is due up to an instant, in the order of entries.
    func take(through last: Int64) -> [Entry] {
        let taken = entries(through: last)
        for entry in taken { dues[entry] = nil }
        for instant in instants(through: last) { remove(instant) }
        return taken
    }

    private func remove(_ instant: Int64) {
        entries[instant] = nil
        instants.remove(instant)
        if instant == next { next = instants.atOrAfter(.min).map { instants[$0] } ?? .max }
    }
}
