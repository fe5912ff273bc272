// Goal: who may read an audience, what a publish must leave as it is for those who read, and in which order campaigns are settled
// (semantics §4, decision 54). Method: definitions are read beside audiences that others save; a registry is followed through publishes,
// stops and deletes; strata of random chains against a plain walk.

import Testing

@testable import Campaigns

@Suite struct ReadAudienceTests {
    /// A campaign that reads audiences and saves others.
    private func campaign(
        _ id: String, reads: [String] = [], saves: [String] = [], _ ifExists: IfExists = .fail, namespace: String = "Email",
        columns: [ReadAudience.Column] = [], attributes: [(String, Literal)] = []
    ) -> Campaign {
        var activities: [Activity] = [.build(BuildAudience(id: "b", dimension: "t", filter: nil))]
        for audience in reads {
            activities.append(
                .read(
                    ReadAudience(
                        id: "r\(audience)", position: activities.count, audience: audience, namespace: "Email", dimension: "t",
                        identityField: 0,
                        columns: columns)))
        }
        for audience in saves {
            activities.append(
                .save(
                    SaveAudience(
                        id: "s\(audience)", position: activities.count, from: Transition(activity: "b"), audience: audience,
                        label: audience,
                        identity: .literal(.null), namespace: namespace,
                        attributes: attributes.map { Attribute(name: $0.0, source: .literal($0.1)) }, ifExists: ifExists)))
        }
        return Campaign(id: id, name: id, timezone: "UTC", activities: activities)
    }

    private func registry(_ campaigns: Campaign...) -> AudienceRegistry {
        var registry = AudienceRegistry()
        for campaign in campaigns {
            #expect(registry.problems(of: campaign) == [])
            registry.take(campaign)
        }
        return registry
    }

    // Definitions.

    private func read(_ members: String, by id: String = "c", _ more: String = "") throws -> (campaign: Campaign?, problems: [Problem]) {
        let registry = registry(
            campaign("other", saves: ["vip"], attributes: [("n", .integer(1)), ("s", .string("")), ("u", .null)]),
            campaign("c", saves: ["own"]), campaign("phones", saves: ["called"], namespace: "Phone"))
        let text = #"{"id": "\#(id)", "activities": [{"id": "r", "type": "read-audience"\#(members)}\#(more)]}"#
        let read = readCampaign(try JSON(text), catalog: try catalog(Samples.shop), audiences: registry, zones: zone)
        return (read.campaign, read.problems)
    }

    @Test func whole() throws {
        let save =
            #", {"id": "s", "type": "save-audience", "from": "r", "audience": {"id": "x"}, "identity": {"field": "phone", "namespace": "Phone"}, "attributes": [{"name": "m", "source": "n + 1"}]}"#
        let members = #", "audience": "vip", "dimension": "customers", "identityField": "email", "attributes": ["s", "n", "s"]"#
        let campaign = try #require(try read(members, save).campaign)
        let columns = [ReadAudience.Column(name: "s", type: .string), ReadAudience.Column(name: "n", type: .integer)]
        #expect(
            campaign.activities.first
                == .read(
                    ReadAudience(
                        id: "r", position: 0, audience: "vip", namespace: "Email", dimension: "customers", identityField: 1,
                        columns: columns)))
        #expect(campaign.saves[0].attributes[0].source.type == .integer)
    }

    private func read(_ members: String, _ more: String) throws -> (campaign: Campaign?, problems: [Problem]) {
        try read(members, by: "c", more)
    }

    @Test(
        arguments: [
            ("", ["attributes-", "audience", "dimension", "identityField"]),
            (#", "audience": "vipp", "dimension": "customers", "identityField": "email""#, ["audience"]),
            (#", "audience": "own", "dimension": "customers", "identityField": "email""#, ["audience"]),
            (#", "audience": "vip", "dimension": "customer", "identityField": "email""#, ["dimension"]),
            (#", "audience": "vip", "dimension": "customers", "identityField": "phone""#, ["identityField"]),
            (#", "audience": "called", "dimension": "customers", "identityField": "email""#, ["identityField"]),
            (#", "audience": "called", "dimension": "customers", "identityField": "phone""#, []),
            (#", "audience": "vip", "dimension": "customers", "identityField": "mail""#, ["identityField"]),
            (#", "audience": "vip", "dimension": "customers", "identityField": "email", "attributes": ["n", "m"]"#, ["attributes[1]"]),
            (#", "audience": "vip", "dimension": "customers", "identityField": "email", "attributes": [5]"#, ["attributes"]),
            (#", "audience": "vip", "dimension": "customers", "identityField": "email", "attributes": "n""#, ["attributes"]),
            (#", "audience": 5, "dimension": "customers", "identityField": "email", "more": 1"#, ["audience", "more"]),
            (#", "audience": "vip", "dimension": "products", "identityField": "sku""#, ["identityField"]),
            (
                #", "audience": "vip", "dimension": "customer", "identityField": "email", "attributes": ["m"]"#,
                ["attributes[0]", "dimension"]
            ),
        ] as [(String, [String])])
    func problems(_ members: String, _ paths: [String]) throws {
        #expect(try read(members).problems.map(\.path).sorted() == paths.filter { $0 != "attributes-" }.map { "activities[0].\($0)" })
    }

    @Test func hints() throws {
        let wrong = #", "audience": "vpi", "dimension": "customers", "identityField": "email""#
        #expect(try read(wrong).problems[0].hint == "did you mean vip?")
        let phone = #", "audience": "vip", "dimension": "customers", "identityField": "phone""#
        #expect(try read(phone).problems[0].hint == "known: email")
        let attribute = #", "audience": "vip", "dimension": "customers", "identityField": "email", "attributes": ["nn"]"#
        #expect(try read(attribute).problems[0].hint == "did you mean n?")
    }

    /// An audience that the campaign writes beside others is there for it, and closes a circle.
    @Test func whatOneWritesOneselfIsNotRead() {
        var registry = registry(campaign("one", saves: ["m"], .merge))
        #expect(registry.readable("m", by: "one") == nil && registry.readable("m", by: "two") != nil)
        registry.take(campaign("two", saves: ["m"], .merge, attributes: [("x", .integer(1))]))
        #expect(registry.readable("m", by: "one") == .init(namespace: "Email", columns: ["x": .integer]))
        #expect(registry.readable(by: "three") == ["m"])
        #expect(registry.problems(of: campaign("one", reads: ["m"], saves: ["m"], .merge)).map(\.path) == ["activities[1].audience"])
        #expect(registry.problems(of: campaign("one", reads: ["m"])) == [])
    }

    // What others read.

    @Test func whatIsReadKeepsItsNamespaceAndTypes() {
        let reader = campaign("reader", reads: ["a"], columns: [.init(name: "n", type: .integer)])
        var registry = registry(campaign("writer", saves: ["a"], attributes: [("n", .integer(1)), ("m", .integer(1))]), reader)
        func paths(_ campaign: Campaign) -> [String] { registry.problems(of: campaign).map(\.path) }
        #expect(paths(campaign("writer", saves: ["a"], namespace: "Phone")) == ["activities[1].identity.namespace"])
        let other = campaign("writer", saves: ["a"], attributes: [("n", .double(1)), ("m", .string(""))])
        #expect(paths(other) == ["activities[1].attributes"])
        #expect(paths(campaign("writer", saves: ["a"], attributes: [("k", .double(1))])) == [], "a column that goes is null")
        #expect(paths(campaign("third", saves: ["a"], .replace, namespace: "Phone")) == ["activities[1].identity.namespace"])
        // Also when nobody writes it any more.
        registry.delete(campaign: "writer")
        #expect(paths(other) == ["activities[1].attributes"])
        registry.stop(campaign: "reader")
        #expect(paths(other) == [])
        registry.take(reader)
        registry.take(campaign("reader"))
        #expect(paths(other) == [])
    }

    @Test func circlesAreRefusedAtTheFirstRead() {
        var registry = registry(
            campaign("one", saves: ["a"]), campaign("two", reads: ["a"], saves: ["b"]), campaign("three", reads: ["b", "a"], saves: ["c"]))
        func paths(_ campaign: Campaign) -> [String] { registry.problems(of: campaign).map(\.path) }
        let closing = campaign("one", reads: ["x", "c"], saves: ["a"])
        #expect(paths(closing) == ["activities[1].audience"])
        #expect(paths(campaign("one", reads: ["c"])) == [], "it no longer writes what the others read")
        #expect(paths(campaign("four", reads: ["c"], saves: ["a"], .replace)) == ["activities[1].audience"])
        #expect(paths(campaign("four", reads: ["c"], saves: ["d"])) == [])
        registry.stop(campaign: "two")
        #expect(paths(closing) == ["activities[1].audience"], "three reads from one itself")
        registry.stop(campaign: "three")
        #expect(paths(closing) == [])
    }

    // Order.

    @Test func strata() {
        var registry = registry(
            campaign("one", saves: ["a"]), campaign("two", reads: ["a"], saves: ["b"]), campaign("three", reads: ["a", "b"], saves: ["c"]),
            campaign("four", reads: ["c"]), campaign("five", reads: ["a"]))
        func strata() -> [Int] { ["one", "two", "three", "four", "five"].map { registry.stratum(of: $0) } }
        #expect(strata() == [0, 1, 2, 3, 1] && registry.stratum(ofAudience: "c") == 2 && registry.stratum(ofAudience: "unknown") == 0)
        registry.stop(campaign: "two")
        #expect(strata() == [0, 0, 1, 2, 1])
        registry.take(campaign("two", reads: ["a"], saves: ["b"]))
        #expect(strata() == [0, 1, 2, 3, 1])
        registry.delete(campaign: "one")
        #expect(strata() == [0, 1, 2, 3, 1], "who reads is above 0, whoever writes")
        registry.take(campaign("six", saves: ["b"], .replace))
        #expect(strata() == [0, 1, 1, 2, 1])
    }

    /// Whatever is published, stopped and deleted, a stratum is what a walk over all campaigns finds.
    @Test(arguments: 0..<40)
    func strataAreThoseOfAWalk(seed: Int) {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15
        func number(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var registry = AudienceRegistry()
        var live: [String: Campaign] = [:]
        for _ in 0..<60 {
            let id = "c\(number(6))"
            let names = ["a", "b", "c", "d", "e"]
            switch number(8) {
            case 0:
                registry.stop(campaign: id)
                live[id] = nil
            case 1:
                registry.delete(campaign: id)
                live[id] = nil
            default:
                let new = campaign(
                    id, reads: names.filter { _ in number(4) == 0 }, saves: names.filter { _ in number(4) == 0 },
                    [.replace, .merge][number(2)])
                if !registry.problems(of: new).isEmpty { continue }
                registry.take(new)
                live[id] = new
            }
            func stratum(_ id: String) -> Int {
                guard let campaign = live[id], !campaign.reads.isEmpty else { return 0 }
                let writers = campaign.reads.flatMap { registry.writers(of: $0.audience) }.filter { !$0.isStopped }.map(\.campaign)
                return 1 + (writers.map(stratum).max() ?? 0)
            }
            for id in live.keys { #expect(registry.stratum(of: id) == stratum(id)) }
            #expect(registry.highestStratum == live.keys.map(stratum).max() ?? 0)
            for name in names {
                let writers = registry.writers(of: name).filter { !$0.isStopped }
                #expect(registry.stratum(ofAudience: name) == writers.map { stratum($0.campaign) }.max() ?? 0)
            }
        }
    }
    /// The thousandth publish, version, stop and delete looks at as much as the first.
    @Test func nobodyElseIsLookedAt() {
        func visits(_ others: Int) -> [Int] {
            var registry = AudienceRegistry()
            for number in 0..<others {
                let reads = number % 10 == 9 ? ["other\(number - 1)"] : []
                registry.take(campaign("o\(number)", reads: reads, saves: ["other\(number)"], .fail))
            }
            var counts: [Int] = []
            func count(_ event: (inout AudienceRegistry) -> Void) {
                let before = registry.strata.visits
                event(&registry)
                counts.append(registry.strata.visits - before)
            }
            count { $0.take(campaign("w", reads: [], saves: ["a"], .fail)) }
            count { $0.take(campaign("r", reads: ["a"], saves: ["b"], .fail)) }
            count { $0.take(campaign("w", reads: [], saves: ["a"], .fail)) }
            #expect(registry.restratified == [])
            count { $0.take(campaign("w", reads: ["other0"], saves: ["a"], .fail)) }
            #expect(registry.restratified == ["r"] && registry.highestStratum == 2)
            count { $0.stop(campaign: "r") }
            count { $0.delete(campaign: "w") }
            return counts
        }
        let few = visits(10)
        #expect(few.allSatisfy { $0 > 0 && $0 < 8 })
        #expect(visits(1000) == few)
    }
}
