// One value of a change.

/// One value of a change.
public struct Cell: BitwiseCopyable, Sendable {
    /// What a cell holds.
    public enum Kind: UInt8, Sendable, BitwiseCopyable {
        case null, boolean, integer, double, text, date, instant
        /// The field stays as it is held, null if the row is not; the engine puts the held value in its place when it applies the change.
        case unchanged
    }

    /// What it holds.
    public var kind: Kind
    /// Of a text: `textHash` of its bytes.
    var hash: UInt32 = 0
    /// The number, the bits of the double, the days, the milliseconds, 0 or 1; of a text: offset << 32 | length in the arena.
    var bits: UInt64 = 0

    /// No value.
    public static let null = Cell(kind: .null)
    /// A boolean's cell.
    public static func boolean(_ value: Bool) -> Cell { Cell(kind: .boolean, bits: value ? 1 : 0) }
    /// An integer's cell.
    public static func integer(_ value: Int64) -> Cell { Cell(kind: .integer, bits: UInt64(bitPattern: value)) }
    /// A double's cell.
    public static func double(_ value: Double) -> Cell { Cell(kind: .double, bits: value.bitPattern) }
    /// A date's cell, days since 1970-01-01.
    public static func date(_ days: Int32) -> Cell { Cell(kind: .date, bits: UInt64(bitPattern: Int64(days))) }
    /// An instant's cell, milliseconds since the Unix epoch.
    public static func instant(_ milliseconds: Int64) -> Cell { Cell(kind: .instant, bits: UInt64(bitPattern: milliseconds)) }

    @inline(__always)
    var word: Int64 { Int64(bitPattern: bits) }
}
