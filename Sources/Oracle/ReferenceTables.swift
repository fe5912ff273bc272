// The tables as plain dictionaries, and the rules by which changes are applied to them (contract §2.1, §3; decisions 31 and 33).
public import Campaigns

/// The values of a row's primary key, in its order.
public typealias Key = [Datum]
/// The values of a row by the number of the field. One written before its schema was extended is shorter.
public typealias Row = [Datum?]

/// Rows as they are now, by schema and key.
public struct ReferenceTables: Sendable {
    /// By name.
    public private(set) var schemas: [String: Schema] = [:]
    /// By schema and key.
    public private(set) var rows: [String: [Key: Row]] = [:]
    /// The version held for each key, whether its row is there or not.
    private var versions: [String: [Key: Int64]] = [:]
    /// When each key that is deleted was deleted last.
    private var deletions: [String: [Key: Int64]] = [:]
    private var clock = Int64.min

    public init() {}

    /// A new schema, or an extended one.
    public mutating func publish(_ schema: Schema) {
        schemas[schema.name] = schema
        if rows[schema.name] == nil { rows[schema.name] = [:] }
    }

    /// Moves the clock of the changes to come forward.
    public mutating func advance(to instant: Int64) {
        clock = max(clock, instant)
    }

    /// A whole row. False when it is stale.
    @discardableResult
    public mutating func upsert(_ row: Row, into table: String) -> Bool {
        let schema = schema(table)
        let key = schema.primaryKey.map { row[$0]! }
        guard accept(schema.version.flatMap { row[$0] }, of: key, in: table) else { return false }
        rows[table]![key] = row
        deletions[table]?[key] = nil
        return true
    }

    /// Only the key and the version are read. False when it is stale.
    @discardableResult
    public mutating func delete(_ key: Key, version: Datum?, from table: String) -> Bool {
        guard accept(version, of: key, in: table) else { return false }
        rows[table]![key] = nil
        deletions[table, default: [:]][key] = clock
        return true
    }

    /// An update that moves a row to another key: the row of the old key is deleted first, whatever becomes of the new one.
    @discardableResult
    public mutating func move(from key: Key, to row: Row, in table: String) -> Bool {
        if key != schema(table).primaryKey.map({ row[$0]! }) { delete(key, version: nil, from: table) }
        return upsert(row, into: table)
    }

    /// Deletes the rows that are there.
    public mutating func truncate(_ table: String) {
        for key in rows[table]!.keys { delete(key, version: nil, from: table) }
    }

    /// "An older version than the one held (live or deleted) is ignored […]; an equal one is applied", but one that meets a row which was
    /// deleted 30 days ago. A change that carries none is applied and leaves the one held.
    private mutating func accept(_ version: Datum?, of key: Key, in table: String) -> Bool {
        guard schema(table).version != nil, let version else { return true }
        let number: Int64
        switch version {
        case .integer(let value), .instant(let value): number = value
        default: preconditionFailure("a version is an integer or an instant")
        }
        let isForgotten = deletions[table]?[key].map { clock >= $0 &+ 30 * 86_400_000 } ?? false
        if let held = versions[table]?[key], number < held, !isForgotten { return false }
        versions[table, default: [:]][key] = number
        return true
    }

    func schema(_ name: String) -> Schema {
        guard let schema = schemas[name] else { preconditionFailure("schema \(name) was published") }
        return schema
    }

    /// The key that a link of a row names, in the order of the target's primary key; nil when a part of it is null.
    func linkedKey(_ step: LinkStep, of row: Row) -> Key? {
        let source = schema(step.schema)
        let link = source.links[step.link]
        let target = schema(link.target)
        var key: Key = []
        for field in target.primaryKey {
            guard let pair = link.on.first(where: { $0.target == target.fields[field].name }),
                let value = row.value(source.field(named: pair.source)!)
            else { return nil }
            key.append(value)
        }
        return key
    }
}

extension [Datum?] {
    /// The value of a field, which a row of before the field came does not have.
    func value(_ field: Int) -> Datum? {
        field < count ? self[field] : nil
    }
}
