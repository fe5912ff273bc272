// save-audience, from scratch (semantics §4): who the members of an audience are.
public import Campaigns

/// One member of an audience.
public struct Member: Equatable, Sendable {
    /// Rows of the population that stand for it.
    public var rows: Int
    /// Of the row with the lowest row id, as one JSON object.
    public var attributes: [UInt8]

    public init(rows: Int, attributes: [UInt8]) {
        self.rows = rows
        self.attributes = attributes
    }
}

/// The members of an audience by their identity's UTF-8, and how many rows have a key and no identity.
public struct Members: Equatable, Sendable {
    /// By the UTF-8 of the identity.
    public var members: [[UInt8]: Member] = [:]
    /// Rows of the population that have a key and no identity.
    public var rejected = 0

    public init() {}
}

extension Evaluator {
    /// "Members = the distinct non-empty values of `identity.field` […] over rows with a key. `rows` = rows per member; attributes come
    /// from the row with the lowest row id. Rows without an identity are counted as rejected." So are those whose identity or key text is
    /// longer than one may be (contract §10).
    public func members(of save: SaveAudience, from population: Population) -> Members {
        var found = Members()
        var groups: [[UInt8]: [PopulationRow]] = [:]
        for row in population.rows {
            guard let key = row.key else { continue }
            if case .text(let identity) = value(save.identity, of: row, in: population), !identity.isEmpty,
                identity.count <= Limits.identityBytes, PopulationRow.text(key).count <= Limits.keyTextBytes
            {
                groups[identity, default: []].append(row)
            } else {
                found.rejected += 1
            }
        }
        for (identity, rows) in groups {
            let lowest = rows.min(by: PopulationRow.isLower)!
            found.members[identity] = Member(rows: rows.count, attributes: attributes(of: save, lowest, in: population))
        }
        return found
    }

    private func attributes(of save: SaveAudience, _ row: PopulationRow, in population: Population) -> [UInt8] {
        let members = save.attributes.map { PlainText.quoted($0.name) + ":" + PlainText.json(value($0.source, of: row, in: population)) }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }
}
