// What random histories know of an activity: how one is drawn and changed, what it carries on, how it reads, how it becomes smaller, and
// which of its forms must be met. Each activity has a file beside this one; `ActivityType` has the list of all.
import Oracle

@testable import Campaigns

protocol RandomActivity: ActivityDefinition {
    /// As one of a campaign.
    var activity: Activity { get }

    /// How often it is drawn, in relation to others; 0: by rules of its own alone.
    static var weight: Int { get }
    /// Adds one to a campaign, perhaps with others around it.
    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers)
    /// Says something else in a part of it. The shape is that of its inbound, of several the first.
    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers)
    /// Whether it is there for what it does; the others are for those who take from them.
    static var hasEffect: Bool { get }

    /// Takes other transitions, as many as it has.
    mutating func take(_ transitions: [Transition])
    /// Joins other transitions, as many as it does.
    mutating func join(_ transitions: [Transition])
    /// The expressions about the rows of its inbound, of several the first.
    var expressions: [Expression] { get }
    /// Says other expressions, as many as it has.
    mutating func say(_ expressions: [Expression])
    /// What its outputs carry, by name; nil when the inbounds do not go together.
    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]?

    /// How it reads.
    func text(_ readable: Readable) -> String
    /// The same with a part less, in each way that there is besides its expressions becoming smaller.
    var fewer: [Self] { get }

    /// Notes its form, and what it comes to.
    func meet(_ meeting: Meeting)
    /// Whether what it comes to is seen commit by commit.
    static var isMetAtCommits: Bool { get }
    /// What must be met of it.
    static var wanted: [String] { get }
}

extension RandomActivity {
    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        preconditionFailure("\(self) has a weight and does not say how it is drawn")
    }
    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {}
    static var hasEffect: Bool { false }
    mutating func join(_ transitions: [Transition]) {}
    var expressions: [Expression] { [] }
    mutating func say(_ expressions: [Expression]) {}
    var fewer: [Self] { [] }
    static var isMetAtCommits: Bool { false }

    /// What each of some changes makes of it, where it makes something else of it.
    func changed(_ changes: (_ change: ((inout Self) -> Void) -> Void) -> Void) -> [Self] {
        var found: [Self] = []
        changes { change in
            var other = self
            change(&other)
            if other != self { found.append(other) }
        }
        return found
    }
}

extension ActivityType {
    /// Those of all activities; `end` is none.
    static let random = allCases.compactMap { type in
        type.definition.map { definition in
            guard let activity = definition as? any RandomActivity.Type else {
                preconditionFailure("\(type.rawValue) has no file in Tests/EngineTests/Activities")
            }
            return activity
        }
    }
}

extension Activity {
    /// As random histories know it.
    var random: any RandomActivity {
        guard let activity = definition as? any RandomActivity else {
            preconditionFailure("\(id) has no file in Tests/EngineTests/Activities")
        }
        return activity
    }

    /// The expressions about the rows of its inbound, of several the first.
    var expressions: [Expression] { random.expressions }

    /// The same, taking and joining other transitions, as many as it has.
    func taking(_ inbounds: [Transition], joining joined: [Transition]) -> Activity {
        var activity = random
        activity.take(inbounds)
        activity.join(joined)
        return activity.activity
    }

    /// The same with other expressions, as many as it has.
    func with(_ expressions: [Expression]) -> Activity {
        var activity = random
        activity.say(expressions)
        return activity.activity
    }
}
