// What a campaign remembers while it is not followed, and hands to its next version by activity id (semantics §1, §4; decisions 49–51, 65):
// in words that no plan is needed for, row ids and identities.
import Campaigns

struct CampaignMemory {
    /// Since when row ids wait.
    var waits: [String: WaitingMemory] = [:]
    var channels: [String: ChannelMemory] = [:]
    /// The alerts that were true when the last commit ended.
    var alerts: Set<String> = []
    /// The members that an append has added.
    var appended: [String: MemberTable] = [:]

    /// What a new version goes on with.
    func kept(from old: Campaign, to new: Campaign) -> CampaignMemory {
        var kept = CampaignMemory()
        kept.waits = waits.filter { new.keepsMemory(of: $0.key, from: old) }
        kept.channels = channels.filter { new.keepsMemory(of: $0.key, from: old) }
        kept.alerts = alerts.filter { new.keepsMemory(of: $0, from: old) }
        for save in new.saves {
            guard let former = new.formerAppend(of: save, in: old), let members = appended[former.id] else { continue }
            kept.appended[save.id] = members.remapped(to: save, from: former)
        }
        return kept
    }

    /// What a stop leaves: "waits and alerts end".
    mutating func end() {
        waits = [:]
        alerts = []
    }

    /// What the end of the validity leaves, and the time before it: "the identities of an every-entry channel are gone".
    mutating func empty() {
        end()
        for id in channels.keys { channels[id]!.present = [] }
    }
}

extension MemberTable {
    /// Former members of an append in the words of its next version: "the attributes that have the same name and type, the others are null"
    /// (decision 51).
    fileprivate func remapped(to save: SaveAudience, from former: SaveAudience) -> MemberTable {
        let (names, kept) = (save.attributes.map(\.name), save.keptAttributes(of: former))
        if names == former.attributes.map(\.name) && kept.count == names.count { return self }
        let remapped = MemberTable()
        for place in 0..<count {
            withMember(place) { identity, rows, attributes in
                let object = AttributeObject.remapped(Array(attributes), to: names, keeping: kept)
                remapped.append(identity: identity, rows: Int32(rows), attributes: object)
            }
        }
        return remapped
    }
}
