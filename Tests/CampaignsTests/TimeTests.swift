// Goal: dates, instants and calendar arithmetic are those of semantics §3 and decisions 7, 10 and 17. Method: known dates, texts, and
// the instants of the time cases of the conformance suite, with the time zone data of the system.

import Testing

@testable import Campaigns

@Suite struct CivilDateTests {
    /// The calendar repeats after 400 years, so that the first and the last 400 stand for all.
    @Test(arguments: [(1, 401), (9600, 10_000)] as [(Int64, Int64)])
    func everyDayComesBack(_ first: Int64, _ end: Int64) throws {
        var expected: (year: Int64, month: Int64, day: Int64) = (first, 1, 1)
        let start = try #require(CivilDate.day(year: first, month: 1, day: 1))
        for day in start..<start + 146_097 {
            let found = CivilDate.components(ofDay: Int64(day))
            guard found == expected, CivilDate.day(year: found.year, month: found.month, day: found.day) == day else {
                Issue.record("\(day): \(found), not \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.daysIn(year: expected.year, month: expected.month) {
                expected = (expected.year, expected.month + 1, 1)
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
        #expect(expected == (end, 1, 1))
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "2026-1-01", "2026-01-011", "", "2026/01/01", "+026-01-01",
        "1900-02-29",
    ])
    func noDate(_ text: String) {
        #expect(CivilDate.day(of: text) == nil)
    }

    @Test(arguments: [("1970-01-01", 0), ("2024-02-29", 19782), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896)] as [(String, Int32)])
    func text(_ text: String, _ day: Int32) {
        #expect(CivilDate.day(of: text) == day)
        var bytes: [UInt8] = []
        CivilDate.append(day, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test func extremesDoNotTrap() {
        _ = CivilDate.components(ofDay: .min)
        _ = CivilDate.components(ofDay: .max)
        var bytes: [UInt8] = []
        CivilDate.append(.max, to: &bytes)
        CivilDate.append(.min, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "9999-12-310001-01-01")
    }
}

@Suite struct InstantTextTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:00.1z", 100), ("1970-01-01T00:00:00.0019999999999999999999Z", 1),
            ("1970-01-01T00:00:00-00:00", 0), ("1970-01-01T01:30:00+01:30", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func read(_ text: String, _ instant: Int64) {
        #expect(InstantText.milliseconds(of: text) == instant)
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:60:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+00:60",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "0000-12-31T23:59:59-01:00", "2026-02-30T00:00:00Z",
        "2026-01-01T00:00:00+01:0",
    ])
    func noInstant(_ text: String) {
        #expect(InstantText.milliseconds(of: text) == nil)
    }

    @Test func written() {
        #expect(InstantText.text(of: 0) == "1970-01-01T00:00:00.000Z")
        #expect(InstantText.text(of: -1) == "1969-12-31T23:59:59.999Z")
        #expect(InstantText.text(of: 1_772_357_400_250) == "2026-03-01T09:30:00.250Z")
        #expect(InstantText.text(of: .min) == "0001-01-01T00:00:00.000Z")
        #expect(InstantText.text(of: .max) == "9999-12-31T23:59:59.999Z")
    }
}

@Suite struct TimeZoneRulesTests {
    @Test(arguments: [
        ("Europe/Paris", "2026-03-29T00:59:59.999Z", 60), ("Europe/Paris", "2026-03-29T01:00:00Z", 120),
        ("Europe/Paris", "2026-10-25T00:59:59.999Z", 120),
        ("Europe/Paris", "2026-10-25T01:00:00Z", 60), ("Europe/Paris", "2500-07-01T00:00:00Z", 120),
        ("Europe/Paris", "9999-12-31T00:00:00Z", 60),
        ("America/New_York", "2100-03-14T06:59:59Z", -300), ("America/New_York", "2100-03-14T07:00:00Z", -240),
        ("Asia/Kolkata", "3000-01-01T00:00:00Z", 330),
        ("Australia/Sydney", "2600-01-01T00:00:00Z", 660), ("Australia/Sydney", "2600-07-01T00:00:00Z", 600),
        ("Europe/Dublin", "2200-01-01T00:00:00Z", 0),
        ("UTC", "2026-01-01T00:00:00Z", 0),
    ])
    func offsets(_ name: String, _ at: String, _ minutes: Int64) throws {
        #expect(try #require(zone(name)).offset(at: instant(at)) == minutes * 60_000)
    }

    @Test func wallTimesInGapsAndOverlaps() throws {
        let paris = try #require(zone("Europe/Paris"))
        // 02:15 does not exist on 29 March and is 03:15 then; 02:30 exists twice on 25 October and is the first.
        #expect(paris.instant(ofWallTime: try instant("2026-03-29T02:15:00Z")) == (try instant("2026-03-29T01:15:00Z")))
        #expect(paris.instant(ofWallTime: try instant("2026-03-29T03:15:00Z")) == (try instant("2026-03-29T01:15:00Z")))
        #expect(paris.instant(ofWallTime: try instant("2026-10-25T02:30:00Z")) == (try instant("2026-10-25T00:30:00Z")))
        #expect(paris.instant(ofWallTime: try instant("2026-10-25T03:00:00Z")) == (try instant("2026-10-25T02:00:00Z")))
        let apia = try #require(zone("Pacific/Apia"))
        #expect(
            apia.instant(ofWallTime: try instant("2011-12-30T00:00:00Z")) == apia.instant(ofWallTime: try instant("2011-12-31T00:00:00Z")))
    }

    @Test func malformedDataIsRefusedAndNeverTraps() throws {
        let data = try #require(zoneData("Europe/Paris"))
        #expect(TimeZoneRules(name: "x", tzif: []) == nil)
        for length in stride(from: data.count - 1, through: 0, by: -7) {
            #expect(TimeZoneRules(name: "x", tzif: Array(data[..<length])) == nil)
        }
        // Headers, footer, and some of the tables between them.
        for position in data.indices where position < 60 || position > data.count - 30 || position % 23 == 0 {
            for byte: UInt8 in [0, 0x7f, 0xff] {
                var broken = data
                broken[position] = byte
                guard let rules = TimeZoneRules(name: "x", tzif: broken) else { continue }
                for instant in [Int64.min, -62_135_596_800_000, 0, 253_402_300_799_999, .max] {
                    _ = rules.offset(at: instant)
                    _ = rules.instant(ofWallTime: instant)
                }
            }
        }
    }
}

@Suite struct CalendarTests {
    private func adding(_ count: Int64, _ unit: CalendarUnit, _ text: String, _ name: String = "UTC") throws -> String? {
        Calendar.adding(count, unit, to: try instant(text), in: try #require(zone(name))).map(InstantText.text)
    }

    @Test func monthEnds() throws {
        #expect(try adding(-1, .months, "2026-03-31T10:00:00Z") == "2026-02-28T10:00:00.000Z")
        #expect(try adding(-1, .months, "2026-03-28T12:30:00Z") == "2026-02-28T12:30:00.000Z")
        #expect(try adding(-2, .years, "2024-02-29T00:00:00Z") == "2022-02-28T00:00:00.000Z")
        #expect(try adding(4, .years, "2024-02-29T00:00:00Z") == "2028-02-29T00:00:00.000Z")
        #expect(try adding(1, .months, "9999-11-30T00:00:00Z") == "9999-12-30T00:00:00.000Z")
        #expect(try adding(-3, .months, "2026-01-31T00:00:00Z") == "2025-10-31T00:00:00.000Z")
    }

    @Test func daysKeepTheWallTime() throws {
        #expect(try adding(-2, .days, "2026-03-30T10:00:00Z", "Europe/Paris") == "2026-03-28T11:00:00.000Z")
        #expect(try adding(-48, .hours, "2026-03-30T10:00:00Z", "Europe/Paris") == "2026-03-28T10:00:00.000Z")
        // Into the gap, and into the repeated hour.
        #expect(try adding(-1, .days, "2026-03-30T00:15:00Z", "Europe/Paris") == "2026-03-29T01:15:00.000Z")
        #expect(try adding(-1, .days, "2026-10-26T01:30:00Z", "Europe/Paris") == "2026-10-25T00:30:00.000Z")
        // The second run of the repeated hour is the first, even zero days away.
        #expect(try adding(0, .days, "2026-10-25T01:30:00Z", "Europe/Paris") == "2026-10-25T00:30:00.000Z")
        #expect(try adding(0, .hours, "2026-10-25T01:30:00Z", "Europe/Paris") == "2026-10-25T01:30:00.000Z")
        #expect(try adding(-1, .days, "2026-10-26T00:59:59Z", "Europe/Paris") == "2026-10-24T23:59:59.000Z")
    }

    @Test func beyondTheYears() throws {
        for unit: CalendarUnit in [.seconds, .minutes, .hours, .days, .months, .years] {
            #expect(try adding(.max, unit, "2026-01-01T00:00:00Z") == nil)
            #expect(try adding(.min, unit, "2026-01-01T00:00:00Z") == nil)
        }
        #expect(try adding(1, .days, "9999-12-31T00:00:00Z") == nil)
        #expect(try adding(-1, .seconds, "0001-01-01T00:00:00Z") == nil)
        #expect(Calendar.adding(0, .days, to: .max, in: .utc) == nil)
        #expect(Calendar.adding(0, .months, to: .min, in: .utc) == nil)
    }

    @Test func daysAndMidnights() throws {
        let paris = try #require(zone("Europe/Paris"))
        let july = try #require(CivilDate.day(of: "2026-07-01"))
        #expect(Calendar.midnight(ofDay: july, in: paris) == (try instant("2026-06-30T22:00:00Z")))
        #expect(Calendar.day(of: try instant("2026-06-30T22:00:00Z"), in: paris) == july)
        #expect(Calendar.day(of: try instant("2026-06-30T21:59:59.999Z"), in: paris) == july - 1)
        #expect(Calendar.midnight(ofDay: CivilDate.minimum, in: paris) == nil)
        #expect(Calendar.midnight(ofDay: .max, in: paris) == nil)
        // Midnight does not exist in Santiago on 8 September 2024.
        let santiago = try #require(zone("America/Santiago"))
        let day = try #require(CivilDate.day(of: "2024-09-08"))
        #expect(Calendar.midnight(ofDay: day, in: santiago) == (try instant("2024-09-08T04:00:00Z")))
        _ = Calendar.day(of: .max, in: paris)
        _ = Calendar.day(of: .min, in: paris)
    }
}
