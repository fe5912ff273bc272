// Members of an audience that several campaigns contribute to, all of them in one namespace: what stands for an identity is asked of each.
import Campaigns

extension Engine {
    /// How many rows of all contributions stand for an identity; leaves the attributes of the first that has it in `attributeText`.
    mutating func mergedStanding(_ save: Number<Save>, _ identity: RowNumber) -> Int32 {
        scratch.attributeText.bytes.removeAll(keepingCapacity: true)
        var rows: Int32 = 0
        for contribution in audiences[audiences.saves[save].audience].contributions {
            switch contribution.source {
            case .live(let other):
                let before = scratch.attributeText.bytes
                let more = ownStanding(other, identity)
                if rows > 0 { scratch.attributeText.bytes = before }
                rows += more
            case .frozen(let members, _):
                guard let place = members.find(identityText(save, identity)) else { continue }
                if rows == 0 { members.withMember(place) { scratch.attributeText.bytes.append(contentsOf: $2) } }
                rows += members.entries[place].rows
            }
        }
        return rows
    }
}

extension MemberTable {
    /// The place of an identity in a sorted table; nil when it is no member.
    func find(_ identity: UnsafeRawBufferPointer) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let order = withMember(middle) { found, _, _ in compareBytes(found, identity) }
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The union of two sorted tables: rows are added up, attributes are those of the first table that has the member.
    static func merged(_ first: MemberTable, _ second: MemberTable) -> MemberTable {
        let all = MemberTable()
        var (left, right) = (0, 0)
        while left < first.count || right < second.count {
            let order = left == first.count ? 1 : right == second.count ? -1 : MemberTable.order(first, left, second, right)
            let more = order == 0 ? second.entries[right].rows : 0
            let (table, place) = order <= 0 ? (first, left) : (second, right)
            table.withMember(place) { identity, rows, attributes in
                all.append(identity: identity, rows: Int32(rows) + more, attributes: attributes)
            }
            if order <= 0 { left += 1 }
            if order >= 0 { right += 1 }
        }
        return all
    }
}
