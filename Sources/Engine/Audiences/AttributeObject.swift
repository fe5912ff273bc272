// The attributes of a member, as they are kept and sent: one JSON object of texts, numbers, booleans and nulls, without spaces, as
// SavedAttributes.swift writes it. What stays of a member is read from it.
import Campaigns

struct AttributeObject {
    private let bytes: [UInt8]
    /// The JSON of each name, with its quotes, and of its value.
    private var members: [(name: Range<Int>, value: Range<Int>)] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var place = 1
        while place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
            let name = place..<Self.end(ofText: bytes, from: place)
            let start = name.upperBound + 1
            let end = bytes[start] == UInt8(ascii: "\"") ? Self.end(ofText: bytes, from: start) : Self.end(ofWord: bytes, from: start)
            members.append((name, start..<end))
            place = end + 1
        }
    }

    /// The JSON of a value; nil when there is none of that name, which is given as JSON.
    func value(_ name: [UInt8]) -> ArraySlice<UInt8>? {
        members.first { bytes[$0.name].elementsEqual(name) }.map { bytes[$0.value] }
    }

    /// The attributes of another version: of those that are kept the values, of all others null.
    static func remapped(_ attributes: [UInt8], to names: [String], keeping kept: Set<String>) -> [UInt8] {
        let old = AttributeObject(attributes)
        var text = JSONText()
        text.append(raw: "{")
        for (place, name) in names.enumerated() {
            if place > 0 { text.append(raw: ",") }
            let quoted = JSONText.quoted(name)
            text.bytes.append(contentsOf: quoted)
            text.append(raw: ":")
            text.bytes.append(contentsOf: kept.contains(name) ? old.value(quoted) ?? Array("null".utf8)[...] : Array("null".utf8)[...])
        }
        text.append(raw: "}")
        return text.bytes
    }

    /// The text of a JSON text, or the word that a value is.
    static func text(of json: ArraySlice<UInt8>) -> [UInt8] {
        guard json.first == UInt8(ascii: "\"") else { return Array(json) }
        var text: [UInt8] = []
        var rest = json.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch escaped {
            case UInt8(ascii: "b"): text.append(8)
            case UInt8(ascii: "f"): text.append(12)
            case UInt8(ascii: "n"): text.append(10)
            case UInt8(ascii: "r"): text.append(13)
            case UInt8(ascii: "t"): text.append(9)
            case UInt8(ascii: "u"):
                // Only of control characters: all else is written as it is.
                text.append(UInt8(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) ?? UInt8(ascii: "?"))
                rest = rest.dropFirst(4)
            default: text.append(escaped)
            }
        }
        return text
    }

    private static func end(ofText bytes: [UInt8], from start: Int) -> Int {
        var place = start + 1
        while bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
        return place + 1
    }

    private static func end(ofWord bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while bytes[place] != UInt8(ascii: ",") && bytes[place] != UInt8(ascii: "}") { place += 1 }
        return place
    }
}

extension JSONText {
    /// A text as JSON, with its quotes.
    static func quoted(_ text: String) -> [UInt8] {
        var json = JSONText()
        json.append(string: text)
        return json.bytes
    }
}
