// Publish, new version, stop and delete: each is a commit of its own, whose difference is found by comparing the members an audience
// had with those it has now (semantics §4, "Publish").
public import Campaigns

extension Engine {
    /// Takes a campaign that was found right: a new one goes live, a live or stopped one is replaced by the new version. `zones` holds
    /// its time zone. Changes and time must be committed before. Returns the version.
    public mutating func publish(_ campaign: Campaign, zone: TimeZoneRules, into difference: Difference) -> Int {
        precondition(touched.isEmpty, "changes are committed before a control event")
        addZone(zone)
        difference.removeAll()
        let old = campaigns[campaign.id]
        let version = (old?.version ?? 0) + 1
        var updates: [Int: Difference.Update] = [:]
        // What the audiences hold by the old definition, then the new saves, then the difference.
        var before: [Int: (namespace: String, members: MemberTable)] = [:]
        for audience in old?.audiences ?? [] { before[audience] = (audiences[audience].namespace, members(of: audience)) }
        var written: [Int] = []
        var opened: [(audience: Int, save: Int32)] = []
        for save in campaign.saves {
            let audience = audienceNumber(save.audience, save)
            if before[audience] == nil { before[audience] = (audiences[audience].namespace, members(of: audience)) }
            written.append(audience)
            opened.append((audience, openSave(save, of: campaign.builds[save.population], audience: audience)))
        }
        for audience in old?.audiences ?? [] where audiences[audience].campaign == campaign.id { follow(audience, nil) }
        for (place, save) in campaign.saves.enumerated() {
            let (audience, number) = opened[place]
            disown(audience, except: campaign.id)
            follow(audience, number)
            audiences[audience].label = save.label
            audiences[audience].namespace = save.namespace
            audiences[audience].campaign = campaign.id
            audiences[audience].campaignVersion = version
            audiences[audience].isRetired = false
        }
        for audience in old?.audiences ?? [] where !written.contains(audience) && audiences[audience].campaign == campaign.id {
            retire(audience, difference)
        }
        let why: Cause = old == nil ? .publish : .definition
        for (audience, held) in before.sorted(by: { $0.key < $1.key }) {
            let update = compare(audience, held.namespace, held.members, why, difference)
            if written.contains(audience) || update.entered + update.updated + update.exited > 0 { updates[audience] = update }
        }
        campaigns[campaign.id] = CampaignState(version: version, audiences: written)
        finish(updates, difference)
        return version
    }

    /// "Stops following; audiences stay as they are, frozen." Emits nothing.
    public mutating func stop(campaign id: String) {
        precondition(touched.isEmpty, "changes are committed before a control event")
        guard let state = campaigns[id], !state.isStopped else { return }
        campaigns[id]!.isStopped = true
        for audience in state.audiences where audiences[audience].campaign == id {
            let members = members(of: audience)
            follow(audience, nil)
            audiences[audience].frozen = members
        }
    }

    /// "As stopped, and every audience only it writes is emptied and retired."
    public mutating func delete(campaign id: String, into difference: Difference) {
        precondition(touched.isEmpty, "changes are committed before a control event")
        difference.removeAll()
        guard let state = campaigns.removeValue(forKey: id) else { return }
        var updates: [Int: Difference.Update] = [:]
        for audience in state.audiences where audiences[audience].campaign == id {
            let held = members(of: audience)
            follow(audience, nil)
            retire(audience, difference)
            let update = compare(audience, audiences[audience].namespace, held, .stop, difference)
            if update.exited > 0 { updates[audience] = update }
        }
        finish(updates, difference)
    }

    /// The members of an audience, sorted by identity.
    public mutating func members(of audience: Int) -> MemberTable {
        if let frozen = audiences[audience].frozen { return frozen }
        let table = MemberTable()
        guard let save = audiences[audience].save else { return table }
        let identities = identityCount(save)
        for code in 0..<Int32(identities) {
            guard isIdentity(saves[save].table, saves[save].identityField, code) else { continue }
            let (rows, lowest) = member(save, code)
            guard rows > 0 else { continue }
            writeAttributes(save, lowest)
            let text = identityText(saves[save].table, saves[save].identityField, code)
            table.append(identity: text, rows: rows, attributes: attributeText.bytes)
        }
        table.sort()
        return table
    }

    private func identityCount(_ save: Int32) -> Int {
        let (table, field) = (saves[save].table, saves[save].identityField)
        switch tables[table].columns[field].kind {
        case .ownKey: return tables[table].keys.count
        case .foreignKey: return tables[tables[table].columns[field].target].keys.count
        default: return tables[table].columns[field].texts.count
        }
    }

    private mutating func addZone(_ zone: TimeZoneRules) {
        for rules in [TimeZoneRules.utc, zone] where !zones.contains(where: { $0.name == rules.name }) { zones.append(rules) }
    }

    private mutating func audienceNumber(_ id: String, _ save: SaveAudience) -> Int {
        if let found = audienceNumbers[id] { return found }
        audienceNumbers[id] = audiences.count
        audiences.append(AudienceState(id: id, label: save.label, namespace: save.namespace, campaign: "", campaignVersion: 0))
        return audiences.count - 1
    }

    /// Makes an audience follow another save, or none.
    private mutating func follow(_ audience: Int, _ save: Int32?) {
        if let old = audiences[audience].save { closeSave(old) }
        audiences[audience].save = save
        audiences[audience].frozen = nil
    }

    /// A stopped campaign loses an audience that another one takes over.
    private mutating func disown(_ audience: Int, except id: String) {
        let owner = audiences[audience].campaign
        guard owner != id, campaigns[owner] != nil else { return }
        campaigns[owner]!.audiences.removeAll { $0 == audience }
    }

    private mutating func retire(_ audience: Int, _ difference: Difference) {
        audiences[audience].isRetired = true
        difference.retired.append(audience)
    }

    /// The difference between the members an audience had and those it has.
    private mutating func compare(
        _ audience: Int, _ oldNamespace: String, _ old: MemberTable, _ cause: Cause, _ difference: Difference
    ) -> Difference.Update {
        let new = audiences[audience].save == nil ? MemberTable() : members(of: audience)
        let namespace = difference.namespace(audiences[audience].namespace)
        let oldPlace = difference.namespace(oldNamespace)
        var update = Difference.Update(audience: audience)
        let isSameNamespace = namespace == oldPlace
        func emit(_ table: MemberTable, _ place: Int, _ status: MemberStatus, _ namespace: Int) {
            table.withMember(place) { identity, rows, attributes in
                difference.append(
                    audience: audience, namespace: namespace, status: status, cause: cause, rows: status == .exited ? 0 : rows,
                    identity: identity, attributes: attributes)
            }
            update.count(status)
        }
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            let order = !isSameNamespace || right == new.count ? -1 : left == old.count ? 1 : MemberTable.order(old, left, new, right)
            if order < 0 && left < old.count {
                emit(old, left, .exited, oldPlace)
                left += 1
            } else if order != 0 {
                emit(new, right, .realized, namespace)
                right += 1
            } else {
                if !MemberTable.isSame(old, left, new, right) { emit(new, right, .existing, namespace) }
                left += 1
                right += 1
            }
        }
        audiences[audience].size = new.count
        audiences[audience].rows = new.rows
        refreshRejected(audience)
        return update
    }

    private mutating func finish(_ updates: [Int: Difference.Update], _ difference: Difference) {
        difference.updates = Array(updates.values)
        difference.sort(audienceOrder: audienceOrder())
        statistics.memberEvents += difference.members.count
    }
}

extension MemberTable {
    static func order(_ a: MemberTable, _ left: Int, _ b: MemberTable, _ right: Int) -> Int {
        a.withMember(left) { first, _, _ in b.withMember(right) { second, _, _ in compareBytes(first, second) } }
    }

    static func isSame(_ a: MemberTable, _ left: Int, _ b: MemberTable, _ right: Int) -> Bool {
        a.withMember(left) { _, rows, attributes in
            b.withMember(right) { _, otherRows, otherAttributes in rows == otherRows && compareBytes(attributes, otherAttributes) == 0 }
        }
    }
}
