// What `audienced verify` has found of one audience.
import Campaigns

struct VerifiedAudience {
    let id: String
    let members: Int
    /// The commit that was looked at last.
    let sequence: Int64
    /// By identity, in its order.
    var differences: [(identity: String, what: String)] = []
    /// Events of a large change were still to come when it was looked at last.
    var isUnfinished = false

    /// Compares what events say with what is listed.
    init(_ id: String, _ events: MemberEvents, _ listed: ListedMembers) {
        self.id = id
        members = listed.count
        sequence = listed.sequence
        for identity in events.identities(of: id).union(listed.identities).sorted(by: isBefore) {
            if let member = listed[identity] {
                let told = events.member(identity, of: id, at: member.sequence)
                if let what = ToldMember.difference(told: told, listed: member) { differences.append((identity, what)) }
            } else if !listed.sequences(without: identity).contains(where: { events.member(identity, of: id, at: $0) == nil }) {
                differences.append((identity, "events say in, the daemon says out"))
            }
        }
    }

    /// As `--json` prints it.
    var json: JSON {
        .object([
            JSON.Member("audience", .string(id)), JSON.Member("members", .integer(Int64(members))),
            JSON.Member("sequence", .integer(sequence)), JSON.Member("unfinished", .boolean(isUnfinished)),
            JSON.Member(
                "differences",
                .array(
                    differences.map { difference in
                        .object([JSON.Member("identity", .string(difference.identity)), JSON.Member("message", .string(difference.what))])
                    })),
        ])
    }
}
