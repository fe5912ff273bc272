// wait in random histories: for an instant, or for a duration.
import Oracle

@testable import Campaigns

extension Wait: RandomActivity {
    var activity: Activity { .wait(self) }

    static var weight: Int { 9 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let from = campaign.inbound(&random).transition
        let period: Period =
            random.chance(35)
            ? .until(campaign.instant(&random)) : .duration(campaign.duration(&random), timezone: campaign.expressions.zone)
        campaign.add(.wait(Wait(id: campaign.newId, from: from, period: period)))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        switch period {
        case .until: period = .until(campaign.instant(&random))
        case .duration: period = .duration(campaign.duration(&random), timezone: campaign.expressions.zone)
        }
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [Transition.main: inbounds[0]]
    }

    func text(_ readable: Readable) -> String { "\(readable.text(from)) from \(period)" }

    func meet(_ meeting: Meeting) {
        guard case .until(let until) = period else { return meeting.note("wait of a duration", Transition.main) }
        let clock = meeting.evaluator.clock
        meeting.note("wait", Transition.main)
        meeting.met.words.insert("wait: \(until > clock ? "before" : until == clock ? "at" : "after")")
    }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] {
        Met.someAndNotAll(["wait", "wait of a duration"]) + ["before", "at", "after"].map { "wait: \($0)" }
    }
}
