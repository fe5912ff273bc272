// Headers of records to be sent: bytes in one reusable buffer, no String and no allocation per record.

/// A list of headers. Those that all records share are added once, and `removeLast` takes off what differs.
public struct RecordHeaders: Sendable {
    struct Entry {
        /// Of the name, which ends with a NUL.
        var nameStart: Int
        var valueStart: Int
        /// -1 null.
        var valueLength: Int
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    public init() {}

    /// How many there are.
    public var count: Int { entries.count }

    /// Adds a header with a value of bytes; nil is a null value.
    public mutating func append(_ name: StaticString, _ value: UnsafeRawBufferPointer?) {
        append(name: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value: value)
    }

    /// Adds a header with a constant value.
    public mutating func append(_ name: StaticString, _ value: StaticString) {
        append(name, UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Adds a header with the UTF-8 bytes of a text.
    public mutating func append(_ name: StaticString, text: String) {
        var text = text
        text.withUTF8 { append(name, UnsafeRawBufferPointer($0)) }
    }

    /// Adds a header as it was read. A name ends at its first NUL.
    public mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        let nameStart = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(0)
        let valueStart = bytes.count
        if let value { bytes.append(contentsOf: value) }
        entries.append(Entry(nameStart: nameStart, valueStart: valueStart, valueLength: value?.count ?? -1))
    }

    /// Takes off the headers that were added last.
    public mutating func removeLast(_ number: Int) {
        precondition(number >= 0 && number <= entries.count, "fewer headers than to be removed")
        guard number > 0 else { return }
        bytes.removeSubrange(entries[entries.count - number].nameStart...)
        entries.removeLast(number)
    }

    /// Takes off all of them, and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }
}
