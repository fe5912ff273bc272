// What one save-audience activity keeps: which condition's rows it saves, by which identity, with which attributes. Members of a mirror are
// not stored: who is one follows from the condition's rows and the link from rows to identities. An append keeps besides those who have
// left, with what they had last; a frozen one those who were members when it was replaced last (FrozenSaves.swift).
import Campaigns

struct Save: ~Copyable {
    let campaign: String
    let definition: SaveAudience
    let condition: Number<Condition>
    /// The derived link of the condition's table that leads rows to their identities.
    let link: LinkPlace
    let audience: Int
    /// The node of the row id; nil: it is the key of the row.
    let rowId: NodeNumber?
    /// Of rows of one row id the node of the number that decides.
    let place: NodeNumber?
    let attributes: SavedAttributes
    let isMirror: Bool
    let isAppend: Bool
    let isFrozen: Bool
    /// When its campaign ends; `.max`: never.
    let endsAt: Int64
    /// What time does to who is a member by it.
    let motion: Motion
    /// What the identity, the row id and the attributes read.
    fileprivate(set) var reads = ReadSet.nothing
    /// Identities that many rows of the table stand for.
    fileprivate(set) var crowds = Crowds()
    /// Rows of the population that have a record and no identity.
    fileprivate(set) var rejected = 0
    /// false once the campaign no longer saves by it, and while it begins to in the middle of a commit: nobody is a member by it then.
    var isOpen = true
    /// Whether its audience has other contributions beside it.
    var isMerged = false
    /// An append goes on adding while another campaign has its audience.
    var isDetached = false
    /// Of an append: members that are not in the population any more, or are about to leave it.
    var kept = KeptMembers()
    /// It was opened in the commit at hand: whoever comes and goes in that was never a member.
    var isBeginning = true
    /// While it begins in the middle of a commit: what its campaign gave before.
    var former: MemberTable?
    /// Of a frozen one.
    var frozen = FrozenState()

    /// The table whose rows it saves.
    var table: TableNumber { link.table }

    /// The nodes that it reads, but for that of the identity.
    var nodes: [NodeNumber] { [rowId, place].compactMap { $0 } + attributes.all }

}

extension Engine {
    /// Opens a save for one activity of a campaign; its condition is filled from the tables.
    mutating func openSave(
        _ definition: SaveAudience, of population: Population, in campaign: Campaign, audience: Int
    ) -> Number<Save> {
        let frame = population.frame
        let table = frame.table
        let condition = plan.conditions.intern(table: table, node: population.who)
        retainCondition(condition)
        let link = identityLink(definition.identity, namespace: definition.namespace, in: frame)
        var save = Save(
            campaign: campaign.id, definition: definition, condition: condition, link: link, audience: audience, rowId: frame.rowId,
            place: frame.place, attributes: savedAttributes(definition.attributes, in: frame), isMirror: definition.mode == .mirror,
            isAppend: definition.mode == .append, isFrozen: definition.mode != .mirror && definition.mode != .append,
            endsAt: campaign.endAt ?? .max,
            motion: motion(of: tables[link].node!) == .still ? motion(of: condition) : .unforeseen)
        save.reads = retainDerivedLink(link, 1)
        for node in save.nodes { save.reads.formUnion(retain(node)) }
        if tables[table].liveCount > 0 {
            for block in tables[table].blocks {
                for row in tables[table].memberships.rows(block, with: condition) where tables[link].rows[row] == .noValue {
                    save.rejected += 1
                }
            }
        }
        let number = audiences.saves.nextNumber
        audiences.saves.append(save)
        audiences.open.insert(number)
        pending.beginning.append(number)
        addTaker(.save(number), of: condition, isLinked: isLinked(number))
        return number
    }

    mutating func closeSave(_ number: Number<Save>) {
        let condition = audiences.saves[number].condition
        audiences.saves[number].isOpen = false
        audiences.saves[number].kept = KeptMembers()
        audiences.saves[number].crowds = Crowds()
        if audiences.saves[number].isFrozen { goOn(number, with: FrozenState()) }
        audiences.open.remove(number)
        removeTaker(.save(number), of: condition, isLinked: isLinked(number))
        for node in audiences.saves[number].nodes { release(node) }
        _ = retainDerivedLink(audiences.saves[number].link, -1)
        releaseCondition(condition)
    }

    /// Whether the identity, the row id or an attribute of a save follows links.
    private func isLinked(_ number: Number<Save>) -> Bool {
        let identity = tables[audiences.saves[number].link].node!
        return audiences.saves[number].rowId != nil
            || (audiences.saves[number].nodes + [identity]).contains { plan.nodes[$0].linkCount > 0 }
    }

    /// Where a row of a save's population leads to: its identity, `noValue` or `noRecord`.
    @inline(__always)
    private func identity(_ number: Number<Save>, of row: RowNumber) -> RowNumber {
        tables[audiences.saves[number].link].rows[row]
    }

    func identityText(_ save: Number<Save>, _ identity: RowNumber) -> UnsafeRawBufferPointer {
        tables[tables.target(of: audiences.saves[save].link)].key(of: identity)
    }

    // Touching: whatever may change a member says so before it does.

    /// A row of a save's population is about to come or go.
    mutating func touch(_ number: Number<Save>, row: RowNumber, flipsTo now: Bool) {
        let identity = identity(number, of: row)
        noteInCrowd(number, row)
        if identity == .noValue { audiences.saves[number].rejected += now ? 1 : -1 }
        if let identity = identity.orNil { touch(number, identity) }
    }

    /// A row of a save's population is about to change.
    mutating func touch(_ number: Number<Save>, row: RowNumber) {
        noteInCrowd(number, row)
        if let identity = identity(number, of: row).orNil { touch(number, identity) }
    }

    /// A row is about to stand for another identity, or for none, in the populations that it is in.
    mutating func regroup(_ link: LinkPlace, _ row: RowNumber, from old: RowNumber, to new: RowNumber) {
        let table = link.table
        for place in 0..<tables[table].memberships.count(row) {
            let condition = tables[table].memberships.entry(row, at: place).number
            for taker in 0..<plan.conditions[condition].takers.count {
                switch plan.conditions[condition].takers[taker] {
                case .save(let number) where audiences.saves[number].link == link:
                    noteInCrowd(number, row)
                    if let old = old.orNil { touch(number, old) }
                    if let new = new.orNil { touch(number, new) }
                    audiences.saves[number].rejected += (new == .noValue ? 1 : 0) - (old == .noValue ? 1 : 0)
                case .channel(let number) where audiences.channels[number].link == link:
                    if let old = old.orNil { pending.contacts.add(number, old) }
                    if let new = new.orNil { pending.contacts.add(number, new) }
                default: break
                }
            }
        }
    }

    private mutating func touch(_ number: Number<Save>, _ identity: RowNumber) {
        if pending.isLoading { return }
        if !audiences.saves[number].isMirror {
            if audiences.saves[number].isFrozen { return }
            if !Omission.keepingMembers.isOn { keepLast(number, identity) }
            if audiences.saves[number].isDetached { return }
        }
        touchMember(number, identity)
    }

    /// What an audience says of an identity may change: it is remembered as it is.
    mutating func touchMember(_ number: Number<Save>, _ identity: RowNumber) {
        // Audiences that merge are told apart from saves, whose numbers are never negative.
        let audience = audiences.saves[number].audience
        let owner = audiences.saves[number].isMerged ? 1 << 31 | UInt32(audience) : UInt32(number.value)
        if pending.isTouched(owner, of: audience, identity) { return }
        let rows = standing(number, identity)
        let attributes = AttributesHash(of: scratch.attributeText.bytes)
        pending.touch(
            TouchedMember(save: number, identity: identity, rows: rows, attributes: attributes, cause: pending.cause), owner, of: audience)
    }

    /// How many rows stand for an identity in its audience; leaves its attributes in `attributeText`, nothing if it is no member.
    mutating func standing(_ number: Number<Save>, _ identity: RowNumber) -> Int32 {
        audiences.saves[number].isMerged ? mergedStanding(number, identity) : ownStanding(number, identity)
    }

    /// The same by one save alone.
    mutating func ownStanding(_ number: Number<Save>, _ identity: RowNumber) -> Int32 {
        scratch.attributeText.bytes.removeAll(keepingCapacity: true)
        if let former = audiences.saves[number].former { return standing(former, number, identity) }
        guard audiences.saves[number].isOpen else { return 0 }
        if audiences.saves[number].isFrozen { return standing(audiences.saves[number].frozen.members, number, identity) }
        let (rows, lowest) = member(number, identity)
        if let lowest {
            writeAttributes(number, lowest)
            return rows
        }
        guard let kept = audiences.saves[number].kept[identity] else { return 0 }
        scratch.attributeText.bytes.append(contentsOf: kept.attributes)
        return kept.rows
    }

    /// How many rows of a save's population stand for an identity, and the one with the lowest row id. Of a crowd it is as `gatherCrowds`
    /// found it last: whoever asks for the first time in a commit asks for what the commit before has left.
    mutating func member(_ number: Number<Save>, _ identity: RowNumber) -> (rows: Int32, lowest: RowNumber?) {
        if audiences.saves[number].crowds.contains(identity) {
            return (audiences.saves[number].crowds.count(of: identity), audiences.saves[number].crowds.row(at: 0, of: identity))
        }
        let (condition, link) = (audiences.saves[number].condition, audiences.saves[number].link)
        var (rows, visited) = (Int32(0), 0)
        var lowest: RowNumber?
        var next = tables[link].children.first(under: identity)
        while let row = next {
            visited += 1
            if tables[link.table].memberships.contains(row, condition) {
                rows += 1
                let (rowId, place) = (audiences.saves[number].rowId, audiences.saves[number].place)
                if lowest.map({ isRowIdLess(rowId, place: place, link.table, row, $0) }) ?? true { lowest = row }
            }
            next = tables[link].children.next(row)
        }
        statistics.rowsVisitedForMembers += visited
        if visited > fewRows { pending.crowded.append(SavedIdentities.Entry(save: number, identity: identity)) }
        return (rows, lowest)
    }

    /// Crowds of all saves are brought to what they are now, and what was seen to be one becomes one. No row is being changed.
    mutating func gatherCrowds() {
        for place in 0..<pending.gathering.count {
            let number = pending.gathering[place]
            let (condition, link) = (audiences.saves[number].condition, audiences.saves[number].link)
            var crowds = Crowds()
            swap(&crowds, &audiences.saves[number].crowds)
            gather(&crowds, crowdOrder(number)) { engine, row in
                engine.tables[link.table].memberships.contains(row, condition) ? engine.tables[link].rows[row].orNil : nil
            }
            swap(&crowds, &audiences.saves[number].crowds)
        }
        pending.gathering.removeAll()
        for place in 0..<pending.crowded.count { beginCrowd(pending.crowded[place].save, pending.crowded[place].identity) }
        pending.crowded.removeAll()
    }

    /// A row of a save may be about to come, go, or move to another identity.
    @inline(__always)
    private mutating func noteInCrowd(_ number: Number<Save>, _ row: RowNumber) {
        if audiences.saves[number].crowds.note(row) { pending.gathering.append(number) }
    }

    private func crowdOrder(_ number: Number<Save>) -> CrowdOrder {
        CrowdOrder(
            table: audiences.saves[number].table, rowId: audiences.saves[number].rowId, place: audiences.saves[number].place)
    }

    private mutating func beginCrowd(_ number: Number<Save>, _ identity: RowNumber) {
        guard audiences.saves[number].isOpen, !audiences.saves[number].crowds.contains(identity) else { return }
        let (condition, link) = (audiences.saves[number].condition, audiences.saves[number].link)
        let base = scratch.rows.count
        var next = tables[link].children.first(under: identity)
        while let row = next {
            if tables[link.table].memberships.contains(row, condition) { scratch.rows.append(row) }
            next = tables[link].children.next(row)
        }
        var crowds = Crowds()
        swap(&crowds, &audiences.saves[number].crowds)
        beginCrowd(&crowds, at: identity, crowdOrder(number), from: base, scratch.rows.count)
        swap(&crowds, &audiences.saves[number].crowds)
        scratch.rows.truncate(to: base)
    }

    /// Whether a row comes before another of its table by row id; by key where there is no node of it.
    mutating func isRowIdLess(
        _ rowId: NodeNumber?, place: NodeNumber?, _ table: TableNumber, _ a: RowNumber, _ b: RowNumber
    ) -> Bool {
        guard let rowId else { return isKeyTextLess(table, a, b) }
        scratch.texts.reset()
        let (mine, other) = (value(rowId, a), value(rowId, b))
        let order = compareBytes(mine.text, other.text)
        guard order == 0, let place else { return order < 0 }
        return value(place, a).integer < value(place, b).integer
    }

    /// Leaves the attributes of a row in `attributeText`, as one JSON object.
    mutating func writeAttributes(_ number: Number<Save>, _ row: RowNumber) {
        writeAttributes(row, count: audiences.saves[number].attributes.nodes.count) { engine, place in
            engine.audiences.saves[number].attributes.attribute(at: place)
        }
    }
}
