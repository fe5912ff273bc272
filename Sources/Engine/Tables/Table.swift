// The rows of one schema: columns, links, the key index, and what the plan keeps per row. What they are changes by its functions alone;
// what the plan keeps are values whose state is their own.
import Campaigns

struct Table: ~Copyable {
    enum RowState: UInt8 {
        /// Only mentioned by a link so far.
        case unknown
        case live
        case deleted
        /// While an engine is made from facts: it will be live.
        case loaded
    }

    private static let noVersion = Int64.min

    /// What its rows are; of a hidden table, whose rows are only linked to, one without fields.
    private(set) var schema: Schema
    private(set) var columns = Vector<Column>()
    private(set) var links = Vector<TableLink>()
    /// The number of each link of the schema.
    private(set) var schemaLinks: [LinkNumber] = []
    /// The derived links that somebody asks for.
    private(set) var derivedLinks = Vector<LinkNumber>()
    /// Links of other tables (or this one) that lead here.
    private(set) var incoming = Vector<LinkPlace>()
    /// Key bytes; their codes are the row numbers. A single text is its own key; otherwise see KeyText.swift.
    private(set) var keys = TextDictionary()
    let isTextKey: Bool
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
    /// Changes that were applied, and those that were too old.
    var (applied, stale) = (0, 0)

    // What the plan keeps.
    /// The conditions that each row meets.
    var memberships = RowLists<Condition>(hasValues: false)
    /// The accumulators that hold something for each row, with where.
    var accumulated = RowLists<Accumulator>(hasValues: true)
    private var nextBit = 0
    private var nextSourceBit = 0
    /// All that live conditions, audiences and watching links read.
    var reads = SignalCounts()
    /// What the takers of conditions read of their rows.
    var takerReads = SignalCounts()
    /// Where its conditions are found when a row changes.
    var guards = GuardIndex()
    /// While an image is taken: rows as they were.
    var kept = KeptRows()
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

    /// Whether a row has its values from an image, and is not live yet.
    @inline(__always)
    func isLoaded(_ row: RowNumber) -> Bool { states[row] == RowState.loaded.rawValue }

    /// A row comes, whose values have been written.
    @inline(__always)
    mutating func becomeLive(_ row: RowNumber) {
        keep(row)
        states[row] = RowState.live.rawValue
        liveCount += 1
    }

    /// A live row goes; its values are gone.
    mutating func becomeDeleted(_ row: RowNumber) {
        keep(row)
        states[row] = RowState.deleted.rawValue
        liveCount -= 1
    }

    /// A row holds a version from now on, in the place of the one it held.
    @inline(__always)
    mutating func hold(version: Int64, of row: RowNumber) {
        keep(row)
        versions[row] = version
    }

    /// The version of a deleted row is forgotten from an instant on.
    mutating func forgetVersion(of row: RowNumber, at instant: Int64) {
        keep(row)
        heldUntil.grow(to: states.count, filling: Int64.max)
        heldUntil[row] = instant
    }

    /// Whether the version of a deleted row is forgotten at an instant; one that was never deleted holds it.
    func hasForgottenVersion(of row: RowNumber, at instant: Int64) -> Bool {
        instant >= heldUntil[row, default: Int64.max]
    }

    /// A key has come whose text may be longer than one may be.
    mutating func noteLongKey() { hasLongKeys = true }

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
        for link in links.numbers where !links[link].isDerived { links[link].grow(to: rows) }
        for place in 0..<derivedLinks.count { links[derivedLinks[place]].grow(to: rows) }
    }

    /// What is kept of rows beside their values.
    var stateBytes: Int { states.byteCount + versions.byteCount + heldUntil.byteCount }

    // Columns.

    /// The schema has more fields, links or identities than before.
    mutating func extend(to schema: Schema) { self.schema = schema }

    /// One more column, null in every row that there is room for.
    mutating func add(_ column: consuming Column) -> ColumnNumber {
        let number = columns.nextNumber
        columns.append(column)
        columns[number].grow(to: states.count)
        return number
    }

    /// The bit that says that a column has changed; the first reader gives it one.
    mutating func bit(of column: ColumnNumber) -> SignalBits {
        if columns[column].bit == 0 { columns[column].signal(with: takeBit()) }
        return columns[column].bit
    }

    /// The code of a text in a column's own dictionary.
    @inline(__always)
    mutating func intern(_ text: UnsafeRawBufferPointer, hash: UInt32, in column: ColumnNumber) -> Int32 {
        columns[column].intern(text, hash: hash)
    }

    @inline(__always)
    mutating func set(_ column: ColumnNumber, _ row: RowNumber, toCode code: Int32) {
        keep(row)
        columns[column].setCode(row, code)
    }

    @inline(__always)
    mutating func set(_ column: ColumnNumber, _ row: RowNumber, toWord word: Int64) {
        keep(row)
        columns[column].setWord(row, word)
    }

    @inline(__always)
    mutating func setNull(_ column: ColumnNumber, _ row: RowNumber) {
        keep(row)
        columns[column].setNull(row)
    }

    /// A value of a hidden table as a column keeps it; nil is null.
    mutating func content(ofJSON json: ArraySlice<UInt8>?, _ type: ValueType, in column: ColumnNumber) -> Column.Content {
        columns[column].content(ofJSON: json, type)
    }

    mutating func set(_ column: ColumnNumber, _ row: RowNumber, to content: Column.Content) { columns[column].set(content, row) }

    /// Takes all values of a row, and where the links lead that read them.
    mutating func eraseValues(of row: RowNumber) {
        keep(row)
        for column in columns.numbers { columns[column].setNull(row) }
        for link in links.numbers where links[link].isByKey { links[link].set(row, to: .none) }
    }

    /// Takes a row out of the orders of its fields, whose values are about to change or go.
    @inline(__always)
    mutating func leaveOrders(_ row: RowNumber) { orders.leave(row, columns) }

    /// Puts a row into the orders of its fields, whose values are new.
    @inline(__always)
    mutating func joinOrders(_ row: RowNumber) { orders.join(row, columns) }

    // Links.

    /// One more link.
    mutating func add(_ link: consuming TableLink) -> LinkNumber {
        let number = links.nextNumber
        links.append(link)
        return number
    }

    /// The number of a link of the schema, which gets one when it is new.
    mutating func linkNumber(ofSchemaLink place: Int) -> LinkNumber {
        if place == schemaLinks.count { schemaLinks.append(add(TableLink())) }
        return schemaLinks[place]
    }

    /// A link leads here from now on, and what happens to rows here is told along it.
    mutating func addIncoming(_ link: LinkPlace) { incoming.append(link) }

    /// Somebody asks for a derived link.
    mutating func addDerived(_ link: LinkNumber) {
        derivedLinks.append(link)
        links[link].grow(to: states.count)
    }

    /// Nobody asks for a derived link any more.
    mutating func removeDerived(_ link: LinkNumber) {
        derivedLinks.removeFirst(link)
        links[link].forgetRows()
    }

    /// The bit that says that something behind a link has changed; the first reader gives it one.
    mutating func bit(of link: LinkNumber) -> SignalBits {
        if links[link].bit == 0 { links[link].signal(with: takeBit()) }
        return links[link].bit
    }

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

// As an image has it (Facts/RowGroup.swift).

extension Table {
    /// How many rows there is room for that have keys.
    var roomForImageRows: Int { min(states.count, keys.count) }

    /// How many rows an image has: up to the last of which something was said, so that it hangs on no room.
    var imageRows: Int {
        var rows = roomForImageRows
        while rows > 0, isUnknown(RowNumber(Int32(rows - 1))) { rows -= 1 }
        return rows
    }

    /// Whether nothing was ever said of a row, or is forgotten.
    private func isUnknown(_ row: RowNumber) -> Bool {
        states[row] == RowState.unknown.rawValue && (schema.version == nil || versions[row] == Self.noVersion)
    }

    /// Appends what a row is beside its values: its state, and where the schema has a version, that.
    func appendStates(_ rows: Range<Int>, to bytes: inout [UInt8]) {
        states.append(rows, to: &bytes, default: RowState.unknown.rawValue)
        guard schema.version != nil else { return }
        versions.append(rows, to: &bytes, default: Self.noVersion)
        heldUntil.append(rows, to: &bytes, default: .max)
    }

    /// Until when the version of a row is held that was deleted.
    func heldUntil(_ row: RowNumber) -> Int64 { heldUntil[row, default: .max] }

    /// A row is about to change.
    @inline(__always)
    private mutating func keep(_ row: RowNumber) {
        if kept.wants(row) { keepFirst(row) }
    }

    /// Makes room for the rows of an image, none of which is live yet; its keys are there.
    mutating func makeRoom(forImageRows rows: Int) throws(FactsError) {
        guard rows >= 0, rows <= keys.count else { throw FactsError("\(rows) rows have \(keys.count) keys") }
        if rows > 0 { growToKeys() }
        if schema.version != nil { heldUntil.grow(to: states.count, filling: .max) }
    }

    /// Sets what some rows are beside their values.
    mutating func fillStates(_ rows: Range<Int>, from reader: inout ByteReader) throws(FactsError) {
        try states.fill(rows, from: &reader)
        for row in rows {
            switch RowState(rawValue: states[RowNumber(row)]) {
            case .live: states[RowNumber(row)] = RowState.loaded.rawValue
            case .unknown, .deleted: break
            case .loaded, nil: throw FactsError("row \(row) is in no state that a commit leaves")
            }
        }
        guard schema.version != nil else { return }
        try versions.fill(rows, from: &reader)
        try heldUntil.fill(rows, from: &reader)
    }

    /// Sets the values of a column in some rows. `texts`: how many there are that codes may stand for.
    mutating func fill(_ column: ColumnNumber, _ rows: Range<Int>, from reader: inout ByteReader, texts: Int) throws(FactsError) {
        try columns[column].fill(rows, from: &reader, texts: texts)
    }

    /// Adds so many keys, none of which is there yet.
    mutating func addKeys(_ count: Int, from reader: inout ByteReader) throws(FactsError) { try keys.add(count, from: &reader) }

    /// Adds so many texts of a column, none of which is there yet.
    mutating func addTexts(_ count: Int, of column: ColumnNumber, from reader: inout ByteReader) throws(FactsError) {
        try columns[column].addTexts(count, from: &reader)
    }
}

/// The number of a table among all: those of schemas and hidden ones.
typealias TableNumber = Number<Table>
