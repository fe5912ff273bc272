// test in random histories.
@testable import Campaigns

extension Test: RandomActivity {
    var activity: Activity { .test(self) }

    static var weight: Int { 4 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let from = campaign.inbound(&random).transition
        var conditions: [Condition] = []
        for name in ["many", "few"].prefix(random.number(1...2)) {
            conditions.append(Condition(name: name, when: campaign.countCondition(&random)))
        }
        let id = campaign.newId
        campaign.add(.test(Test(id: id, from: from, conditions: conditions, hasDefault: random.chance(70))))
        // Mostly joined with something, so that it opens and closes.
        if random.chance(50) { AndJoin.add(to: &campaign, joining: Transition(activity: id, output: "many"), &random) }
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        if random.chance(70) {
            conditions[random.number(0...conditions.count - 1)].when = campaign.countCondition(&random)
        } else {
            hasDefault.toggle()
        }
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        let names = conditions.map(\.name) + (hasDefault ? [Test.otherwise] : [])
        return Dictionary(uniqueKeysWithValues: names.map { ($0, inbounds[0]) })
    }

    func text(_ readable: Readable) -> String {
        let parts = conditions.map { "\($0.name) when \(readable.text($0.when))" }.joined(separator: "; ")
        return "test of \(readable.text(from)): \(parts)\(hasDefault ? "; default" : "")"
    }

    var fewer: [Test] {
        changed { change in
            for place in conditions.indices {
                for simpler in Shrinking.simplified(conditions[place].when) { change { $0.conditions[place].when = simpler } }
                if conditions.count > 1 { change { $0.conditions.remove(at: place) } }
            }
        }
    }

    func meet(_ meeting: Meeting) {
        for condition in conditions { meeting.note("test", condition.name) }
        if hasDefault { meeting.note("default of a test", Test.otherwise) }
    }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] { Met.someAndNotAll(["test", "default of a test"]) }
}
