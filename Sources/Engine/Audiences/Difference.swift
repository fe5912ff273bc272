// What one commit changed: who entered, who left, who stayed with other attributes, and what is sent with it.
import Campaigns

/// The difference a commit made, in the order of contract §4. Its memory is used again.
public final class Difference {
    /// A member that entered, was updated or exited.
    public struct Member: BitwiseCopyable {
        /// The audience's number.
        public var audience: Int
        /// What the member is from now on.
        public var status: MemberStatus
        /// Why.
        public var cause: Cause
        /// How many rows stand for the member.
        public var rows: Int
        var identityStart: Int
        var identityEnd: Int
        var attributesEnd: Int
        /// Namespaces differ from the audience's own only when a new version saves by another one.
        public var namespace: Int
    }

    /// How many members of one audience changed.
    public struct Update {
        /// The audience's number.
        public var audience: Int
        /// Members that entered.
        public var entered = 0
        /// Members that were updated.
        public var updated = 0
        /// Members that exited.
        public var exited = 0
    }

    /// In the order of audience, namespace and identity.
    public internal(set) var members: [Member] = []
    /// One per audience that changed or was published, by audience id.
    public internal(set) var updates: [Update] = []
    /// Audiences that nobody writes any more, by audience id.
    public internal(set) var retired: [Int] = []
    /// By the number that members have.
    public internal(set) var namespaces: [String] = []
    /// What channels send, in the order of campaign, activity, namespace and identity.
    public internal(set) var requests: [Request] = []
    /// By the number that requests have.
    public internal(set) var senders: [Sender] = []
    /// Those that were raised, in the order of campaign and activity.
    public internal(set) var alerts: [Alert] = []
    var bytes: [UInt8] = []
    /// The place of each audience with an update among those, by its number.
    private var places: [Int] = []
    /// The numbers of the senders of each campaign.
    var sendersOf: [String: [Int]] = [:]

    public init() {}

    /// Whether the commit changed nothing.
    public var isEmpty: Bool { members.isEmpty && updates.isEmpty && retired.isEmpty && requests.isEmpty && alerts.isEmpty }

    func removeAll() {
        members.removeAll(keepingCapacity: true)
        updates.removeAll(keepingCapacity: true)
        retired.removeAll(keepingCapacity: true)
        namespaces.removeAll(keepingCapacity: true)
        requests.removeAll(keepingCapacity: true)
        senders.removeAll(keepingCapacity: true)
        sendersOf.removeAll(keepingCapacity: true)
        alerts.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    /// The identity of a member and its attributes as a JSON object.
    public func withTexts<Result>(
        of member: Member, _ body: (_ identity: UnsafeRawBufferPointer, _ attributes: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { all in
            body(
                UnsafeRawBufferPointer(rebasing: all[member.identityStart..<member.identityEnd]),
                UnsafeRawBufferPointer(rebasing: all[member.identityEnd..<member.attributesEnd]))
        }
    }

    func namespace(_ name: String) -> Int {
        if let found = namespaces.firstIndex(of: name) { return found }
        namespaces.append(name)
        return namespaces.count - 1
    }

    func append(
        audience: Int, namespace: Int, status: MemberStatus, cause: Cause, rows: Int, identity: UnsafeRawBufferPointer,
        attributes: UnsafeRawBufferPointer
    ) {
        let start = bytes.count
        bytes.append(contentsOf: identity)
        let end = bytes.count
        bytes.append(contentsOf: attributes)
        members.append(
            Member(
                audience: audience, status: status, cause: cause, rows: rows, identityStart: start, identityEnd: end,
                attributesEnd: bytes.count, namespace: namespace))
    }

    /// Sorts members by audience, namespace and identity, each by UTF-8 bytes, and what is said besides them.
    func sort(_ audiences: borrowing Audiences) {
        func isBefore(_ a: Int, _ b: Int) -> Bool { audiences[a].id.isBefore(audiences[b].id) }
        updates.sort { isBefore($0.audience, $1.audience) }
        retired.sort(by: isBefore)
        // Whoever has changed is of an audience that has: only those are put in order.
        if places.count < audiences.count { places += Array(repeating: 0, count: audiences.count - places.count) }
        for (place, update) in updates.enumerated() { places[update.audience] = place }
        // A local, since a member of a class is asked for with a check each time.
        let places = places
        let namespaceOrder = namespaces.indices.map { place in namespaces.indices.count { namespaces[$0].isBefore(namespaces[place]) } }
        bytes.withUnsafeBytes { all in
            members.sort { a, b in
                if a.audience != b.audience { return places[a.audience] < places[b.audience] }
                if a.namespace != b.namespace { return namespaceOrder[a.namespace] < namespaceOrder[b.namespace] }
                return isLess(
                    UnsafeRawBufferPointer(rebasing: all[a.identityStart..<a.identityEnd]),
                    UnsafeRawBufferPointer(rebasing: all[b.identityStart..<b.identityEnd]))
            }
        }
        sortRequests()
    }
}
