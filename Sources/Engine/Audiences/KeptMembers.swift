// Members of an append that are not in its population any more, with what they had last: "*append* only ever adds (members keep their last
// attributes)" (semantics §4). What a member had is noted when it is first touched in a commit, while it is still as the commit before
// left it, and given up again when the commit ends with it in the population.
import Campaigns

struct KeptMember: Sendable {
    var rows: Int32
    /// One JSON object.
    var attributes: [UInt8]
}

/// By the numbers of identities. Copies share parts until these change, as those of a SharedColumn do.
struct KeptMembers: Sendable {
    /// Of as many identities each.
    private static let partCount = Int(SharedColumn<Int64>.partCount)

    private var parts: [[RowNumber: KeptMember]] = []
    private(set) var count = 0

    subscript(identity: RowNumber) -> KeptMember? {
        get {
            let part = Int(identity.value) / Self.partCount
            return part < parts.count ? parts[part][identity] : nil
        }
        set {
            let part = Int(identity.value) / Self.partCount
            if part >= parts.count {
                if newValue == nil { return }
                parts += Array(repeating: [:], count: part + 1 - parts.count)
            }
            count -= parts[part].count
            parts[part][identity] = newValue
            count += parts[part].count
        }
    }

    /// One more than the highest number of an identity that may be kept.
    var end: Int32 { Int32(parts.count * Self.partCount) }

    /// Calls with each of the identities in some parts.
    func forEach(in numbers: Range<Int32>, _ body: (_ identity: RowNumber, _ member: KeptMember) -> Void) {
        for part in Int(numbers.lowerBound) / Self.partCount..<Int(numbers.upperBound) / Self.partCount {
            for (identity, member) in parts[part] { body(identity, member) }
        }
    }

    func forEach(_ body: (_ identity: RowNumber, _ member: KeptMember) -> Void) { forEach(in: 0..<end, body) }
}

extension Engine {
    /// A member of an append may be about to leave: it is kept as it is. Once a commit, at its first touch.
    mutating func keepLast(_ number: Number<Save>, _ identity: RowNumber) {
        guard audiences.saves[number].isOpen, !audiences.saves[number].isBeginning, pending.keptLast.insert(number, identity) else {
            return
        }
        let (rows, lowest) = member(number, identity)
        guard let lowest else { return }
        writeAttributes(number, lowest)
        audiences.saves[number].kept[identity] = KeptMember(rows: rows, attributes: scratch.attributeText.bytes)
    }

    /// The commit ends: who is in the population is no former member.
    mutating func forgetReturned() {
        for place in 0..<pending.keptLast.count {
            let (number, identity) = pending.keptLast[place]
            if member(number, identity).rows > 0 { audiences.saves[number].kept[identity] = nil }
        }
        pending.keptLast.removeAll()
        for place in 0..<pending.beginning.count { audiences.saves[pending.beginning[place]].isBeginning = false }
        pending.beginning.removeAll()
    }

    /// What an append was left by the version before, or by its own validity.
    mutating func takeOver(_ memory: MemberTable, _ number: Number<Save>) {
        let target = tables.target(of: audiences.saves[number].link)
        for place in 0..<memory.count {
            let (identity, member) = memory.withMember(place) { text, rows, attributes in
                (tables[target].row(ofKey: text, hash: textHash(text)), KeptMember(rows: Int32(rows), attributes: Array(attributes)))
            }
            audiences.saves[number].kept[identity] = member
            _ = pending.keptLast.insert(number, identity)
        }
    }
}

/// Members of saves, each once, in the order in which they came.
struct SavedIdentities: ~Copyable {
    private var entries = Vector<Entry>()
    private var places = IntegerMap()

    struct Entry: BitwiseCopyable {
        var save: Number<Save>
        var identity: RowNumber
    }

    var count: Int { entries.count }

    subscript(place: Int) -> (save: Number<Save>, identity: RowNumber) { (entries[place].save, entries[place].identity) }

    /// Whether it was not there.
    mutating func insert(_ save: Number<Save>, _ identity: RowNumber) -> Bool {
        let key = IntegerMap.key(save, identity)
        if places.find(key) != nil { return false }
        places.insert(key, Int32(entries.count))
        entries.append(Entry(save: save, identity: identity))
        return true
    }

    mutating func removeAll() {
        entries.removeAll()
        places.removeAll()
    }
}
