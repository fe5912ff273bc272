// Random limits, deduplications, reconciliations, values by which combines go, collections and joins.
import Oracle

@testable import Campaigns

extension RandomCampaign {
    // MARK: Limits

    mutating func limit(_ subset: inout Split.Subset, _ shape: Shape, _ random: inout RandomNumbers) {
        let shares: [JSON] = [.integer(0), .double(0.07), .double(33.3), .integer(50), .integer(100)]
        subset.limit =
            switch random.number(0...9) {
            case 0...3: .count(random.pick([0, 1, 1, 1, 2, 3, 5, 9]))
            case 4...5: .share(Percentage(random.pick(shares))!)
            default: nil
            }
        subset.sort = random.chance(35) ? nil : sort(shape, &random)
    }

    private mutating func sort(_ shape: Shape, _ random: inout RandomNumbers) -> Sort {
        let by =
            random.chance(50)
            ? expressions.side(shape, of: random.pick(RandomExpressions.types), &random) : expressions.attribute(shape, &random)
        return Sort(by: by, isDescending: random.chance(50))
    }

    // MARK: Deduplications

    mutating func addDeduplication(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        var deduplication = Deduplication(id: newId, from: from, fields: [], hasComplement: random.chance(60), seed: seed(&random))
        change(&deduplication, shape, &random)
        add(.deduplication(deduplication))
    }

    mutating func change(_ deduplication: inout Deduplication, _ shape: Shape, _ random: inout RandomNumbers) {
        if deduplication.fields.isEmpty || random.chance(40) {
            deduplication.fields = []
            for _ in 0..<random.pick([1, 1, 1, 2]) {
                deduplication.fields.append(expressions.side(shape, of: random.pick(RandomExpressions.types), &random))
            }
        }
        deduplication.keep = random.pick([1, 1, 1, 2, 3, nil])
        deduplication.nulls = random.pick(Deduplication.Nulls.allCases)
        deduplication.method = method(shape, &random)
    }

    private mutating func method(_ shape: Shape, _ random: inout RandomNumbers) -> Deduplication.Method {
        switch random.number(0...5) {
        case 0: return .random
        case 1: return .nonEmpty(expressions.side(shape, of: random.chance(70) ? .string : random.pick(RandomExpressions.types), &random))
        case 2...3:
            let value = expressions.side(shape, of: random.pick(RandomExpressions.types), &random)
            return .values(of: value, order: order(of: value.type, &random))
        default: return random.chance(50) ? .lowest(sort(shape, &random).by) : .highest(sort(shape, &random).by)
        }
    }

    /// Values of a type, none of them twice; integers and doubles mix.
    private func order(of type: ValueType, _ random: inout RandomNumbers) -> [Literal] {
        var found: [Literal] = []
        for _ in 0..<random.number(0...4) {
            let types: [FieldType] =
                switch type {
                case .integer, .double: [.integer, .double]
                case .boolean: [.boolean]
                case .string: [.string, .enum]
                case .date: [.date]
                case .datetime: [.datetime]
                case .null: preconditionFailure("sides have a type")
                }
            let value = expressions.values.value(of: random.pick(types), isKey: random.chance(30), enumeration: [], &random)
            let literal = Literal(value)
            if !found.contains(where: { $0.byValue == literal.byValue }) { found.append(literal) }
        }
        return found
    }

    // MARK: Combines

    /// Columns, or pairs of `match`, or both.
    mutating func setValues(of combine: inout Combine, _ random: inout RandomNumbers) {
        let shapes = combine.from.map { shape(campaign.transitions(in: schemas)![$0]!) }
        let isMatch = combine.operation == .exclusion && random.chance(60)
        combine.by = nil
        combine.matches = combine.from.dropFirst().map { _ in nil }
        if !isMatch || random.chance(30) {
            let columns = (0..<random.pick([1, 2])).map { _ in column(shapes, &random) }
            combine.by = shapes.indices.map { inbound in columns.map { $0[inbound] } }
        }
        guard isMatch else { return }
        for (place, other) in shapes.enumerated().dropFirst() {
            let isNeeded = combine.by == nil && other.dimension.name != shapes[0].dimension.name
            guard isNeeded || random.chance(60) else { continue }
            let pairs = (0..<random.pick([1, 1, 2])).map { _ in expressions.sides([shapes[0], other], &random) }
            combine.matches[place - 1] = pairs.map { Combine.Match(primary: $0[0], other: $0[1]) }
        }
    }

    /// One expression about rows of all shapes, where they are of one dimension and it does not happen to be several.
    private mutating func column(_ shapes: [Shape], _ random: inout RandomNumbers) -> [Expression] {
        guard Set(shapes.map(\.dimension.name)).count == 1, random.chance(70) else { return expressions.sides(shapes, &random) }
        var common = shapes[0]
        for shape in shapes { common.columns = common.columns.filter { shape.columns[$0.key] == $0.value } }
        let expression = expressions.side(common, of: random.pick(RandomExpressions.types), &random)
        return shapes.map { _ in expression }
    }

    // MARK: Enrichments

    mutating func change(_ enrichment: inout Enrichment, _ shape: Shape, _ random: inout RandomNumbers) {
        if random.chance(50) { enrichment.collections = [] }
        if random.chance(50) { enrichment.joins = [] }
        if enrichment.collections.isEmpty { addLines(to: &enrichment, shape, &random) }
        if enrichment.joins.isEmpty { addJoins(to: &enrichment, shape, &random) }
    }

    mutating func addLines(to enrichment: inout Enrichment, _ shape: Shape, _ random: inout RandomNumbers) {
        guard random.chance(50) else { return }
        for number in 0..<random.pick([1, 1, 2]) {
            guard let (path, end) = expressions.manyPath(from: shape.dimension, &random) else { return }
            let linked = Shape(dimension: end)
            enrichment.collections.append(
                Enrichment.Collection(
                    path: path, schema: end.name, filter: random.chance(65) ? nil : expressions.filter(linked, depth: 1, &random),
                    sort: random.chance(30) ? nil : sort(linked, &random), lines: random.pick([1, 2, 3, 3]),
                    fields: Array(random.shuffled(Array(end.fields.indices)).prefix(random.pick([1, 2, 2]))), alias: "c\(number)"))
        }
    }

    mutating func addJoins(to enrichment: inout Enrichment, _ shape: Shape, _ random: inout RandomNumbers) {
        guard random.chance(45) else { return }
        let earlier = known.filter { $0.transition.activity != enrichment.id }
        for _ in 0..<random.pick([1, 1, 2]) {
            let taken = Set((enrichment.columns + enrichment.joins.flatMap(\.columns)).map(\.name))
            guard let name = random.shuffled(Self.columnNames).first(where: { !taken.contains($0) }) else { return }
            let schema = random.pick(schemas.values.sorted { $0.name < $1.name })
            var source: (from: Enrichment.Join.Source, shape: Shape) = (.schema(schema.name), Shape(dimension: schema))
            if random.chance(60), let other = earlier.isEmpty ? nil : random.pick(earlier) {
                source = (.transition(other.transition), self.shape(other.carried))
            }
            var pairs: [Enrichment.Join.Pair] = []
            for _ in 0..<random.pick([1, 1, 2]) {
                let sides = expressions.sides([shape, source.shape], &random)
                pairs.append(Enrichment.Join.Pair(source: sides[0], target: sides[1]))
            }
            let value = expressions.attribute(source.shape, of: columnTypes[name], &random)
            enrichment.joins.append(Enrichment.Join(from: source.from, on: pairs, columns: [.init(name: name, value: value)]))
        }
    }

    // MARK: Reconciliations

    mutating func addReconciliation(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        let dimension = random.pick(schemas.keys.sorted())
        var reconciliation = Reconciliation(id: newId, from: from, dimension: dimension, rules: [], hasComplement: random.chance(60))
        change(&reconciliation, shape, &random)
        add(.reconciliation(reconciliation))
    }

    mutating func change(_ reconciliation: inout Reconciliation, _ shape: Shape, _ random: inout RandomNumbers) {
        let dimension = schemas[reconciliation.dimension]!
        reconciliation.filter = random.chance(60) ? nil : expressions.filter(shape, depth: 1, &random)
        reconciliation.keepsUnreconciled = random.chance(65)
        guard reconciliation.rules.isEmpty || random.chance(40) else { return }
        reconciliation.rules = []
        reconciliation.columns = []
        for _ in 0..<random.pick([1, 1, 2]) {
            let field = FieldPath(field: random.number(0...dimension.fields.count - 1), of: dimension)
            let (source, target) = expressions.side(shape, beside: field, &random)
            reconciliation.rules.append(Reconciliation.Rule(source: source, target: target))
            for path in source.ownFields {
                let name = shape.dimension.fields[path.field].name
                if reconciliation.columns.contains(where: { $0.name == name }) { continue }
                reconciliation.columns.append(Enrichment.Column(name: name, value: .field(path)))
            }
        }
    }
}

extension Literal {
    /// A double that is a whole number as that.
    fileprivate var byValue: Literal {
        if case .double(let number) = self, let whole = Int64(exactly: number) { .integer(whole) } else { self }
    }

    fileprivate init(_ datum: Datum) {
        switch datum {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .text(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        case .date(let value): self = .date(value)
        case .instant(let value): self = .instant(value)
        }
    }
}
