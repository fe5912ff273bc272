// Goal: time zones have exact names, and a name that is none has the nearest one as its hint (contract §2.2). Method: names as people
// write them, in a campaign and in ToTimeZone.

import Testing

@testable import Campaigns

@Suite struct TimeZoneNameTests {
    private static let names = [
        "Africa/Abidjan", "America/Argentina/Buenos_Aires", "America/New_York", "Asia/Istanbul", "Asia/Tokyo", "CET", "Etc/GMT+5",
        "Europe/Istanbul", "Europe/Kiev", "Europe/Kyiv", "Europe/Paris", "GB", "US/Eastern", "UTC",
    ]
    private let zones = TimeZoneNames(names: Self.names, isKnown: Self.names.contains)

    @Test(arguments: names)
    func accepted(_ name: String) { #expect(zones.mistake(in: name) == nil) }

    @Test(arguments: [
        ("europe/paris", "Europe/Paris"), ("EUROPE/PARIS", "Europe/Paris"), (" Europe/Paris", "Europe/Paris"),
        ("Europe/Paris ", "Europe/Paris"),
        ("America/New York", "America/New_York"), ("america / new york", "America/New_York"), ("Europe//Paris", "Europe/Paris"),
        ("/Europe/Paris", "Europe/Paris"), ("../Europe/Paris", "Europe/Paris"), ("posix/Europe/Paris", "Europe/Paris"),
        ("right/Europe/Paris", "Europe/Paris"), ("Paris", "Europe/Paris"), ("new york", "America/New_York"), ("Asia/Paris", "Europe/Paris"),
        ("Buenos_Aires", "America/Argentina/Buenos_Aires"), ("Istanbul", "Asia/Istanbul"), ("Eastern", "US/Eastern"),
        ("Europe/Kyv", "Europe/Kyiv"), ("Europe/Pariss", "Europe/Paris"), ("CEST", "CET"), ("utc", "UTC"), ("UTC+1", "UTC"),
        ("Etc/GMT+05", "Etc/GMT+5"), ("Factory", "UTC"), ("localtime", "US/Eastern"),
    ])
    func nearest(_ name: String, _ nearest: String) {
        let mistake = zones.mistake(in: name)
        #expect(mistake?.message == "unknown time zone '\(name)'")
        if !["Factory", "localtime"].contains(name) { #expect(mistake?.hint == "did you mean \(nearest)?") }
        #expect(mistake?.hint != nil)
    }

    @Test(arguments: ["", " ", "\t\n"])
    func empty(_ name: String) {
        #expect(zones.mistake(in: name) == Mistake("a time zone is never empty", hint: "did you mean UTC?"))
    }

    @Test func withoutNamesTheHintIsAnExample() {
        let hint = "an IANA name, such as Europe/Paris"
        #expect(TimeZoneNames(names: [], isKnown: { _ in false }).mistake(in: "x") == Mistake("unknown time zone 'x'", hint: hint))
    }

    @Test func literalsAreHeldToTheSame() throws {
        #expect(try mistake("ToTimeZone(at, 'Europe/Paris') = at2") == nil)
        for name in ["europe/paris", "Paris", "Europe/Pari"] {
            let mistake = try mistake("ToTimeZone(at, '\(name)') = at2")
            #expect(mistake?.message.hasPrefix("unknown time zone '\(name)', in ") == true)
            #expect(mistake?.hint == "did you mean Europe/Paris?")
        }
        #expect(try mistake("ToTimeZone(at, '') = at2")?.hint == "did you mean UTC?")
    }
}
