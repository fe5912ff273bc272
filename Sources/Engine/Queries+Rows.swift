// What the engine hands out of single records, for somebody who looks at a few at a time: a record with all that expressions about it may
// read, and what it gives to an audience.
public import Campaigns

/// A record as plain values.
public struct PlainRecord: Sendable {
    /// Its schema.
    public let schema: String
    /// By the number of the field.
    public let values: [Literal]
}

/// What one record gives to an audience, when it leads to one row at most.
public enum RecordStanding: Equatable, Sendable {
    /// It is not in the population, or leads to no record there.
    case out
    /// It is in the population, and has no identity.
    case rejected
    /// The identity that it stands for, and the attributes that this has if no row comes before it, as one JSON object.
    case member(identity: [UInt8], attributes: [UInt8])
}

extension Engine {
    /// How many places for records a schema's table has. Not in all of them is one.
    public func placeCount(of schema: String) -> Int {
        let table = tables.number(of: schema)
        return tables[table].states.count
    }

    /// The record at a place, first, with those that some links lead to from it, one after the other, each once. Empty when there is none.
    /// nil: there are more than `most`, or more than `mostPlaces` had to be looked at for those whose links lead back to them. What an
    /// explanation of the same state has looked through a table for is not looked for again.
    public func records(
        around place: Int, of schema: String, along steps: Set<AggregateStep>, most: Int, mostPlaces: Int, knowing: Explanation? = nil
    ) -> [PlainRecord]? {
        let first = (table: tables.number(of: schema), row: RowNumber(Int32(place)))
        guard tables[first.table].isLive(first.row) else { return [] }
        var found = [first]
        var (next, placesLeft) = (0, mostPlaces)
        while next < found.count {
            for step in steps {
                guard let linked = records(from: found[next], step, &placesLeft, knowing) else { return nil }
                for other in linked where !found.contains(where: { $0 == other }) { found.append(other) }
                if found.count > most { return nil }
            }
            next += 1
        }
        return found.map { table, row in
            let values = tables[table].schema.fields.indices.map { Literal(columnValue(table, ColumnNumber($0), row)) }
            return PlainRecord(schema: tables[table].schema.name, values: values)
        }
    }

    private func records(
        from record: (table: TableNumber, row: RowNumber), _ step: AggregateStep, _ placesLeft: inout Int,
        _ knowing: Explanation?
    ) -> [(table: TableNumber, row: RowNumber)]? {
        let source = tables.number(of: step.link.schema)
        let link = LinkPlace(table: source, number: tables[source].schemaLinks[step.link.link])
        let target = tables.target(of: link)
        if step.isForward && !step.link.isReversed {
            guard source == record.table, let row = tables.record(behind: link, record.row) else { return [] }
            return [(target, row)]
        }
        guard target == record.table else { return [] }
        if let known = knowing?.lookedThrough[link]?[record.row] { return known.map { (source, $0) } }
        placesLeft -= tables[source].states.count
        if placesLeft < 0 { return nil }
        return tables[source].rows(over: link.number, to: record.row).map { (source, $0) }
    }

    /// What a record gives to an audience by a save that is followed. nil: it is not, or its rows are not records of that schema.
    public mutating func standing(ofPlace place: Int, of schema: String, by save: String, of campaign: String) -> RecordStanding? {
        guard let number = audiences.campaigns[campaign]?.following?.saves[save] else { return nil }
        let (link, row) = (audiences.saves[number].link, RowNumber(Int32(place)))
        guard tables[link.table].schema.name == schema, tables.find(schema) == link.table else { return nil }
        guard tables[link.table].memberships.contains(row, audiences.saves[number].condition) else { return .out }
        let identity = tables[link].rows[row]
        if identity == .noValue { return .rejected }
        guard let identity = identity.orNil else { return .out }
        writeAttributes(number, row)
        return .member(identity: Array(identityText(number, identity)), attributes: scratch.attributeText.bytes)
    }
}

extension Table {
    /// The live rows that a link leads to a row from, ascending: all rows are looked at.
    func rows(over link: LinkNumber, to target: RowNumber) -> [RowNumber] {
        let rows = links[link].column.map { columns[$0].rows(naming: target) } ?? links[link].rows.rows(with: target)
        return rows.filter { isLive($0) }
    }
}
