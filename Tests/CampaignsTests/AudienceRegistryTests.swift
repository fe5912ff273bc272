// Goal: one live campaign writes an audience, and labels are unique among live ones. Method: campaigns that differ in what they save
// are tried, taken, stopped and deleted.

import Testing

@testable import Campaigns

@Suite struct AudienceRegistryTests {
    private func campaign(_ id: String, _ audiences: [String: String]) -> Campaign {
        let saves = audiences.sorted { $0.key < $1.key }.enumerated().map { number, audience in
            SaveAudience(
                id: audience.key, position: number + 1, population: 0, audience: audience.key, label: audience.value, identityField: 0,
                namespace: "N",
                attributes: [])
        }
        return Campaign(id: id, name: id, timezone: "UTC", builds: [BuildAudience(id: "b", dimension: "t", filter: nil)], saves: saves)
    }

    @Test func liveWritersKeepTheirAudiencesAndLabels() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A", "b": "B"]))
        #expect(registry.problems(of: campaign("one", ["a": "B"])).isEmpty)
        let problems = registry.problems(of: campaign("two", ["a": "B", "c": "A", "d": "D"]))
        #expect(problems.map(\.path) == ["activities[1].audience.id", "activities[1].audience.label", "activities[2].audience.label"])
        #expect(registry.writer(of: "a") == .init(campaign: "one", label: "A", namespace: "N", isStopped: false))
        #expect(registry.audiences(of: "one") == ["a", "b"])
    }

    @Test func aNewVersionDropsWhatItNoLongerWrites() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A", "b": "B"]))
        #expect(registry.take(campaign("one", ["b": "A", "c": "C"])) == ["a"])
        #expect(registry.writer(of: "a") == nil)
        #expect(registry.writer(of: "b")?.label == "A")
    }

    @Test func whatAStoppedCampaignWroteIsFree() {
        var registry = AudienceRegistry()
        registry.take(campaign("one", ["a": "A", "b": "B"]))
        registry.stop(campaign: "one")
        #expect(registry.writer(of: "a")?.isStopped == true)
        let two = campaign("two", ["a": "B"])
        #expect(registry.problems(of: two).isEmpty)
        #expect(registry.take(two) == [])
        #expect(registry.writer(of: "a")?.campaign == "two")
        // The stopped one keeps the other, and gets the first back only when it is free.
        #expect(registry.delete(campaign: "one") == ["b"])
        #expect(registry.problems(of: campaign("one", ["a": "A"])).map(\.path) == ["activities[1].audience.id"])
        #expect(registry.delete(campaign: "two") == ["a"])
        #expect(registry.audiences.isEmpty)
    }
}
