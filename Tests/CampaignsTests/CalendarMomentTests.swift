// Goal: parts, sums, differences and ages are those of semantics §3 and decisions 7–10. Method: the facts of the conformance suite, and
// thresholds against the differences they stand for, around every kind of edge.

import Testing

@testable import Campaigns

@Suite struct CalendarMomentTests {
    private func moment(_ text: String) throws -> Moment {
        if let day = CivilDate.day(of: text) { return .date(day) }
        return .instant(try instant(text))
    }

    private func text(_ moment: Moment?) -> String? {
        switch moment {
        case nil: return nil
        case .instant(let instant): return InstantText.text(of: instant)
        case .date(let day):
            var bytes: [UInt8] = []
            CivilDate.append(day, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test(
        arguments: [
            (1, .months, "2026-01-31", "2026-02-28"), (1, .years, "2024-02-29", "2025-02-28"), (4, .years, "2024-02-29", "2028-02-29"),
            (-2, .months, "2026-01-31", "2025-11-30"), (1, .days, "2024-02-29", "2024-03-01"), (0, .months, "9999-12-31", "9999-12-31"),
            (1, .hours, "2024-02-29", "2024-02-29T00:00:00.000Z"), (9000, .years, "2024-02-29", nil), (1, .days, "9999-12-31", nil),
            (1, .seconds, "0001-01-01", nil), (0, .days, "0001-01-01", "0001-01-01"),
        ] as [(Int64, CalendarUnit, String, String?)])
    func sums(_ count: Int64, _ unit: CalendarUnit, _ start: String, _ expected: String?) throws {
        let paris = try #require(zone("Europe/Paris"))
        #expect(text(Calendar.adding(count, unit, to: try moment(start), in: paris)) == expected)
    }

    @Test(
        arguments: [
            (.days, "2026-03-03T00:00:00Z", "2026-03-01T01:00:00Z", 1), (.days, "2026-03-01T01:00:00Z", "2026-03-03T00:00:00Z", -1),
            (.hours, "2026-03-03T00:00:00Z", "2026-03-01T01:00:00Z", 47), (.days, "2026-03-30", "2026-03-28", 2),
            // Beside an instant a date is its midnight, and 29 March 2026 has 23 hours in Paris.
            (.days, "2026-03-29T22:00:00Z", "2026-03-28", 1), (.months, "2026-03-31", "2026-02-28", 1),
            (.months, "2026-03-30", "2026-01-31", 1),
            (.months, "2026-02-28", "2026-01-31", 0), (.months, "2026-01-31", "2026-02-28", 0), (.months, "2026-01-01", "2026-03-15", -2),
            (.years, "2026-02-28", "2008-02-29", 17), (.years, "2026-03-01", "2008-02-29", 18), (.years, "2028-02-29", "2008-02-29", 20),
            (.months, "2026-06-30T22:00:00Z", "2026-05-31T22:00:00Z", 1), (.months, "2026-06-30T21:59:59Z", "2026-05-31T22:00:00Z", 0),
            (.seconds, "9999-12-31", "0001-01-02", 315_537_724_800), (.days, "2026-01-01T00:00:00Z", "0001-01-01", nil),
            (.years, "2026-01-01T00:00:00Z", "0001-01-01", 2025), (.years, "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", nil),
        ] as [(CalendarUnit, String, String, Int64?)])
    func differences(_ unit: CalendarUnit, _ end: String, _ start: String, _ expected: Int64?) throws {
        let paris = try #require(zone("Europe/Paris"))
        #expect(Calendar.difference(unit, from: try moment(start), to: try moment(end), in: paris) == expected)
    }

    @Test(
        arguments: [
            (.day, "2026-06-30T22:30:15Z", "2026-06-30T22:00:00.000Z"), (.week, "2026-06-30T22:30:15Z", "2026-06-28T22:00:00.000Z"),
            (.month, "2026-06-30T22:30:15Z", "2026-06-30T22:00:00.000Z"), (.quarter, "2026-06-30T22:30:15Z", "2026-06-30T22:00:00.000Z"),
            (.year, "2026-06-30T22:30:15Z", "2025-12-31T23:00:00.000Z"), (.week, "2026-03-01", "2026-02-23"),
            (.week, "0001-01-01", "0001-01-01"), (.quarter, "2026-03-01", "2026-01-01"), (.day, "2026-03-01", "2026-03-01"),
            (.year, "0001-06-01T00:00:00Z", nil),
        ] as [(CalendarPeriod, String, String?)])
    func beginnings(_ period: CalendarPeriod, _ text: String, _ expected: String?) throws {
        let paris = try #require(zone("Europe/Paris"))
        #expect(self.text(Calendar.start(of: period, of: try moment(text), in: paris)) == expected)
    }

    @Test func daysOfWeekAndYear() throws {
        for (text, weekday, dayOfYear) in [("2026-07-01", 3, 182), ("2026-03-01", 7, 60), ("2024-12-31", 2, 366), ("0001-01-01", 1, 1)] {
            let day = try #require(CivilDate.day(of: text))
            #expect(CivilDate.weekday(of: day) == Int64(weekday))
            #expect(CivilDate.dayOfYear(of: day) == Int64(dayOfYear))
        }
    }

    /// Of every value near the threshold: its difference is at least the count exactly when it is not after the threshold.
    @Test(arguments: ["UTC", "Europe/Paris", "Pacific/Apia", "America/Havana", "Australia/Lord_Howe"])
    func thresholds(_ name: String) throws {
        let rules = try #require(zone(name))
        let clocks = [
            "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:15:00Z", "2026-11-01T05:30:00Z", "2024-02-29T12:00:00Z",
            "2026-03-31T23:59:59.999Z", "2012-01-30T10:00:00Z", "2026-04-04T15:10:00Z", "0003-01-01T12:00:00Z", "9997-06-01T00:00:00Z",
        ]
        for clock in clocks {
            let now = try instant(clock)
            for unit: CalendarUnit in [.seconds, .minutes, .hours, .days, .months, .years] {
                for count: Int64 in [-3000, -13, -2, -1, 0, 1, 2, 12, 18, 3000, .max, .min] {
                    try check(count, unit, now: now, rules)
                }
            }
        }
    }

    private func check(_ count: Int64, _ unit: CalendarUnit, now: Int64, _ rules: TimeZoneRules) throws {
        let isCalendar = unit == .months || unit == .years
        let threshold = try #require(Calendar.ageThreshold(count, unit, isDate: false, now: now, in: rules))
        let nearby: [Int64] = [-90_000_000, -3_600_001, -1_800_000, -1, 0, 1, 60_000, 1_800_001, 3_600_000, 90_000_000]
        for start in nearby.map({ threshold + $0 }) where InstantText.isInRange(start) {
            guard let age = Calendar.difference(unit, from: .instant(start), to: .instant(now), in: rules) else { continue }
            let value = isCalendar ? Calendar.wallTime(of: .instant(start), in: rules)! : start
            #expect((age >= count) == (value <= threshold), "\(unit) \(count) of \(start) at \(now) in \(rules.name)")
        }
        guard isCalendar else { return }
        let last = try #require(Calendar.ageThreshold(count, unit, isDate: true, now: now, in: rules))
        for day in last - 2...last + 32 where (Int64(CivilDate.minimum)...Int64(CivilDate.maximum)).contains(day) {
            let age = try #require(Calendar.difference(unit, from: .date(Int32(day)), to: .instant(now), in: rules))
            #expect((age >= count) == (day <= last), "\(unit) \(count) of day \(day) at \(now) in \(rules.name)")
        }
    }
}
