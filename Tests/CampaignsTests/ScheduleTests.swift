// Goal: schedules give the instants that decisions 7, 12 and 13 say, and only those. Method: cron texts in tables, with the first instants
// in Paris after one; every minute around gaps and overlaps against a walk over all minutes; durations against counting them one by one.

import Testing

@testable import Campaigns

@Suite struct ScheduleTests {
    private func next(_ times: Schedule.Times, after: Int64, published: Int64 = 0, in name: String = "Europe/Paris") throws -> Int64? {
        Schedule(times, timezone: name).next(after: after, published: published, in: try #require(zone(name)))
    }

    @Test(
        arguments: [
            ("0 6 * * MON-FRI", "2026-03-06T05:00:00Z", ["2026-03-09T05:00:00Z", "2026-03-10T05:00:00Z"]),
            ("0 6 * * MON-FRI", "2026-03-06T04:59:59.999Z", ["2026-03-06T05:00:00Z"]),
            ("*/20 * * * *", "2026-03-01T10:19:00Z", ["2026-03-01T10:20:00Z", "2026-03-01T10:40:00Z", "2026-03-01T11:00:00Z"]),
            ("50/5 23 31 12 *", "2026-06-01T00:00:00Z", ["2026-12-31T22:50:00Z", "2026-12-31T22:55:00Z", "2027-12-31T22:50:00Z"]),
            // Either day is enough: the 13th, and Fridays.
            ("0 0 13 * fri", "2026-02-06T00:00:00Z", ["2026-02-12T23:00:00Z", "2026-02-19T23:00:00Z", "2026-02-26T23:00:00Z"]),
            ("0 0 13 mar fri", "2026-02-20T00:00:00Z", ["2026-03-05T23:00:00Z", "2026-03-12T23:00:00Z", "2026-03-19T23:00:00Z"]),
            // A step makes a field bounded, whatever it says.
            ("0 0 */1 * 0", "2026-03-02T23:00:00Z", ["2026-03-03T23:00:00Z"]),
            ("0 0 * * 7", "2026-03-02T23:00:00Z", ["2026-03-07T23:00:00Z"]),
            ("0 12 29 2 *", "2096-02-29T11:00:00Z", ["2104-02-29T11:00:00Z"]),
            ("0 12 29 2 *", "2026-01-01T00:00:00Z", ["2028-02-29T11:00:00Z"]),
            ("0 12 31 * *", "2026-03-31T10:00:00Z", ["2026-05-31T10:00:00Z"]), ("0 0 30 2 *", "2026-01-01T00:00:00Z", []),
            ("0 0 31 4,6,9,11 *", "2026-01-01T00:00:00Z", []), ("0 0 30 2 mon", "2026-01-31T00:00:00Z", ["2026-02-01T23:00:00Z"]),
            // In the gap of 29 March: forward by it. In the repeated hour of 25 October: the first.
            ("30 2 * * *", "2026-03-28T02:00:00Z", ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]),
            ("30 2,3 29 3 *", "2026-03-28T02:00:00Z", ["2026-03-29T01:30:00Z", "2027-03-29T00:30:00Z"]),
            ("30 2 * * *", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
            ("0 0 1 1 *", "9998-06-01T00:00:00Z", ["9998-12-31T23:00:00Z"]), ("59 23 31 12 *", "9999-12-31T22:59:00Z", []),
        ] as [(String, String, [String])])
    func cron(_ text: String, _ start: String, _ expected: [String]) throws {
        let expression = try #require(CronExpression(text))
        var (last, found) = (try instant(start), [String]())
        while found.count < max(1, expected.count), let instant = try next(.cron(expression), after: last) {
            found.append(InstantText.text(of: instant))
            last = instant
        }
        #expect(try found.map(instant) == expected.map(instant))
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 8",
        "5-1 * * * *",
        "*/0 * * * *", "*-5 * * * *", "-5 * * * *", "1,, * * * *", ", * * * *", "1/ * * * *", "/5 * * * *", "1-2-3 * * * *", "MON * * * *",
        "* * * MON *", "* * * * JAN", "* * * * FRI-MON", "* * * * MONDAY", "@daily", "1.5 * * * *", "+1 * * * *", "٣ * * * *",
        "99999999999999999999 * * * *",
    ])
    func refused(_ text: String) {
        #expect(CronExpression(text) == nil)
    }

    @Test(arguments: [
        ("0 6 * JAN-MAR,dec MON-FRI", "0 6 * 1-3,12 1-5"), ("0-59 * * * *", "* * * * *"), ("5/20 * * * *", "5,25,45 * * * *"),
        ("10-30/10 * * * *", "10,20,30 * * * *"), ("0 0 * * 0", "0 0 * * SUN"), ("0 0 * * 5-7", "0 0 * * 0,5,6"),
        (" 0\t0  1 1 * ", "0 0 1 1 *"),
        ("*/99999999999999999999 * * * *", "0 * * * *"), ("007 * * * *", "7 * * * *"),
    ])
    func sameSchedule(_ text: String, _ other: String) throws {
        #expect(try #require(CronExpression(text)) == #require(CronExpression(other)))
    }

    /// Every instant of a schedule is the instant of a wall time that it names, and of all of these the next one is the first.
    @Test(
        arguments: [
            ("Europe/Paris", "2026-03-28T22:00:00Z"), ("Europe/Paris", "2026-10-24T22:00:00Z"), ("Pacific/Apia", "2011-12-29T06:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-03T10:00:00Z"), ("America/Sao_Paulo", "2018-11-03T22:00:00Z"), ("UTC", "2026-01-01T00:00:00Z"),
        ], ["*/7 * * * *", "30 2 * * *", "5 0,23 * * *", "15 */5 */2 * FRI"])
    func nextIsTheFirstOfAll(_ place: (String, String), _ text: String) throws {
        let (expression, rules) = (try #require(CronExpression(text)), try #require(zone(place.0)))
        let start = try instant(place.1)
        var all: Set<Int64> = []
        for minute in -3 * 1440..<12 * 1440 {
            let wall = floorDivide(start, 60_000) * 60_000 + Int64(minute) * 60_000
            if expression.nextWallTime(after: wall - 1) == wall { all.insert(rules.instant(ofWallTime: wall)) }
        }
        let sorted = all.sorted()
        for minute in stride(from: 0, to: 2 * 1440, by: 11) {
            let instant = start + Int64(minute) * 60_000
            let expected = sorted.first { $0 > instant }
            #expect(try next(.cron(expression), after: instant, in: place.0) == expected, "\(InstantText.text(of: instant))")
        }
    }

    @Test(arguments: ["PT15M", "P1M", "P1D", "P1DT1H", "P1Y", "PT0.001S", "P1W"], ["UTC", "Europe/Paris", "Pacific/Apia"])
    func everyCountsFromThePublish(_ text: String, _ name: String) throws {
        let duration = try #require(CalendarDuration(text))
        let (published, rules) = (try instant("2011-10-31T00:30:00Z"), try #require(zone(name)))
        var times: Int64 = 0
        for step: Int64 in [0, 1, 59_999, 2_700_000, 86_400_000, 5_000_000_000] where text != "PT0.001S" || step < 100_000 {
            let instant = published + step
            repeat { times += 1 } while duration.after(published, in: rules, times: times)! <= instant
            let expected = duration.after(published, in: rules, times: times)
            #expect(try next(.every(duration), after: instant, published: published, in: name) == expected)
            times -= 1
        }
    }

    @Test func everyMonthFromThe31st() throws {
        let published = try instant("2026-01-31T12:00:00Z")
        var (last, found) = (published, [String]())
        for _ in 0..<4 {
            last = try #require(try next(.every(CalendarDuration(months: 1)), after: last, published: published, in: "UTC"))
            found.append(String(InstantText.text(of: last).prefix(10)))
        }
        #expect(found == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"])
        #expect(try next(.every(CalendarDuration(months: .max)), after: last, published: published) == nil)
    }
}
