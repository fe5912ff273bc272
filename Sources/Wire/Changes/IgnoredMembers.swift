// "Ignored members are counted by table and name" (contract §2). Bounded, since names come from outside: those beyond the bound are
// counted together.
import Campaigns
import Engine

/// A member of the rows of a table that its schema does not know.
public struct IgnoredMember: Equatable, Sendable {
    /// The table's name.
    public var table: String
    /// nil: the members beyond those that are counted by name.
    public var name: String?
    /// How many rows had it.
    public var count: Int
}

/// The ignored members of one table. It outlives extensions of the schema.
final class IgnoredMembers {
    private static let maximumNameCount = 100

    private struct Counter {
        var count = SettledCount()
        /// Whether the name was ignored since control events were read last.
        var isSeen = false
    }

    private var names = TextDictionary()
    private var counters: [Counter] = []
    private var others = SettledCount()

    /// Counts a member, and says whether a schema that is on its way may know it: true for the first of a name since control events
    /// were read last.
    func count(_ name: UnsafeRawBufferPointer) -> Bool {
        // No identifier is longer, so no schema will ever know it.
        guard name.count <= Limits.identifierCharacters else {
            others.add()
            return false
        }
        let hash = textHash(name)
        var code = names.find(name, hash: hash)
        if code == nil && names.count < IgnoredMembers.maximumNameCount {
            code = names.intern(name, hash: hash)
            counters.append(Counter())
        }
        guard let code else {
            others.add()
            return true
        }
        counters[Int(code)].count.add()
        if counters[Int(code)].isSeen { return false }
        counters[Int(code)].isSeen = true
        return true
    }

    /// Keeps what was counted since the last time, or takes it back.
    func settle(keeping: Bool) {
        for number in counters.indices { counters[number].count.settle(keeping: keeping) }
        others.settle(keeping: keeping)
    }

    /// Control events were read: every name may have become known.
    func forgetSeen() {
        for number in counters.indices { counters[number].isSeen = false }
    }

    /// Of all names.
    var total: Int { counters.reduce(others.total) { $0 + $1.count.total } }

    func list(table: String) -> [IgnoredMember] {
        var list: [IgnoredMember] = []
        for code in counters.indices where counters[code].count.total > 0 {
            let name = String(decoding: names.text(Int32(code)), as: UTF8.self)
            list.append(IgnoredMember(table: table, name: name, count: counters[code].count.total))
        }
        if others.total > 0 { list.append(IgnoredMember(table: table, name: nil, count: others.total)) }
        return list
    }
}
