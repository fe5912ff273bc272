// The members of a snapshot as lines (contract §5).
//
//   NDJSON  {"identity":{"namespace","id"},"rows":1,"attributes":{…}}, each line with a line feed
//   CSV     RFC 4180: a header, then a row per member, each ended by CR LF. Columns `_namespace`, `_id`, `_rows` and one per attribute, in
//           the order of the campaign. Null is an empty field; texts (dates and instants too) and the header are always quoted, so an
//           empty text is "" and differs from null; numbers, true and false stand as in NDJSON.
public import Campaigns

/// Writes the members of one audience. Not thread-safe: its memory is used again.
public final class SnapshotRows {
    /// The columns before those of the attributes.
    public static let ownColumns = ["_namespace", "_id", "_rows"]

    private let namespaceJSON: [UInt8]
    private let namespaceCSV: [UInt8]
    private let attributeCount: Int
    private let parser = JSONParser()
    /// A member's attributes, and room that simdjson may read behind them.
    private var padded: [UInt8] = []

    private static let paddingBytes = 64

    /// - Parameters:
    ///   - namespace: of the audience's identities.
    ///   - attributes: how many each member carries.
    public init(namespace: String, attributes: Int) {
        var text = JSONText()
        text.append(string: namespace)
        namespaceJSON = text.bytes
        var field: [UInt8] = []
        Self.appendField(namespace, to: &field)
        namespaceCSV = field
        attributeCount = attributes
    }

    /// Appends a member as a line of NDJSON.
    public func appendLine(
        identity: UnsafeRawBufferPointer, rows: Int, attributes: UnsafeRawBufferPointer, to text: inout JSONText
    ) {
        text.append(raw: "{\"identity\":{\"namespace\":")
        text.append(raw: namespaceJSON)
        text.append(raw: ",\"id\":")
        text.append(string: identity)
        text.append(raw: "},\"rows\":")
        text.append(integer: Int64(rows))
        text.append(raw: ",\"attributes\":")
        text.bytes.append(contentsOf: attributes)
        text.append(raw: "}\n")
    }

    /// Appends the header of a CSV file.
    public static func appendHeader(attributes: [String], to text: inout JSONText) {
        for (place, name) in (ownColumns + attributes).enumerated() {
            if place > 0 { text.append(raw: ",") }
            appendField(name, to: &text.bytes)
        }
        text.append(raw: "\r\n")
    }

    /// Appends a member as a row of CSV. Throws when its attributes are more than a JSON parser takes.
    public func appendRow(
        identity: UnsafeRawBufferPointer, rows: Int, attributes: UnsafeRawBufferPointer, to text: inout JSONText
    ) throws(Refusal) {
        text.append(raw: namespaceCSV)
        text.append(raw: ",")
        Self.appendField(identity, to: &text.bytes)
        text.append(raw: ",")
        text.append(integer: Int64(rows))
        padded.removeAll(keepingCapacity: true)
        padded.append(contentsOf: attributes)
        padded.append(contentsOf: repeatElement(0, count: Self.paddingBytes))
        let failure: Refusal? = padded.withUnsafeBytes { bytes in
            do throws(Refusal) {
                try appendFields(UnsafeRawBufferPointer(rebasing: bytes.dropLast(Self.paddingBytes)), to: &text)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        text.append(raw: "\r\n")
    }

    private func appendFields(_ attributes: UnsafeRawBufferPointer, to text: inout JSONText) throws(Refusal) {
        let tape = try parser.parse(attributes)
        var count = 0
        try tape.forEachMember(tape.root) { (_, value) throws(Refusal) in
            count += 1
            text.append(raw: ",")
            switch tape.kind(value) {
            case .null: break
            case .string: Self.appendField(tape.text(value), to: &text.bytes)
            case .yes: text.append(boolean: true)
            case .no: text.append(boolean: false)
            case .integer: text.append(integer: tape.integer(value))
            default: text.append(double: tape.number(value))
            }
        }
        precondition(count == attributeCount, "a member has an attribute for each column")
    }

    private static func appendField(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { appendField(UnsafeRawBufferPointer($0), to: &bytes) }
    }

    /// Appends a text in quotes; quotes within it are doubled.
    private static func appendField(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        bytes.append(quote)
        var rest = text[...]
        while let place = rest.firstIndex(of: quote) {
            bytes.append(contentsOf: rest[...place])
            bytes.append(quote)
            rest = rest[(place + 1)...]
        }
        bytes.append(contentsOf: rest)
        bytes.append(quote)
    }
}
