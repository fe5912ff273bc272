// The rows of one schema: columns, links, the key index, and what the plan keeps per row.
import Campaigns

struct Table: ~Copyable {
    private enum RowState: UInt8 {
        /// Only mentioned by a link so far.
        case unknown
        case live
        case deleted
    }

    private static let noVersion = Int64.min

    /// What its rows are; of a hidden table, whose rows are only linked to, one without fields.
    var schema: Schema
    var columns = Vector<Column>()
    var links = Vector<TableLink>()
    /// The number of each link of the schema.
    var linkNumbers: [LinkNumber] = []
    /// The derived links that somebody asks for.
    var derivedLinks = Vector<LinkNumber>()
    /// Links of other tables (or this one) that lead here.
    var incoming = Vector<LinkPlace>()
    /// Key bytes; their codes are the row numbers. A single text is its own key; otherwise see KeyText.swift.
    var keys = TextDictionary()
    var isTextKey: Bool
    private(set) var states = PerRow<UInt8>()
    /// Where the schema has a version: the one that each row holds, live or deleted.
    private(set) var versions = PerRow<Int64>()
    /// Until when a deleted row's version is held, in milliseconds since the Unix epoch; there are none before a first delete.
    private var heldUntil = PerRow<Int64>()
    /// A hidden table of keys, whose rows are there as soon as they are named.
    let isLiveOnceNamed: Bool
    /// Whether the key text of some row may be longer than one may be.
    private(set) var hasLongKeys = false
    private(set) var liveCount = 0

    // What the plan keeps.
    /// The conditions that each row meets.
    var memberships = RowLists<Condition>()
    /// The accumulators that hold something for each row, with where.
    var accumulated = RowLists<Accumulator>()
    private var nextBit = 0
    private var nextSourceBit = 0
    /// All that live conditions, audiences and watching links read.
    var reads = SignalCounts()
    /// What the takers of conditions read of their rows.
    var takerReads = SignalCounts()
    /// Where its conditions are found when a row changes.
    var guards = GuardIndex()
    /// The orders of its rows that windows are positions in.
    var orders = WindowOrders()

    init(schema: Schema) {
        self.schema = schema
        isLiveOnceNamed = false
        let key = schema.primaryKey
        isTextKey = key.count == 1 && schema.fields[key[0]].type == .string
    }

    /// A hidden table whose keys are texts.
    init(ofTexts name: String, isLiveOnceNamed: Bool = false) {
        self.isLiveOnceNamed = isLiveOnceNamed
        schema = Schema(name: name, fields: [], primaryKey: [], version: nil, identities: [], links: [])
        isTextKey = true
    }

    @inline(__always)
    func isLive(_ row: RowNumber) -> Bool {
        states[row, default: RowState.unknown.rawValue] == RowState.live.rawValue
    }

    /// A row comes, whose values have been written.
    @inline(__always)
    mutating func becomeLive(_ row: RowNumber) {
        states[row] = RowState.live.rawValue
        liveCount += 1
    }

    /// A live row goes; its values are gone.
    mutating func becomeDeleted(_ row: RowNumber) {
        states[row] = RowState.deleted.rawValue
        liveCount -= 1
    }

    /// A row holds a version from now on, in the place of the one it held.
    @inline(__always)
    mutating func hold(version: Int64, of row: RowNumber) {
        versions[row] = version
    }

    /// The version of a deleted row is forgotten from an instant on.
    mutating func forgetVersion(of row: RowNumber, at instant: Int64) {
        heldUntil.grow(to: states.count, filling: Int64.max)
        heldUntil[row] = instant
    }

    /// Whether the version of a deleted row is forgotten at an instant; one that was never deleted holds it.
    func hasForgottenVersion(of row: RowNumber, at instant: Int64) -> Bool {
        instant >= heldUntil[row, default: Int64.max]
    }

    /// A key has come whose text may be longer than one may be.
    mutating func noteLongKey() { hasLongKeys = true }

    /// All rows that have a number, those that were only mentioned too.
    var numberedRows: Numbers<TableRow> { Numbers(count: keys.count) }

    /// All rows that there is room for, live or not.
    var rows: Numbers<TableRow> { Numbers(count: states.count) }

    /// The key bytes of a row; valid until the next new one.
    @inline(__always)
    func key(of row: RowNumber) -> UnsafeRawBufferPointer { keys.text(row.value) }

    /// The row of a key, which gets a number when it is new.
    mutating func row(ofKey bytes: UnsafeRawBufferPointer, hash: UInt32) -> RowNumber {
        RowNumber(keys.intern(bytes, hash: hash))
    }

    /// Makes room for every row that has a number, and some more, so that it is not for every row.
    mutating func growToKeys() {
        guard states.count < keys.count else { return }
        let rows = keys.count + min(keys.count / 4, 4096)
        states.grow(to: rows, filling: RowState.unknown.rawValue)
        if schema.version != nil { versions.grow(to: rows, filling: Table.noVersion) }
        for column in columns.numbers { columns[column].grow(to: rows) }
        for link in links.numbers where links[link].column == nil && !links[link].isDerived {
            links[link].rows.grow(to: rows, filling: .noValue)
        }
        for place in 0..<derivedLinks.count { links[derivedLinks[place]].rows.grow(to: rows, filling: .noRecord) }
    }

    /// Takes a row out of the orders of its fields, whose values are about to change or go.
    @inline(__always)
    mutating func leaveOrders(_ row: RowNumber) { orders.leave(row, columns) }

    /// Puts a row into the orders of its fields, whose values are new.
    @inline(__always)
    mutating func joinOrders(_ row: RowNumber) { orders.join(row, columns) }

    /// The row that a link leads to; nil when it leads to none.
    @inline(__always)
    func follow(_ link: LinkNumber, _ row: RowNumber) -> RowNumber? {
        if let column = links[link].column { return columns[column].target(of: row) }
        return links[link].rows[row].orNil
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

/// The number of a table among all: those of schemas and hidden ones.
typealias TableNumber = Number<Table>
