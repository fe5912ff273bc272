// The rows of one schema: columns, links, the key index, and what the plan keeps per row.
import Campaigns

/// A link of a table, walked by a row number per row: one that its schema declares, another table's unique link the other way, or one
/// that is derived from values of the row.
struct TableLink: ~Copyable {
    /// The table that it leads to; -1 until its schema arrives.
    var target: Int32 = -1
    /// Of a link to a row that is chosen (Choices.swift): the choice.
    var choice: Number<Choice>?
    /// The columns that give the target's key, in the order of that key.
    var columns: [Int] = []
    /// Set when one text column is the key: its codes are the row numbers. -1 otherwise.
    var column: Int32 = -1
    /// Of a derived link (DerivedLinks.swift): the node whose text is the target's key.
    var node: NodeNumber?
    /// Of a derived link: the way from the row to the record that it is asked of; that record's column, where its codes are row numbers of
    /// the target, else -1; and the signals that move it.
    var record: [IncomingLink] = []
    var recordColumn: Int32 = -1
    var reads = ReadSet.nothing
    /// Otherwise the row numbers; negative = null.
    var rows = Vector<Int32>()
    /// The signals of the target that conditions of this table read through the link, and how many readers there are.
    var watched = ReadSet.nothing
    var watchers = 0
    /// The bit that says, in this table, that something behind the link has changed.
    var bit: SignalBits = 0
    /// Parent → rows of this table; kept while somebody watches.
    var children = RowChains()

    /// Whether the row numbers are those of keys made of several columns, or of one that is no text.
    var isByKey: Bool { column < 0 && target >= 0 && choice == nil && node == nil }
    /// Whether its rows move when what they are derived from is told, not when the row is written.
    var isDerived: Bool { node != nil }

    /// In `rows`: the value that leads on is null.
    static let noValue: Int32 = -1
    /// In `rows` of a derived link: there is no record that it could be asked of.
    static let noRecord: Int32 = -2
}

/// A place in a table's links: table and link number.
struct IncomingLink: BitwiseCopyable, Hashable {
    var table: Int32
    var link: Int32
}

struct Table: ~Copyable {
    enum RowState: UInt8 {
        /// Only mentioned by a link so far.
        case unknown
        case live
        case deleted
    }

    static let noVersion = Int64.min

    /// What its rows are; of a hidden table, whose rows are only linked to, one without fields.
    var schema: Schema
    var columns = Vector<Column>()
    var links = Vector<TableLink>()
    /// The place in `links` of each link of the schema.
    var linkPlaces: [Int32] = []
    /// The places of the derived links that somebody asks for.
    var derivedLinks = Vector<Int32>()
    /// Links of other tables (or this one) that lead here.
    var incoming = Vector<IncomingLink>()
    /// Key bytes → row number. A single text is its own key; otherwise see KeyText.swift.
    var keys = TextDictionary()
    var isTextKey: Bool
    var states = Vector<UInt8>()
    /// Where the schema has a version: the one that each row holds, live or deleted.
    var versions = Vector<Int64>()
    /// Until when a deleted row's version is held, in milliseconds since the Unix epoch; there are none before a first delete.
    var heldUntil = Vector<Int64>()
    /// Whether the key text of some row may be longer than one may be.
    var hasLongKeys = false
    var liveCount = 0

    // What the plan keeps.
    /// The conditions that each row meets.
    var memberships = RowLists<Condition>()
    /// The accumulators that hold something for each row, with where.
    var accumulated = RowLists<Accumulator>()
    /// Per field: the bit of its signal, 0 while nobody reads it.
    var columnBits: [SignalBits] = []
    private var nextBit = 0
    private var nextSourceBit = 0
    /// All that live conditions, audiences and watching links read.
    var reads = SignalCounts()
    /// What the takers of conditions read of their rows.
    var takerReads = SignalCounts()
    var guards = Vector<GuardColumn>()
    /// Conditions no guard can find, by the signals they read; as long as the highest of those.
    var unguarded = Vector<UnguardedList>()
    /// What conditions that are guarded by an accumulator read.
    var accumulatorGuardReads = SignalCounts()
    var orders = Vector<OrderIndex>()

    init(schema: Schema) {
        self.schema = schema
        let key = schema.primaryKey
        isTextKey = key.count == 1 && schema.fields[key[0]].type == .string
    }

    /// A hidden table whose keys are texts.
    init(ofTexts name: String) {
        schema = Schema(name: name, fields: [], primaryKey: [], version: nil, identities: [], links: [])
        isTextKey = true
    }

    @inline(__always)
    func isLive(_ row: Int32) -> Bool {
        Int(row) < states.count && states[row] == RowState.live.rawValue
    }

    /// Makes room for every row that has a number, and some more, so that it is not for every row.
    mutating func growToKeys() {
        guard states.count < keys.count else { return }
        let rows = keys.count + min(keys.count / 4, 4096)
        states.grow(to: rows, filling: RowState.unknown.rawValue)
        if schema.version != nil { versions.grow(to: rows, filling: Table.noVersion) }
        for place in 0..<columns.count { columns[place].grow(to: rows) }
        for place in 0..<links.count where links[place].column < 0 && !links[place].isDerived {
            links[place].rows.grow(to: rows, filling: TableLink.noValue)
        }
        for place in 0..<derivedLinks.count { links[derivedLinks[place]].rows.grow(to: rows, filling: TableLink.noRecord) }
    }

    /// The row a link leads to; -1 for null.
    @inline(__always)
    func follow(_ link: Int32, _ row: Int32) -> Int32 {
        let column = links[link].column
        if column < 0 { return links[link].rows[row] }
        let code = columns[column].codes[row]
        return code == Column.nullCode ? -1 : code
    }

    /// The first of the bits that accumulators and windows share.
    private static let firstSourceBit = 96

    /// A bit for one more field or link.
    mutating func takeBit() -> SignalBits {
        let bit = SignalBits(1) << SignalBits(1 + nextBit % (Self.firstSourceBit - 1))
        nextBit += 1
        return bit
    }

    /// A bit for one more accumulator or window.
    mutating func takeSourceBit() -> SignalBits {
        let bit = SignalBits(1) << SignalBits(Self.firstSourceBit + nextSourceBit % (128 - Self.firstSourceBit))
        nextSourceBit += 1
        return bit
    }
}

/// The conditions without a guard that read one signal.
struct UnguardedList: ~Copyable {
    var conditions = Vector<Number<Condition>>()
}

extension Table {
    /// Adds a condition that no guard finds to the lists of the signals it reads.
    mutating func addUnguarded(_ condition: Number<Condition>, reading signals: SignalBits) {
        for bit in signals.places {
            while unguarded.count <= bit { unguarded.append(UnguardedList()) }
            unguarded[bit].conditions.append(condition)
        }
    }

    mutating func removeUnguarded(_ condition: Number<Condition>, reading signals: SignalBits) {
        for bit in signals.places { unguarded[bit].conditions.removeFirst(condition) }
    }
}
