// Who is in an audience: the population of a build-audience and the members of a save-audience, evaluated from scratch (semantics §4).
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

/// The members of an audience by their identity's UTF-8, and how many rows have no identity.
public struct Members: Equatable, Sendable {
    /// By the UTF-8 of the identity.
    public var members: [[UInt8]: Member] = [:]
    /// Rows of the population without an identity.
    public var rejected = 0

    public init() {}
}

extension Evaluator {
    /// "Every record of the dimension for which the filter is true, once."
    public func population(of build: BuildAudience) -> [Key: Row] {
        tables.rows[build.dimension, default: [:]].filter { passes(build.filter, key: $0.key, row: $0.value) }
    }

    /// "Members = the distinct non-empty values of `identity.field` […] over rows with a key. `rows` = rows per member; attributes come
    /// from the row with the lowest row id. Rows without an identity are counted as rejected." So are those whose identity or key text is
    /// longer than one may be (contract §10).
    public func members(of save: SaveAudience, in campaign: Campaign) -> Members {
        var found = Members()
        var groups: [[UInt8]: [(key: Key, row: Row)]] = [:]
        for (key, row) in population(of: campaign.builds[save.population]) {
            if case .text(let identity) = row.value(save.identityField), !identity.isEmpty, identity.count <= Limits.identityBytes,
                rowId(key).count <= Limits.keyTextBytes
            {
                groups[identity, default: []].append((key, row))
            } else {
                found.rejected += 1
            }
        }
        for (identity, rows) in groups {
            let lowest = rows.min { rowId($0.key).lexicographicallyPrecedes(rowId($1.key)) }!
            let attributes = attributes(of: save, key: lowest.key, row: lowest.row)
            found.members[identity] = Member(rows: rows.count, attributes: attributes)
        }
        return found
    }

    /// "A key text = its fields joined with `|`"; the row id of a built population is the key text.
    func rowId(_ key: Key) -> [UInt8] {
        Array(key.map(PlainText.text).joined(separator: "|").utf8)
    }

    private func attributes(of save: SaveAudience, key: Key, row: Row) -> [UInt8] {
        let members = save.attributes.map { PlainText.quoted($0.name) + ":" + PlainText.json(value($0.source, key: key, row: row)) }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }
}
