// Repair: what is followed of all live campaigns is given up, and followed anew from the tables, going on with what they remember. They
// share what they say alike, so one alone would find again what the others hold. The difference is found as after a publish: by comparing
// the members that audiences had with those they have.
//
// A reconciliation is a repair beside what was committed, by whatever rules: those members are compared with the ones that audiences have.
// What is no function of rows and clock is taken from there.
import Campaigns

extension Engine {
    /// Follows every live campaign anew. Where all was right nothing is said; all else is said with cause `repair`. Changes and time must
    /// be committed before.
    public mutating func repair(into difference: Difference) {
        let written = Set((0..<audiences.count).filter { !audiences[$0].isRetired })
        followAllAnew(beside: hold(written), into: difference)
    }

    /// Follows every live campaign anew, beside the members that were committed, by audience: the difference to those is said with cause
    /// `repair`. An append and a frozen audience, and one whose campaign is stopped or completed, have the members that were committed,
    /// whoever would be one now, unless several campaigns write it. Changes and time must be committed before, and each audience that has
    /// members must be known (`isAudience`). `completes`: of each audience an update is said, whether anything is different or not.
    public mutating func reconcile(
        with committed: [String: CommittedMembers], completes: Bool = false, into difference: Difference
    ) {
        var held: [Int: HeldAudience] = [:]
        for audience in 0..<audiences.count {
            let members = committed[audiences[audience].id]
            if audiences[audience].isRetired && members?.isEmpty ?? true { continue }
            held[audience] = HeldAudience(
                namespace: members?.namespace ?? audiences[audience].namespace, members: members?.members() ?? MemberTable())
        }
        for (audience, before) in held where audiences[audience].contributions.count == 1 {
            guard case .frozen(_, let rejected) = audiences[audience].contributions[0].source else { continue }
            audiences[audience].contributions[0].source = .frozen(before.members, rejected: rejected)
        }
        let live = held.keys.filter { !audiences[$0].isRetired }
        followAllAnew(beside: held, published: completes ? Set(live) : [], takesOver: true, into: difference)
    }

    /// Whether an audience of this id is, or was.
    public func isAudience(_ id: String) -> Bool { number(ofAudience: id) != nil }

    /// - Parameters:
    ///   - published: audiences of which an update is said, whether anything is different or not.
    ///   - takesOver: what memories hold is the members that are there beside.
    private mutating func followAllAnew(
        beside held: [Int: HeldAudience], published: Set<Int> = [], takesOver: Bool = false, into difference: Difference
    ) {
        precondition(!hasChanges, "changes are committed before a repair")
        difference.removeAll()
        pending.cause = .repair
        let live = audiences.campaigns.keys.sorted().filter { audiences.campaigns[$0]!.following != nil }
        let former = live.map { id in
            var (memory, frozen) = (memory(of: id), frozenSaves(of: id))
            if takesOver {
                for (activity, members) in membersAlone(of: id, held) {
                    if memory.appended[activity] != nil { memory.appended[activity] = members }
                    frozen[activity]?.members = members
                }
            }
            unfollow(audiences.campaigns[id]!.following!)
            audiences.campaigns[id]!.following = nil
            return (memory, frozen)
        }
        findRowsOfKeys()
        for (id, (memory, frozen)) in zip(live, former) { followAnew(id, remembering: memory, frozen) }
        findStrata(of: live)
        finishCommit(after: ControlEvent(held: held, published: published, cause: .repair), into: difference)
    }

    /// Of the saves of a live campaign that write an audience alone: the members held, by activity.
    private func membersAlone(of campaign: String, _ held: [Int: HeldAudience]) -> [String: MemberTable] {
        let saves = audiences.campaigns[campaign]!.following!.saves.filter { save in
            let audience = audiences.saves[save.value].audience
            return audiences[audience].contributions.count == 1 && contribution(of: campaign, to: audience) != nil
                && held[audience]?.namespace == audiences[audience].namespace
        }
        return saves.mapValues { held[audiences.saves[$0].audience]!.members }
    }

    /// Where rows lead by the columns of a key is kept whether somebody asks or not.
    private mutating func findRowsOfKeys() {
        for table in tables.all {
            for number in tables[table].links.numbers {
                let link = LinkPlace(table: table, number: number)
                guard tables[link].isByKey, tables[link].watchers == 0 else { continue }
                for row in tables[table].rows where tables[table].isLive(row) {
                    tables[link].set(row, to: linkedRow(link, row) ?? .noValue)
                }
            }
        }
    }

    /// The state of a campaign's frozen saves, which no publish hands on.
    func frozenSaves(of campaign: String) -> [String: FrozenState] {
        let saves = audiences.campaigns[campaign]!.following!.saves.filter { audiences.saves[$0.value].isFrozen }
        return saves.mapValues { audiences.saves[$0].frozen }
    }

    mutating func followAnew(_ id: String, remembering memory: CampaignMemory, _ frozen: [String: FrozenState]) {
        var following = follow(audiences.campaigns[id]!.definition, remembering: memory)
        for (activity, number) in following.saves.sorted(by: { $0.key < $1.key }) {
            if let state = frozen[activity] { goOn(number, with: state) }
            let audience = audiences.saves[number].audience
            if let place = contribution(of: id, to: audience) {
                audiences[audience].contributions[place].source = .live(number)
                audiences.saves[number].isMerged = audiences[audience].contributions.count > 1
            } else if !lose(number) {
                following.saves[activity] = nil
            }
        }
        audiences.campaigns[id]!.following = following
    }
}
