// The links that lead to each schema, whether that has arrived or not: what a new definition must be checked against, and where a reverse
// name leads, without a look at the other schemas.

struct IncomingLinks: Sendable {
    /// A link, by the places of its schema and of itself. In the order in which schemas were published first.
    struct Place: Comparable, Hashable, Sendable {
        var schema: Int
        var link: Int

        static func < (a: Place, b: Place) -> Bool { (a.schema, a.link) < (b.schema, b.link) }
    }

    private struct Reverse: Hashable {
        var target: String
        var name: String
    }

    private var links: [String: [Place]] = [:]
    private var reverses: [Reverse: [Place]] = [:]

    /// All that lead to a schema.
    func leading(to schema: String) -> [Place] { links[schema] ?? [] }

    /// Those that lead to a schema and are called so from there; one, unless two are about to be refused.
    func leading(to schema: String, calledBack name: String) -> [Place] { reverses[Reverse(target: schema, name: name)] ?? [] }

    mutating func add(_ link: Link, at place: Place) {
        links[link.target, default: []].append(place)
        if let reverse = link.reverse { reverses[Reverse(target: link.target, name: reverse), default: []].append(place) }
    }
}
