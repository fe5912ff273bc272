// What the engine holds of memory, by kind: of what grows with the rows. A sum over columns, links and plan, no walk over rows.

/// How much memory is taken by what, in bytes; what is small, or of an operator's own, is in no kind.
public struct HeldMemory: Equatable, Sendable {
    /// The values of rows, their keys aside.
    public internal(set) var rows = 0
    /// Keys, and values that are texts.
    public internal(set) var texts = 0
    /// Where rows lead, and which lead back.
    public internal(set) var links = 0
    /// Which rows meet which conditions.
    public internal(set) var conditions = 0
    /// Counts, sums and values of rows that lead back.
    public internal(set) var aggregates = 0
    /// Rows in the order of what windows are about.
    public internal(set) var windows = 0

    /// Each kind with its name.
    public var kinds: [(name: String, bytes: Int)] {
        [
            ("rows", rows), ("texts", texts), ("links", links), ("conditions", conditions), ("aggregates", aggregates),
            ("windows", windows),
        ]
    }

    /// All of it.
    public var total: Int { kinds.reduce(0) { $0 + $1.bytes } }
}

extension Engine {
    /// What is held now.
    public var held: HeldMemory {
        var held = HeldMemory()
        for table in tables.all { tables[table].add(to: &held) }
        held.aggregates += states.byteCount
        return held
    }
}

extension Table {
    func add(to held: inout HeldMemory) {
        held.rows += stateBytes
        held.texts += keys.byteCount
        for column in columns.numbers {
            held.rows += columns[column].byteCount
            held.texts += columns[column].texts.byteCount
        }
        for link in links.numbers { held.links += links[link].byteCount }
        held.conditions += memberships.byteCount
        held.aggregates += accumulated.byteCount
        held.windows += orders.byteCount
    }
}
