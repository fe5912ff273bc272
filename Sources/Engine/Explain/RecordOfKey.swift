// The record that a key text names. The text of a key is that of its fields joined with `|` (semantics §2), which texts may hold too: each
// way to cut it is a key that may be there.
import Campaigns

extension Engine {
    /// The live record of a key text; nil: there is none.
    mutating func record(ofKey key: String, in table: TableNumber) -> RowNumber? {
        let bytes = Array(key.utf8)
        if tables[table].isTextKey { return rowNamed(bytes, in: table).flatMap { tables[table].isLive($0) ? $0 : nil } }
        let fields = tables[table].schema.primaryKey.map { tables[table].schema.fields[$0].type }
        var found: RowNumber?
        var waysLeft = KeyCut.mostWays
        KeyCut(fields).forEach(bytes[...]) { named in
            waysLeft -= 1
            guard let row = rowNamed(named, in: table), tables[table].isLive(row) else { return waysLeft > 0 }
            scratch.texts.reset()
            // A number may be written in ways in which key texts do not have it.
            if keyTextValue(table, row).text.elementsEqual(bytes) { found = row }
            return found == nil && waysLeft > 0
        }
        return found
    }
}

/// The ways to cut a key text into fields.
private struct KeyCut {
    /// So many ways are tried: of keys of several texts with dozens of the sign that joins them, not all.
    static let mostWays = 1000

    private let fields: [FieldType]

    init(_ fields: [FieldType]) { self.fields = fields }

    /// Calls the body with the key bytes of each way, until it says that it has enough.
    func forEach(_ text: ArraySlice<UInt8>, _ body: ([UInt8]) -> Bool) { _ = cut(text, 0, [], body) }

    private func cut(_ text: ArraySlice<UInt8>, _ place: Int, _ before: [UInt8], _ body: ([UInt8]) -> Bool) -> Bool {
        let isLast = place == fields.count - 1
        var end = isLast ? text.endIndex : text.firstIndex(of: UInt8(ascii: "|"))
        while let here = end {
            for word in words(of: text[..<here], fields[place]) {
                let goesOn = isLast ? body(before + word) : cut(text[(here + 1)...], place + 1, before + word, body)
                if !goesOn { return false }
            }
            // Only a text goes on behind the sign that joins fields.
            if isLast || ![FieldType.string, .enum].contains(fields[place]) { break }
            end = text[(here + 1)...].firstIndex(of: UInt8(ascii: "|"))
        }
        return true
    }

    /// The key bytes of a field with such a text: none, where it is no such value.
    private func words(of bytes: ArraySlice<UInt8>, _ type: FieldType) -> [[UInt8]] {
        let text = String(decoding: bytes, as: UTF8.self)
        func word(_ number: Int64?) -> [[UInt8]] {
            number.map { number in
                var word = Vector<UInt8>()
                word.appendKey(word: number)
                return [(0..<word.count).map { word[$0] }]
            } ?? []
        }
        switch type {
        case .string, .enum:
            var word = Vector<UInt8>()
            bytes.withUnsafeBytes { word.appendKey(text: $0) }
            return [(0..<word.count).map { word[$0] }]
        case .integer: return word(Int64(text))
        case .boolean: return word(text == "true" ? 1 : text == "false" ? 0 : nil)
        case .double:
            guard let number = Double(text) else { return [] }
            // Both zeros have the same text.
            let numbers = number == 0 ? [0.0, -0.0] : [number]
            return numbers.flatMap { word(Int64(bitPattern: $0.bitPattern)) }
        case .date: return word(CivilDate.day(of: text).map(Int64.init))
        case .datetime: return word(InstantText.milliseconds(of: text))
        }
    }
}
