// Publish, new version, stop and delete: each is a commit of its own, whose difference is found by comparing the members an audience
// had with those it has now (semantics §4, "Publish"). What others read of those audiences follows in the same commit.
public import Campaigns

/// An audience before something happens to it.
struct HeldAudience {
    var namespace: String
    var members: MemberTable
}

/// What a control event does to audiences.
struct ControlEvent {
    /// Those whose writers change, by number, as they were.
    var held: [Int: HeldAudience]
    /// Those whose publish completes.
    var published: Set<Int>
    var cause: Cause
}

extension Engine {
    /// What is against a campaign going live beside the others; empty when nothing is.
    public func problems(of campaign: Campaign) -> [Problem] { audiences.registry.problems(of: campaign) }

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
        let cause = old == nil ? Cause.publish : .definition
        pending.cause = cause
        let written = campaign.saves.map { audiences.number(of: $0) }
        let held = hold(Set(written + audiences(of: campaign.id)))
        var memory = memory(of: campaign.id)
        if let old { memory = memory.kept(from: old.definition, to: campaign) }
        let before = Dictionary(uniqueKeysWithValues: zip(campaign.saves, written).map { ($1, heldContribution($0, of: campaign, in: $1)) })
        audiences.registry.take(campaign)
        openReadAudiences(of: campaign)
        // What is new opens before the old is closed, so that what both read is not filled anew.
        let validity = campaign.validity(at: clock)
        let following = validity == .live ? follow(campaign, remembering: memory) : nil
        if validity != .live { memory.empty() }
        if let old = old?.following { unfollow(old) }
        audiences.campaigns[campaign.id] = CampaignState(version: version, definition: campaign, following: following, memory: memory)
        var own: [Int: Contribution] = [:]
        for (save, audience) in zip(campaign.saves, written) {
            let source = following.map { Contribution.Source.live($0.saves[save.id]!) } ?? before[audience]!
            own[audience] = Contribution(
                campaign: campaign.id, version: version, label: save.label, namespace: save.namespace, source: source)
        }
        for audience in held.keys.sorted() { settle(audience, own: own[audience], by: campaign.id) }
        expectValidity(of: campaign)
        findStrata(of: [campaign.id] + audiences.registry.restratified)
        finishCommit(after: ControlEvent(held: held, published: Set(written), cause: cause), into: difference)
        if let old { closeReadAudiences(of: old.definition) }
        return version
    }

    /// What a version gives to an audience while it is not live, besides what the version before gave: before its validity a mirror has no
    /// members, and the other modes have those they had (decision 6); after it, all do.
    private mutating func heldContribution(_ save: SaveAudience, of campaign: Campaign, in audience: Int) -> Contribution.Source {
        guard campaign.validity(at: clock) != .live, let place = contribution(of: campaign.id, to: audience) else { return .empty }
        let before = audiences[audience].contributions[place]
        if before.namespace != save.namespace || campaign.validity(at: clock) == .scheduled && save.mode == .mirror { return .empty }
        return frozen(before)
    }

    /// "Stops following; audiences stay as they are, frozen." Emits nothing.
    public mutating func stop(campaign id: String) {
        guard let state = audiences.campaigns[id], !state.isStopped else { return }
        freeze(campaign: id)
        audiences.registry.stop(campaign: id)
        audiences.campaigns[id]!.isStopped = true
        audiences.campaigns[id]!.memory.end()
        forgetValidity(of: id)
        findStrata(of: audiences.registry.restratified)
        closeReadAudiences(of: state.definition)
    }

    /// "As stopped, and every audience only it writes is emptied and retired."
    public mutating func delete(campaign id: String, into difference: Difference) {
        precondition(!hasChanges, "changes are committed before a control event")
        difference.removeAll()
        pending.cause = .stop
        guard let state = audiences.campaigns[id] else { return }
        let held = hold(Set(audiences(of: id)))
        if let following = state.following { unfollow(following) }
        audiences.registry.delete(campaign: id)
        audiences.campaigns[id] = nil
        for audience in held.keys.sorted() { settle(audience, own: nil, by: id) }
        forgetValidity(of: id)
        findStrata(of: audiences.registry.restratified)
        finishCommit(after: ControlEvent(held: held, published: [], cause: .stop), into: difference)
        closeReadAudiences(of: state.definition)
    }

    /// What audiences hold before something happens to them.
    mutating func hold(_ numbers: Set<Int>) -> [Int: HeldAudience] {
        var held: [Int: HeldAudience] = [:]
        for audience in numbers {
            held[audience] = HeldAudience(namespace: audiences[audience].namespace, members: members(of: audience))
        }
        return held
    }

    /// Adds the difference to what audiences held before a control event, and which of them nobody writes any more.
    mutating func compareHeld(_ event: ControlEvent, into difference: Difference) {
        for (audience, before) in event.held.sorted(by: { $0.key < $1.key }) {
            let update = compare(audience, before.namespace, before.members, event.cause, difference)
            let isChanged = update.entered + update.updated + update.exited > 0
            if event.published.contains(audience) || isChanged { difference.updates.append(update) }
            if audiences[audience].isRetired { difference.retired.append(audience) }
        }
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
        let foreseen = foreseenSave(of: audience)
        func emit(
            _ table: MemberTable, _ place: Int, _ status: MemberStatus, _ namespace: Int, _ before: Difference.Former = .nobody
        ) {
            table.withMember(place) { identity, rows, attributes in
                let isOut = status == .exited
                let validUntil = isOut ? .max : validUntil(foreseen, identity)
                difference.append(
                    audience: audience, namespace: namespace, status: status, cause: cause, rows: isOut ? 0 : rows, before: before,
                    validUntil: validUntil, identity: identity,
                    attributes: isOut ? UnsafeRawBufferPointer(start: nil, count: 0) : attributes)
            }
            update.count(status)
        }
        func former(_ place: Int) -> Difference.Former {
            old.withMember(place) { Difference.Former(rows: Int32($1), attributes: AttributesHash(of: $2)) }
        }
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            let order = !isSameNamespace || right == new.count ? -1 : left == old.count ? 1 : MemberTable.order(old, left, new, right)
            if order < 0 && left < old.count {
                emit(old, left, .exited, oldPlace, former(left))
                left += 1
            } else if order != 0 {
                emit(new, right, .realized, namespace)
                right += 1
            } else {
                if !MemberTable.isSame(old, left, new, right) { emit(new, right, .existing, namespace, former(left)) }
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
