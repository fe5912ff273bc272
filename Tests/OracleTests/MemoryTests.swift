// Goal: the plain evaluator remembers as semantics §4 and decisions 6, 12, 49–51 and 65 say. Method: customers come, change and go between
// a few commits of one campaign, whose versions, stops and ends are followed; each commit says who passes, who is asked for, what is
// raised, and who is in.
import Campaigns
import Testing

@testable import Oracle

@Suite struct MemoryTests {
    private static let second: Int64 = 1000

    /// A campaign over customers, commit by commit. The clock counts seconds from 1970-01-01.
    private struct Following {
        var shop: PlainShop
        var campaign: FollowedCampaign?
        var clock: Int64 = 0

        init(_ customers: String...) throws {
            shop = try PlainShop(#"{"customers": [\#(customers.joined(separator: ", "))]}"#)
        }

        mutating func write(_ customers: String...) throws {
            try shop.write(#"{"customers": [\#(customers.joined(separator: ", "))]}"#)
        }

        /// Builds all customers as `all`, and what comes in as a test says.
        mutating func publish(_ activities: String..., validity: String = "") throws {
            let all = [#"{"id": "all", "type": "build-audience", "dimension": "customers", "filter": "active"}"#] + activities
            let text = #"{"id": "c"\#(validity), "activities": [\#(all.joined(separator: ", "))]}"#
            let read = readCampaign(try JSON(text), catalog: shop.catalog, zones: zone)
            let new = try #require(read.campaign, "\(read.problems)")
            if campaign?.publish(new) == nil { campaign = FollowedCampaign(new) }
        }

        /// A commit at so many seconds; nil when nothing is evaluated.
        mutating func commit(at seconds: Int64) throws -> Evaluation? {
            clock = seconds * MemoryTests.second
            let evaluator = Evaluator(tables: shop.tables, clock: clock, zones: ["UTC": .utc])
            guard case .live(let evaluation)? = campaign?.step(evaluator, audience: { _ in [:] }) else { return nil }
            return evaluation
        }

        mutating func ids(_ transition: String, at seconds: Int64) throws -> [String] {
            let evaluation = try #require(try commit(at: seconds))
            return evaluation.populations[Transition(activity: transition)]!.rows.map { String(decoding: $0.id, as: UTF8.self) }.sorted()
        }

        /// Who is asked for, with the address.
        mutating func requests(at seconds: Int64) throws -> [String] {
            (try commit(at: seconds)?.requests ?? []).map { "\(text($0.identity)) at \(text($0.address)) of \($0.key.map(text) ?? "none")" }
        }

        /// The members of the one save, with rows and attributes.
        mutating func members(at seconds: Int64) throws -> [String] {
            let saved = try #require(try commit(at: seconds)?.saved["s"])
            let save = campaign!.campaign.saves[0]
            return saved.members.map { identity, member in
                let told = Member(member, of: save)
                return "\(text(identity)) \(told.rows) \(text(told.attributes))"
            }.sorted()
        }

        private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    }

    private static func customer(_ id: String, active: Bool = true, _ more: String = "") -> String {
        #"{"id": "\#(id)", "email": "\#(id)@x", "active": \#(active)\#(more)}"#
    }

    // wait

    private static func wait(_ duration: String, _ more: String = "") -> String {
        #"{"id": "w", "type": "wait", "from": "all", "duration": "\#(duration)"\#(more)}"#
    }

    @Test func aRowPassesAfterItsDurationWithoutABreak() throws {
        var following = try Following(Self.customer("1"), Self.customer("2"))
        try following.publish(Self.wait("PT10S"))
        #expect(try following.ids("w", at: 100) == [])
        try following.write(Self.customer("2", active: false), Self.customer("3"))
        #expect(try following.ids("w", at: 105) == [])
        try following.write(Self.customer("2"))
        #expect(try following.ids("w", at: 109) == [] && following.ids("w", at: 110) == ["1"])
        #expect(try following.ids("w", at: 115) == ["1", "3"] && following.ids("w", at: 118) == ["1", "3"])
        #expect(try following.ids("w", at: 119) == ["1", "2", "3"])
    }

    @Test func waitsThatSayTheSameGoOnAndAStopEndsThem() throws {
        var following = try Following(Self.customer("1"))
        try following.publish(Self.wait("PT10S"))
        _ = try following.commit(at: 0)
        try following.publish(Self.wait("PT10S", #", "label": "x""#))
        #expect(try following.ids("w", at: 10) == ["1"])
        try following.publish(Self.wait("PT5S"))
        #expect(try following.ids("w", at: 12) == [] && following.ids("w", at: 17) == ["1"])
        following.campaign!.stop()
        #expect(try following.commit(at: 20) == nil)
        try following.publish(Self.wait("PT5S"))
        #expect(try following.ids("w", at: 21) == [] && following.ids("w", at: 26) == ["1"])
    }

    // channel

    private static func channel(_ more: String, address: String = "phone", from: String = "all", namespace: String = "Email") -> String {
        let identity = namespace == "Email" ? "email" : "phone"
        return
            #"{"id": "c", "type": "channel", "from": "\#(from)", "channel": "sms", "address": "\#(address)", "identity": {"field": "\#(identity)", "namespace": "\#(namespace)"}\#(more)}"#
    }

    private static func phoned(_ id: String, active: Bool = true, _ phone: String = "1") -> String {
        customer(id, active: active, #", "phone": "\#(phone)""#)
    }

    @Test func onceIsOnce() throws {
        var following = try Following(Self.phoned("a"), Self.customer("b"), #"{"id": "0", "email": "a@x", "phone": "7", "active": true}"#)
        try following.publish(Self.channel(""))
        // The row with the lowest row id speaks for an identity; one without an address for none.
        #expect(try following.requests(at: 1) == ["a@x at 7 of 0"])
        try following.write(Self.phoned("b"))
        #expect(try following.requests(at: 2) == ["b@x at 1 of b"])
        try following.write(Self.phoned("b", active: false))
        #expect(try following.requests(at: 3) == [])
        try following.write(Self.phoned("b"))
        #expect(try following.requests(at: 4) == [])
    }

    @Test func everyEntryAfterTheCooldown() throws {
        var following = try Following(Self.phoned("a"))
        try following.publish(Self.channel(#", "repeat": "every-entry", "cooldown": "PT10S""#))
        func leave(_ following: inout Following, _ seconds: Int64) throws {
            try following.write(Self.phoned("a", active: false))
            #expect(try following.requests(at: seconds) == [])
            try following.write(Self.phoned("a"))
        }
        #expect(try following.requests(at: 0) == ["a@x at 1 of a"] && following.requests(at: 1) == [])
        try leave(&following, 2)
        #expect(try following.requests(at: 9) == [] && following.requests(at: 50) == [], "nothing is made up for later")
        try leave(&following, 51)
        #expect(try following.requests(at: 60) == ["a@x at 1 of a"])
        try leave(&following, 61)
        #expect(try following.requests(at: 70) == ["a@x at 1 of a"], "at exactly the cooldown")
    }

    @Test func whatWasSentIsRememberedByNamespace() throws {
        var following = try Following(Self.phoned("a"))
        try following.publish(Self.channel(""))
        #expect(try following.requests(at: 0).count == 1)
        try following.publish(Self.channel("", namespace: "Phone"))
        #expect(try following.requests(at: 1) == ["1 at 1 of a"])
        try following.publish(Self.channel(#", "template": "new""#))
        #expect(try following.requests(at: 2) == [])
        following.campaign!.stop()
        try following.write(Self.phoned("b"))
        #expect(try following.requests(at: 3) == [])
        try following.publish(Self.channel(""))
        #expect(try following.requests(at: 4) == ["b@x at 1 of b"])
    }

    @Test func aStoppedIdentityIsNotGoneACompletedOneIs() throws {
        for isStopped in [true, false] {
            var following = try Following(Self.phoned("a"))
            let every = Self.channel(#", "repeat": "every-entry""#)
            try following.publish(every, validity: isStopped ? "" : #", "endAt": 5000"#)
            #expect(try following.requests(at: 0).count == 1)
            if isStopped { following.campaign!.stop() }
            #expect(try following.commit(at: 5) == nil)
            try following.publish(every)
            #expect(try following.requests(at: 6).count == (isStopped ? 0 : 1))
        }
    }

    // test, and-join, alert

    @Test func alertsAreRaisedWhenTheirConditionBecomesTrue() throws {
        let alert = #"{"id": "a", "type": "alert", "from": "all", "when": "recCount >= 2"}"#
        var following = try Following(Self.customer("1"), Self.customer("2"))
        func rows(_ following: inout Following, _ seconds: Int64) throws -> [Int] {
            try following.commit(at: seconds)?.alerts.map(\.rows) ?? []
        }
        try following.publish(alert)
        #expect(try rows(&following, 0) == [2] && rows(&following, 1) == [])
        try following.write(Self.customer("3"))
        #expect(try rows(&following, 2) == [])
        try following.write(Self.customer("3", active: false), Self.customer("2", active: false))
        #expect(try rows(&following, 3) == [])
        try following.write(Self.customer("2"))
        #expect(try rows(&following, 4) == [2])
        try following.publish(alert)
        #expect(try rows(&following, 5) == [])
        following.campaign!.stop()
        try following.publish(alert)
        #expect(try rows(&following, 6) == [2])
    }

    @Test func whatHangsOnAnOutputThatIsNotTakenIsInactive() throws {
        let test = #"{"id": "t", "type": "test", "from": "all", "conditions": [{"name": "many", "when": "recCount > 1"}]}"#
        let alert = #"{"id": "a", "type": "alert", "from": "t.many", "when": "recCount = 0"}"#
        let wait = #"{"id": "u", "type": "wait", "from": "a", "until": 0}"#
        let join = #"{"id": "j", "type": "and-join", "from": ["all", "u"]}"#
        let other = #"{"id": "k", "type": "and-join", "from": ["all", "j", "t"]}"#.replacing("\"t\"]", with: "\"t.default\"]")
        var following = try Following(Self.customer("1"))
        try following.publish(test, alert, wait, join, other)
        let alone = try #require(try following.commit(at: 1))
        #expect(alone.alerts.isEmpty)
        func ids(_ evaluation: Evaluation, _ activity: String, _ output: String = Transition.main) -> [String] {
            evaluation.populations[Transition(activity: activity, output: output)]!.rows.map { String(decoding: $0.id, as: UTF8.self) }
                .sorted()
        }
        #expect(ids(alone, "t", "many") == [] && ids(alone, "t", "default") == ["1"] && ids(alone, "j") == [])
        #expect(ids(alone, "k") == ["1"], "an and-join that gives nothing is active")
        try following.write(Self.customer("2"))
        let both = try #require(try following.commit(at: 2))
        #expect(
            ids(both, "t", "many") == ["1", "2"] && ids(both, "t", "default") == [] && ids(both, "j") == ["1", "2"] && ids(both, "k") == [])
    }

    // save-audience

    private static func save(_ mode: String, _ attributes: String = #"{"name": "n", "source": "age"}"#, namespace: String = "Email")
        -> String
    {
        #"{"id": "s", "type": "save-audience", "from": "all", "audience": {"id": "a"}, "identity": {"field": "email", "namespace": "\#(namespace)"}, "attributes": [\#(attributes)], \#(mode)}"#
    }

    private static func aged(_ id: String, _ age: Int, active: Bool = true) -> String { customer(id, active: active, #", "age": \#(age)"#) }

    @Test func appendOnlyEverAdds() throws {
        var following = try Following(Self.aged("1", 5), Self.aged("2", 6))
        try following.publish(Self.save(#""mode": "append""#))
        #expect(try following.members(at: 0) == [#"1@x 1 {"n":5}"#, #"2@x 1 {"n":6}"#])
        try following.write(Self.aged("1", 7), Self.aged("2", 8, active: false))
        #expect(try following.members(at: 1) == [#"1@x 1 {"n":7}"#, #"2@x 1 {"n":6}"#])
        following.shop.delete("2", from: "customers")
        // Of former members the attributes of the same name and type stay.
        try following.publish(Self.save(#""mode": "append""#, #"{"name": "m", "source": "email"}, {"name": "n", "source": "age + 1"}"#))
        #expect(try following.members(at: 2) == [#"1@x 1 {"m":"1@x","n":8}"#, #"2@x 1 {"m":null,"n":6}"#])
        try following.publish(Self.save(#""mode": "append""#, #"{"name": "n", "source": "ToString(age)"}"#))
        #expect(try following.members(at: 3) == [#"1@x 1 {"n":"7"}"#, #"2@x 1 {"n":null}"#])
        try following.publish(Self.save(#""mode": "mirror""#))
        #expect(try following.members(at: 4) == [#"1@x 1 {"n":7}"#])
        try following.publish(Self.save(#""mode": "append""#))
        #expect(try following.members(at: 5) == [#"1@x 1 {"n":7}"#])
    }

    @Test func frozenIsReplacedAtItsTimes() throws {
        var following = try Following(Self.aged("1", 5))
        let frozen = Self.save(#""mode": "frozen", "schedule": {"every": "PT10S"}"#)
        try following.publish(frozen)
        #expect(try following.members(at: 3) == [#"1@x 1 {"n":5}"#])
        try following.write(Self.aged("1", 6))
        #expect(try following.members(at: 12) == [#"1@x 1 {"n":5}"#] && following.members(at: 13) == [#"1@x 1 {"n":6}"#])
        try following.write(Self.aged("1", 7))
        // Several times that are passed at once are one, and the count goes on from the publish.
        #expect(try following.members(at: 47) == [#"1@x 1 {"n":7}"#])
        try following.write(Self.aged("1", 8))
        #expect(try following.members(at: 52) == [#"1@x 1 {"n":7}"#] && following.members(at: 53) == [#"1@x 1 {"n":8}"#])
        try following.write(Self.aged("1", 9))
        try following.publish(frozen)
        #expect(try following.members(at: 54) == [#"1@x 1 {"n":9}"#])
        try following.write(Self.aged("1", 10))
        #expect(try following.members(at: 63) == [#"1@x 1 {"n":9}"#] && following.members(at: 64) == [#"1@x 1 {"n":10}"#])
    }

    @Test func frozenByCron() throws {
        var following = try Following(Self.aged("1", 0))
        try following.publish(Self.save(#""mode": "frozen", "schedule": {"cron": "*/2 * * * *"}"#))
        var found: [String] = []
        for (place, seconds) in ([0, 60, 119, 120, 239, 500] as [Int64]).enumerated() {
            try following.write(Self.aged("1", place))
            found += try following.members(at: seconds)
        }
        #expect(found == [0, 0, 0, 3, 3, 5].map { #"1@x 1 {"n":\#($0)}"# })
    }

    @Test func beforeAndAfterItsValidityNothingIsEvaluated() throws {
        var following = try Following(Self.aged("1", 5))
        try following.publish(Self.wait("PT10S"), Self.save(#""mode": "append""#), validity: #", "startAt": 10000, "endAt": 30000"#)
        guard
            case .scheduled = following.campaign!.step(
                Evaluator(tables: following.shop.tables, clock: 0, zones: ["UTC": .utc]), audience: { _ in [:] })
        else { fatalError() }
        #expect(try following.ids("w", at: 10) == [] && following.ids("w", at: 20) == ["1"])
        #expect(try following.commit(at: 30) == nil)
    }

    // read-audience

    @Test func whoIsAMemberIsRead() throws {
        let read = ReadAudience(
            id: "r", position: 0, audience: "x", namespace: "Email", dimension: "customers", identityField: 1,
            columns: [.init(name: "n", type: .integer), .init(name: "gone", type: .string)])
        let shop = try PlainShop(
            #"{"customers": [{"id": "1", "email": "a"}, {"id": "2", "email": "b"}, {"id": "3", "email": "a"}, {"id": "4"}]}"#)
        let campaign = Campaign(id: "c", name: "c", timezone: "UTC", activities: [.read(read)])
        let members: KeptMembers = [
            Array("a".utf8): KeptMember(rows: 7, values: ["n": .integer(5)]), Array("z".utf8): KeptMember(rows: 1, values: [:]),
        ]
        let evaluator = Evaluator(tables: shop.tables, clock: 0, zones: [:])
        let found = evaluator.evaluate(campaign, audience: { $0 == "x" ? members : [:] }).populations[Transition(activity: "r")]!
        #expect(found.rows.map { String(decoding: $0.id, as: UTF8.self) }.sorted() == ["1", "3"] && found.columns == ["n", "gone"])
        #expect(found.rows.allSatisfy { $0.columns["n"] == .some(.integer(5)) && $0.columns["gone"] == .some(nil) })
    }
}
