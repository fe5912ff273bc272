// `startAt` and `endAt` of campaigns (contract §2.2, decision 6): outside its validity a campaign's populations are empty; its audiences
// are empty before, and stay as they are after it. Both instants are commits of their own, which the caller makes.
import Campaigns

extension Engine {
    /// Where the clock must stop, and a commit be made, on its way to an instant, in order of time: at each `startAt`, and 1 ms before each
    /// `endAt`. Not for stopped campaigns.
    public func commitInstants(until instant: Int64) -> [Int64] {
        guard instant >= audiences.nextValidityEdge else { return [] }
        return Set(audiences.starts.instants(through: instant) + audiences.ends.instants(through: instant).map { $0 - 1 }).sorted()
    }

    /// Ends the campaigns whose `endAt` the clock is about to reach, and returns those that it will have started.
    mutating func endCampaigns(until instant: Int64) -> [String] {
        precondition(
            commitInstants(until: instant).allSatisfy { $0 == clock || $0 == instant },
            "the clock stops for a commit where a campaign starts or ends")
        for id in audiences.ends.take(through: instant) {
            freeze(campaign: id)
            audiences.campaigns[id]!.memory.empty()
        }
        return audiences.starts.take(through: instant)
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
        findStrata(of: ids)
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

    /// A live campaign will start and end, unless it has: the version that was published last.
    func expectValidity(of campaign: Campaign) {
        func ahead(_ instant: Int64?) -> Int64 { instant.map { clock < $0 ? $0 : .max } ?? .max }
        audiences.starts.schedule(campaign.id, at: ahead(campaign.startAt))
        audiences.ends.schedule(campaign.id, at: ahead(campaign.endAt))
    }

    /// A campaign was stopped or deleted: it neither starts nor ends.
    func forgetValidity(of campaign: String) {
        audiences.starts.schedule(campaign, at: .max)
        audiences.ends.schedule(campaign, at: .max)
    }
}
