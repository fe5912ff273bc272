// Goal: durations are read as contract §1 and decision 11 say. Method: texts in tables, with the months, days and milliseconds they come
// to, and what is refused; instants so many durations later, in a zone.

import Testing

@testable import Campaigns

@Suite struct CalendarDurationTests {
    @Test(
        arguments: [
            ("PT30M", 0, 0, 1_800_000), ("P3D", 0, 3, 0), ("P1Y2M3W4DT5H6M7.125S", 14, 25, 18_367_125), ("PT0S", 0, 0, 0), ("P0D", 0, 0, 0),
            ("PT0.5S", 0, 0, 500), ("PT1.25S", 0, 0, 1250), ("P1M", 1, 0, 0), ("PT1M", 0, 0, 60_000), ("P1YT1H", 12, 0, 3_600_000),
            ("PT90000H", 0, 0, 324_000_000_000), ("P007D", 0, 7, 0), ("P2W", 0, 14, 0),
            ("P99999999999999999999Y", Int64.max, 0, 0), ("P9223372036854775807W", 0, .max, 0), ("PT9223372036854775807S", 0, 0, .max),
        ] as [(String, Int64, Int64, Int64)])
    func read(_ text: String, _ months: Int64, _ days: Int64, _ milliseconds: Int64) {
        #expect(CalendarDuration(text) == CalendarDuration(months: months, days: days, milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "P", "PT", "P1", "1D", "P1DT", "PT1", "P1H", "PT1D", "P1D2M", "PT1S2M", "P-1D", "-P1D", "+P1D", "P1.5D", "PT1.5H", "PT.5S",
        "PT1.S",
        "PT1.1234S", "p1d", "P1d", " P1D", "P1D ", "P 1D", "P1DT1H ", "PT1H1H", "P1W1W", "P١D", "PT1,5S", "P1DD", "one day",
    ])
    func refused(_ text: String) {
        #expect(CalendarDuration(text) == nil)
    }

    @Test(
        arguments: [
            ("2026-01-31T10:00:00Z", "P1M", 1, "2026-02-28T10:00:00Z"), ("2026-01-31T10:00:00Z", "P1M", 2, "2026-03-31T09:00:00Z"),
            ("2028-02-29T12:00:00Z", "P1Y", 1, "2029-02-28T12:00:00Z"), ("2028-02-29T12:00:00Z", "P1Y", 4, "2032-02-29T12:00:00Z"),
            // The night of the gap, and what is exact.
            ("2026-03-28T01:30:00Z", "P1D", 1, "2026-03-29T01:30:00Z"), ("2026-03-28T01:30:00Z", "PT24H", 1, "2026-03-29T01:30:00Z"),
            ("2026-03-28T12:00:00Z", "P1D", 1, "2026-03-29T11:00:00Z"), ("2026-03-28T12:00:00Z", "P1DT1H", 2, "2026-03-30T13:00:00Z"),
            // The night of the repeated hour: the first.
            ("2026-10-24T00:30:00Z", "P1D", 1, "2026-10-25T00:30:00Z"), ("9999-12-30T00:00:00Z", "P1D", 2, ""),
            ("2026-01-01T00:00:00Z", "P99999999999999999999Y", 1, ""), ("2026-01-01T00:00:00Z", "PT9223372036854775807S", 1, ""),
        ] as [(String, String, Int64, String)])
    func after(_ start: String, _ duration: String, _ times: Int64, _ end: String) throws {
        let duration = try #require(CalendarDuration(duration))
        let found = duration.after(try instant(start), in: try #require(zone("Europe/Paris")), times: times)
        #expect(found == (end.isEmpty ? nil : try instant(end)))
    }
}
