// enrichment in random histories: columns, lines of collections, and joins.
import Oracle

@testable import Campaigns

extension Enrichment: RandomActivity {
    var activity: Activity { .enrichment(self) }

    static var weight: Int { 10 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        var enrichment = Enrichment(id: campaign.newId, from: from, columns: columns(in: &campaign, shape, &random))
        enrichment.addLines(in: &campaign, shape, &random)
        enrichment.addJoins(in: &campaign, shape, &random)
        campaign.add(.enrichment(enrichment))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        if random.chance(50) || columns.isEmpty {
            if random.chance(50) { collections = [] }
            if random.chance(50) { joins = [] }
            if collections.isEmpty { addLines(in: &campaign, shape!, &random) }
            if joins.isEmpty { addJoins(in: &campaign, shape!, &random) }
        } else {
            let column = random.number(0...columns.count - 1)
            let type = columns[column].value.type
            columns[column].value = campaign.expressions.attribute(shape!, of: type == .null ? nil : type, &random)
        }
    }

    /// One to three columns; some have the name of a field, or of a column that is there.
    private static func columns(
        in campaign: inout RandomCampaign, _ shape: Shape, _ random: inout RandomNumbers
    ) -> [Column] {
        let fields = shape.dimension.fields.map(\.name).filter { $0 != shape.dimension.fields[shape.dimension.primaryKey[0]].name }
        var columns: [Column] = []
        for _ in 0..<random.number(1...3) {
            let name = random.pick(random.chance(30) && !fields.isEmpty ? fields : RandomCampaign.columnNames)
            if columns.contains(where: { $0.name == name }) { continue }
            let type = random.chance(85) ? campaign.columnTypes[name] : nil
            columns.append(Column(name: name, value: campaign.expressions.attribute(shape, of: type, &random)))
        }
        return columns
    }

    private mutating func addLines(in campaign: inout RandomCampaign, _ shape: Shape, _ random: inout RandomNumbers) {
        guard random.chance(70) else { return }
        for number in 0..<random.pick([1, 1, 2]) {
            guard let (path, end) = campaign.expressions.manyPath(from: shape.dimension, &random) else { return }
            let linked = Shape(dimension: end)
            collections.append(
                Collection(
                    path: path, schema: end.name,
                    filter: random.chance(65) ? nil : campaign.expressions.filter(linked, depth: 1, &random),
                    sort: random.chance(30) ? nil : campaign.sort(linked, &random), lines: random.pick([3, 1, 3, 2, 3, 2, 3, 3]),
                    fields: Array(random.shuffled(Array(end.fields.indices)).prefix(random.pick([1, 2, 2]))), alias: "c\(number)"))
        }
    }

    private mutating func addJoins(in campaign: inout RandomCampaign, _ shape: Shape, _ random: inout RandomNumbers) {
        guard random.chance(45) else { return }
        let earlier = campaign.known.filter { $0.transition.activity != id }
        for _ in 0..<random.pick([1, 1, 2]) {
            let taken = Set((columns + joins.flatMap(\.columns)).map(\.name))
            guard let name = random.shuffled(RandomCampaign.columnNames).first(where: { !taken.contains($0) }) else { return }
            let schema = random.pick(campaign.schemas.values.sorted { $0.name < $1.name })
            var source: (from: Join.Source, shape: Shape) = (.schema(schema.name), Shape(dimension: schema))
            if random.chance(60), let other = earlier.isEmpty ? nil : random.pick(earlier) {
                source = (.transition(other.transition), campaign.shape(other.carried))
            }
            var pairs: [Join.Pair] = []
            for _ in 0..<random.pick([1, 1, 2]) {
                let sides = campaign.expressions.sides([shape, source.shape], &random)
                pairs.append(Join.Pair(source: sides[0], target: sides[1]))
            }
            let value = campaign.expressions.attribute(source.shape, of: campaign.columnTypes[name], &random)
            joins.append(Join(from: source.from, on: pairs, columns: [Column(name: name, value: value)]))
        }
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    mutating func join(_ transitions: [Transition]) {
        var left = transitions[...]
        for place in joins.indices {
            if case .transition = joins[place].from { joins[place].from = .transition(left.removeFirst()) }
        }
    }

    var expressions: [Expression] { columns.map(\.value) + joins.flatMap { $0.on.map(\.source) } }

    mutating func say(_ expressions: [Expression]) {
        var left = expressions[...]
        for place in columns.indices { columns[place].value = left.removeFirst() }
        for join in joins.indices {
            for pair in joins[join].on.indices { joins[join].on[pair].source = left.removeFirst() }
        }
    }

    /// nil, too, when two columns have one name, or what is joined lacks a column that is read.
    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        var added: [(name: String, type: ValueType)] = columns.map { ($0.name, $0.value.type) }
        for collection in collections {
            for line in 0..<collection.lines {
                for field in collection.fields.map({ schemas[collection.schema]!.fields[$0] }) {
                    added.append((Collection.columnName(collection.alias, line: line + 1, field: field.name), field.valueType))
                }
            }
        }
        var left = joined[...]
        for join in joins {
            let carried = if case .transition = join.from { left.removeFirst().columns } else { [String: ValueType]() }
            guard (join.on.map(\.target) + join.columns.map(\.value)).allSatisfy({ $0.reads(onlyOf: carried) }) else { return nil }
            added += join.columns.map { ($0.name, $0.value.type) }
        }
        let types = Dictionary(added.map { ($0.name, $0.type) }) { first, _ in first }
        guard types.count == added.count else { return nil }
        let columns = inbounds[0].columns.merging(types) { $1 }
        return [Transition.main: Campaign.Carried(dimension: inbounds[0].dimension, columns: columns)]
    }

    func text(_ readable: Readable) -> String {
        let parts = [readable.text(columns)] + collections.map { text($0, readable) } + joins.map { text($0, readable) }
        return "\(readable.text(from)) with " + parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private func text(_ collection: Collection, _ readable: Readable) -> String {
        let fields = collection.fields.map { readable.schemas[collection.schema]!.fields[$0].name }.joined(separator: ", ")
        return "\(collection.lines) lines \(collection.alias) of \(fields) of \(readable.text(collection.path))"
            + "\(readable.text(collection.sort))\(collection.filter.map { " where " + readable.text($0) } ?? "")"
    }

    private func text(_ join: Join, _ readable: Readable) -> String {
        let from =
            switch join.from {
            case .transition(let transition): readable.text(transition)
            case .schema(let name): "all \(name)"
            }
        let pairs = join.on.map { "\(readable.text($0.source)) = \(readable.text($0.target))" }.joined(separator: ", ")
        return "[\(readable.text(join.columns))] of \(from) on \(pairs)"
    }

    var fewer: [Enrichment] {
        changed { change in
            for column in columns.indices { change { $0.columns.remove(at: column) } }
            for (place, collection) in collections.enumerated() {
                change { $0.collections.remove(at: place) }
                change { $0.collections[place].filter = nil }
                change { $0.collections[place].sort = nil }
                if collection.lines > 1 { change { $0.collections[place].lines -= 1 } }
                for field in collection.fields.indices where collection.fields.count > 1 {
                    change { $0.collections[place].fields.remove(at: field) }
                }
            }
            for (place, join) in joins.enumerated() {
                change { $0.joins.remove(at: place) }
                for pair in join.on.indices where join.on.count > 1 { change { $0.joins[place].on.remove(at: pair) } }
            }
        }
    }

    func meet(_ meeting: Meeting) {
        meeting.note("enrichment", Transition.main)
        let schema = meeting.evaluator.tables.schemas[meeting.inbounds[0].dimension]!
        for column in columns {
            if schema.field(named: column.name) != nil { meeting.met.words.insert("a column shadows a field") }
            if meeting.inbounds[0].columns.contains(column.name) { meeting.met.words.insert("a column replaces another") }
        }
        meetLines(meeting)
        let enriched = meeting.output(Transition.main)
        if !joins.isEmpty, enriched.ambiguous > 0 { meeting.met.words.insert("an ambiguous join") }
        for join in joins {
            let source = if case .transition = join.from { "a transition" } else { "a schema" }
            meeting.met.words.insert("join of \(join.on.count) pairs")
            for row in enriched.rows where row.columns[join.columns[0].name] != .some(nil) {
                meeting.met.words.insert("join of \(source): value")
            }
        }
    }

    private func meetLines(_ meeting: Meeting) {
        let enriched = meeting.output(Transition.main)
        for collection in collections {
            let form = "\(collection.filter == nil ? "of all" : "of some") \(collection.sort == nil ? "by key" : "sorted")"
            meeting.met.words.insert("collection \(form)")
            for line in 1...collection.lines {
                let columns = enriched.columns.filter { $0.hasPrefix("\(collection.alias)\(line)_") }
                for row in enriched.rows where columns.contains(where: { row.columns[$0] != .some(nil) }) {
                    meeting.met.words.insert("line \(line) of \(collection.lines)")
                }
            }
        }
    }

    static var wanted: [String] {
        [
            "enrichment: somebody", "a column shadows a field", "a column replaces another", "Enrichment reads carried columns",
            "join of 1 pairs", "join of 2 pairs", "join of a transition: value", "join of a schema: value", "an ambiguous join",
        ] + ["of all", "of some"].flatMap { ["collection \($0) by key", "collection \($0) sorted"] }
            + [(1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (3, 3)].map { "line \($0.0) of \($0.1)" }
    }
}
