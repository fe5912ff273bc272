// One step of an audience's history in which something changed: 16 bytes.

struct HistoryPoint: Equatable, Sendable {
    /// The number of its step since 1970.
    let step: UInt32
    /// Members at its end.
    var size: UInt32
    /// Members that entered and that left within it.
    var entered: UInt32
    var left: UInt32

    /// Members at its beginning.
    var sizeBefore: Int64 { Int64(size) - Int64(entered) + Int64(left) }
}
