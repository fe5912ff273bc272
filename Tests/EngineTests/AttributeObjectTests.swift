// Goal: what an object of attributes was written from is read from it again: names and texts with everything that JSON escapes, numbers,
// words, nothing. Method: random objects, written as members' are, against what they were made of.
import Campaigns
import Testing

@testable import Engine

@Suite struct AttributeObjectTests {
    private static let texts =
        [
            "", "a", "\"", "\\", "\\\"", "\"}", "\":", ",\"", "{", "}", ",", ":", " ", "null", "\u{e9}\u{1F600}", "\u{7f}\u{80}", "\\u0041",
            "\u{2028}",
        ]
        + (0..<32).map { "x\(Unicode.Scalar($0)!)y" }

    private static func attribute(_ random: inout RandomNumbers) -> Column.Plain {
        switch random.number(0...8) {
        case 0: .null
        case 1: .boolean(random.chance(50))
        case 2: .integer(random.pick([0, -1, .min, .max]))
        case 3: .double(random.pick([0.1, -0.0, 1e300, -1.5e-300, 5]))
        case 4: .date(Int32(random.pick([0, -1, 20_000, -700_000])))
        case 5: .instant(Int64(random.pick([0, -1, 1_780_000_000_123])))
        default: .text((0..<random.number(0...4)).map { _ in random.pick(texts) }.joined())
        }
    }

    private static func object(_ members: [(name: String, value: Column.Plain)]) -> [UInt8] {
        var json = JSONText()
        json.append(raw: "{")
        for (place, member) in members.enumerated() {
            if place > 0 { json.append(raw: ",") }
            json.append(string: member.name)
            json.append(raw: ":")
            member.value.write(to: &json)
        }
        json.append(raw: "}")
        return json.bytes
    }

    private static func members(_ random: inout RandomNumbers) -> [(name: String, value: Column.Plain)] {
        var found: [(name: String, value: Column.Plain)] = []
        for _ in 0..<random.number(0...6) {
            let name = (0..<random.number(1...3)).map { _ in random.pick(texts) }.joined()
            if !found.contains(where: { $0.name == name }) { found.append((name, attribute(&random))) }
        }
        return found
    }

    @Test func eachValueIsFoundByItsName() {
        var random = RandomNumbers(seed: 20)
        for _ in 0..<3000 {
            let members = Self.members(&random)
            let object = AttributeObject(Self.object(members))
            for (name, value) in members {
                var expected = JSONText()
                value.write(to: &expected)
                let found = object.value(JSONText.quoted(name)).map { Array($0) }
                #expect(found == expected.bytes)
                if case .text(let text) = value { #expect(AttributeObject.text(of: expected.bytes[...]) == Array(text.utf8)) }
            }
            let absent = random.pick(Self.texts) + "absent"
            #expect(object.value(JSONText.quoted(absent)) == nil)
        }
    }

    /// A column of a hidden table holds what was written, of each type.
    @Test func aColumnHoldsWhatWasWritten() {
        var random = RandomNumbers(seed: 21)
        let kinds: [(ValueType, Column.Kind)] = [
            (.string, .text), (.boolean, .boolean), (.integer, .integer), (.double, .double), (.date, .date), (.datetime, .instant),
        ]
        for (type, kind) in kinds {
            var column = Column(kind: kind)
            column.grow(to: 50)
            var model: [Int: Column.Plain] = [:]
            for _ in 0..<1500 {
                let row = random.number(0...49)
                var value = Self.attribute(&random)
                if value.type != type { value = .null }
                var json = JSONText()
                value.write(to: &json)
                let content = column.content(ofJSON: random.chance(5) && value == .null ? nil : json.bytes[...], type)
                let was = model[row] ?? .null
                let isSame = column.holds(content, RowNumber(row))
                #expect(isSame == (was.bits == value.bits), "\(was) \(value)")
                column.set(content, RowNumber(row))
                model[row] = value
                let isHeld = column.holds(content, RowNumber(row))
                #expect(isHeld)
            }
        }
    }

    /// A new version keeps what has a name and type of the one before.
    @Test func whatIsKeptIsWrittenAnew() {
        var random = RandomNumbers(seed: 22)
        for _ in 0..<1000 {
            let members = Self.members(&random)
            var names = random.shuffled(members.map(\.name) + ["new", "another \""]).filter { _ in random.chance(70) }
            if random.chance(20) { names = [] }
            let kept = Set(members.map(\.name).filter { _ in random.chance(60) })
            let expected = names.map { name in
                (name: name, value: kept.contains(name) ? members.first { $0.name == name }!.value : .null)
            }
            #expect(AttributeObject.remapped(Self.object(members), to: names, keeping: kept) == Self.object(expected))
        }
    }
}

extension Column {
    /// A value as an attribute has it.
    fileprivate enum Plain: Equatable {
        case null
        case boolean(Bool)
        case integer(Int64)
        case double(Double)
        case text(String)
        case date(Int32)
        case instant(Int64)

        func write(to json: inout JSONText) {
            switch self {
            case .null: json.appendNull()
            case .boolean(let value): json.append(boolean: value)
            case .integer(let value): json.append(integer: value)
            case .double(let value): json.append(double: value)
            case .text(let value): json.append(string: value)
            case .date(let value): json.append(date: value)
            case .instant(let value): json.append(instant: value)
            }
        }

        var type: ValueType {
            switch self {
            case .null: .null
            case .boolean: .boolean
            case .integer: .integer
            case .double: .double
            case .text: .string
            case .date: .date
            case .instant: .datetime
            }
        }

        /// What tells it from others of its type: -0 is not 0 here.
        var bits: String { if case .double(let value) = self { "\(value.bitPattern)" } else { "\(self)" } }
    }
}
