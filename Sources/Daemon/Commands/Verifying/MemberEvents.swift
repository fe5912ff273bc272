// What events of `audience-members` have told of members: first up to the end of the topic as it is, then what has come since, so that the
// state at any commit in between is known.
import Campaigns

struct MemberEvents {
    private let beginning: MemberEventReader
    private var reader: MemberEventReader
    /// Only of these audiences; empty: of all.
    private let audiences: Set<String>
    /// By audience and identity, as of the first reading.
    private(set) var told: [String: [String: ToldMember]] = [:]
    /// What has come since, in its order.
    private var later: [String: [String: [ToldMember]]] = [:]
    /// The latest commit of an event of the first reading.
    private(set) var sequence: Int64 = 0

    init(_ source: any Source, topic: String, audiences: Set<String>) {
        beginning = MemberEventReader(source, topic: topic)
        reader = beginning
        self.audiences = audiences
    }

    /// Reads all there is.
    /// - Parameter progress: is told how many events were read.
    mutating func begin(progress: (Int64) -> Void) throws {
        told = [:]
        later = [:]
        reader = beginning
        try readOn(progress: progress) { events, audience, identity, member in
            events.sequence = max(events.sequence, member.sequence)
            events.told[audience, default: [:]][identity] = member.rows > 0 ? member : nil
        }
    }

    /// Reads what has come since.
    mutating func goOn(progress: (Int64) -> Void) throws {
        try readOn(progress: progress) { events, audience, identity, member in
            events.later[audience, default: [:]][identity, default: []].append(member)
        }
    }

    /// A member as of a commit at or behind `sequence`; nil: nobody has told of it, or it is out.
    func member(_ identity: String, of audience: String, at sequence: Int64) -> ToldMember? {
        let last = later[audience]?[identity]?.last { $0.sequence <= sequence }
        let found = last ?? told[audience]?[identity]
        return found.flatMap { $0.rows > 0 ? $0 : nil }
    }

    /// Everybody of whom was told.
    func identities(of audience: String) -> Set<String> {
        Set(told[audience, default: [:]].keys).union(later[audience, default: [:]].keys)
    }

    private mutating func readOn(
        progress: (Int64) -> Void, _ take: (inout MemberEvents, String, String, ToldMember) -> Void
    ) throws {
        var reader = self.reader
        try reader.read(progress: progress) { event, audience, identity in
            guard let member = ToldMember(event: event) else {
                throw DaemonFailure(.data, "the event of \(audience) with sequence \(event.integer("sequence") ?? 0) is none of a member")
            }
            if audiences.isEmpty || audiences.contains(audience) { take(&self, audience, identity, member) }
        }
        self.reader = reader
    }
}
