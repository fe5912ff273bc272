// channel in random histories.
@testable import Campaigns

extension Channel: RandomActivity {
    var activity: Activity { .channel(self) }

    static var weight: Int { 4 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        let identities = campaign.identities(shape)
        guard !identities.isEmpty else { return }
        let (identity, namespace) = random.pick(identities)
        var channel = Channel(
            id: campaign.newId, from: from, channel: random.pick(Kind.allCases), category: random.pick(Category.allCases),
            identity: identity, namespace: namespace, address: address(identity, in: &campaign, shape, &random),
            template: random.chance(70) ? "template" : nil, attributes: campaign.attributes(shape, &random),
            timezone: campaign.expressions.zone, dimension: shape.dimension.name)
        channel.changeRepeats(campaign, &random)
        campaign.add(.channel(channel))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        switch random.number(0...2) {
        case 0: changeRepeats(campaign, &random)
        case 1: address = Channel.address(identity, in: &campaign, shape!, &random)
        default: (identity, namespace) = random.pick(campaign.identities(shape!))
        }
    }

    /// Mostly there, so that there is something to send.
    private static func address(
        _ identity: Expression, in campaign: inout RandomCampaign, _ shape: Shape, _ random: inout RandomNumbers
    ) -> Expression {
        random.chance(60) ? identity : campaign.expressions.attribute(shape, of: .string, &random)
    }

    private mutating func changeRepeats(_ campaign: RandomCampaign, _ random: inout RandomNumbers) {
        repeats = random.chance(30) ? .once : .everyEntry
        cooldown = random.chance(50) ? nil : random.chance(10) ? CalendarDuration() : campaign.duration(&random)
    }

    static var hasEffect: Bool { true }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    var expressions: [Expression] { [identity, address] + attributes.map(\.source) }

    mutating func say(_ expressions: [Expression]) {
        (identity, address) = (expressions[0], expressions[1])
        for place in attributes.indices { attributes[place].source = expressions[place + 2] }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        [Transition.main: inbounds[0]]
    }

    func text(_ readable: Readable) -> String {
        "channel of \(readable.text(from)) by \(readable.text(identity)) in \(namespace) to \(readable.text(address)) "
            + "\(repeats) \(cooldown.map { "after \($0)" } ?? "") {\(readable.text(attributes))}"
    }

    var fewer: [Channel] {
        changed { change in
            for attribute in attributes.indices { change { $0.attributes.remove(at: attribute) } }
            change { $0.cooldown = nil }
            change { $0.address = $0.identity }
        }
    }

    func meet(_ meeting: Meeting) {
        meeting.note("channel \(repeats)", Transition.main)
        if cooldown != nil { meeting.met.words.insert("channel with a cooldown") }
    }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] {
        ["channel once: somebody", "channel everyEntry: somebody", "channel with a cooldown", "a request", "another request"]
    }
}
