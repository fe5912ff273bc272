// Goal: what people are told of a membership is so: what it says of time happens at that millisecond and not before, what would let
// somebody in does, and the words name what decided. Method: a shop with random purchases and campaigns of every form of window; the clock
// is moved to where the explanation says, and the purchase that is missing is made.
import Campaigns
import Testing

@testable import Daemon
@testable import Engine

@Suite struct ExplainTests {
    private static let day: Int64 = 86_400_000
    private static let start: Int64 = 1_772_532_000_000  // 2026-03-03T10:00:00Z

    private static let customers =
        #"{"name":"customers","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"country","type":"string"},{"name":"born","type":"date"}]}"#
    private static let purchases =
        #"{"name":"purchases","primaryKey":["id"],"fields":[{"name":"id","type":"string"},{"name":"customer","type":"string"},{"name":"amount","type":"double"},{"name":"at","type":"datetime"}],"links":[{"name":"buyer","to":"customers","on":{"customer":"id"},"reverse":"purchases"}]}"#

    private static func campaign(
        _ id: String, _ filter: String, _ more: String = "", from: String = "b", in timezone: String = "UTC"
    ) -> String {
        #"{"type":"campaign.published","campaign":{"id":"\#(id)","timezone":"\#(timezone)","activities":[{"id":"b","type":"build-audience","dimension":"customers","filter":"\#(filter)"},\#(more){"id":"s","type":"save-audience","from":"\#(from)","audience":{"id":"\#(id)"},"identity":{"field":"email","namespace":"Email"}}]}}"#
    }

    private static let filters = [
        "EXISTS(purchases WHERE at >= DaysAgo(30) AND amount > 10)", "COUNT(purchases WHERE at > HoursAgo(50)) = 2",
        "NOT EXISTS(purchases WHERE at >= DaysAgo(7)) AND country = 'FR'", "YearsOld(born) >= 18 OR country IN ('DE', 'IT')",
        "SUM(purchases.amount WHERE at >= MonthsAgo(1)) < 50", "MAX(purchases.at) < SubDays(NOW(), 3)",
        "NOW() >= DATETIME '2026-03-20T00:00:00Z' AND country = 'FR'", "born = DateOnly(NOW())",
        "EXISTS(purchases WHERE at <= AddDays(NOW(), 7) AND at > SubDays(NOW(), 20))", "MAX(purchases.at) > AddYears(NOW(), -1)",
    ]

    /// At the end of the year 9999 those ahead of UTC have no date any more.
    private static let timezones = ["UTC", "Europe/Madrid", "America/New_York", "Pacific/Auckland"]

    private func shop(_ random: inout Numbers, in timezone: String = "UTC") -> House {
        let house = House(zone: TimeZones.system.rules)
        house.control(Sample.publish(schema: Self.customers))
        house.control(Sample.publish(schema: Self.purchases))
        house.apply(clock: Self.start)
        for (place, filter) in Self.filters.enumerated() { house.control(Self.campaign("a\(place)", filter, in: timezone)) }
        #expect(house.rejected == 0)
        for customer in 0..<12 {
            let born = random.below(3) == 0 ? "2026-03-\(10 + random.below(9))" : "\(2007 + random.below(3))-03-\(10 + random.below(9))"
            house.change(
                #"{"table":"customers","op":"u","row":{"id":"c\#(customer)","email":"c\#(customer)@x","country":"\#(["FR", "DE", "ES"][random.below(3)])","born":"\#(born)"}}"#
            )
        }
        for purchase in 0..<30 {
            let at = Self.start - Int64(random.below(40)) * Self.day - Int64(random.below(86_400_000))
            house.change(
                #"{"table":"purchases","op":"u","row":{"id":"p\#(purchase)","customer":"c\#(random.below(12))","amount":\#(5 + random.below(30)),"at":\#(at)}}"#
            )
        }
        house.commit(clock: Self.start)
        return house
    }

    /// A linear congruence: the same everywhere.
    private struct Numbers {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private func explained(_ house: House, _ audience: String, _ customer: Int) throws -> Explained {
        try #require(house.machine.explain(.identity(namespace: "Email", id: "c\(customer)@x"), in: audience))
    }

    private func isMember(_ house: House, _ audience: String, _ customer: Int) throws -> Bool {
        let found = house.machine.engine.number(ofAudience: audience)
        let number = try #require(found)
        return house.machine.engine.members(of: number).place(of: Array("c\(customer)@x".utf8)) != nil
    }

    @Test func whatIsForetoldHappensThen() throws {
        var (changes, stays) = (0, 0)
        for seed in 0..<8 {
            var random = Numbers(state: UInt64(seed))
            let house = shop(&random, in: Self.timezones[seed % Self.timezones.count])
            // In the order of time: the clock does not go back.
            var foretold: [(at: Int64, audience: String, customer: Int, was: Bool)] = []
            for place in Self.filters.indices {
                for customer in 0..<12 {
                    let explained = try explained(house, "a\(place)", customer)
                    #expect(explained.explanation.isMember == (try isMember(house, "a\(place)", customer)))
                    switch explained.byTime {
                    case .changes(let instant): foretold.append((instant, "a\(place)", customer, explained.explanation.isMember))
                    case .stays:
                        foretold.append((.max, "a\(place)", customer, explained.explanation.isMember))
                        stays += 1
                    case .unknown(let reason): Issue.record("\(Self.filters[place]): \(reason)")
                    }
                }
            }
            for (at, audience, customer, was) in foretold.sorted(by: { $0.at < $1.at }) {
                guard at != .max else {
                    // Long after everything that is foretold.
                    house.commit(clock: Self.start + 3000 * Self.day)
                    #expect(try isMember(house, audience, customer) == was, "\(audience) c\(customer) stays")
                    continue
                }
                if house.clock < at - 1 { house.commit(clock: at - 1) }
                #expect(try isMember(house, audience, customer) == was || house.clock >= at, "\(audience) c\(customer) before \(at)")
                house.commit(clock: at)
                #expect(try isMember(house, audience, customer) != was || house.clock > at, "\(audience) c\(customer) at \(at)")
                changes += 1
            }
        }
        #expect(changes > 100 && stays > 50)
    }

    @Test func whatIsMissingLetsSomebodyIn() throws {
        var random = Numbers(state: 7)
        let house = shop(&random)
        var made = 0
        for customer in 0..<12 {
            let explained = try explained(house, "a0", customer)
            guard !explained.explanation.isMember else { continue }
            let change = try #require(explained.remedies.first?.changes.first)
            #expect(change.records == 1 && change.needed)
            house.change(
                #"{"table":"purchases","op":"u","row":{"id":"new\#(customer)","customer":"c\#(customer)","amount":11,"at":\#(Self.start)}}"#
            )
            house.commit(clock: Self.start)
            #expect(try isMember(house, "a0", customer))
            made += 1
        }
        #expect(made > 0)
    }

    @Test func theAnswerNamesWhatDecided() throws {
        let house = House()
        house.control(Sample.publish(schema: Self.customers))
        house.control(Sample.publish(schema: Self.purchases))
        house.apply(clock: Self.start)
        let dedup = #"{"id":"d","type":"deduplication","from":"b","fields":["country"],"method":{"lowest":"id"}},"#
        house.control(Self.campaign("a", "EXISTS(purchases WHERE at >= DaysAgo(30)) AND country IS NOT EMPTY", dedup, from: "d"))
        for id in ["1", "2", "3"] {
            house.change(#"{"table":"customers","op":"u","row":{"id":"c\#(id)","email":"c\#(id)@x","country":"FR"}}"#)
        }
        for id in ["1", "2"] {
            house.change(
                #"{"table":"purchases","op":"u","row":{"id":"p\#(id)","customer":"c\#(id)","amount":1,"at":\#(Self.start - 1000)}}"#)
        }
        house.commit(clock: Self.start)
        #expect(try explained(house, "a", 1).summary == "A member, by customers c1.")
        #expect(
            try explained(house, "a", 2).summary
                == "Not a member: d lets 1 of 2 through; customers c2 has place 2, customers c1 the first.")
        let third = try explained(house, "a", 3)
        #expect(
            third.summary
                == "Not a member: b asks that at least 1 purchases whose at is at most 30 days ago, which is not so of customers c3.")
        #expect(third.text.contains("✓ country is not empty") && third.text.contains("0 of 0 purchases count"))
        #expect(try explained(house, "a", 4).summary == "Not a member: no row stands for it.")
        #expect(house.machine.explain(.record(key: "c3"), in: "a")?.summary == third.summary)
        #expect(house.machine.explain(.record(key: "c3"), in: "nobody's") == nil)
        let steps = third.json["rows"].flatMap { if case .array(let rows) = $0 { rows[0]["steps"] } else { nil } }
        guard case .array(let told)? = steps else { return #expect(Bool(false), "no steps") }
        #expect(told.map { $0.text("result") } == ["rejected", "not-reached", "not-reached"])
    }

    /// Of an OR any part would do, so all of it is named; of an AND the first that is not so, and how many more are not.
    @Test func whatIsNamedIsWhatWasAsked() throws {
        let house = House()
        house.control(Sample.publish(schema: Self.customers))
        house.control(Sample.publish(schema: Self.purchases))
        house.apply(clock: Self.start)
        house.control(Self.campaign("either", "country = 'DE' OR COUNT(purchases) >= 5"))
        house.control(Self.campaign("both", "country = 'DE' AND COUNT(purchases) >= 5 AND id IS NOT EMPTY"))
        house.change(#"{"table":"customers","op":"u","row":{"id":"c1","email":"c1@x","country":"FR"}}"#)
        house.commit(clock: Self.start)
        let either = try explained(house, "either", 1)
        #expect(either.summary.contains("country is DE or ") && either.summary.contains("5 "), "\(either.summary)")
        #expect(either.text.contains("\nOr, to get past b, "), "\(either.text)")
        let both = try explained(house, "both", 1).summary
        #expect(both == "Not a member: b asks that country is DE, and 1 thing more, which are not so of customers c1.")
    }

    @Test func whoWaitsForACampaignIsToldWhenItBegins() throws {
        let house = House()
        house.control(Sample.publish(schema: Self.customers))
        house.control(Sample.publish(schema: Self.purchases))
        house.apply(clock: Self.start)
        let begin = "2026-04-01T00:00:00.000Z"
        house.control(Self.campaign("later", "id IS NOT EMPTY").replacing(#""id":"later","#, with: #""id":"later","startAt":"\#(begin)","#))
        house.change(#"{"table":"customers","op":"u","row":{"id":"c1","email":"c1@x","country":"FR"}}"#)
        house.commit(clock: Self.start)
        let explained = try explained(house, "later", 1)
        #expect(explained.summary == "Not a member: the campaign begins at \(begin).")
        #expect(explained.byTime == .unknown(because: "the campaign begins at \(begin)"))
    }

    /// Rows that lead to a record, keys that are numbers, and somebody to whom nothing leads.
    @Test func rowsOfAnotherDimensionAreFoundByTheirRecord() throws {
        let house = House()
        house.control(
            Sample.publish(
                schema:
                    #"{"name":"people","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"integer"},{"name":"email","type":"string"}]}"#
            ))
        house.control(
            Sample.publish(
                schema:
                    #"{"name":"orders","primaryKey":["id"],"fields":[{"name":"id","type":"string"},{"name":"person","type":"integer"},{"name":"total","type":"integer"}],"links":[{"name":"buyer","to":"people","on":{"person":"id"},"reverse":"orders"}]}"#
            ))
        house.apply(clock: Self.start)
        house.control(
            #"{"type":"campaign.published","campaign":{"id":"o","activities":[{"id":"b","type":"build-audience","dimension":"orders","filter":"total > 10"},{"id":"c","type":"change-dimension","from":"b","link":"buyer"},{"id":"s","type":"save-audience","from":"c","audience":{"id":"o"},"identity":{"field":"email","namespace":"Email"}}]}}"#
        )
        #expect(house.rejected == 0)
        for id in 1...3 { house.change(#"{"table":"people","op":"u","row":{"id":\#(id),"email":"\#(id)@x"}}"#) }
        for (id, person, total) in [("a", 1, 20), ("b", 1, 5), ("c", 2, 5)] {
            house.change(#"{"table":"orders","op":"u","row":{"id":"\#(id)","person":\#(person),"total":\#(total)}}"#)
        }
        house.commit(clock: Self.start)
        func rows(_ subject: Explained.Subject) throws -> [Bool] {
            let explained = try #require(house.machine.explain(subject, in: "o"))
            return explained.explanation.contributions.flatMap(\.rows).map(\.isIn)
        }
        #expect(try rows(.record(key: "1")) == [true, false] && rows(.identity(namespace: "Email", id: "1@x")) == [true, false])
        #expect(try rows(.record(key: "2")) == [false] && rows(.identity(namespace: "Email", id: "2@x")) == [false])
        #expect(try rows(.record(key: "3")) == [] && rows(.record(key: "03")) == [] && rows(.record(key: "4")) == [])
        #expect(try rows(.identity(namespace: "Email", id: "3@x")) == [])
    }

    /// Members that are kept are known by their identities alone: a record is asked about by the one that it has now.
    @Test func recordsAreKnownByTheirIdentityWhereMembersAreKept() throws {
        let house = House()
        house.control(Sample.publish(schema: Self.customers))
        house.apply(clock: Self.start)
        func campaign(_ id: String, _ save: String) -> String {
            #"{"type":"campaign.published","campaign":{"id":"\#(id)","activities":[{"id":"b","type":"build-audience","dimension":"customers","filter":"country = 'FR'"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"\#(id)"},"identity":{"field":"email","namespace":"Email"}\#(save)}]}}"#
        }
        func customer(_ id: String, _ email: String, _ country: String) {
            house.change(#"{"table":"customers","op":"u","row":{"id":"\#(id)","email":"\#(email)","country":"\#(country)"}}"#)
        }
        customer("1", "1@x", "FR")
        customer("2", "2@x", "DE")
        house.apply(clock: Self.start)
        house.control(campaign("frozen", #","mode":"frozen","schedule":{"every":"P1D"}"#))
        house.control(campaign("append", #","mode":"append""#))
        house.control(campaign("stopped", ""))
        #expect(house.rejected == 0)
        house.commit(clock: Self.start)
        house.control(#"{"type":"campaign.stopped","campaignId":"stopped"}"#)
        // Nobody is in any of the populations any more, and who is kept is called by another key.
        customer("1", "other@x", "DE")
        customer("3", "1@x", "DE")
        customer("4", "", "DE")
        house.commit(clock: Self.start + 1000)
        for audience in ["frozen", "append", "stopped"] {
            func asked(_ key: String) throws -> (isMember: Bool, summary: String) {
                let explained = try #require(house.machine.explain(.record(key: key), in: audience))
                return (explained.explanation.isMember, explained.summary)
            }
            #expect(try asked("3") == (true, "A member, as it was kept: by the identity 1@x that the record has now."), "\(audience)")
            #expect(try !asked("1").isMember && !asked("2").isMember && !asked("4").isMember && !asked("5").isMember, "\(audience)")
            #expect(try asked("5").summary.hasPrefix("Not known by its key"), "\(audience)")
        }
        let stopped = try #require(house.machine.explain(.record(key: "2"), in: "stopped"))
        #expect(stopped.summary == "Not a member: nobody with the identity 2@x that the record has now was kept.")
    }

    /// A key of several fields is found by its text, whatever signs its texts have; a number is one as key texts write it.
    @Test func recordsAreFoundByKeysOfSeveralFields() throws {
        let house = House()
        house.control(
            Sample.publish(
                schema:
                    #"{"name":"visits","primaryKey":["shop","day","count","who"],"identities":[{"field":"who","namespace":"Email"}],"fields":[{"name":"shop","type":"string"},{"name":"day","type":"date"},{"name":"count","type":"double"},{"name":"who","type":"string"}]}"#
            ))
        house.apply(clock: Self.start)
        house.control(
            #"{"type":"campaign.published","campaign":{"id":"v","activities":[{"id":"b","type":"build-audience","dimension":"visits","filter":"count > 1"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"v"},"identity":{"field":"who","namespace":"Email"}}]}}"#
        )
        #expect(house.rejected == 0)
        for (shop, count, who) in [("a|b", "2.5", "x"), ("a", "2", "b|2026-01-02|3|x"), ("", "0", "|"), ("|", "0", "")] {
            house.change(#"{"table":"visits","op":"u","row":{"shop":"\#(shop)","day":"2026-01-02","count":\#(count),"who":"\#(who)"}}"#)
        }
        house.commit(clock: Self.start)
        func found(_ key: String) throws -> [String] {
            let explained = try #require(house.machine.explain(.record(key: key), in: "v"))
            return explained.explanation.contributions.flatMap(\.rows).compactMap(\.name.key)
        }
        for key in ["a|b|2026-01-02|2.5|x", "a|2026-01-02|2|b|2026-01-02|3|x", "|2026-01-02|0||", "||2026-01-02|0|"] {
            #expect(try found(key) == [key])
        }
        for key in ["a|b|2026-01-02|2.50|x", "a|b|2026-1-2|2.5|x", "a|b|2026-01-02|2.5", "", String(repeating: "|", count: 2000)] {
            #expect(try found(key) == [], "\(key.prefix(30))")
        }
    }

    /// What an exclusion takes away need not be passed, and numbers at the end of what there is do no harm.
    @Test func theNearestActivityIsNamed() throws {
        let house = House()
        house.control(Sample.publish(schema: Self.customers))
        house.control(Sample.publish(schema: Self.purchases))
        house.apply(clock: Self.start)
        house.control(
            #"{"type":"campaign.published","campaign":{"id":"a","activities":[{"id":"all","type":"build-audience","dimension":"customers","filter":"TRUE"},{"id":"german","type":"build-audience","dimension":"customers","filter":"country = 'DE'"},{"id":"others","type":"combine","operation":"exclusion","from":["all","german"]},{"id":"few","type":"split","from":"others","subsets":[{"name":"first","limit":{"count":1},"sort":{"by":"id"}}]},{"id":"s","type":"save-audience","from":"few.first","audience":{"id":"a"},"identity":{"field":"email","namespace":"Email"}}]}}"#
        )
        house.control(Self.campaign("most", "COUNT(purchases) > 9223372036854775807"))
        #expect(house.rejected == 0)
        for (id, country) in [("c1", "FR"), ("c2", "FR"), ("c3", "DE")] {
            house.change(#"{"table":"customers","op":"u","row":{"id":"\#(id)","email":"\#(id)@x","country":"\#(country)"}}"#)
        }
        house.commit(clock: Self.start)
        #expect(try explained(house, "a", 1).explanation.isMember)
        let second = try explained(house, "a", 2)
        #expect(second.summary.hasPrefix("Not a member: few lets 1 of 2 through") && second.remedies.isEmpty)
        #expect(try explained(house, "a", 3).summary == "Not a member: others removes customers c3: german has it.")
        #expect(try explained(house, "most", 1).remedies.first?.changes.first?.records == nil)
    }
}
