// enrichment: "Adds carried columns, never adds or removes rows. `columns`: an expression each." Collections and joins are refused by name.

public struct Enrichment: Equatable, Sendable {
    public struct Column: Equatable, Sendable {
        public var name: String
        public var value: Expression

        public init(name: String, value: Expression) {
            self.name = name
            self.value = value
        }
    }

    public var id: String
    public var from: Transition
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
        for column in reader.children("columns") where !problems.isFull {
            let name = column.text("name")
            if let name, columns.contains(where: { $0.name == name }) { column.problem("name", "column \(quoted(name)) is added twice") }
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
