// The end of a commit: every member that was touched is compared with what it was when the commit began. What left and came back, or
// changed to what it was, is no difference.

import Campaigns

extension Engine {
    /// Decides what was marked, stratum by stratum: what reads an audience after what writes it; and adds what has changed to a difference.
    mutating func finishCommit(after event: ControlEvent? = nil, into difference: Difference) {
        let hadRows = pending.crossing.hasRows
        if hadRows { goOnCrossing() }
        for stratum in 0...audiences.registry.highestStratum {
            settle(through: Int32(stratum))
            replaceFrozen(ofStratum: stratum)
            writeReadAudiences(ofStratum: stratum, after: event)
        }
        #if DEBUG
            // Of rows that are not told yet nobody has looked at anything.
            if pending.crossing.isUnderWay { pending.told = [] } else { checkInvariants() }
        #endif
        pending.marks.removeAll()
        pending.replacements.removeAll()
        gatherCrowds()
        forgetTermPieces()
        if let event { compareHeld(event, into: difference) }
        compareTouched(after: event, into: difference, comparesHeld: !hadRows)
        forgetReturned()
        sendRequests(into: difference)
        raiseAlerts(into: difference)
        difference.sortRequests()
    }

    /// What touched members are now, beside what they were: the difference of the commit.
    private mutating func compareTouched(after event: ControlEvent?, into difference: Difference, comparesHeld: Bool) {
        // Where each audience's update stands. A dictionary of the updates themselves would allocate twice per event, for its default.
        var updates: [Int: Int] = [:]
        let already = difference.members.count
        pending.touched.end()
        for place in 0..<pending.touched.count {
            let before = pending.touched[place]
            // Compared as a whole already.
            if let event, event.held[audiences.saves[before.save].audience] != nil { continue }
            compare(before, into: difference, &updates)
        }
        pending.touched.removeAll()
        if comparesHeld, pending.crossing.isUnderWay { compareHeld(into: difference, &updates) }
        statistics.memberEvents += difference.members.count - already
        difference.sort(audiences)
    }

    /// What a member is now, beside what it was. `updates`: where the update of each audience stands in the difference.
    mutating func compare(_ before: TouchedMember, into difference: Difference, _ updates: inout [Int: Int]) {
        let rows = standing(before.save, before.identity)
        let status: MemberStatus
        switch (before.rows, rows) {
        case (0, 0): return
        case (0, _): status = .realized
        case (_, 0): status = .exited
        default:
            if before.rows == rows && before.attributes == AttributesHash(of: scratch.attributeText.bytes) { return }
            status = .existing
        }
        let audience = audiences.saves[before.save].audience
        let validUntil = status == .exited ? .max : validUntil(before.save, before.identity)
        let text = identityText(before.save, before.identity)
        scratch.attributeText.bytes.withUnsafeBytes { attributes in
            difference.append(
                audience: audience, namespace: difference.namespace(audiences[audience].namespace), status: status, cause: before.cause,
                rows: Int(rows), before: Difference.Former(rows: before.rows, attributes: before.attributes),
                validUntil: validUntil, identity: text, attributes: attributes)
        }
        let update = updates[audience] ?? difference.updates.count
        if update == difference.updates.count {
            updates[audience] = update
            difference.updates.append(Difference.Update(audience: audience))
        }
        difference.updates[update].count(status)
        audiences[audience].count(status, rows: Int(rows) - Int(before.rows))
    }
}

extension Difference.Update {
    mutating func count(_ status: MemberStatus) {
        switch status {
        case .realized: entered += 1
        case .existing: updated += 1
        case .exited: exited += 1
        }
    }
}

extension AudienceState {
    mutating func count(_ status: MemberStatus, rows difference: Int) {
        if status == .realized { size += 1 } else if status == .exited { size -= 1 }
        rows += difference
    }
}
