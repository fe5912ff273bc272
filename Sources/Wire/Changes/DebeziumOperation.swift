// The operations of Debezium's events.

/// What Debezium says that happened: `op`, or the attribute `iodebeziumop` of its CloudEvents.
enum DebeziumOperation: UInt8 {
    case create = 0x63  // c
    case update = 0x75  // u
    case read = 0x72  // r
    case delete = 0x64  // d
    case truncate = 0x74  // t
    case message = 0x6d  // m

    init?(_ code: UnsafeRawBufferPointer) {
        guard code.count == 1 else { return nil }
        self.init(rawValue: code[0])
    }

    /// Of a value on the tape.
    @inline(__always)
    init?(_ value: Int, _ tape: JSONTape) {
        guard tape.kind(value) == .string else { return nil }
        self.init(tape.text(value))
    }
}
