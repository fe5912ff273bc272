// Goal: the parts of Foundation that the tests of this module use, kept apart since its names are also ours. Method: JSON is decoded by
// JSONDecoder, time zone data is that of the system.

import Foundation

@testable import Campaigns

private struct Decoded: Decodable {
    var value: JSON

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            let keys = object.allKeys.sorted { $0.stringValue < $1.stringValue }
            value = .object(try keys.map { JSON.Member($0.stringValue, try object.decode(Decoded.self, forKey: $0).value) })
            return
        }
        if var list = try? decoder.unkeyedContainer() {
            var items: [JSON] = []
            while !list.isAtEnd { items.append(try list.decode(Decoded.self).value) }
            value = .array(items)
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            value = .null
        } else if let boolean = try? single.decode(Bool.self) {
            value = .boolean(boolean)
        } else if let integer = try? single.decode(Int64.self) {
            value = .integer(integer)
        } else if let double = try? single.decode(Double.self) {
            value = .double(double)
        } else {
            value = .string(try single.decode(String.self))
        }
    }
}

extension JSON {
    init(_ text: String) throws {
        self = try JSONDecoder().decode(Decoded.self, from: Data(text.utf8)).value
    }

    init(_ bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Decoded.self, from: Data(bytes)).value
    }
}

/// The TZif data of a zone of the system.
func zoneData(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { [UInt8]($0) }
}
