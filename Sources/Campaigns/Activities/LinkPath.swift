// `link`: links one after the other, as a change of dimension and a collection walk them.

extension ActivityReader {
    /// The links of `link`, which is required, from rows of a shape on, and the schema at their end; nil when one is wrong.
    func linkPath(_ reader: DefinitionReader, about shape: Shape?) -> (path: [AggregateStep], destination: Schema)? {
        guard let text = reader.text("link"), var schema = shape?.dimension else { return nil }
        var path: [AggregateStep] = []
        for name in text.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
            guard let walk = catalog.walk(from: schema, name: name) else {
                let known = catalog.linkNames(from: schema)
                if schema.field(named: name) != nil {
                    reader.problem("link", "\(quoted(name)) is a field of \(schema.name), not a link", hint: NearestName.list(known))
                } else {
                    problems.addUnknown(reader.path(of: "link"), "link of \(schema.name)", name, known: known)
                }
                return nil
            }
            path.append(AggregateStep(link: walk.step, isForward: !walk.isMany))
            schema = walk.destination
        }
        return (path, schema)
    }
}
