// build-audience: "Every record of the dimension for which the filter is true, once."

/// build-audience: the rows of a table that meet a filter.
public struct BuildAudience: ActivityDefinition {
    /// Its name within the campaign.
    public var id: String
    /// The name of the schema.
    public var dimension: String
    /// nil is true.
    public var filter: Expression?

    package var inbounds: [Transition] { [] }
    package var rowDecision: RowDecision? { RowDecision(expressions: filter.map { [$0] } ?? []) }

    public init(id: String, dimension: String, filter: Expression?) {
        self.id = id
        self.dimension = dimension
        self.filter = filter
    }
}

extension ActivityReader {
    mutating func readBuildAudience(_ item: ActivityItem) {
        let reader = item.reader
        let dimension = readDimension(reader)
        let filter = reader.value("filter")
        if filter == nil {
            problems.warn(
                reader.path(of: "filter"), "there is no filter: every record is in",
                hint: "a filter is a condition, as in country = 'FR'; TRUE says that all are meant")
        }
        // What takes the population is checked against its dimension even if the filter is wrong.
        let shape = dimension.map { Shape(dimension: $0) }
        let condition = self.filter(filter, at: reader.path(of: "filter"), about: shape)
        let build = dimension.map { Activity.build(BuildAudience(id: item.name, dimension: $0.name, filter: condition)) }
        add(item, outputs: [Transition.main: shape?.under(condition)], build)
    }
}
