// What is followed of a live campaign: its saves, channels, alerts and waits, by activity id.
import Campaigns

struct Following {
    var saves: [String: Number<Save>] = [:]
    var channels: [String: Number<OpenChannel>] = [:]
    var alerts: [String: Number<OpenAlert>] = [:]
    /// The conditions of waits, which are kept whether somebody takes their rows or not.
    var waits: [String: Number<Condition>] = [:]
}

extension Engine {
    /// Follows a campaign, going on with what it remembers. The difference comes when the commit at hand ends.
    mutating func follow(_ campaign: Campaign, remembering memory: CampaignMemory) -> Following {
        for (activity, waits) in memory.waits { audiences.memories.handOver(waits, of: campaign.id, activity: activity) }
        let populations = populations(of: campaign)
        var following = Following()
        for activity in campaign.activities {
            switch activity {
            case .wait(let wait):
                guard case .duration = wait.period else { break }
                let population = populations[Transition(activity: wait.id)]!
                let condition = plan.conditions.intern(table: population.frame.table, node: population.who)
                retainCondition(condition)
                following.waits[wait.id] = condition
            case .save(let save):
                let number = openSave(save, of: populations[save.from]!, in: campaign, audience: audiences.number(of: save))
                if let members = memory.appended[save.id] { takeOver(members, number) }
                if audiences.saves[number].isFrozen { beginFrozen(number) }
                following.saves[save.id] = number
            case .channel(let channel):
                following.channels[channel.id] = openChannel(
                    channel, of: populations[channel.from]!, in: campaign.id, remembering: memory.channels[channel.id])
            case .alert(let alert):
                let wasTrue = memory.alerts.contains(alert.id)
                following.alerts[alert.id] = openAlert(alert, of: populations[alert.from]!, in: campaign.id, wasTrue: wasTrue)
            // Of the others nothing is followed.
            default: break
            }
        }
        if !pending.isLoading { audiences.memories.forgetHandedOver() }
        return following
    }

    /// Ceases to follow a campaign.
    mutating func unfollow(_ following: Following) {
        for alert in following.alerts.sorted(by: { $0.key < $1.key }) { closeAlert(alert.value) }
        for channel in following.channels.values.sorted() { _ = closeChannel(channel) }
        for save in following.saves.values.sorted() { closeSave(save) }
        for wait in following.waits.values.sorted() { releaseCondition(wait) }
    }

    /// What a campaign remembers, whether it is followed or not.
    mutating func memory(of campaign: String) -> CampaignMemory {
        guard let state = audiences.campaigns[campaign] else { return CampaignMemory() }
        guard let following = state.following else { return state.memory }
        var memory = state.memory
        memory.waits = following.waits.mapValues { plan.waits[waiting(deciding: $0)].state.memory }
        for (activity, channel) in following.channels { memory.channels[activity] = self.memory(of: channel) }
        memory.alerts = openAlerts(following)
        memory.appended = [:]
        for (activity, save) in following.saves where audiences.saves[save].isAppend { memory.appended[activity] = members(ofSave: save) }
        return memory
    }

    /// The alerts that were true when the last commit ended.
    func openAlerts(_ following: Following) -> Set<String> {
        Set(following.alerts.filter { audiences.alerts[$0.value].wasTrue }.map(\.key))
    }
}
