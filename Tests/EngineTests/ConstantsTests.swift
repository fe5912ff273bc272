// Goal: constants are found again by what they say, and say it. Method: literals of all types that look alike.
import Campaigns
import Testing

@testable import Engine

@Suite struct ConstantsTests {
    private static let literals: [Literal] = [
        .null, .boolean(false), .boolean(true), .integer(0), .integer(1), .integer(.max), .integer(.min), .double(0), .double(-0.0),
        .double(1),
        .double(0.1), .double(.greatestFiniteMagnitude), .date(0), .date(1), .date(-1), .instant(0), .instant(1), .string(""),
        .string("0"), .string("null"), .string("a"), .string("A"), .string("\u{0}"), .string("a\u{0}"), .string("\u{e9}"),
        .string("e\u{301}"), .string(String(repeating: "long", count: 1000)),
    ]

    @Test func eachIsFoundAgainAndNoOther() {
        var constants = Constants()
        let numbers = Self.literals.map { constants.intern($0) }
        #expect(Set(numbers).count == numbers.count)
        #expect(Self.literals.map { constants.intern($0) } == numbers)
        #expect(Self.literals.reversed().map { constants.intern($0) } == numbers.reversed())
    }

    @Test func eachIsItsValue() {
        var constants = Constants()
        // Texts stay where they are, however many come after them.
        let numbers = Self.literals.map { constants.intern($0) }
        for number in 0..<1000 { _ = constants.intern(.string("more \(number)")) }
        for (literal, number) in zip(Self.literals, numbers) {
            let value = constants[number]
            switch literal {
            case .null: #expect(value.isNull)
            case .boolean(let truth): #expect(value.kind == .boolean && (value.bits != 0) == truth)
            case .integer(let integer): #expect(value.kind == .integer && value.integer == integer)
            case .double(let double): #expect(value.kind == .double && value.double.bitPattern == double.bitPattern)
            case .date(let days): #expect(value.kind == .date && value.integer == Int64(days))
            case .instant(let milliseconds): #expect(value.kind == .instant && value.integer == milliseconds)
            case .string(let text): #expect(value.kind == .text && Array(value.text) == Array(text.utf8))
            }
        }
    }
}
