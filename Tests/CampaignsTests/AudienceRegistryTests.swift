// Goal: who may write an audience beside or instead of whom (semantics §4, decisions 1, 52, 53, 55). Method: campaigns that differ in what
// they save are tried, taken, stopped and deleted; for every kind of writer a table says what refuses a publish.

import Testing

@testable import Campaigns

@Suite struct AudienceRegistryTests {
    private func campaign(
        _ id: String, _ audiences: [String: String], _ ifExists: IfExists = .fail, namespace: String = "N",
        attributes: [String: Literal] = [:]
    ) -> Campaign {
        let saves = audiences.sorted { $0.key < $1.key }.enumerated().map { number, audience in
            Activity.save(
                SaveAudience(
                    id: audience.key, position: number + 1, from: Transition(activity: "b"), audience: audience.key, label: audience.value,
                    identity: .literal(.null), namespace: namespace,
                    attributes: attributes.sorted { $0.key < $1.key }.map { Attribute(name: $0.key, source: .literal($0.value)) },
                    ifExists: ifExists))
        }
        let build = Activity.build(BuildAudience(id: "b", dimension: "t", filter: nil))
        return Campaign(id: id, name: id, timezone: "UTC", activities: [build] + saves)
    }

    private func paths(_ registry: AudienceRegistry, _ campaign: Campaign) -> [String] { registry.problems(of: campaign).map(\.path) }

    @Test func liveWritersKeepTheirAudiencesAndLabels() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A", "b": "B"]))
        #expect(registry.problems(of: campaign("one", ["a": "B"])).isEmpty)
        let two = campaign("two", ["a": "B", "c": "A", "d": "D"])
        #expect(paths(registry, two) == ["activities[1].audience.id", "activities[1].audience.label", "activities[2].audience.label"])
        #expect(
            registry.writers(of: "a") == [
                .init(campaign: "one", label: "A", namespace: "N", columns: [:], ifExists: .fail, isStopped: false)
            ])
        #expect(registry.audiences(of: "one") == ["a", "b"])
    }

    @Test func aNewVersionDropsWhatItNoLongerWrites() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A", "b": "B"]))
        #expect(registry.take(campaign("one", ["b": "A", "c": "C"])) == ["a"])
        #expect(registry.writers(of: "a").isEmpty)
        #expect(registry.writers(of: "b").map(\.label) == ["A"])
    }

    @Test func whatAStoppedCampaignWroteIsFree() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A", "b": "B"]))
        registry.stop(campaign: "one")
        #expect(registry.writers(of: "a").map(\.isStopped) == [true])
        let two = campaign("two", ["a": "B"])
        #expect(registry.problems(of: two).isEmpty)
        #expect(registry.take(two) == [])
        #expect(registry.writers(of: "a").map(\.campaign) == ["two"])
        // The stopped one keeps the other, and gets the first back only when it is free.
        #expect(registry.delete(campaign: "one") == ["b"])
        #expect(paths(registry, campaign("one", ["a": "A"])) == ["activities[1].audience.id"])
        #expect(registry.delete(campaign: "two") == ["a"])
        #expect(registry.audiences.isEmpty)
    }

    /// What the second says, what the first said, whether that is stopped, and whether the second is refused at the audience's id; and
    /// who writes afterwards if it is not.
    @Test(arguments: [
        (IfExists.fail, IfExists.fail, false, true, ""), (.fail, .merge, false, true, ""), (.fail, .replace, false, true, ""),
        (.fail, .merge, true, false, "two"), (.replace, .fail, false, false, "two"), (.replace, .merge, false, false, "two"),
        (.replace, .replace, true, false, "two"), (.merge, .fail, false, true, ""), (.merge, .replace, false, true, ""),
        (.merge, .fail, true, false, "two"), (.merge, .replace, true, false, "two"), (.merge, .merge, false, false, "one two"),
        (.merge, .merge, true, false, "one two"),
    ])
    func second(_ second: IfExists, beside first: IfExists, isStopped: Bool, isRefused: Bool, writers: String) {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A"], first))
        if isStopped { registry.stop(campaign: "one") }
        let two = campaign("two", ["a": "A"], second)
        #expect(paths(registry, two) == (isRefused ? ["activities[1].audience.id"] : []))
        if isRefused { return }
        registry.take(two)
        #expect(registry.writers(of: "a").map(\.campaign).joined(separator: " ") == writers)
    }

    @Test(arguments: [false, true])
    func mergesAgreeOnNamespaceAndTypes(isStopped: Bool) {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A"], .merge, attributes: ["x": .integer(1), "y": .string("")]))
        if isStopped { registry.stop(campaign: "one") }
        let other = campaign("two", ["a": "A"], .merge, namespace: "M", attributes: ["w": .null, "x": .double(1), "y": .null])
        let expected = ["activities[1].identity.namespace", "activities[1].attributes", "activities[1].attributes"]
        #expect(paths(registry, other) == expected)
        #expect(paths(registry, campaign("two", ["a": "A"], .merge, attributes: ["x": .integer(2), "z": .boolean(true)])) == [])
        // Who takes over need not agree with anybody, and neither does a new version with what it was itself.
        #expect(paths(registry, campaign("two", ["a": "A"], .replace, namespace: "M")) == [])
        #expect(paths(registry, campaign("one", ["a": "A"], .merge, namespace: "M")) == [])
        registry.delete(campaign: "one")
        #expect(paths(registry, other) == [])
    }

    @Test func whoWentLiveFirstComesFirst() {
        var registry = AudienceRegistry()
        func writers() -> [String] { registry.writers(of: "m").map(\.campaign) }
        registry.take(campaign("old", [:]))
        registry.take(campaign("new", ["m": "M"], .merge))
        registry.take(campaign("old", ["m": "M"], .merge))
        #expect(writers() == ["old", "new"])
        registry.stop(campaign: "old")
        #expect(writers() == ["old", "new"])
        registry.take(campaign("old", ["m": "M"], .merge))
        #expect(writers() == ["old", "new"])
        #expect(registry.delete(campaign: "old") == [])
        registry.take(campaign("old", ["m": "M"], .merge))
        #expect(writers() == ["new", "old"])
        #expect(registry.take(campaign("new", [:])) == [])
        #expect(writers() == ["old"])
    }

    @Test func aCampaignThatLostAnAudienceNoLongerUsesItsLabel() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["p": "Mine"]))
        registry.take(campaign("two", ["p": "Yours"], .replace))
        #expect(paths(registry, campaign("three", ["q": "Mine"])) == [])
        #expect(paths(registry, campaign("three", ["q": "Yours"])) == ["activities[1].audience.label"])
    }
}
