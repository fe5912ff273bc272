// `startAt` and `endAt` of campaigns (contract §2.2, decision 6): outside its validity a campaign's populations are empty; its audiences
// are empty before, and stay as they are after it. Both instants are commits of their own, which the caller makes.
import Campaigns

extension Engine {
    /// Where the clock must stop, and a commit be made, on its way to an instant, in order of time: at each `startAt`, and 1 ms before each
    /// `endAt`. Not for stopped campaigns.
    public func commitInstants(until instant: Int64) -> [Int64] {
        guard instant >= audiences.nextValidityEdge else { return [] }
        var found: Set<Int64> = []
        for state in audiences.campaigns.values where !state.isStopped {
            if let start = state.definition.startAt, clock < start, start <= instant { found.insert(start) }
            if let end = state.definition.endAt, clock < end, end <= instant { found.insert(end - 1) }
        }
        return found.sorted()
    }

    /// Ends the campaigns whose `endAt` the clock is about to reach, and returns those that it will have started.
    mutating func endCampaigns(until instant: Int64) -> [String] {
        precondition(
            commitInstants(until: instant).allSatisfy { $0 == clock || $0 == instant },
            "the clock stops for a commit where a campaign starts or ends")
        let following = audiences.campaigns.keys.sorted().filter { !audiences.campaigns[$0]!.isStopped }
        for id in following where audiences.campaigns[id]!.definition.endAt.map({ clock < $0 && $0 <= instant }) ?? false {
            freeze(campaign: id)
            audiences.campaigns[id]!.memory.empty()
        }
        return following.filter { audiences.campaigns[$0]!.definition.startAt == instant }
    }

    /// Starts campaigns at the clock, in the middle of a commit: whoever they save may be a new member.
    mutating func start(_ ids: [String]) {
        for id in ids {
            let state = audiences.campaigns[id]!
            openReadAudiences(of: state.definition)
            var following = follow(state.definition, remembering: state.memory)
            for (activity, number) in following.saves.sorted(by: { $0.key < $1.key }) where !begin(number, of: id) {
                following.saves[activity] = nil
            }
            audiences.campaigns[id]!.following = following
        }
        findStrata()
        findNextValidityEdge()
    }

    /// A save takes the place of what its campaign gave before it went live. False when another campaign has the audience, and the save was
    /// closed.
    private mutating func begin(_ number: Number<Save>, of campaign: String) -> Bool {
        let audience = audiences.saves[number].audience
        guard let place = contribution(of: campaign, to: audience) else { return lose(number) }
        let old = members(of: audiences[audience].contributions[place])
        if audiences.saves[number].isFrozen { audiences.saves[number].frozen.members = old }
        let now = members(ofSave: number)
        audiences.saves[number].isMerged = audiences[audience].contributions.count > 1
        audiences.saves[number].isOpen = false
        audiences.saves[number].former = old
        touchAll(of: old, number)
        touchAll(of: now, number)
        audiences.saves[number].former = nil
        audiences.saves[number].isOpen = true
        audiences[audience].contributions[place].source = .live(number)
        return true
    }

    /// Looks for the next instant at which a live campaign starts or ends, and for those that may say something at the end of any commit.
    mutating func findNextValidityEdge() {
        audiences.alertingCampaigns = audiences.campaigns.filter { !($0.value.following?.alerts.isEmpty ?? true) }.map(\.key).sorted()
        audiences.nextValidityEdge = .max
        for state in audiences.campaigns.values where !state.isStopped {
            for instant in [state.definition.startAt, state.definition.endAt] {
                if let instant, clock < instant { audiences.nextValidityEdge = min(audiences.nextValidityEdge, instant) }
            }
        }
    }
}
