// change-dimension in random histories.
import Oracle

@testable import Campaigns

extension ChangeDimension: RandomActivity {
    var activity: Activity { .changeDimension(self) }

    static var weight: Int { 10 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        guard let (path, dimension) = path(from: shape.dimension, in: &campaign, &random) else { return }
        campaign.add(.changeDimension(ChangeDimension(id: campaign.newId, from: from, path: path, dimension: dimension.name)))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        let other = ChangeDimension.path(from: shape!.dimension, in: &campaign, &random)
        if let (path, dimension) = other, dimension.name == self.dimension { self.path = path }
    }

    /// Links to one record each, or to many, but not so often that one row becomes thousands.
    private static func path(
        from schema: Schema, in campaign: inout RandomCampaign, _ random: inout RandomNumbers
    ) -> (steps: [AggregateStep], destination: Schema)? {
        var before = 0
        for case .changeDimension(let change) in campaign.campaign.activities { before += change.path.count { !$0.isForward } }
        if before < 2, random.chance(50), let path = campaign.expressions.manyPath(from: schema, &random) {
            return path
        }
        guard let (links, dimension) = campaign.expressions.linkPath(from: schema, &random) else { return nil }
        return (links.map { AggregateStep(link: $0, isForward: true) }, dimension)
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [Transition.main: Campaign.Carried(dimension: dimension, columns: inbounds[0].columns)]
    }

    func text(_ readable: Readable) -> String { "\(readable.text(from)) as \(dimension) by \(readable.text(path))" }

    func meet(_ meeting: Meeting) {
        meeting.note("change-dimension of \(path.count)", Transition.main)
        if path.contains(where: { !$0.isForward }) {
            let isMixed = path.contains { $0.isForward }
            meeting.note("change-dimension to many\(isMixed ? " and to one" : "")", Transition.main)
        }
        for row in meeting.output(Transition.main).rows where row.key == nil { meeting.met.words.insert("a row without a key") }
    }

    static var wanted: [String] {
        ["of 1", "of 2", "of 3", "to many", "to many and to one"].map { "change-dimension \($0): somebody" } + ["a row without a key"]
    }
}
