// What an audit makes of rankings: every row that competes is held with what it says now, and of each group those meet the decided
// condition that are first when its rows are sorted. A large group is not sorted: each of its rows stands on its side of the boundary, and
// how many stand within is counted by the leaves of the order.
import Campaigns

/// Where a row stands by what it says now.
private struct PlainRank {
    let row: RowNumber
    /// The bytes of the group's tuple; nil: it has none.
    var group: [UInt8]?
    var isNull = false
    var key: Int64 = 0
    var text: [UInt8] = []
    var hash: UInt64 = 0
    var place: Int64 = 0

    func isBefore(_ other: PlainRank, _ isDescending: Bool) -> Bool {
        if isNull != other.isNull { return other.isNull }
        if key != other.key { return key < other.key }
        if text != other.text {
            return isDescending ? other.text.lexicographicallyPrecedes(text) : text.lexicographicallyPrecedes(other.text)
        }
        return (hash, place, row) < (other.hash, other.place, other.row)
    }

    func isSame(as held: RankedRow) -> Bool {
        let isTextSame = held.texts.map { $0.value.elementsEqual(text) } ?? text.isEmpty
        return isTextSame && (held.isNull, held.key, held.hash, held.place) == (isNull, key, hash, place)
    }
}

extension Engine {
    /// Whether a row is held as it stands, and its group's first are decided, where it is the first of them.
    mutating func look(atRanking number: Number<Ranking>, _ row: RowNumber, _ visited: inout Int) -> Verdict {
        let (key, decided) = (plan.rankings[number].key, plan.rankings[number].decided)
        let table = plan.conditions[key.condition].table
        let competes = tables[table].isLive(row) && tables[table].memberships.contains(row, key.condition)
        let isDecided = tables[table].memberships.contains(row, decided)
        let held = plan.rankings[number].rows.held(row)
        guard competes else { return held == nil && !isDecided ? .nothing : .wrong }
        let rank = plainRank(row, key)
        guard let group = rank.group else { return Verdict(held == nil && isDecided == key.keepsUngrouped) }
        guard let held, rank.isSame(as: held), isDecided == plan.rankings[number].rows.isWithin(row) else { return .wrong }
        let isGroupSame = key.group == nil ? held.group == 0 : plan.rankings[number].groups.text(held.group).elementsEqual(group)
        guard isGroupSame, plan.rankings[number].rows.isFound(row) else { return .wrong }
        guard plan.rankings[number].rows.row(at: 0, ofGroup: held.group) == row else { return .right }
        return Verdict(isGroupRight(number, held.group, &visited))
    }

    private mutating func isGroupRight(_ number: Number<Ranking>, _ group: Int32, _ visited: inout Int) -> Bool {
        let (key, decided) = (plan.rankings[number].key, plan.rankings[number].decided)
        let counted = plan.rankings[number].rows.counted(ofGroup: group)
        let first = min(key.cut.count(of: counted.count), counted.count)
        guard plan.rankings[number].rows.count(ofGroup: group) == counted.count, counted.within == first else { return false }
        guard counted.count <= AuditBounds.rows else { return true }
        let table = plan.conditions[key.condition].table
        var ranks: [PlainRank] = []
        for line in plan.rankings[number].rows.rows(ofGroup: group) { ranks.append(plainRank(line, key)) }
        visited += ranks.count
        ranks.sort { $0.isBefore($1, key.isDescending) }
        return ranks.enumerated().allSatisfy { tables[table].memberships.contains($1.row, decided) == ($0 < first) }
    }

    private mutating func plainRank(_ row: RowNumber, _ key: RankingKey) -> PlainRank {
        scratch.texts.reset()
        var rank = PlainRank(row: row, group: [])
        if let tuple = key.group {
            let values = value(tuple, row)
            rank.group = values.isNull ? nil : Array(values.text)
        }
        if let place = key.place { rank.place = value(place, row).integer }
        if let node = key.value {
            let value = value(node, row)
            rank.isNull = value.isNull
            if let place = value.sortKey { rank.key = key.isDescending ? ~place : place }
            if value.kind == .text { rank.text = Array(value.text) }
        }
        var hash = StableHash()
        hash.update(plan.constants[key.seed].text)
        hash.update(value(key.rowId, row).text)
        rank.hash = hash.value
        return rank
    }
}

extension RankingKey.Cut {
    /// How many of so many are first.
    fileprivate func count(of rows: Int) -> Int {
        switch self {
        case .count(let most): most
        case .share(let percentage): percentage.of(rows)
        }
    }
}
