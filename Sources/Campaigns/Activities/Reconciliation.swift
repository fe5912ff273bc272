// reconciliation: "Each row that passes `filter` gets the key of the record of the new `dimension` equal on every rule (null matches
// nothing; several: lowest key, counted); others have no key and stay if `keepUnreconciled`. Earlier fields used in rules are carried as
// columns. `complement`: the unreconciled rows."

/// reconciliation: rows of one dimension as rows of another, by values.
public struct Reconciliation: ActivityDefinition {
    /// The output of rows that no record was found for.
    public static let complement = "complement"

    /// What must be equal.
    public struct Rule: Equatable, Sendable {
        /// Of the row.
        public var source: Expression
        /// A field of the new record; where it is a date beside an instant, its midnight.
        public var target: Expression

        public init(source: Expression, target: Expression) {
            self.source = source
            self.target = target
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// The schema of the new records.
    public var dimension: String
    /// At least one.
    public var rules: [Rule]
    /// Rows that do not pass find no record; nil is true.
    public var filter: Expression?
    /// Earlier fields used in rules.
    public var columns: [Enrichment.Column]
    /// Whether rows that no record was found for stay, without a key.
    public var keepsUnreconciled: Bool
    /// Whether they have an output.
    public var hasComplement: Bool

    package var inbounds: [Transition] { [from] }

    public init(
        id: String, from: Transition, dimension: String, rules: [Rule], filter: Expression? = nil, columns: [Enrichment.Column] = [],
        keepsUnreconciled: Bool = true, hasComplement: Bool = false
    ) {
        self.id = id
        self.from = from
        self.dimension = dimension
        self.rules = rules
        self.filter = filter
        self.columns = columns
        self.keepsUnreconciled = keepsUnreconciled
        self.hasComplement = hasComplement
    }
}

extension ActivityReader {
    mutating func readReconciliation(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let dimension = readDimension(reader)
        let filter = self.filter(reader.value("filter"), at: reader.path(of: "filter"), about: shape)
        let keepsUnreconciled = reader.boolean("keepUnreconciled", default: true)
        let hasComplement = reader.boolean("complement", default: false)
        let (rules, columns) = readRules(reader, shape, dimension)

        var found: Shape?
        if let shape, let dimension {
            found = Shape(dimension: dimension, columns: shape.columns)
            found?.levels = shape.under(filter).levels
            for rule in rules { found?.reach(rule.source.levels(carried: shape.levels) + 3) }
            for column in columns { found?.columns[column.name] = column.value.type }
        }
        let outputs = hasComplement ? [Transition.main: found, Reconciliation.complement: found] : [Transition.main: found]
        let reconciliation = from.flatMap { from in
            dimension.map { dimension in
                Reconciliation(
                    id: item.name, from: from, dimension: dimension.name, rules: rules, filter: filter, columns: columns,
                    keepsUnreconciled: keepsUnreconciled, hasComplement: hasComplement)
            }
        }
        add(item, outputs: outputs, reconciliation.map(Activity.reconciliation))
    }

    /// The rules, and "earlier fields used in rules": those of the record itself, outside aggregates (decision 46).
    private func readRules(
        _ reader: DefinitionReader, _ shape: Shape?, _ dimension: Schema?
    ) -> (rules: [Reconciliation.Rule], columns: [Enrichment.Column]) {
        var rules: [Reconciliation.Rule] = []
        var columns: [Enrichment.Column] = []
        for rule in reader.children("rules", atLeast: 1) where !problems.isFull {
            let source = expression(rule.text("source"), at: rule.path(of: "source"), about: shape)
            let target = rule.text("target").flatMap { self.target($0, rule, dimension) }
            rule.close()
            if let sides = comparable([source, target], at: rule.path) {
                rules.append(Reconciliation.Rule(source: sides[0], target: sides[1]))
            }
            for path in source?.ownFields ?? [] {
                guard let name = shape?.dimension.fields[path.field].name, !columns.contains(where: { $0.name == name }) else { continue }
                columns.append(Enrichment.Column(name: name, value: .field(path)))
            }
        }
        return (rules, columns)
    }

    private func target(_ name: String, _ rule: DefinitionReader, _ dimension: Schema?) -> Expression? {
        guard let dimension else { return nil }
        if let field = dimension.field(named: name) { return .field(FieldPath(field: field, of: dimension)) }
        let known = dimension.fields.map(\.name)
        problems.addUnknown(rule.path(of: "target"), "field of \(dimension.name)", name, known: known)
        return nil
    }
}

extension Expression {
    /// The fields of the record itself that are read, outside aggregates.
    var ownFields: [FieldPath] {
        if case .field(let path) = self, path.steps.isEmpty { return [path] }
        return parts.flatMap(\.ownFields)
    }
}
