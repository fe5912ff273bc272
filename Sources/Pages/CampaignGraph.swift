// A campaign's definition as a graph: its activities in their order, and which takes what from which.
import Campaigns

/// The activities and what leads from one to another. The definition was accepted, but is read here as text that may be anything.
struct CampaignGraph: Sendable {
    struct Activity: Sendable {
        let json: JSON
        let id: String
        let type: String

        /// What people call it.
        var name: String { json.text("label") ?? id }
    }

    /// One activity takes an output of another.
    struct Edge: Sendable, Equatable {
        let source: Int
        let output: String
        let target: Int
    }

    static let main = "main"

    let activities: [Activity]
    let edges: [Edge]

    init(_ definition: JSON) {
        activities = definition.elements("activities").map {
            Activity(json: $0, id: $0.text("id") ?? "", type: $0.text("type") ?? "")
        }
        let places = Dictionary(activities.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var edges: [Edge] = []
        for (target, activity) in activities.enumerated() {
            for from in Self.inbounds(of: activity.json) {
                let (id, output) = Self.parts(of: from)
                // A join may name a schema instead.
                guard let source = places[id] else { continue }
                let edge = Edge(source: source, output: output, target: target)
                if !edges.contains(edge) { edges.append(edge) }
            }
        }
        self.edges = edges
    }

    /// "activity.output", or "activity" of its main one.
    static func parts(of transition: String) -> (activity: String, output: String) {
        let parts = transition.split(separator: ".", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : main)
    }

    /// The transitions that an activity takes.
    static func inbounds(of activity: JSON) -> [String] {
        var found: [String] = []
        if let one = activity.text("from") { found.append(one) }
        for case .string(let from) in activity.elements("from") { found.append(from) }
        return found + activity.elements("joins").compactMap { $0.text("from") }
    }

    /// The activity that saves an audience.
    func save(ofAudience id: String) -> JSON? {
        activities.first { $0.type == "save-audience" && $0.json["audience"]?.text("id") == id }?.json
    }

    /// The activities that lead to an audience, in the order of the definition.
    func activities(toAudience id: String) -> [Activity] {
        var wanted = Set(
            activities.indices.filter {
                activities[$0].type == "save-audience" && activities[$0].json["audience"]?.text("id") == id
            })
        var open = Array(wanted)
        while let target = open.popLast() {
            for edge in edges where edge.target == target && wanted.insert(edge.source).inserted { open.append(edge.source) }
        }
        return wanted.sorted().map { activities[$0] }
    }

    /// The outputs of an activity, in the order in which its definition names them: those that it declares, that are taken, and counted.
    func outputs(of place: Int, counted: [String]) -> [String] {
        let activity = activities[place]
        var found: [String] = []
        for member in ["subsets", "conditions"] { found += activity.json.elements(member).compactMap { $0.text("name") } }
        for case .string(let name) in activity.json.elements("outputs") { found.append(name) }
        found += edges.filter { $0.source == place }.map(\.output)
        for transition in counted {
            let (id, output) = Self.parts(of: transition)
            if id == activity.id { found.append(output) }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }

    /// As the definition names the output of an activity.
    func transition(_ place: Int, _ output: String) -> String {
        output == Self.main ? activities[place].id : "\(activities[place].id).\(output)"
    }
}
