// New and extended schemas: the tables, and the links that resolve when their target arrives.
public import Campaigns

extension Engine {
    /// Takes a schema that the catalog accepted: a new one, or one with more fields, links, identities and values than before.
    /// Changes name their tables by number, in the order of the first publication.
    public mutating func publish(schema: Schema) {
        if let number = tables.find(schema.name) {
            tables[number].extend(to: schema)
            for field in tables[number].columns.count..<schema.fields.count { addColumn(schema.fields[field], to: number, isOwnKey: false) }
        } else {
            let number = tables.add(schema)
            for field in 0..<schema.fields.count {
                addColumn(schema.fields[field], to: number, isOwnKey: tables[number].isTextKey && schema.primaryKey == [field])
            }
        }
        for table in tables.takeWaiting(for: schema.name) { resolveLinks(table) }
        resolveLinks(tables.number(of: schema.name))
    }

    /// Resolves the links of all schemas whose targets are there.
    mutating func resolveLinks() {
        for table in tables.all { resolveLinks(table) }
    }

    private mutating func addColumn(_ field: Field, to table: TableNumber, isOwnKey: Bool) {
        let kind: Column.Kind
        var target: TableNumber?
        switch field.type {
        case .string, .enum:
            if !isOwnKey { target = foreignTable(field, of: table) ?? identityTable(field, of: table) }
            kind = isOwnKey ? .ownKey : target != nil ? .foreignKey : .text
        case .boolean: kind = .boolean
        case .date: kind = .date
        case .integer: kind = .integer
        case .double: kind = .double
        case .datetime: kind = .instant
        }
        _ = tables[table].add(Column(kind: kind, target: target))
    }

    /// The table whose whole key a field of a new table is, by a link whose target is there already.
    private func foreignTable(_ field: Field, of table: TableNumber) -> TableNumber? {
        if tables[table].states.count > 0 { return nil }
        for link in tables[table].schema.links where link.on.count == 1 && link.on[0].source == field.name {
            if let target = tables.find(link.target), tables[target].isTextKey { return target }
        }
        return nil
    }

    /// The table of the first namespace that a field is an identity in: where its values are found by the audiences that save by it.
    private mutating func identityTable(_ field: Field, of table: TableNumber) -> TableNumber? {
        let schema = tables[table].schema
        guard let identity = schema.identities.first(where: { schema.fields[$0.field].name == field.name }) else { return nil }
        return tables.namespace(identity.namespace)
    }

    private mutating func resolveLinks(_ table: TableNumber) {
        let schema = tables[table].schema
        for (place, link) in schema.links.enumerated() {
            let held = LinkPlace(table: table, number: tables[table].linkNumber(ofSchemaLink: place))
            guard tables[held].target == nil else { continue }
            guard let target = tables.find(link.target) else {
                tables.wait(for: link.target, table)
                continue
            }
            let columns = tables[target].schema.primaryKey.map { key in
                let name = tables[target].schema.fields[key].name
                return ColumnNumber(schema.field(named: link.on.first { $0.target == name }!.source)!)
            }
            let isByCode = columns.count == 1 && tables[table].columns[columns[0]].target == target
            tables[held].resolve(to: target, by: columns, column: isByCode ? columns[0] : nil)
            tables[target].addIncoming(held)
            if isByCode { continue }
            tables[held].grow(to: tables[table].states.count)
            for row in tables[table].rows where tables[table].isLive(row) {
                tables[held].set(row, to: linkedRow(held, row) ?? RowNumber.none)
            }
        }
    }
}
