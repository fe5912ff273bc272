// The dictionaries whose codes stand in rows: keys, whose codes are the row numbers, and texts of columns. They only grow, so what they
// were at a commit is a prefix of what they are.
import Campaigns

/// Where texts belong that an image has. Tables and namespaces by their places among the facts.
public enum TextPlace: Equatable, Sendable {
    case keys(table: Int)
    case column(table: Int, column: Int)
    case identities(namespace: Int)
}

extension EngineFacts {
    /// All dictionaries that an image has, in its order.
    public var textPlaces: [TextPlace] {
        var found = namespaces.indices.map { TextPlace.identities(namespace: $0) }
        for (table, held) in tables.enumerated() {
            found.append(.keys(table: table))
            for (column, held) in held.columns.enumerated() where held.kind == .text { found.append(.column(table: table, column: column)) }
        }
        return found
    }
}

extension Engine {
    /// All dictionaries that an image has, and how many texts are in each.
    public func texts(of facts: EngineFacts) -> [(place: TextPlace, count: Int)] {
        facts.textPlaces.map { place in (place, dictionary(place, of: facts) { $0.count }) }
    }

    /// Appends texts of a dictionary from a code on, about as many bytes as said, of the first `count`. Returns the code after them.
    public func append(
        _ place: TextPlace, of facts: EngineFacts, from code: Int, count: Int, bytes most: Int, to bytes: inout [UInt8]
    ) -> Int {
        dictionary(place, of: facts) { texts in
            let codes = texts.codes(from: code, bytes: most).clamped(to: 0..<count)
            texts.append(codes, to: &bytes)
            return codes.upperBound
        }
    }

    private func dictionary<Result>(_ place: TextPlace, of facts: EngineFacts, _ body: (borrowing TextDictionary) -> Result) -> Result {
        switch place {
        case .keys(let table): body(tables[tables.ofSchemas[table]].keys)
        case .column(let table, let column): body(tables[tables.ofSchemas[table]].columns[ColumnNumber(column)].texts)
        case .identities(let namespace): body(tables[tables.find(namespace: facts.namespaces[namespace])!].keys)
        }
    }
}
