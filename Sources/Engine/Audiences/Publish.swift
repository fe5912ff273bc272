// Publish, new version, stop and delete: each is a commit of its own, whose difference is found by comparing the members an audience
// had with those it has now (semantics §4, "Publish").
public import Campaigns

extension Engine {
    /// What is against a campaign going live beside the others; empty when nothing is.
    public func problems(of campaign: Campaign) -> [Problem] { audiences.registry.problems(of: campaign) }

    /// Who writes and reads which audience.
    public var registry: AudienceRegistry { audiences.registry }

    /// Takes a campaign that was found right: a new one goes live, a live or stopped one is replaced by the new version. `zone` is its
    /// time zone, `otherZones` those that its expressions name. Changes and time must be committed before. Returns the version.
    public mutating func publish(
        _ campaign: Campaign, zone: TimeZoneRules, otherZones: [TimeZoneRules] = [], into difference: Difference
    ) -> Int {
        precondition(!hasChanges, "changes are committed before a control event")
        addZones([.utc, zone] + otherZones)
        difference.removeAll()
        let old = audiences.campaigns[campaign.id]
        let version = (old?.version ?? 0) + 1
        let written = campaign.saves.map { audiences.number(of: $0) }
        let held = hold(Set(written + audiences(of: campaign.id)))
        // New saves open before old ones close, so that what both read is not filled anew.
        let populations = populations(of: campaign)
        var own: [Int: Contribution] = [:]
        for (save, audience) in zip(campaign.saves, written) {
            own[audience] = Contribution(
                campaign: campaign.id, version: version, label: save.label, namespace: save.namespace,
                source: source(of: save, in: campaign, populations, audience: audience))
        }
        audiences.registry.take(campaign)
        audiences.campaigns[campaign.id] = CampaignState(version: version, definition: campaign)
        for audience in held.keys.sorted() { settle(audience, own: own[audience]) }
        findNextValidityEdge()
        emit(held, published: Set(written), old == nil ? .publish : .definition, difference)
        return version
    }

    /// What a version that is published now gives to an audience: nobody before its validity; after it, whom the version before gave.
    private mutating func source(
        of save: SaveAudience, in campaign: Campaign, _ populations: [Transition: Population], audience: Int
    ) -> Contribution.Source {
        switch campaign.validity(at: clock) {
        case .live: return .live(openSave(save, of: populations[save.from]!, audience: audience))
        case .scheduled: return .empty
        case .completed:
            guard let place = contribution(of: campaign.id, to: audience) else { return .empty }
            let before = audiences[audience].contributions[place]
            return before.namespace == save.namespace ? frozen(before) : .empty
        }
    }

    /// "Stops following; audiences stay as they are, frozen." Emits nothing.
    public mutating func stop(campaign id: String) {
        guard let state = audiences.campaigns[id], !state.isStopped else { return }
        freeze(campaign: id)
        audiences.registry.stop(campaign: id)
        audiences.campaigns[id]!.isStopped = true
        findNextValidityEdge()
    }

    /// "As stopped, and every audience only it writes is emptied and retired."
    public mutating func delete(campaign id: String, into difference: Difference) {
        precondition(!hasChanges, "changes are committed before a control event")
        difference.removeAll()
        let held = hold(Set(audiences(of: id)))
        audiences.registry.delete(campaign: id)
        audiences.campaigns[id] = nil
        for audience in held.keys.sorted() { settle(audience, own: nil) }
        findNextValidityEdge()
        emit(held, published: [], .stop, difference)
    }

    /// What audiences hold before something happens to them.
    private mutating func hold(_ numbers: Set<Int>) -> [Int: (namespace: String, members: MemberTable)] {
        var held: [Int: (namespace: String, members: MemberTable)] = [:]
        for audience in numbers { held[audience] = (audiences[audience].namespace, members(of: audience)) }
        return held
    }

    /// The difference to what audiences held, and which of them nobody writes any more.
    private mutating func emit(
        _ held: [Int: (namespace: String, members: MemberTable)], published: Set<Int>, _ cause: Cause, _ difference: Difference
    ) {
        for (audience, before) in held.sorted(by: { $0.key < $1.key }) {
            let update = compare(audience, before.namespace, before.members, cause, difference)
            if published.contains(audience) || update.entered + update.updated + update.exited > 0 { difference.updates.append(update) }
            if audiences[audience].isRetired { difference.retired.append(audience) }
        }
        difference.sort(audienceOrder: audiences.order)
        statistics.memberEvents += difference.members.count
    }

    private mutating func addZones(_ more: [TimeZoneRules]) {
        for rules in more where !zones.contains(where: { $0.name == rules.name }) { zones.append(rules) }
    }

    /// The difference between the members an audience had and those it has.
    private mutating func compare(
        _ audience: Int, _ oldNamespace: String, _ old: MemberTable, _ cause: Cause, _ difference: Difference
    ) -> Difference.Update {
        let new = members(of: audience)
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
        return update
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
