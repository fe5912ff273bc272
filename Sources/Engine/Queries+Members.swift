// What the engine hands out of members, one at a time, for somebody who lists them in pages: the identities of a namespace by number, and
// what an audience has of one.
import Campaigns

/// A member of an audience.
public struct ListedMember: Sendable {
    /// Who it is.
    public let identity: [UInt8]
    /// How many rows stand for it.
    public let rows: Int
    /// One JSON object.
    public let attributes: [UInt8]
    /// When it leaves if nothing is written, milliseconds since the Unix epoch; nil: by time alone never, it is not foreseen, or nobody has
    /// asked.
    public fileprivate(set) var validUntil: Int64?
}

extension Engine {
    /// How many identities of a namespace were ever named; they have the numbers from 0 on, in the order in which they came.
    public func identityCount(of namespace: String) -> Int {
        tables.findNamespace(namespace).map { tables[$0].keys.count } ?? 0
    }

    /// The text of an identity.
    public func identity(_ number: Int32, of namespace: String) -> [UInt8] {
        tables.findNamespace(namespace).map { Array(tables[$0].key(of: RowNumber(number))) } ?? []
    }

    /// Copies the texts of the next identities of a namespace, in the order in which they came.
    public func copyIdentities(of namespace: String, most: Int32, to texts: inout IdentityTexts) {
        guard let table = tables.findNamespace(namespace) else { return }
        for number in Int32(texts.count)..<min(Int32(texts.count) + most, Int32(identityCount(of: namespace))) {
            texts.append(tables[table].key(of: RowNumber(number)))
        }
    }

    /// Some identities in the order of their bytes.
    public func sorted(identities: Range<Int32>, of namespace: String) -> [Int32] {
        guard let table = tables.findNamespace(namespace) else { return [] }
        var all = Array(identities)
        all.sort { isLess(tables[table].key(of: RowNumber($0)), tables[table].key(of: RowNumber($1))) }
        return all
    }

    /// Two lists in that order as one.
    public func merged(_ a: [Int32], _ b: [Int32], of namespace: String) -> [Int32] {
        var merged: [Int32] = []
        merged.reserveCapacity(a.count + b.count)
        var (left, right) = (0, 0)
        while left < a.count || right < b.count {
            if right == b.count || left < a.count && isBefore(a[left], b[right], in: namespace) {
                merged.append(a[left])
                left += 1
            } else {
                merged.append(b[right])
                right += 1
            }
        }
        return merged
    }

    /// Whether one identity comes before another.
    public func isBefore(_ a: Int32, _ b: Int32, in namespace: String) -> Bool {
        guard let table = tables.findNamespace(namespace) else { return false }
        return isLess(tables[table].key(of: RowNumber(a)), tables[table].key(of: RowNumber(b)))
    }

    /// Negative, 0 or positive as an identity comes before a text, is that, or comes after it.
    public func compare(_ number: Int32, of namespace: String, with text: [UInt8]) -> Int {
        guard let table = tables.findNamespace(namespace) else { return 0 }
        return text.withUnsafeBytes { compareBytes(tables[table].key(of: RowNumber(number)), $0) }
    }

    /// Whether an identity begins with a prefix.
    public func has(_ prefix: [UInt8], _ number: Int32, of namespace: String) -> Bool {
        guard let table = tables.findNamespace(namespace) else { return false }
        return tables[table].key(of: RowNumber(number)).starts(with: prefix)
    }

    /// The members of an audience among some identities, in their order, up to a number, and how many identities were looked at. Changes
    /// must be committed. `foreseesExits`: with the instant at which each leaves by itself.
    public mutating func members(
        _ identities: [Int32], of audience: Int, most: Int, foreseesExits: Bool = false
    ) -> (members: [ListedMember], lookedAt: Int) {
        var found: [ListedMember] = []
        guard let table = tables.findNamespace(audiences[audience].namespace) else { return (found, identities.count) }
        let contributions = audiences[audience].contributions.filter { $0.namespace == audiences[audience].namespace }
        for (place, number) in identities.enumerated() {
            if found.count == most { return (found, place) }
            guard var member = member(RowNumber(number), in: table, by: contributions) else { continue }
            if foreseesExits { member.validUntil = validUntil(RowNumber(number), of: audience) }
            found.append(member)
        }
        return (found, identities.count)
    }

    /// When a member of an audience leaves if nothing is written, milliseconds since the Unix epoch; nil: by time alone never, or it is not
    /// foreseen.
    private mutating func validUntil(_ identity: RowNumber, of audience: Int) -> Int64? {
        guard let save = foreseenSave(of: audience) else { return nil }
        let instant = validUntil(save, identity)
        return instant == .max ? nil : instant
    }

    /// What some contributions have of an identity; nil: it is no member by any.
    private mutating func member(_ identity: RowNumber, in table: TableNumber, by contributions: [Contribution]) -> ListedMember? {
        var rows = 0
        var attributes: [UInt8]?
        for contribution in contributions {
            switch contribution.source {
            case .live(let save):
                let standing = Int(ownStanding(save, identity))
                if standing > 0, attributes == nil { attributes = scratch.attributeText.bytes }
                rows += standing
            case .frozen(let members, _):
                guard let place = members.place(of: Array(tables[table].key(of: identity))) else { continue }
                members.withMember(place) { _, count, text in
                    rows += count
                    if attributes == nil { attributes = Array(text) }
                }
            }
        }
        if rows == 0 { return nil }
        return ListedMember(identity: Array(tables[table].key(of: identity)), rows: rows, attributes: attributes ?? [])
    }
}
