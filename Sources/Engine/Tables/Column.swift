// One field of a table, as a typed array over row numbers.
//
// Texts are codes: of the column's own dictionary, or, where the field is the whole primary key or the whole of a link, row numbers
// of the table whose key it is. So a key is interned once, and following a link is reading a number.
import Campaigns

struct Column: ~Copyable {
    /// The names stand in images (Facts/FactsText.swift).
    enum Kind: UInt8, CaseIterable {
        /// Codes of `texts`.
        case text
        /// The primary key alone: the code is the row number; nothing is stored.
        case ownKey
        /// The key of another table, which may be a hidden one: the code is a row number there.
        case foreignKey
        case boolean, date
        case integer, double, instant
    }

    static let nullCode = Int32.min

    let kind: Kind
    /// Of a foreign key: the table it names.
    let target: TableNumber?
    /// Texts, foreign keys, booleans (0, 1) and dates (days); `nullCode` is null.
    private(set) var codes = PerRow<Int32>()
    /// Integers, bits of doubles, instants (ms); where `nulls` has the row's bit the value is null.
    private(set) var words = PerRow<Int64>()
    private var nulls = Vector<UInt64>()
    private(set) var texts = TextDictionary()
    /// The bit of its signal, 0 while nobody reads it.
    private(set) var bit: SignalBits = 0

    init(kind: Kind, target: TableNumber? = nil) {
        self.kind = kind
        self.target = target
    }

    var isText: Bool { kind.rawValue <= Kind.foreignKey.rawValue }

    mutating func grow(to rows: Int) {
        switch kind {
        case .ownKey: return
        case .integer, .double, .instant:
            words.grow(to: rows, filling: 0)
            nulls.grow(to: (rows + 63) / 64, filling: ~0)
        default: codes.grow(to: rows, filling: Column.nullCode)
        }
    }

    /// What its values take, its texts aside.
    var byteCount: Int { codes.byteCount + words.byteCount + nulls.byteCount }

    @inline(__always)
    func isNullWord(_ row: RowNumber) -> Bool {
        nulls[row.value >> 6] >> UInt64(row.value & 63) & 1 == 1
    }

    /// The first reader gives it the bit of its signal.
    mutating func signal(with bit: SignalBits) { self.bit = bit }

    /// The code of a text in its own dictionary.
    @inline(__always)
    mutating func intern(_ text: UnsafeRawBufferPointer, hash: UInt32) -> Int32 { texts.intern(text, hash: hash) }

    @inline(__always)
    mutating func setCode(_ row: RowNumber, _ code: Int32) { codes[row] = code }

    @inline(__always)
    mutating func setWord(_ row: RowNumber, _ word: Int64) {
        words[row] = word
        nulls[row.value >> 6] &= ~(1 << UInt64(row.value & 63))
    }

    mutating func setNull(_ row: RowNumber) {
        switch kind {
        case .ownKey: return
        case .integer, .double, .instant: nulls[row.value >> 6] |= 1 << UInt64(row.value & 63)
        default: codes[row] = Column.nullCode
        }
    }

    // Of a hidden table, whose values come as JSON of our own.

    /// A value as a column keeps it: a code, a word, or null.
    enum Content: Equatable {
        case code(Int32), word(Int64), null
    }

    /// A value of a type as the column keeps it; nil is null, and so is a value of another type: members that stay as they were may have
    /// attributes of an earlier version.
    mutating func content(ofJSON json: ArraySlice<UInt8>?, _ type: ValueType) -> Content {
        guard let json, json.first != UInt8(ascii: "n") else { return .null }
        let isText = json.first == UInt8(ascii: "\"")
        guard isText == (type == .string || type == .date || type == .datetime || type == .null) else { return .null }
        let text = AttributeObject.text(of: json)
        switch type {
        case .string, .null:
            return text.withUnsafeBytes { .code(texts.intern($0, hash: textHash($0))) }
        case .boolean: return text == Array("true".utf8) ? .code(1) : text == Array("false".utf8) ? .code(0) : .null
        case .integer: return Int64(String(decoding: text, as: UTF8.self)).map { .word($0) } ?? .null
        case .double: return Double(String(decoding: text, as: UTF8.self)).map { .word(Int64(bitPattern: $0.bitPattern)) } ?? .null
        case .date: return CivilDate.day(of: String(decoding: text, as: UTF8.self)).map { .code($0) } ?? .null
        case .datetime: return InstantText.milliseconds(of: String(decoding: text, as: UTF8.self)).map { .word($0) } ?? .null
        }
    }

    func holds(_ content: Content, _ row: RowNumber) -> Bool {
        guard let key = key(row) else { return content == .null }
        switch content {
        case .code(let code): return key == Int64(code)
        case .word(let word): return key == word
        case .null: return false
        }
    }

    mutating func set(_ content: Content, _ row: RowNumber) {
        switch content {
        case .code(let code): codes[row] = code
        case .word(let word): setWord(row, word)
        case .null: setNull(row)
        }
    }

    /// Of a foreign key: the row of the target that a row names; nil for null. The code of the text is that row's number.
    @inline(__always)
    func target(of row: RowNumber) -> RowNumber? {
        codes[row] == Column.nullCode ? nil : RowNumber(codes[row])
    }

    /// The rows that name a row of the target, ascending.
    func rows(naming target: RowNumber) -> [RowNumber] { codes.rows(with: target.value) }

    /// The value as guards, links and orders of fields have it: a code, a number, or the bits of a double; nil for null.
    @inline(__always)
    func key(_ row: RowNumber) -> Int64? {
        switch kind {
        case .ownKey: return Int64(row.value)
        case .integer, .instant, .double: return isNullWord(row) ? nil : words[row]
        default: return codes[row] == Column.nullCode ? nil : Int64(codes[row])
        }
    }
}

// Many rows at once.

extension Column {
    /// Those of some rows that have a value which is one of some keys.
    func rows(_ block: RowBlock, among keys: borrowing KeySet) -> RowBlock {
        switch kind {
        case .ownKey: return block.filter { keys.contains(Int64($0.value)) }
        case .integer, .double, .instant: return wordRows(block) { keys.contains($0) }
        default: return codeRows(block) { keys.contains(Int64($0)) }
        }
    }

    /// Those of some rows that have a value whose place in the order (`Value.sortKey`) lies in a range; of a text its code is none.
    func rows(_ block: RowBlock, within range: ClosedRange<Int64>) -> RowBlock {
        let (least, most) = (range.lowerBound, range.upperBound)
        switch kind {
        case .ownKey, .text, .foreignKey: return block.intersection(0)
        case .double: return wordRows(block) { Value(kind: .double, bits: UInt64(bitPattern: $0)).sortKey!.isWithin(least, most) }
        case .integer, .instant: return wordRows(block) { $0.isWithin(least, most) }
        default: return codeRows(block) { Int64($0).isWithin(least, most) }
        }
    }

    /// Appends the rows of dates, integers or instants that have a value, with it.
    func append(_ block: RowBlock, to rows: inout KeyedRows) {
        switch kind {
        case .integer, .instant:
            let words = words.block(of: block)
            for row in block where !isNullWord(row) { rows.append(words[Int(row.value - block.first)], row) }
        default:
            for row in block { if let key = key(row) { rows.append(key, row) } }
        }
    }

    @inline(__always)
    private func wordRows(_ block: RowBlock, where isMeant: (Int64) -> Bool) -> RowBlock {
        if block.isEmpty { return block }
        let words = words.block(of: block)
        let rows = block.intersection(~nulls[block.first >> 6])
        if rows.isSparse || words.count < 64 { return rows.filter { isMeant(words[Int($0.value - block.first)]) } }
        return rows.intersection(bits { isMeant(words[$0]) })
    }

    @inline(__always)
    private func codeRows(_ block: RowBlock, where isMeant: (Int32) -> Bool) -> RowBlock {
        if block.isEmpty { return block }
        let codes = codes.block(of: block)
        func isThere(_ code: Int32) -> Bool { code != Column.nullCode && isMeant(code) }
        if block.isSparse || codes.count < 64 { return block.filter { isThere(codes[Int($0.value - block.first)]) } }
        return block.intersection(bits { isThere(codes[$0]) })
    }
}

extension Int64 {
    /// Whether it lies between two, of which the first is not larger.
    @inline(__always)
    fileprivate func isWithin(_ least: Int64, _ most: Int64) -> Bool {
        UInt64(bitPattern: self &- least) <= UInt64(bitPattern: most &- least)
    }
}

// As an image has it (Facts/RowGroup.swift).

extension Column {
    /// How many bytes a row has, but for its null bit.
    var rowBytes: Int { kind.rowBytes }

    /// How many bytes some rows have.
    func byteCount(of rows: Range<Int>) -> Int { rowBytes * rows.count + (rowBytes == 8 ? Self.nullWords(of: rows).count * 8 : 0) }

    /// Appends some rows, from a multiple of 64 on.
    func append(_ rows: Range<Int>, to bytes: inout [UInt8]) {
        switch kind {
        case .ownKey: return
        case .integer, .double, .instant:
            words.append(rows, to: &bytes, default: 0)
            bytes.append(contentsOf: nulls.bytes(of: Self.nullWords(of: rows)))
            // Bits of rows that are not meant are those of no value, whatever came of them.
            let meant = rows.count % 64
            if meant > 0 {
                let last = bytes[(bytes.count - 8)...].withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } | ~0 << UInt64(meant)
                withUnsafeBytes(of: last) { bytes.replaceSubrange((bytes.count - 8)..., with: $0) }
            }
        default: codes.append(rows, to: &bytes, default: Self.nullCode)
        }
    }

    /// Sets some rows, which it was grown to, from a multiple of 64 on. `texts`: how many there are that codes may stand for.
    mutating func fill(_ rows: Range<Int>, from reader: inout ByteReader, texts: Int) throws(FactsError) {
        switch kind {
        case .ownKey: return
        case .integer, .double, .instant:
            try words.fill(rows, from: &reader)
            let nullWords = Self.nullWords(of: rows)
            nulls.fill(nullWords, from: try reader.take(nullWords.count * 8))
        default:
            try codes.fill(rows, from: &reader)
            guard isText else { return }
            for row in rows {
                let code = codes[RowNumber(row)]
                if code != Self.nullCode && (code < 0 || code >= texts) { throw FactsError("row \(row) has text \(code) of \(texts)") }
            }
        }
    }

    /// Adds so many texts of its own dictionary, none of which is there yet.
    mutating func addTexts(_ count: Int, from reader: inout ByteReader) throws(FactsError) { try texts.add(count, from: &reader) }

    private static func nullWords(of rows: Range<Int>) -> Range<Int> { rows.lowerBound / 64..<(rows.upperBound + 63) / 64 }
}

/// The number of a column in its table, which is the place of the field in the schema.
typealias ColumnNumber = Number<Column>

extension Column.Kind {
    /// How many bytes a row has in an image, but for its null bit.
    var rowBytes: Int {
        switch self {
        case .ownKey: 0
        case .integer, .double, .instant: 8
        default: 4
        }
    }
}
