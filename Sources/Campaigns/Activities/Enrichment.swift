// enrichment: "Adds carried columns, never adds or removes rows. `columns`: an expression each." Collections and joins are refused by name.

/// enrichment: columns that rows carry along.
public struct Enrichment: Equatable, Sendable {
    /// A column, and what it is for each row.
    public struct Column: Equatable, Sendable {
        /// What expressions behind it call it.
        public var name: String
        /// Of the row.
        public var value: Expression

        public init(name: String, value: Expression) {
            self.name = name
            self.value = value
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// In the order of the definition.
    public var columns: [Column]

    public init(id: String, from: Transition, columns: [Column]) {
        self.id = id
        self.from = from
        self.columns = columns
    }
}

extension ActivityReader {
    mutating func readEnrichment(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        var enriched = shape
        var columns: [Enrichment.Column] = []
        var names: Set<String> = []
        for column in reader.children("columns") where !problems.isFull {
            let name = column.text("name")
            if let name, !names.insert(name).inserted { column.problem("name", "column \(quoted(name)) is added twice") }
            // "Enrichment expressions see the inbound row, not each other's columns" (decision 45).
            let value = expression(column.text("value"), at: column.path(of: "value"), about: shape)
            if let name, let value { columns.append(Enrichment.Column(name: name, value: value)) }
            if let name { enriched?.columns[name] = value?.type ?? .null }
            if let value, let shape { enriched?.reach(value.levels(carried: shape.levels)) }
            column.close()
        }
        for member in ["collections", "joins"] where reader.has(member) {
            reader.problem(member, "\(member) are not supported yet", hint: "columns: [{name, value}]")
        }
        add(item, outputs: [Transition.main: enriched], from.map { .enrichment(Enrichment(id: item.name, from: $0, columns: columns)) })
    }
}
