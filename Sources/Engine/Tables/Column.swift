// One field of a table, as a typed array over row numbers.
//
// Texts are codes: of the column's own dictionary, or, where the field is the whole primary key or the whole of a link, row numbers
// of the table whose key it is. So a key is interned once, and following a link is reading a number.
import Campaigns

struct Column: ~Copyable {
    enum Kind: UInt8 {
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
    /// Of a foreign key: the table it names; else -1.
    let target: Int32
    /// Texts, foreign keys, booleans (0, 1) and dates (days); `nullCode` is null.
    var codes = Vector<Int32>()
    /// Integers, bits of doubles, instants (ms); where `nulls` has the row's bit the value is null.
    var words = Vector<Int64>()
    private var nulls = Vector<UInt64>()
    var texts = TextDictionary()

    init(kind: Kind, target: Int32 = -1) {
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

    @inline(__always)
    func isNullWord(_ row: Int32) -> Bool {
        nulls[Int(row) >> 6] >> UInt64(row & 63) & 1 == 1
    }

    @inline(__always)
    mutating func setWord(_ row: Int32, _ word: Int64) {
        words[row] = word
        nulls[Int(row) >> 6] &= ~(1 << UInt64(row & 63))
    }

    mutating func setNull(_ row: Int32) {
        switch kind {
        case .ownKey: return
        case .integer, .double, .instant: nulls[Int(row) >> 6] |= 1 << UInt64(row & 63)
        default: codes[row] = Column.nullCode
        }
    }

    /// The number under which rows with this value are found in guards and identities; nil for null. Doubles have none.
    @inline(__always)
    func key(_ row: Int32) -> Int64? {
        switch kind {
        case .ownKey: return Int64(row)
        case .integer, .instant, .double: return isNullWord(row) ? nil : words[row]
        default: return codes[row] == Column.nullCode ? nil : Int64(codes[row])
        }
    }
}
