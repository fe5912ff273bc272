// What the headers of a Kafka record say of its value: whether it is a structured or a binary CloudEvent (contract §1).

/// What a record's headers say, as far as it decides how the value is read.
public struct ContentHeaders {
    /// `content-type: application/cloudevents+json`: the payload is `data`.
    private(set) var isStructuredEvent = false
    /// There is no `content-type`: `specversion` and `data` tell a structured CloudEvent, as in `replay`, where nothing has headers
    /// (decision 35).
    private(set) var isUndeclared = true
    /// `content-type: application/cloudevents-batch+json`.
    private(set) var isBatchOfEvents = false
    // Of a binary CloudEvent; they point to the headers.
    /// `ce_type`.
    private(set) var type: UnsafeRawBufferPointer?
    /// `ce_iodebeziumop` and `ce_iodebeziumtable`: the value is what Debezium's structured CloudEvents have as `data`.
    private(set) var debeziumOperation: UnsafeRawBufferPointer?
    private(set) var debeziumTable: UnsafeRawBufferPointer?

    /// No headers.
    public init() {}

    /// Takes one header, in their order. The bytes must live as long as this value.
    public mutating func take(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        guard let value else { return }
        if isEqual(name, "content-type") {
            isUndeclared = false
            isStructuredEvent = ContentHeaders.isMediaType(value, "application/cloudevents+json")
            isBatchOfEvents = ContentHeaders.isMediaType(value, "application/cloudevents-batch+json")
        } else if isEqual(name, "ce_type") {
            type = value
        } else if isEqual(name, "ce_iodebeziumop") {
            debeziumOperation = value
        } else if isEqual(name, "ce_iodebeziumtable") {
            debeziumTable = value.isEmpty ? nil : value
        }
    }

    /// Whether a value of `content-type` is that media type, whatever its parameters. Its letters may be large or small.
    private static func isMediaType(_ value: UnsafeRawBufferPointer, _ type: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount)
        guard value.count >= wanted.count else { return false }
        for place in 0..<wanted.count where value[place] | 0x20 != wanted[place] { return false }
        return value.count == wanted.count || [UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t")].contains(value[wanted.count])
    }

    /// The refusal of an event whose payload says another type than the event around it.
    static let otherType = Refusal(.wrongEvent, "the type of the CloudEvent and of its data differ")
    static let noData = Refusal(.wrongEvent, "a structured CloudEvent has data, as JSON")
    static let batch = Refusal(.wrongEvent, "batches of CloudEvents are not read; send one event per record")
    static let otherDeclared =
        "it looks like a structured CloudEvent, but its content-type is another: send it with content-type: application/cloudevents+json"
}
