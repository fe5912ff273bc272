// Goal: the modes of save-audience and their schedules are read and refused as contract §2.2 and semantics §4 say; what a new version
// keeps. Method: definitions in tables, with what they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct ModeTests {
    private func save(_ members: String, id: String = "s", namespace: String = "Email") -> String {
        #"{"id": "\#(id)", "type": "save-audience", "from": "all", "audience": {"id": "a"}, "identity": {"field": "email", "namespace": "\#(namespace)"}, \#(members)}"#
    }

    @Test(
        arguments: [
            (#""mode": "mirror""#, .mirror), (#""mode": null"#, .mirror), (#""mode": "append""#, .append),
            (#""mode": "frozen""#, .frozen(nil)),
            (
                #""mode": "frozen", "schedule": {"every": "PT15M"}"#,
                .frozen(Schedule(.every(CalendarDuration(milliseconds: 900_000)), timezone: "UTC"))
            ),
            (
                #""mode": "frozen", "schedule": {"cron": "0 6 * * MON-FRI", "every": null}"#,
                .frozen(Schedule(.cron(CronExpression("0 6 * * 1-5")!), timezone: "UTC"))
            ),
        ] as [(String, SaveAudience.Mode)])
    func modes(_ members: String, _ mode: SaveAudience.Mode) throws {
        guard case .save(let save) = try ActivityDefinitions(save(members)).activity("s") else { fatalError() }
        #expect(save.mode == mode)
    }

    @Test(arguments: [
        (#""mode": "mirrored""#, ["mode"]), (#""mode": 5"#, ["mode"]), (#""schedule": {"every": "PT15M"}"#, ["schedule"]),
        (#""mode": "append", "schedule": {"every": "PT15M"}"#, ["schedule"]), (#""mode": "mirror", "schedule": null"#, []),
        (#""mode": "frozen", "schedule": {}"#, ["schedule"]),
        (#""mode": "frozen", "schedule": {"every": "P1D", "cron": "* * * * *"}"#, ["schedule"]),
        (#""mode": "frozen", "schedule": {"every": "PT0S"}"#, ["schedule.every"]),
        (#""mode": "frozen", "schedule": {"every": 5}"#, ["schedule.every"]),
        (#""mode": "frozen", "schedule": {"cron": "* * * *"}"#, ["schedule.cron"]), (#""mode": "frozen", "schedule": "P1D""#, ["schedule"]),
        (#""mode": "frozen", "schedule": {"cron": "* * * * *", "at": 5}"#, ["schedule.at"]),
        (#""mode": "append", "schedule": {"every": "x"}"#, ["schedule", "schedule.every"]),
    ])
    func problems(_ members: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(save(members)).paths == paths.map { "activities[1].\($0)" })
    }

    // What a new version keeps.

    private func keeps(_ id: String, _ old: String, _ new: String) throws -> Bool {
        let (old, new) = (try #require(try ActivityDefinitions(old).campaign), try #require(try ActivityDefinitions(new).campaign))
        return new.keepsMemory(of: id, from: old)
    }

    @Test(arguments: [
        (#""duration": "P1D""#, #""duration": "P1D", "label": "x""#, true),
        (#""duration": "P1D", "label": "y""#, #""duration": "P1D""#, true),
        (#""duration": "P1D""#, #""until": null, "duration": "P1D""#, true), (#""duration": "P1D""#, #""duration": "P2D""#, false),
        (#""duration": "P1D""#, #""until": 5"#, false),
    ])
    func waitsThatSayTheSameGoOn(_ old: String, _ new: String, _ isKept: Bool) throws {
        func wait(_ members: String) -> String { #"{"id": "w", "type": "wait", "from": "all", \#(members)}"# }
        #expect(try keeps("w", wait(old), wait(new)) == isKept)
        #expect(try !keeps("v", wait(old), wait(new)))
    }

    @Test func alertsAndChannels() throws {
        func alert(_ title: String, type: String = "alert") -> String {
            #"{"id": "x", "type": "\#(type)", "from": "all", "title": "\#(title)"}"#
        }
        func channel(_ template: String) -> String {
            #"{"id": "x", "type": "channel", "from": "all", "template": "\#(template)", "channel": "sms", "identity": {"field": "phone", "namespace": "Phone"}, "address": "phone"}"#
        }
        #expect(try keeps("x", alert("a"), alert("a")) && !keeps("x", alert("a"), alert("b")))
        #expect(
            try keeps("x", channel("a"), channel("b")) && !keeps("x", alert("a"), channel("a")) && !keeps("x", channel("a"), alert("a")))
    }

    @Test func appendsOfOneAudienceAndNamespace() throws {
        func campaign(_ save: String) throws -> Campaign { try #require(try ActivityDefinitions(save).campaign) }
        let old = try campaign(save(#""mode": "append", "attributes": [{"name": "n", "source": "age"}, {"name": "m", "source": "age"}]"#))
        let new = try campaign(
            save(#""mode": "append", "attributes": [{"name": "m", "source": "email"}, {"name": "n", "source": "1"}]"#, id: "t"))
        let former = try #require(new.formerAppend(of: new.saves[0], in: old))
        #expect(former.id == "s" && new.saves[0].keptAttributes(of: former) == ["n"])
        let mirror = try campaign(save(#""mode": "mirror""#))
        #expect(new.formerAppend(of: new.saves[0], in: mirror) == nil && mirror.formerAppend(of: mirror.saves[0], in: old) == nil)
        let phone = try campaign(save(#""mode": "append""#, namespace: "Phone").replacing(#""field": "email""#, with: #""field": "phone""#))
        #expect(phone.formerAppend(of: phone.saves[0], in: old) == nil)
    }
}
