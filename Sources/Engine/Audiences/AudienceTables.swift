// Audiences that others read: each is a hidden table, with a row for each member, by identity, and a column for each attribute that
// somebody carries. It is written when the audience's members are compared, and whoever reads it is told as of any other table.
//
// Kept while a campaign reads it: the text of each identity that readers name, 4 bytes and the attributes for each.
import Campaigns

struct AudienceTable {
    let table: TableNumber
    /// What members carry, by name.
    var columns: [String: (column: ColumnNumber, type: ValueType)] = [:]
    /// Whether its rows are the members; else there are none.
    var isFilled = false
}

extension Engine {
    /// The table of an audience that is read, with a column for an attribute; new if need be.
    mutating func audienceTable(_ audience: String, carrying columns: [ReadAudience.Column] = []) -> AudienceTable {
        var found = audiences.tables[audience] ?? AudienceTable(table: tables.addHidden(named: audience))
        // An attribute may have another type by now; nobody reads the column of the old one any more.
        for column in columns where found.columns[column.name]?.type != column.type {
            found.columns[column.name] = (tables[found.table].addColumn(of: column.type), column.type)
            // Members that are there already get their values.
            found.isFilled = false
        }
        audiences.tables[audience] = found
        return found
    }

    /// What a campaign reads is there before its populations are.
    mutating func openReadAudiences(of campaign: Campaign) {
        for read in campaign.reads {
            let table = audienceTable(read.audience, carrying: read.columns)
            if !table.isFilled { fill(read.audience) }
        }
    }

    /// What a campaign read, and nobody reads any more, is given up.
    mutating func closeReadAudiences(of campaign: Campaign) {
        for audience in Set(campaign.reads.map(\.audience)).sorted() where !audiences.registry.isRead(audience) {
            statistics.partsVisitedByPublish += 1
            guard let table = audiences.tables[audience], table.isFilled else { continue }
            for row in tables[table.table].rows { delete(table.table, row) }
            audiences.tables[audience]!.isFilled = false
        }
        precondition(pending.touched.count == 0, "nobody reads it")
        pending.marks.removeAll()
    }

    /// Makes the rows of an audience's table its members as they are.
    private mutating func fill(_ audience: String) {
        guard let table = audiences.tables[audience], let number = audiences.find(audience) else { return }
        audiences.tables[audience]!.isFilled = true
        let members = members(of: number)
        var present = Set<RowNumber>()
        for place in 0..<members.count {
            members.withMember(place) { identity, _, attributes in
                let row = tables[table.table].row(ofKey: identity, hash: textHash(identity))
                present.insert(row)
                write(row, Array(attributes), to: table)
            }
        }
        for row in tables[table.table].rows where !present.contains(row) { delete(table.table, row) }
    }

    /// Writes what the commit at hand has changed of audiences of a stratum that others read.
    mutating func writeReadAudiences(ofStratum stratum: Int, after event: ControlEvent?) {
        if audiences.tables.isEmpty { return }
        gatherCrowds()
        func isDue(_ audience: Int) -> Bool {
            let id = audiences[audience].id
            return audiences.tables[id]?.isFilled ?? false && audiences.registry.stratum(ofAudience: id) == stratum
        }
        for place in 0..<pending.touched.count {
            let member = pending.touched[place]
            let audience = audiences.saves[member.save].audience
            guard isDue(audience) else { continue }
            let table = audiences.tables[audiences[audience].id]!
            let rows = standing(member.save, member.identity)
            let text = identityText(member.save, member.identity)
            let row = tables[table.table].row(ofKey: text, hash: textHash(text))
            pending.cause = .upstream
            if rows > 0 { write(row, scratch.attributeText.bytes, to: table) } else { delete(table.table, row) }
        }
        for audience in (event?.held ?? [:]).keys.sorted() where isDue(audience) {
            pending.cause = .upstream
            fill(audiences[audience].id)
        }
    }

    /// Writes a member, new or with other attributes.
    private mutating func write(_ row: RowNumber, _ attributes: [UInt8], to audience: AudienceTable) {
        let table = audience.table
        tables[table].growToKeys()
        let object = AttributeObject(attributes)
        let isNew = !tables[table].isLive(row)
        var changed: SignalBits = isNew ? .max : 0
        var cells: [(column: ColumnNumber, cell: Column.Content)] = []
        for (name, held) in audience.columns.sorted(by: { $0.key < $1.key }) {
            let content = tables[table].content(ofJSON: object.value(JSONText.quoted(name)), held.type, in: held.column)
            if !isNew, tables[table].columns[held.column].holds(content, row) { continue }
            cells.append((held.column, content))
            changed |= tables[table].columns[held.column].bit
        }
        guard isNew || !cells.isEmpty else { return }
        change(table, row, changed) { engine in
            engine.plan.found.noteWrite()
            for (column, content) in cells { engine.tables[table].set(column, row, to: content) }
            if isNew { engine.becomeLive(table, row) }
            engine.plan.found.noteWrite()
        }
    }
}

extension Table {
    /// Adds a column to a hidden table.
    fileprivate mutating func addColumn(of type: ValueType) -> ColumnNumber {
        let kind: Column.Kind =
            switch type {
            case .boolean: .boolean
            case .integer: .integer
            case .double: .double
            case .date: .date
            case .datetime: .instant
            case .string, .null: .text
            }
        return add(Column(kind: kind))
    }
}
