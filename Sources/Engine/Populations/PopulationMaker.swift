// What every activity is to the engine: what makes the populations of its outputs of those of its inbounds. Each conforms in the file of
// its name beside this one, or in Population.swift where that is a line or two; random histories of every activity stop where one does
// not.
import Campaigns

protocol PopulationMaker: ActivityDefinition {
    /// The populations of its outputs, by name. They are active where an inbound is, and what they say of that comes on top.
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population]
}

/// What an activity makes its outputs of.
struct Inbounds {
    let campaign: Campaign
    /// Of all activities before it.
    let earlier: [Transition: Population]
    /// Those that it takes, as rows alone.
    let rows: [Population]

    init(_ activity: any ActivityDefinition, in campaign: Campaign, after earlier: [Transition: Population]) {
        self.campaign = campaign
        self.earlier = earlier
        rows = activity.inbounds.map { transition in
            var population = Inbounds.population(of: transition, in: earlier)
            population.isActive = nil
            population.frame.ambiguous = []
            return population
        }
    }

    var first: Population { rows[0] }

    /// One as it is, with whether it is active.
    subscript(_ transition: Transition) -> Population { Inbounds.population(of: transition, in: earlier) }

    private static func population(of transition: Transition, in earlier: [Transition: Population]) -> Population {
        guard let population = earlier[transition] else { preconditionFailure("the definition was checked: \(transition) comes before") }
        return population
    }
}
