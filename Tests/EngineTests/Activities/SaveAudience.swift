// save-audience in random histories: where each campaign ends.
@testable import Campaigns

extension SaveAudience: RandomActivity {
    var activity: Activity { .save(self) }

    /// Schedules of all sorts, none of them of minutes alone.
    private static let crons = ["*/20 * * * *", "0 6 * * MON-FRI", "30 2 * * *", "15 0,12 1,15 * SUN", "0 0 29 2 *"]

    static var weight: Int { 0 }

    /// Of rows that have something to be known by.
    static func add(_ audience: String, _ ifExists: IfExists, to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let saved = campaign.known.filter { !campaign.identities(campaign.shape($0.carried)).isEmpty }
        let (from, carried) = random.pick(random.chance(60) ? Array(saved.suffix(4)) : saved)
        let shape = campaign.shape(carried)
        let (identity, namespace) = random.pick(campaign.identities(shape))
        let number = campaign.campaign.saves.count
        campaign.add(
            .save(
                SaveAudience(
                    id: "save\(number)", position: campaign.campaign.activities.count, from: from, audience: audience, label: audience,
                    identity: identity, namespace: namespace, attributes: campaign.attributes(shape, &random), ifExists: ifExists,
                    mode: mode(in: campaign, &random))))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        let mode = random.chance(20) ? SaveAudience.mode(in: campaign, &random) : self.mode
        if mode != self.mode {
            self.mode = mode
        } else if random.chance(50) {
            (identity, namespace) = random.pick(campaign.identities(shape!))
        } else {
            attributes = campaign.attributes(shape!, &random)
        }
    }

    /// How a save follows its population.
    private static func mode(in campaign: RandomCampaign, _ random: inout RandomNumbers) -> Mode {
        guard random.chance(45) else { return .mirror }
        if random.chance(50) { return .append }
        switch random.number(0...2) {
        case 0: return .frozen(nil)
        case 1: return .frozen(Schedule(.every(campaign.duration(&random)), timezone: campaign.expressions.zone))
        default: return .frozen(Schedule(.cron(CronExpression(random.pick(crons))!), timezone: campaign.expressions.zone))
        }
    }

    static var hasEffect: Bool { true }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    var expressions: [Expression] { [identity] + attributes.map(\.source) }

    mutating func say(_ expressions: [Expression]) {
        identity = expressions[0]
        for place in attributes.indices { attributes[place].source = expressions[place + 1] }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [:]
    }

    func text(_ readable: Readable) -> String {
        let mode = mode == .mirror ? "" : " \(mode)"
        return "save \(audience)\(mode) from \(readable.text(from)) by \(readable.text(identity)) in \(namespace) "
            + "{\(readable.text(attributes))}"
    }

    var fewer: [SaveAudience] {
        changed { change in
            for attribute in attributes.indices { change { $0.attributes.remove(at: attribute) } }
            change { $0.mode = .mirror }
        }
    }

    func meet(_ meeting: Meeting) {
        if case .carried = identity { meeting.met.words.insert("an identity that is carried") }
    }

    static var wanted: [String] {
        [
            "append: somebody", "frozen once: somebody", "frozen every: somebody", "frozen cron: somebody", "an identity that is carried",
            "SaveAudience reads carried columns",
        ]
    }
}
