// Keys of rows as bytes: what finds a row, and what a row is called (semantics §2).
import Campaigns

/// How long the text of a key may be.
enum KeyText {
    /// The longest text of a field that is no text: a double, and what joins it to the next.
    private static let longestWordBytes = 26

    /// Whether the text of a key that is not a single text may be longer than a key text may be, by the number of its key bytes: of these
    /// a text has more than it has in the key text, and any other field has eight.
    static func mayBeLong(keyBytes: Int) -> Bool {
        keyBytes > Limits.keyTextBytes * 8 / longestWordBytes
    }
}

extension Engine {
    /// Whether a row's key text is longer than one may be (contract §10). Such a row is as any other, but nobody's member.
    @inline(__always)
    func hasLongKey(_ table: TableNumber, _ row: RowNumber) -> Bool {
        tables[table].hasLongKeys && isKeyLong(table, row)
    }

    private func isKeyLong(_ table: TableNumber, _ row: RowNumber) -> Bool {
        let bytes = tables[table].key(of: row).count
        if tables[table].isTextKey { return bytes > Limits.keyTextBytes }
        return KeyText.mayBeLong(keyBytes: bytes) && keyText(table, row).count > Limits.keyTextBytes
    }

    /// The order of rows that are their own records by row id: key texts by UTF-8 bytes.
    func isKeyTextLess(_ table: TableNumber, _ a: RowNumber, _ b: RowNumber) -> Bool {
        if tables[table].isTextKey { return isLess(tables[table].key(of: a), tables[table].key(of: b)) }
        return keyText(table, a).withUnsafeBytes { left in keyText(table, b).withUnsafeBytes { isLess(left, $0) } }
    }

    /// The key text of a row as a value; valid until texts are made anew.
    mutating func keyTextValue(_ table: TableNumber, _ row: RowNumber) -> Value {
        if tables[table].isTextKey { return .text(tables[table].key(of: row)) }
        return scratch.texts.text(keyText(table, row))
    }

    /// The key text of a row (semantics §2): its fields joined with `|`.
    private func keyText(_ table: TableNumber, _ row: RowNumber) -> [UInt8] {
        var bytes = [UInt8]()
        for (place, field) in tables[table].schema.primaryKey.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: "|")) }
            let value = columnValue(table, ColumnNumber(field), row)
            switch value.kind {
            case .null: break
            case .boolean: bytes += Array((value.bits != 0 ? "true" : "false").utf8)
            case .text: bytes += Array(value.text)
            case .integer: bytes += Array(String(value.integer).utf8)
            case .double: bytes += Array(DoubleText.text(of: value.double).utf8)
            case .date: CivilDate.append(Int32(value.integer), to: &bytes)
            case .instant: bytes += Array(InstantText.text(of: value.integer).utf8)
            }
        }
        return bytes
    }
}

extension Vector where Element == UInt8 {
    /// Key bytes of keys that are not one text: a text with its length before it, or 64 bits.
    mutating func appendKey(text: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: UInt32(text.count).littleEndian) { append(contentsOf: $0) }
        append(contentsOf: text)
    }

    mutating func appendKey(word: Int64) {
        withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
    }
}
