// fork in random histories.
@testable import Campaigns

extension Fork: RandomActivity {
    var activity: Activity { .fork(self) }

    static var weight: Int { 3 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let from = campaign.inbound(&random).transition
        campaign.add(.fork(Fork(id: campaign.newId, from: from, outputs: random.pick([["left", "right"], ["main", "left", "right"]]))))
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        Dictionary(uniqueKeysWithValues: outputs.map { ($0, inbounds[0]) })
    }

    func text(_ readable: Readable) -> String { "fork of \(readable.text(from)) as \(outputs.joined(separator: ", "))" }

    func meet(_ meeting: Meeting) {
        for output in outputs { meeting.note("fork", output) }
    }

    static var wanted: [String] { ["fork: somebody"] }
}
