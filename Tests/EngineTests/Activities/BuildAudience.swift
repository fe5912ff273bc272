// build-audience in random histories: where each campaign begins.
@testable import Campaigns

extension BuildAudience: RandomActivity {
    var activity: Activity { .build(self) }

    static var weight: Int { 0 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let dimension = random.pick(campaign.schemas.values.filter { !$0.identities.isEmpty }.sorted { $0.name < $1.name })
        let shape = Shape(dimension: dimension)
        let filter = random.chance(30) ? nil : campaign.expressions.filter(shape, depth: random.number(0...3), &random)
        campaign.add(.build(BuildAudience(id: campaign.newId, dimension: dimension.name, filter: filter)))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        filter = campaign.expressions.filter(Shape(dimension: campaign.schemas[dimension]!), depth: 2, &random)
    }

    mutating func take(_ transitions: [Transition]) {}

    var expressions: [Expression] { filter.map { [$0] } ?? [] }

    mutating func say(_ expressions: [Expression]) {
        if filter != nil { filter = expressions[0] }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [Transition.main: Campaign.Carried(dimension: dimension)]
    }

    func text(_ readable: Readable) -> String { "\(dimension)\(filter.map { " where " + readable.text($0) } ?? "")" }

    var fewer: [BuildAudience] { changed { $0 { $0.filter = nil } } }

    func meet(_ meeting: Meeting) { meeting.note("build", Transition.main) }

    static var wanted: [String] { ["build: somebody"] }
}
