// change-dimension: "N-1: each row takes the linked record's key, duplicates kept. […] No linked record: the row stays, without a key,
// counted as unmatched." A path of links is its links one after the other (decision 47). Links to many records are refused by name.

/// change-dimension: rows of one dimension as rows of another, that links lead to.
public struct ChangeDimension: Equatable, Sendable {
    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// The links from the old record to the new one, or the new ones.
    public var path: [AggregateStep]
    /// The schema of the new record.
    public var dimension: String

    public init(id: String, from: Transition, path: [AggregateStep], dimension: String) {
        self.id = id
        self.from = from
        self.path = path
        self.dimension = dimension
    }
}

extension ActivityReader {
    mutating func readChangeDimension(_ item: ActivityItem) {
        let (from, shape) = inbound(item)
        let path = item.reader.text("link")
        let found = shape.flatMap { shape in path.flatMap { readPath($0, shape, item.reader) } }
        let change = from.flatMap { from in
            found.map { path, shape in
                Activity.changeDimension(ChangeDimension(id: item.name, from: from, path: path, dimension: shape.dimension.name))
            }
        }
        add(item, outputs: [Transition.main: found?.shape], change)
    }

    /// The links of a path of names, and what rows are behind them.
    private func readPath(_ text: String, _ inbound: Shape, _ reader: DefinitionReader) -> (path: [AggregateStep], shape: Shape)? {
        var shape = inbound
        var path: [AggregateStep] = []
        for name in text.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
            let dimension = shape.dimension
            guard let walk = catalog.walk(from: dimension, name: name) else {
                let known = catalog.linkNames(from: dimension)
                if dimension.field(named: name) != nil {
                    reader.problem("link", "\(quoted(name)) is a field of \(dimension.name), not a link", hint: NearestName.list(known))
                } else {
                    problems.addUnknown(reader.path(of: "link"), "link of \(dimension.name)", name, known: known)
                }
                return nil
            }
            if walk.isMany {
                reader.problem(
                    "link", "\(quoted(name)) leads to many records, and changing to those is not supported yet",
                    hint: "a link to one record")
                return nil
            }
            path.append(AggregateStep(link: walk.step, isForward: !walk.isMany))
            shape.dimension = walk.destination
        }
        shape.reach(inbound.levels + path.count)
        return (path, shape)
    }
}
