// Values as bytes that are equal where the values are: "Integer and double compare by value", -0 is 0, texts by their bytes.

struct TupleBytes {
    private(set) var bytes: [UInt8] = []

    private enum Tag: UInt8 { case null, boolean, integer, double, text, date, instant }

    mutating func append(_ value: Value) {
        switch value.kind {
        case .null: bytes.append(Tag.null.rawValue)
        case .boolean: append(.boolean, value.bits)
        case .integer: append(.integer, value.bits)
        case .double:
            if let whole = Int64(exactly: value.double) {
                append(.integer, UInt64(bitPattern: whole))
            } else {
                append(.double, value.bits)
            }
        case .text:
            append(.text, UInt64(value.text.count))
            bytes.append(contentsOf: value.text)
        case .date: append(.date, value.bits)
        case .instant: append(.instant, value.bits)
        }
    }

    private mutating func append(_ tag: Tag, _ word: UInt64) {
        bytes.append(tag.rawValue)
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
