// How an enrichment is read.

extension ActivityReader {
    /// Columns as they are added to those of the inbound.
    private struct Added {
        var types: [String: ValueType] = [:]
        var levels = 0

        /// A name that another has already is told where it stands.
        mutating func add(_ name: String, _ type: ValueType, _ reader: DefinitionReader) {
            if types.updateValue(type, forKey: name) != nil { reader.problem("name", "column \(quoted(name)) is added twice") }
        }

        mutating func reach(_ levels: Int) {
            self.levels = max(self.levels, levels)
        }
    }

    mutating func readEnrichment(_ item: ActivityItem) {
        let (from, shape) = inbound(item)
        var added = Added()
        let columns = readColumns(item.reader.children("columns"), about: shape, &added)
        var collections: [Enrichment.Collection] = []
        for reader in item.reader.children("collections") where !problems.isFull {
            if let collection = readCollection(reader, shape, item, &added) { collections.append(collection) }
        }
        var joins: [Enrichment.Join] = []
        for (place, reader) in item.reader.children("joins").enumerated() where !problems.isFull {
            if let join = readJoin(reader, shape, source: joinSource(reader, at: place, of: item), &added) { joins.append(join) }
        }
        var enriched = shape
        enriched?.columns.merge(added.types) { _, new in new }
        enriched?.reach(added.levels)
        let enrichment = from.map { Enrichment(id: item.name, from: $0, columns: columns, collections: collections, joins: joins) }
        add(item, outputs: [Transition.main: enriched], enrichment.map(Activity.enrichment))
    }

    /// "Enrichment expressions see the inbound row, not each other's columns" (decision 45).
    private func readColumns(_ readers: [DefinitionReader], about shape: Shape?, _ added: inout Added) -> [Enrichment.Column] {
        var columns: [Enrichment.Column] = []
        for reader in readers where !problems.isFull {
            let name = reader.text("name")
            let value = expression(reader.text("value"), at: reader.path(of: "value"), about: shape)
            reader.close()
            if let value, let shape { added.reach(value.levels(carried: shape.levels)) }
            guard let name else { continue }
            added.add(name, value?.type ?? .null, reader)
            if let value { columns.append(Enrichment.Column(name: name, value: value)) }
        }
        return columns
    }

    // MARK: Collections

    private mutating func readCollection(
        _ reader: DefinitionReader, _ shape: Shape?, _ item: ActivityItem, _ added: inout Added
    ) -> Enrichment.Collection? {
        let found = linkPath(reader, about: shape)
        if let found, !found.path.contains(where: { !$0.isForward }) {
            reader.problem("link", "must lead to many records", hint: "columns: [{name, value}] for a single record")
        }
        let inner = found.map { Shape(dimension: $0.destination) }
        let filter = self.filter(reader.value("filter"), at: reader.path(of: "filter"), about: inner)
        let lines = reader.count("lines", isRequired: true)
        let names = reader.texts("fields", atLeast: 1)
        let alias = reader.has("alias") ? reader.identifier("alias") : reader.peek("link")?.text
        let sort = self.sort(reader, about: inner)
        let fields = names.enumerated().map { place, name in found.flatMap { field(name, at: place, reader, $0.destination) } }
        if let alias, let lines {
            let types = fields.map { number in number.flatMap { found?.destination.fields[$0].valueType } ?? .null }
            addLines(lines, zip(names, types).map { ($0, $1) }, alias, reader, item, &added)
        }
        if let shape { added.reach(shape.levels + (found?.path.count ?? 0) + 2) }
        reader.close()
        guard let found, let alias, let lines else { return nil }
        return Enrichment.Collection(
            path: found.path, schema: found.destination.name, filter: filter, sort: sort, lines: lines, fields: fields.compactMap { $0 },
            alias: alias)
    }

    private func field(_ name: String, at place: Int, _ reader: DefinitionReader, _ schema: Schema) -> Int? {
        if let field = schema.field(named: name) { return field }
        problems.addUnknown(reader.path(of: "fields[\(place)]"), "field of \(schema.name)", name, known: schema.fields.map(\.name))
        return nil
    }

    /// The columns of all lines, unless they are more than a whole campaign may have.
    private mutating func addLines(
        _ lines: Int, _ fields: [(name: String, type: ValueType)], _ alias: String, _ reader: DefinitionReader, _ item: ActivityItem,
        _ added: inout Added
    ) {
        guard lines <= Limits.populationParts / max(fields.count, 1) else { return count(parts: Limits.populationParts + 1, of: item) }
        for line in 0..<lines where !problems.isFull {
            for field in fields {
                added.add(Enrichment.Collection.columnName(alias, line: line + 1, field: field.name), field.type, reader)
            }
        }
    }

    // MARK: Joins

    private func readJoin(
        _ reader: DefinitionReader, _ shape: Shape?, source: (from: Enrichment.Join.Source?, shape: Shape?), _ added: inout Added
    ) -> Enrichment.Join? {
        var pairs: [Enrichment.Join.Pair] = []
        for pair in reader.children("on", atLeast: 1) where !problems.isFull {
            let mine = expression(pair.text("source"), at: pair.path(of: "source"), about: shape)
            let theirs = expression(pair.text("target"), at: pair.path(of: "target"), about: source.shape)
            pair.close()
            guard let sides = comparable([mine, theirs], at: pair.path), let shape, let other = source.shape else { continue }
            pairs.append(Enrichment.Join.Pair(source: sides[0], target: sides[1]))
            added.reach(max(sides[0].levels(carried: shape.levels), sides[1].levels(carried: other.levels)) + 3)
        }
        let columns = readColumns(reader.children("columns", atLeast: 1), about: source.shape, &added)
        reader.close()
        return source.from.map { Enrichment.Join(from: $0, on: pairs, columns: columns) }
    }

    /// "A name in `joins.from` is a transition first, a schema second" (decision 45).
    private func joinSource(
        _ reader: DefinitionReader, at place: Int, of item: ActivityItem
    ) -> (from: Enrichment.Join.Source?, shape: Shape?) {
        guard let name = reader.text("from") else { return (nil, nil) }
        if let joined = joined(at: place, of: item) { return (.transition(joined.transition), joined.shape) }
        if let schema = catalog.schema(named: name) { return (.schema(name), Shape(dimension: schema)) }
        let known = catalog.schemas.map(\.name) + knownTransitions
        problems.addUnknown(reader.path(of: "from"), "transition or schema", name, known: known)
        return (nil, nil)
    }
}
