// and-join in random histories.
@testable import Campaigns

extension AndJoin: RandomActivity {
    var activity: Activity { .andJoin(self) }

    static var weight: Int { 4 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        add(to: &campaign, joining: campaign.inbound(&random).transition, &random)
    }

    /// Joins a transition with some others.
    static func add(to campaign: inout RandomCampaign, joining from: Transition, _ random: inout RandomNumbers) {
        let others = random.shuffled(campaign.known.map(\.transition)).prefix(random.number(1...2))
        campaign.add(.andJoin(AndJoin(id: campaign.newId, from: random.shuffled([from] + others))))
    }

    /// Another primary of the same dimension.
    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        let transitions = campaign.transitions
        let places = from.indices.filter { transitions[from[$0]]!.dimension == transitions[from[0]]!.dimension }
        from.swapAt(0, random.pick(places))
    }

    mutating func take(_ transitions: [Transition]) { from = transitions }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [Transition.main: inbounds[0]]
    }

    func text(_ readable: Readable) -> String {
        "\(readable.text(from[0])) while all of \(from.map(readable.text).joined(separator: ", "))"
    }

    var fewer: [AndJoin] {
        changed { change in
            for inbound in from.indices.dropFirst() where from.count > 2 { change { $0.from.remove(at: inbound) } }
        }
    }

    func meet(_ meeting: Meeting) { meeting.note("and-join", Transition.main) }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] { Met.someAndNotAll(["and-join"]) }
}
