// Repair: what is followed of all live campaigns is given up, and followed anew from the tables, going on with what they remember. They
// share what they say alike, so one alone would find again what the others hold. The difference is found as after a publish: by comparing
// the members that audiences had with those they have.
import Campaigns

extension Engine {
    /// Follows every live campaign anew. Where all was right nothing is said; all else is said with cause `repair`. Changes and time must
    /// be committed before.
    public mutating func repair(into difference: Difference) {
        precondition(!hasChanges, "changes are committed before a repair")
        difference.removeAll()
        pending.cause = .repair
        let written = Set((0..<audiences.count).filter { !audiences[$0].isRetired })
        let event = ControlEvent(held: hold(written), published: [], cause: .repair)
        let live = audiences.campaigns.keys.sorted().filter { audiences.campaigns[$0]!.following != nil }
        let former = live.map { id in
            let memory = (memory(of: id), frozenSaves(of: id))
            unfollow(audiences.campaigns[id]!.following!)
            audiences.campaigns[id]!.following = nil
            return memory
        }
        findRowsOfKeys()
        for (id, (memory, frozen)) in zip(live, former) { followAnew(id, remembering: memory, frozen) }
        findStrata(of: live)
        finishCommit(after: event, into: difference)
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
