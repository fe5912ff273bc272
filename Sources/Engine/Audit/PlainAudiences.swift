// What an audit makes of audiences: the rows of an identity, how many members and rejected rows there are, who is there for a channel, and
// what those who read an audience see of it.
import Campaigns

extension Engine {
    // Saves.

    /// Whether the rows of an identity that many stand for are kept as they are, and nobody is kept who is still there.
    mutating func look(atMembers number: Number<Save>, _ identity: RowNumber, _ visited: inout Int) -> Verdict {
        let (condition, link) = (audiences.saves[number].condition, audiences.saves[number].link)
        let isKept = audiences.saves[number].kept[identity] != nil
        guard let rows = plainRows(of: condition, leadingTo: identity, over: [link], &visited) else { return .tooMuch }
        if isKept && !rows.isEmpty { return .wrong }
        guard audiences.saves[number].crowds.isGathered, audiences.saves[number].crowds.contains(identity) else {
            return rows.isEmpty && !isKept ? .nothing : .right
        }
        guard Int(audiences.saves[number].crowds.count(of: identity)) == rows.count else { return .wrong }
        guard let first = audiences.saves[number].crowds.row(at: 0, of: identity) else { return Verdict(rows.isEmpty) }
        let (rowId, place) = (audiences.saves[number].rowId, audiences.saves[number].place)
        return Verdict(rows.contains(first) && !rows.contains { isRowIdLess(rowId, place: place, link.table, $0, first) })
    }

    /// Whether as many rows are rejected as have a record and no identity.
    func look(atRejected number: Number<Save>, _ visited: inout Int) -> Verdict {
        let (condition, link) = (audiences.saves[number].condition, audiences.saves[number].link)
        let places = tables[link.table].states.count
        guard places <= AuditBounds.scanned else { return .tooMuch }
        visited += places / 8
        var rejected = 0
        for row in tables[link.table].rows
        where tables[link.table].memberships.contains(row, condition) && tables[link].rows[row] == .noValue {
            rejected += 1
        }
        return Verdict(rejected == audiences.saves[number].rejected)
    }

    /// Whether an audience has as many members and rows as it says.
    mutating func look(atSize audience: Int, _ visited: inout Int) -> Verdict {
        var identities = 0
        for contribution in audiences[audience].contributions {
            switch contribution.source {
            case .live(let save): identities += tables[tables.target(of: audiences.saves[save].link)].keys.count
            case .frozen(let members, _): identities += members.count
            }
        }
        guard identities <= AuditBounds.members else { return .tooMuch }
        visited += identities
        let members = members(of: audience)
        return Verdict(members.count == audiences[audience].size && members.rows == audiences[audience].rows)
    }

    // Channels.

    /// Whether an identity is there that has a row with an address.
    mutating func look(atChannel number: Number<OpenChannel>, _ identity: RowNumber, _ visited: inout Int) -> Verdict {
        let (condition, link) = (audiences.channels[number].condition, audiences.channels[number].link)
        let isHeld = audiences.channels[number].contacted[identity.value].isPresent
        guard let rows = plainRows(of: condition, leadingTo: identity, over: [link], &visited) else { return .tooMuch }
        var isThere = false
        for row in rows where !isThere {
            scratch.texts.reset()
            isThere = !value(audiences.channels[number].address, row).isNull
        }
        return isThere || isHeld ? Verdict(isThere == isHeld) : .nothing
    }

    // Audiences that others read.

    /// The rows of the table that readers see, and the identities that may be members.
    func audienceTablePlaces(_ audience: String) -> Int {
        guard let table = audiences.tables[audience], table.isFilled, let number = audiences.find(audience) else { return 0 }
        let identities = tables.findNamespace(audiences[number].namespace).map { tables[$0].keys.count } ?? 0
        return max(tables[table.table].states.count, identities)
    }

    /// Whether readers see a member as it is, and nobody else.
    mutating func look(atAudienceTable audience: String, _ row: RowNumber, _ visited: inout Int) -> Verdict {
        guard let held = audiences.tables[audience], let number = audiences.find(audience) else { return .nothing }
        var verdict = Verdict.nothing
        if tables[held.table].isLive(row) {
            visited += 1
            guard let attributes = plainMember(Array(tables[held.table].key(of: row)), of: number), carries(attributes, row, held) else {
                return .wrong
            }
            verdict = .right
        }
        guard let namespace = tables.findNamespace(audiences[number].namespace), Int(row.value) < tables[namespace].keys.count else {
            return verdict
        }
        let identity = Array(tables[namespace].key(of: row))
        guard plainMember(identity, of: number) != nil else { return verdict }
        visited += 1
        let seen = identity.withUnsafeBytes { plainRow(ofKey: $0, in: held.table) }
        return Verdict(seen.map { tables[held.table].isLive($0) } ?? false)
    }

    /// The attributes of a member of an audience; nil when it is none.
    private mutating func plainMember(_ identity: [UInt8], of audience: Int) -> [UInt8]? {
        for contribution in audiences[audience].contributions {
            switch contribution.source {
            case .live(let save):
                let namespace = tables.target(of: audiences.saves[save].link)
                guard let row = identity.withUnsafeBytes({ plainRow(ofKey: $0, in: namespace) }) else { continue }
                if ownStanding(save, row) > 0 { return scratch.attributeText.bytes }
            case .frozen(let members, _):
                guard let place = identity.withUnsafeBytes({ members.find($0) }) else { continue }
                return members.withMember(place) { Array($2) }
            }
        }
        return nil
    }

    /// Whether a row of an audience's table has the values of a member's attributes.
    private func carries(_ attributes: [UInt8], _ row: RowNumber, _ audience: AudienceTable) -> Bool {
        let object = AttributeObject(attributes)
        return audience.columns.allSatisfy { name, held in
            let value = columnValue(audience.table, held.column, row)
            guard let json = object.value(JSONText.quoted(name)) else { return value.isNull }
            return Self.isSame(value, Array(json), held.type)
        }
    }

    /// Whether a value of a type is what a member's attributes have; what they have of another type is null. Members of an earlier version
    /// may stay as they were.
    private static func isSame(_ value: Value, _ json: [UInt8], _ type: ValueType) -> Bool {
        let isText = json.first == UInt8(ascii: "\"")
        let bytes = AttributeObject.text(of: json[...])
        let text = String(decoding: bytes, as: UTF8.self)
        var expected: UInt64?
        switch type {
        case .string, .null: return isText ? value.kind == .text && value.text.elementsEqual(bytes) : value.isNull
        case .boolean: expected = isText ? nil : ["false": 0, "true": 1][text]
        case .integer: expected = isText ? nil : Int64(text).map { Value.integer($0).bits }
        case .double: expected = isText ? nil : Double(text)?.bitPattern
        case .date: expected = isText ? CivilDate.day(of: text).map { Value.date($0).bits } : nil
        case .datetime: expected = isText ? InstantText.milliseconds(of: text).map { Value.instant($0).bits } : nil
        }
        return expected == (value.isNull ? nil : value.bits)
    }
}
