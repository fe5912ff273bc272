// The members of an audience as its events say, whatever they follow from: what those who read the events hold.

/// The members of one audience that were committed. Events are taken in the order in which they were written.
public final class CommittedMembers {
    /// What identities are of.
    public let namespace: String
    /// What each event left, the newest of a member last; nothing left is 0 rows.
    private var table = MemberTable()
    /// So many are gone through for members that are there twice.
    private var limit = CommittedMembers.smallestLimit

    private static let smallestLimit = 1 << 16

    public init(namespace: String) {
        self.namespace = namespace
    }

    /// A member entered, or is updated.
    /// - Parameter attributes: one JSON object as the engine writes it; none of an event that was too large for them.
    public func take(identity: UnsafeRawBufferPointer, rows: Int32, attributes: some Collection<UInt8>) {
        table.append(identity: identity, rows: rows, attributes: attributes)
        if table.count == limit { settle() }
    }

    /// A member exited.
    public func remove(identity: UnsafeRawBufferPointer) {
        take(identity: identity, rows: 0, attributes: [])
    }

    /// Those that are in, sorted by identity.
    func members() -> MemberTable {
        settle()
        return table
    }

    /// Whether nobody is in.
    public var isEmpty: Bool { members().count == 0 }

    private func settle() {
        let all = table
        // The bytes of a later event lie behind those of an earlier one.
        all.bytes.withUnsafeBytes { bytes in
            all.entries.sort { a, b in
                let order = compareBytes(
                    UnsafeRawBufferPointer(rebasing: bytes[a.identityStart..<a.identityEnd]),
                    UnsafeRawBufferPointer(rebasing: bytes[b.identityStart..<b.identityEnd]))
                return order == 0 ? a.identityStart < b.identityStart : order < 0
            }
        }
        table = MemberTable()
        for place in 0..<all.count {
            let isLast = place + 1 == all.count || MemberTable.order(all, place, all, place + 1) != 0
            guard isLast, all.entries[place].rows > 0 else { continue }
            all.withMember(place) { table.append(identity: $0, rows: Int32($1), attributes: $2) }
        }
        limit = max(CommittedMembers.smallestLimit, 2 * table.count)
    }
}
