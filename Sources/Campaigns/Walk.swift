// The links that can be walked from a schema: its own to their targets, and those of others, by their reverse names, back to their
// sources. "It resolves when [its target] arrives" (contract §2.1).

extension Catalog {
    /// One link, seen from one of its ends.
    struct Walk {
        /// The link, by the schema that declares it.
        var step: LinkStep
        /// Whether it leads to a collection: back from its target, and it is not unique.
        var isMany: Bool
        /// Where it leads.
        var destination: Schema
    }

    /// The link of this name seen from the schema; nil when there is none, or its target is not there yet.
    func walk(from schema: Schema, name: String) -> Walk? {
        if let number = schema.links.firstIndex(where: { $0.name == name }) {
            guard let target = self.schema(named: schema.links[number].target) else { return nil }
            let step = LinkStep(schema: schema.name, link: number)
            return Walk(step: step, isMany: false, destination: target)
        }
        guard let (other, number) = links(calledBack: name, from: schema).first else { return nil }
        let isUnique = other.links[number].isUnique
        let step = LinkStep(schema: other.name, link: number, isReversed: isUnique)
        return Walk(step: step, isMany: !isUnique, destination: other)
    }

    /// Every name that an expression about a record of the schema may start with.
    func names(from schema: Schema) -> [String] {
        schema.fields.map(\.name) + linkNames(from: schema)
    }

    /// The names of the schema's links, and of others' the other way.
    func linkNames(from schema: Schema) -> [String] {
        schema.links.map(\.name) + schemas.flatMap { other in other.links.compactMap { $0.target == schema.name ? $0.reverse : nil } }
    }
}
