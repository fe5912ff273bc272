// alert in random histories.
@testable import Campaigns

extension Alert: RandomActivity {
    var activity: Activity { .alert(self) }

    static var weight: Int { 4 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let from = campaign.inbound(&random).transition
        campaign.add(
            .alert(
                Alert(
                    id: campaign.newId, from: from, title: random.chance(70) ? "title" : nil,
                    message: random.chance(70) ? "message \u{e9}" : nil, when: campaign.countCondition(&random))))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        if random.chance(50) { when = campaign.countCondition(&random) } else { title = "another title" }
    }

    static var hasEffect: Bool { true }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [Transition.main: inbounds[0]]
    }

    func text(_ readable: Readable) -> String { "alert '\(title ?? "")' of \(readable.text(from)) when \(readable.text(when))" }

    var fewer: [Alert] {
        changed { change in
            for simpler in Shrinking.simplified(when) { change { $0.when = simpler } }
        }
    }

    func meet(_ meeting: Meeting) { meeting.note("alert", Transition.main) }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] { ["alert: somebody", "an alert is raised"] }
}
