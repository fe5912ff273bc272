// What one campaign gives to an audience: a save that is followed, or members that stay as they are. An audience is its contributions:
// "members are the union, `rows` the sum, attributes from the campaign published first (exactly its own)" (semantics §4).
import Campaigns

struct Contribution {
    enum Source {
        /// The number of an open save.
        case live(Number<Save>)
        /// Members that stay: those of a stopped or completed campaign, nobody of a scheduled one; and how many rows it had rejected.
        case frozen(MemberTable, rejected: Int)

        static var empty: Source { .frozen(MemberTable(), rejected: 0) }
    }

    var campaign: String
    var version: Int
    var label: String
    var namespace: String
    var source: Source

    /// The save that is followed; nil when it is frozen.
    var save: Number<Save>? {
        if case .live(let save) = source { save } else { nil }
    }
}

extension Engine {
    /// The members of an audience, sorted by identity.
    public mutating func members(of audience: Int) -> MemberTable {
        var all: MemberTable?
        for contribution in audiences[audience].contributions {
            let members = members(of: contribution)
            all = all.map { MemberTable.merged($0, members) } ?? members
        }
        return all ?? MemberTable()
    }

    mutating func members(of contribution: Contribution) -> MemberTable {
        switch contribution.source {
        case .live(let save): return members(ofSave: save)
        case .frozen(let members, _): return members
        }
    }

    /// The members by one save.
    mutating func members(ofSave save: Number<Save>) -> MemberTable {
        if audiences.saves[save].isFrozen { return audiences.saves[save].frozen.members }
        let table = populationMembers(save)
        guard audiences.saves[save].kept.count > 0 else { return table }
        let present = Set(table.entries.indices.map { place in table.withMember(place) { text, _, _ in Array(text) } })
        audiences.saves[save].kept.forEach { identity, member in
            let text = identityText(save, identity)
            if !present.contains(Array(text)) { table.append(identity: text, rows: member.rows, attributes: member.attributes) }
        }
        table.sort()
        return table
    }

    /// Whom the population of a save makes members.
    mutating func populationMembers(_ save: Number<Save>) -> MemberTable {
        let table = MemberTable()
        let link = audiences.saves[save].link
        let condition = audiences.saves[save].condition
        var seen = RowSet()
        for block in tables[link.table].blocks {
            for row in tables[link.table].memberships.rows(block, with: condition) {
                guard let identity = tables[link].rows[row].orNil, !seen.contains(identity) else { continue }
                seen.insert(identity)
                let (rows, lowest) = member(save, identity)
                guard let lowest else { continue }
                writeAttributes(save, lowest)
                table.append(identity: identityText(save, identity), rows: rows, attributes: scratch.attributeText.bytes)
            }
        }
        table.sort()
        return table
    }

    func rejected(_ contribution: Contribution) -> Int {
        switch contribution.source {
        case .live(let save): audiences.saves[save].rejected
        case .frozen(_, let rejected): rejected
        }
    }

    /// What a contribution holds, to stay as it is.
    mutating func frozen(_ contribution: Contribution) -> Contribution.Source {
        .frozen(members(of: contribution), rejected: rejected(contribution))
    }

    /// The numbers of the audiences that a campaign contributes to, ascending.
    func audiences(of campaign: String) -> [Int] {
        guard let state = audiences.campaigns[campaign] else { return [] }
        let written = state.definition.saves.compactMap { audiences.find($0.audience) }
        return written.filter { contribution(of: campaign, to: $0) != nil }.sorted()
    }

    /// The place of a campaign's contribution among those of an audience.
    func contribution(of campaign: String, to audience: Int) -> Int? {
        audiences[audience].contributions.firstIndex { $0.campaign == campaign }
    }

    /// Everything a campaign contributes stays as it is from now on, and it is followed no longer. What it remembers stays with it.
    mutating func freeze(campaign: String) {
        precondition(!hasChanges, "what has changed is committed before a campaign stops or ends")
        for audience in audiences(of: campaign) {
            let place = contribution(of: campaign, to: audience)!
            audiences[audience].contributions[place].source = frozen(audiences[audience].contributions[place])
        }
        let memory = memory(of: campaign)
        audiences.campaigns[campaign]!.memory = memory
        guard let following = audiences.campaigns[campaign]!.following else { return }
        audiences.campaigns[campaign]!.following = nil
        unfollow(following)
    }

    /// Brings an audience's contributions in line with who writes it: those of others are kept or dropped, the campaign's own is the one
    /// given.
    mutating func settle(_ audience: Int, own: Contribution?, by campaign: String) {
        let held = audiences[audience].contributions
        let writers = audiences.registry.writers(of: audiences[audience].id)
        let now = writers.map { writer in
            if let own, own.campaign == writer.campaign { return own }
            return held.first { $0.campaign == writer.campaign }!
        }
        for lost in held where lost.campaign != campaign && !now.contains(where: { $0.campaign == lost.campaign }) { drop(lost) }
        audiences[audience].contributions = now
        for save in now.compactMap(\.save) { audiences.saves[save].isMerged = now.count > 1 }
        guard let first = now.first else { return }
        audiences[audience].label = first.label
        audiences[audience].namespace = first.namespace
        audiences[audience].campaign = first.campaign
        audiences[audience].campaignVersion = first.version
    }

    /// Another campaign has taken an audience over.
    private mutating func drop(_ lost: Contribution) {
        guard let save = lost.save, !lose(save) else { return }
        audiences.campaigns[lost.campaign]!.following!.saves[audiences.saves[save].definition.id] = nil
    }

    /// Another campaign has the audience of a save, which is closed; "what was added is the campaign's memory, also while another campaign
    /// has the audience" (decision 51). Returns whether it stays.
    mutating func lose(_ save: Number<Save>) -> Bool {
        guard audiences.saves[save].isAppend else {
            closeSave(save)
            return false
        }
        audiences.saves[save].isDetached = true
        audiences.saves[save].isMerged = false
        return true
    }
}
