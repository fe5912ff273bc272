// A parsed record as simdjson leaves it: a tape of 64-bit words, the type in the highest byte, and the unescaped texts beside it.
// Places on the tape stand for values; nothing is copied.
import Campaigns
import Engine

struct JSONTape {
    /// The type of a value: the tape's own letter.
    struct Kind: Equatable {
        let letter: UInt8

        static let object = Kind(letter: 0x7b)
        static let array = Kind(letter: 0x5b)
        static let string = Kind(letter: 0x22)
        static let integer = Kind(letter: 0x6c)
        /// A whole number from 2^63 on.
        static let large = Kind(letter: 0x75)
        static let double = Kind(letter: 0x64)
        static let yes = Kind(letter: 0x74)
        static let no = Kind(letter: 0x66)
        static let null = Kind(letter: 0x6e)
    }

    let words: UnsafePointer<UInt64>
    let texts: UnsafeRawPointer

    /// The place of the record's value.
    let root = 1

    @inline(__always)
    func kind(_ place: Int) -> Kind {
        Kind(letter: UInt8(truncatingIfNeeded: words[place] >> 56))
    }

    /// The place after a value.
    @inline(__always)
    func after(_ place: Int) -> Int {
        switch kind(place) {
        case .object, .array: Int(words[place] & 0xffff_ffff)
        case .integer, .large, .double: place + 2
        default: place + 1
        }
    }

    /// A text, unescaped.
    @inline(__always)
    func text(_ place: Int) -> UnsafeRawBufferPointer {
        let start = texts + Int(words[place] & 0xff_ffff_ffff_ffff)
        let length = start.loadUnaligned(as: UInt32.self)
        return UnsafeRawBufferPointer(start: start + 4, count: Int(length))
    }

    @inline(__always)
    func integer(_ place: Int) -> Int64 { Int64(bitPattern: words[place + 1]) }

    @inline(__always)
    func double(_ place: Int) -> Double { Double(bitPattern: words[place + 1]) }

    /// Any number as a double.
    func number(_ place: Int) -> Double {
        switch kind(place) {
        case .integer: Double(integer(place))
        case .large: Double(words[place + 1])
        default: double(place)
        }
    }

    /// Calls the body with the places of the name and value of each member of an object.
    @inline(__always)
    func forEachMember<Failure>(_ place: Int, _ body: (_ name: UnsafeRawBufferPointer, _ value: Int) throws(Failure) -> Void)
        throws(Failure)
    {
        let end = Int(words[place] & 0xffff_ffff) - 1
        var at = place + 1
        while at < end {
            try body(text(at), at + 1)
            at = after(at + 1)
        }
    }

    /// The last member of that name of an object; nil when it has none, or this is no object.
    func member(_ name: StaticString, of place: Int) -> Int? {
        guard kind(place) == .object else { return nil }
        let end = Int(words[place] & 0xffff_ffff) - 1
        var at = place + 1
        var found: Int?
        while at < end {
            if isEqual(text(at), name) { found = at + 1 }
            at = after(at + 1)
        }
        return found
    }

    /// A value as a tree; of duplicate members the last counts.
    func tree(_ place: Int) -> JSON {
        switch kind(place) {
        case .null: return .null
        case .yes: return .boolean(true)
        case .no: return .boolean(false)
        case .integer: return .integer(integer(place))
        case .large, .double: return .double(number(place))
        case .string: return .string(String(decoding: text(place), as: UTF8.self))
        case .array:
            var items: [JSON] = []
            let end = Int(words[place] & 0xffff_ffff) - 1
            var at = place + 1
            while at < end {
                items.append(tree(at))
                at = after(at)
            }
            return .array(items)
        case .object:
            var members: [JSON.Member] = []
            var places: [String: Int] = [:]
            let end = Int(words[place] & 0xffff_ffff) - 1
            var at = place + 1
            while at < end {
                let member = JSON.Member(String(decoding: text(at), as: UTF8.self), tree(at + 1))
                if let known = places[member.name] {
                    members[known] = member
                } else {
                    places[member.name] = members.count
                    members.append(member)
                }
                at = after(at + 1)
            }
            return .object(members)
        default:
            preconditionFailure("the tape holds no other types below the root")
        }
    }
}

@inline(__always)
func isEqual(_ bytes: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
    bytes.count == name.utf8CodeUnitCount && equalBytes(bytes, UnsafeRawBufferPointer(start: name.utf8Start, count: bytes.count))
}
