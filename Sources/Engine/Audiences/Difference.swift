// What one commit changed: who entered, who left, who stayed with other attributes, and what is sent with it.
import Campaigns

/// The difference a commit made, in the order of contract §4. Its memory is used again.
public final class Difference {
    /// A member that entered, was updated or exited. 48 bytes: there may be millions.
    public struct Member: BitwiseCopyable {
        private let audienceNumber: Int32
        private let namespaceNumber: Int32
        private var standingRows: Int32
        private let formerRows: Int32
        private var attributesBytes: Int32
        private let identityBytes: UInt16
        /// What the member is from now on.
        public private(set) var status: MemberStatus
        /// Why.
        public private(set) var cause: Cause
        /// The first instant at which it leaves if nothing is written, in milliseconds since the Unix epoch; `.max`: that is not foreseen.
        public private(set) var validUntil: Int64
        private var start: Int
        private let formerAttributes: AttributesHash

        /// The audience's number.
        public var audience: Int { Int(audienceNumber) }
        /// Namespaces differ from the audience's own only when a new version saves by another one.
        public var namespace: Int { Int(namespaceNumber) }
        /// How many rows stand for the member.
        public var rows: Int { Int(standingRows) }
        /// What it was before.
        var before: Former { Former(rows: formerRows, attributes: formerAttributes) }

        /// Where its identity lies in the bytes of its difference, and behind that its attributes.
        var identity: Range<Int> { start..<start + Int(identityBytes) }
        var attributes: Range<Int> { identity.upperBound..<identity.upperBound + Int(attributesBytes) }

        /// `identity` is at most `Limits.identityBytes` long.
        init(
            audience: Int, namespace: Int, status: MemberStatus, cause: Cause, rows: Int, before: Former, validUntil: Int64,
            identity: Range<Int>, attributesBytes: Int
        ) {
            audienceNumber = Int32(audience)
            namespaceNumber = Int32(namespace)
            standingRows = Int32(rows)
            formerRows = before.rows
            formerAttributes = before.attributes
            identityBytes = UInt16(identity.count)
            self.attributesBytes = Int32(attributesBytes)
            self.status = status
            self.cause = cause
            self.validUntil = validUntil
            start = identity.lowerBound
        }

        /// What a later difference says of it, whose texts lie there now.
        mutating func become(_ later: Member, _ status: MemberStatus, at start: Int) {
            (standingRows, attributesBytes, cause) = (later.standingRows, later.attributesBytes, later.cause)
            validUntil = later.validUntil
            (self.status, self.start) = (status, start)
        }
    }

    /// What a member was before.
    struct Former: BitwiseCopyable, Equatable {
        /// How many rows stood for it; 0: it was none.
        var rows: Int32
        var attributes: AttributesHash

        static let nobody = Former(rows: 0, attributes: .nothing)
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
        /// Whether all is said that was decided; else more of it waits (Emission.swift).
        public internal(set) var isComplete = true
        /// What the audience's size will have moved by when that is said.
        public internal(set) var membersWaiting = 0
        /// The same of its rows.
        public internal(set) var rowsWaiting = 0
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
                UnsafeRawBufferPointer(rebasing: all[member.identity]), UnsafeRawBufferPointer(rebasing: all[member.attributes]))
        }
    }

    func namespace(_ name: String) -> Int {
        if let found = namespaces.firstIndex(of: name) { return found }
        namespaces.append(name)
        return namespaces.count - 1
    }

    func append(
        audience: Int, namespace: Int, status: MemberStatus, cause: Cause, rows: Int, before: Former = .nobody,
        validUntil: Int64 = .max, identity: UnsafeRawBufferPointer, attributes: UnsafeRawBufferPointer
    ) {
        let start = bytes.count
        bytes.append(contentsOf: identity)
        bytes.append(contentsOf: attributes)
        members.append(
            Member(
                audience: audience, namespace: namespace, status: status, cause: cause, rows: rows, before: before,
                validUntil: validUntil, identity: start..<start + identity.count, attributesBytes: attributes.count))
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
            func isBefore(_ a: Member, _ b: Member) -> Bool {
                if a.audience != b.audience { return places[a.audience] < places[b.audience] }
                if a.namespace != b.namespace { return namespaceOrder[a.namespace] < namespaceOrder[b.namespace] }
                return isLess(UnsafeRawBufferPointer(rebasing: all[a.identity]), UnsafeRawBufferPointer(rebasing: all[b.identity]))
            }
            if members.count <= Difference.sortedDirectly { members.sort(by: isBefore) } else { sortByPlaces(isBefore) }
        }
        sortRequests()
    }

    /// More members than this are sorted by their places: sorting needs half as much memory again.
    private static let sortedDirectly = 4096

    private func sortByPlaces(_ isBefore: (Member, Member) -> Bool) {
        var order = (0..<Int32(members.count)).map { $0 }
        members.withUnsafeMutableBufferPointer { members in
            order.sort { isBefore(members[Int($0)], members[Int($1)]) }
            for start in order.indices where order[start] != start {
                let first = members[start]
                var place = start
                while order[place] != start {
                    let next = Int(order[place])
                    members[place] = members[next]
                    order[place] = Int32(place)
                    place = next
                }
                members[place] = first
                order[place] = Int32(place)
            }
        }
    }
}
