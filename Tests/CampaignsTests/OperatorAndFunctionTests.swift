// Goal: arithmetic, conditional functions, the clock and ages mean what semantics §3 and decisions 15 and 20–25 say. Method: small texts
// are read and compared with the tree that the engine gets, or with its type.

import Testing

@testable import Campaigns

private func field(_ name: String, _ type: ValueType) throws -> Expression {
    let schema = try #require(try catalog([Samples.values]).schema(named: "t"))
    return .field(FieldPath(steps: [], schema: "t", field: try #require(schema.field(named: name)), type: type))
}

private let paris = "Europe/Paris"
private let now = Expression.clock(offset: 0, unit: .seconds, zone: paris)

@Suite struct OperatorTests {
    @Test func numbersMeetAsDoubles() throws {
        let (i, x) = (try field("i", .integer), try field("x", .double))
        #expect(try readValues("i + 1") == .arithmetic(.add, i, .literal(.integer(1))))
        #expect(try readValues("i * x") == .arithmetic(.multiply, .toDouble(i), x))
        #expect(try readValues("x % 2") == .arithmetic(.remainder, x, .literal(.double(2))))
        // The quotient of two integers is rounded once, so they stay integers.
        #expect(try readValues("i / 3") == .arithmetic(.divide, i, .literal(.integer(3))))
        #expect(try readValues("i - 1 - x") == .arithmetic(.subtract, .toDouble(.arithmetic(.subtract, i, .literal(.integer(1)))), x))
        #expect(try readValues("-i") == .negate(i))
        #expect(try readValues("s || 'x'") == .concatenate(field("s", .string), .literal(.string("x"))))
    }

    /// What comes to null keeps its type, by which it is refused or not.
    @Test(
        arguments: [
            ("1 / 0", .double), ("9223372036854775807 + 1", .integer), ("1 % 0", .integer), ("NULL + 1", .integer),
            ("NULL * NULL", .integer),
            ("NULL - 0.5", .double), ("i + NULL", .integer), ("x / NULL", .double), ("NULL || NULL", .string), ("-(1 / 0)", .double),
        ] as [(String, ValueType)])
    func typesOfNull(_ source: String, _ type: ValueType) throws {
        #expect(try readValues(source).type == type)
        #expect(try mistake("(\(source)) = TRUE") != nil)
    }

    @Test func textTests() throws {
        let (s, pattern) = (try field("s", .string), Expression.literal(.string("a%")))
        #expect(try readValues("s LIKE 'a%'") == .textTest(.like, s, pattern))
        #expect(try readValues("s NOT LIKE 'a%'") == .not(.textTest(.like, s, pattern)))
        #expect(try readValues("s contains 'a%'") == .textTest(.contains, s, pattern))
        #expect(try readValues("s NOT STARTS WITH NULL") == .not(.textTest(.startsWith, s, .literal(.null))))
        #expect(try mistake("i LIKE '1'")?.message.contains("LIKE needs texts, not integer and string") == true)
    }

    @Test func operatorsInARowAreBounded() throws {
        #expect(try mistake("i" + String(repeating: " + i", count: 1000) + " = 1") == nil)
        #expect(try mistake("i" + String(repeating: " + i", count: 1001) + " = 1")?.message.contains("at most 1000 operators") == true)
        #expect(try mistake(String(repeating: "Coalesce(i,", count: 99) + "i" + String(repeating: ")", count: 99) + " = 1") == nil)
        let exploding = String(repeating: "Decode(", count: 60) + "i" + String(repeating: ", 1, 2, 3, 4)", count: 60)
        #expect(try mistake(exploding + " = 1")?.message.contains("too large") == true)
    }
}

@Suite struct FunctionCallTests {
    @Test func conditionalFunctions() throws {
        let (b, i, x, s) = (try field("b", .boolean), try field("i", .integer), try field("x", .double), try field("s", .string))
        func one(_ value: Int64) -> Expression { .literal(.integer(value)) }
        #expect(
            try readValues("CASE WHEN b THEN 1 END")
                == .choose([Choice(condition: b, result: one(1))], otherwise: .literal(.null), type: .integer))
        #expect(
            try readValues("Iif(b, i, 2.5)")
                == .choose([Choice(condition: b, result: .toDouble(i))], otherwise: .literal(.double(2.5)), type: .double))
        #expect(
            try readValues("decode(i, 1, 'a', NULL, s, 'z')")
                == .choose(
                    [
                        Choice(condition: .compare(.equal, i, one(1)), result: .literal(.string("a"))),
                        Choice(condition: .compare(.equal, i, .literal(.null)), result: s),
                    ], otherwise: .literal(.string("z")), type: .string))
        #expect(try readValues("Coalesce(NULL, i, x)") == .coalesce([.literal(.null), .toDouble(i), x], type: .double))
        #expect(try readValues("NoNull(s)") == .coalesce([s, .literal(.string(""))], type: .string))
        #expect(try readValues("NoNull(b)") == .coalesce([b, .literal(.boolean(false))], type: .boolean))
        #expect(try readValues("IsEmptyString(s)") == readValues("s IS EMPTY"))
    }

    @Test func plainFunctions() throws {
        let (at, d, i) = (try field("at", .datetime), try field("d", .date), try field("i", .integer))
        func call(_ function: Function, _ arguments: [Expression], _ type: ValueType, _ zone: String = paris) -> Expression {
            .call(function, arguments, type: type, zone: zone)
        }
        #expect(try readValues("LENGTH('x')") == call(.length, [.literal(.string("x"))], .integer))
        #expect(try readValues("SubMonths(d, i)") == call(.addMonths, [d, .negate(i)], .date))
        #expect(try readValues("SubDays(at, 3)") == call(.addDays, [at, .literal(.integer(-3))], .datetime))
        #expect(try readValues("AddHours(d, 1)") == call(.addHours, [d, .literal(.integer(1))], .datetime))
        #expect(try readValues("Greatest(i, 2.5)") == call(.greatest, [.toDouble(i), .literal(.double(2.5))], .double))
        #expect(try readValues("TruncWeek(d)").type == .date)
        #expect(try readValues("Round(i, 1)").type == .integer)
        #expect(
            try readValues("ToTimeZone(at, 'America/New_York')")
                == call(.toTimeZone, [call(.wallTime, [at], .datetime, "America/New_York")], .datetime))
    }

    @Test(arguments: [
        "Length(i) = 1", "Upper(s, s) = 'X'", "Upper() = 'X'", "CASE WHEN b THEN 1 ELSE 'x' END = 1", "CASE WHEN i THEN 1 END = 1",
        "Coalesce(d, at) = at", "Coalesce() = 1", "Greatest(1) = 1", "Greatest('a', 1) = 1", "Oldest(d, at) = at", "Oldest('a', d) = d",
        "NoNull(d) = d", "NoNull(NULL) = 1", "Iif(b, 1) = 1", "Iif(i, 1, 2) = 1", "Decode(i, 1) = 1", "Decode(i, 'a', 1) = 1",
        "Decode(i, 1, 'a', 'b', 'c') = 'a'", "Decode(i, 1, 'a', 2) = 'a'", "ToTimeZone(at, s) = at", "ToTimeZone(at, 'Mars/Olympus') = at",
        "ToTimeZone(at, NULL) = at", "ToTimeZone('x', 'UTC') = at", "Round(x, 1.5) = 1", "Mod('7', 2) = 1", "ToDate(i) = d",
        "ToDouble(b) = 1.0", "ToInteger(at) = 1", "Hour(s) = 1", "Distance(1, 2, 3) = 1.0", "Substring(s) = 'x'", "AddDays(s, 1) = at",
        "AddDays(at, 1.5) = at", "IsEmptyString() = b", "DaysAgo(NULL) > 3", "COUNT_DISTINCT(us) = 1", "AVG(us.s) = 1.0",
        "Random() > 0", "Hash(i) = 1",
    ])
    func refused(_ source: String) throws {
        let mistake = try #require(try mistake(source))
        #expect(!mistake.message.contains("not supported yet"), "\(mistake.message)")
    }

    @Test(arguments: [
        "Coalesce(i, x) = 1", "Greatest('a', s) = 'b'", "Least(b, TRUE) = b", "Abs(NULL) = 1", "Decode(d, at, 1) = 1",
        "Oldest(d, NULL) = d",
        "ToString(at) = 'x'", "ToDate('2026-01-01') = d", "ToDouble(i) = 1", "CASE WHEN NULL THEN NULL END", "Percent(i, x) > 0.5",
        "Mod(i, x) = 1", "Iif(NULL, 1, 2) = 1", "DaysDiff(d, at) = 1", "ToDateTime(NULL) = at", "Distance(i, x, 1, 2.5) > 3",
        "AVG(us.n) = 1.5", "COUNT_DISTINCT(us.s) = 1", "MIN(us.s) < 'x'", "RPad(s, i, 'x') = s",
    ])
    func accepted(_ source: String) throws {
        #expect(try mistake(source) == nil)
    }
}

@Suite struct ClockTests {
    @Test func clockAlone() throws {
        let at = try field("at", .datetime)
        func beside(_ clock: Expression) -> Expression { .compare(.greaterOrEqual, at, clock) }
        #expect(
            try readValues("Hour(NOW()) >= 9")
                == .compare(.greaterOrEqual, .call(.hour, [now], type: .integer, zone: paris), .literal(.integer(9))))
        #expect(
            try readValues("d < DateOnly(NOW())")
                == .compare(.less, field("d", .date), .call(.dateOnly, [now], type: .date, zone: paris)))
        #expect(try readValues("at >= AddDays(NOW(), -2)") == beside(.clock(offset: -2, unit: .days, zone: paris)))
        let length = Expression.call(.length, [.literal(.string("ab"))], type: .integer, zone: paris)
        #expect(
            try readValues("at >= DaysAgo(Length('ab'))")
                == beside(.call(.addDays, [now, .negate(length)], type: .datetime, zone: paris)))
        #expect(
            try readValues("at >= AddDays(MonthsAgo(1), 2)")
                == beside(
                    .call(
                        .addDays, [.clock(offset: -1, unit: .months, zone: paris), .literal(.integer(2))], type: .datetime, zone: paris)))
        #expect(
            try readValues("YearsOld(DATE '1970-01-01') > i")
                == .compare(
                    .greater, .call(.yearsDiff, [now, .literal(.date(0))], type: .integer, zone: paris), field("i", .integer)))
    }

    private func threshold(
        _ number: Literal, _ unit: CalendarUnit, above: Bool = false, isDate: Bool = false
    ) -> Expression {
        .ageThreshold(.literal(number), isAbove: above, unit: unit, isDate: isDate, zone: paris)
    }

    @Test func agesBecomeThresholds() throws {
        let at = try field("at", .datetime)
        /// Before the threshold, or after it.
        func old(_ number: Literal, above: Bool = false) -> Expression {
            .compare(.lessOrEqual, at, threshold(number, .days, above: above))
        }
        func young(_ number: Literal, above: Bool = false) -> Expression { .compare(.greater, at, threshold(number, .days, above: above)) }
        func exactly(_ number: Literal) -> Expression { .and([old(number), young(number, above: true)]) }
        let cases: [(String, Expression)] = [
            ("DaysOld(at) >= 3", old(.integer(3))), ("DaysOld(at) > 3", old(.integer(3), above: true)),
            ("DaysOld(at) < 3", young(.integer(3))),
            ("DaysDiff(GetDate(), at) <= 3", young(.integer(3), above: true)), ("3 < daysdiff(NOW(), at)", old(.integer(3), above: true)),
            ("DaysOld(at) = 3", exactly(.integer(3))),
            ("DaysOld(at) != 3", .or([young(.integer(3)), old(.integer(3), above: true)])),
            ("DaysOld(at) >= -2.5", old(.double(-2.5))),
            ("DaysOld(at) BETWEEN 1 AND 4", .and([old(.integer(1)), young(.integer(4), above: true)])),
            (
                "3 BETWEEN DaysOld(at) AND 9",
                .and([young(.integer(3), above: true), .compare(.lessOrEqual, .literal(.integer(3)), .literal(.integer(9)))])
            ),
            ("DaysOld(at) NOT IN (1, NULL)", .not(.or([exactly(.integer(1)), exactly(.null)]))),
            ("1 IN (DaysOld(at), 5)", .or([.isOneOf(.literal(.integer(1)), [.literal(.integer(5))]), exactly(.integer(1))])),
        ]
        for (source, expected) in cases { #expect(try readValues(source) == expected, "\(source)") }
    }

    @Test func whatIsComparedWithThresholds() throws {
        let (at, d) = (try field("at", .datetime), try field("d", .date))
        let wall = Expression.call(.wallTime, [at], type: .datetime, zone: paris)
        #expect(try readValues("YearsOld(d) >= 18") == .compare(.lessOrEqual, d, threshold(.integer(18), .years, isDate: true)))
        #expect(
            try readValues("HoursDiff(NOW(), d) >= 9") == .compare(.lessOrEqual, .midnight(d, zone: paris), threshold(.integer(9), .hours)))
        #expect(try readValues("MonthsOld(at) >= 1") == .compare(.lessOrEqual, wall, threshold(.integer(1), .months)))
    }

    @Test(arguments: [
        "DaysOld(s) > 3", "DaysOld(at) > 'x'", "DaysOld(at) IN (1, d)", "DaysOld(at, 3) > 3", "DaysDiff(NOW(1), at) > 3", "DaysOld(at) = b",
        "DaysOld(at) IN (Hour(d), 2)",
        "DaysDiff(NOW(), i) > 3", "DaysDiff(NOW(), nope) > 3",
    ])
    func refusedAges(_ source: String) throws {
        let mistake = try #require(try mistake(source))
        #expect(!mistake.message.contains("not supported yet"), "\(mistake.message)")
    }

    @Test(arguments: [
        "AddDays(at, 30) >= NOW()", "AddDays(at, i) >= NOW()", "Hour(NOW()) >= i", "YearsOld(d) BETWEEN 18 AND 25", "DaysOld(at) IN (1, 2)",
        "CASE WHEN at >= NOW() THEN TRUE ELSE FALSE END", "DateOnly(at) = DateOnly(NOW())", "WeekDay(NOW()) IN (6, 7)",
        "Iif(at > DaysAgo(3), 'new', 'old') = 'new'", "NOT (YearsDiff(NOW(), d) >= 18)", "EXISTS(us WHERE Hour(NOW()) > n)",
        "DaysOld(at) > Length('ab')", "DaysOld(at) BETWEEN 1 + 1 AND Abs(-3)", "YearsOld(d) >= Iif(1 = 1, 18, 21)",
        "DaysAgo(Length('ab')) < at",
    ])
    func accepted(_ source: String) throws {
        #expect(try mistake(source) == nil)
    }
}
