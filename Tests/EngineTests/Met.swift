// What random worlds come to, in words: each form of an expression or an activity, and its outcomes.
import Oracle

@testable import Campaigns

/// What was met.
final class Met {
    var words: Set<String> = []
    /// Who was asked for, in one world.
    var asked: Set<String> = []

    func visit(_ expression: Expression, _ population: Population, _ evaluator: Evaluator) {
        let (form, details) = expression.form
        words.insert("\(form)")
        let values = population.rows.map { evaluator.value(expression, of: $0, in: population) }
        // What a form comes to is of each of its details.
        for detail in details {
            words.insert("\(form) \(detail)")
            for value in values { words.insert("\(form) \(detail): \(Self.outcome(value))") }
        }
        for part in expression.parts { visit(part, population, evaluator) }
        if case .aggregate(let aggregate) = expression, let filter = aggregate.filter {
            let last = aggregate.steps[aggregate.steps.count - 1]
            let link = last.link
            let end = last.isForward && !link.isReversed ? evaluator.tables.schemas[link.schema]!.links[link.link].target : link.schema
            visit(filter, evaluator.population(of: BuildAudience(id: "all", dimension: end, filter: nil)), evaluator)
        }
    }

    /// An activity: its form, and which of its outputs hold somebody, or not all of whom it took in.
    func visit(_ activity: Activity, _ populations: [Transition: Population], _ evaluator: Evaluator) {
        let random = activity.random
        let meeting = Meeting(met: self, activity: random, populations: populations, evaluator: evaluator)
        // What reads no columns has something to say of those, too, who did not come so far.
        for expression in random.expressions {
            visit(expression, expression.readsColumns ? meeting.inbounds[0] : meeting.all, evaluator)
        }
        if random.expressions.contains(where: \.readsColumns) { words.insert("\(type(of: random)) reads carried columns") }
        random.meet(meeting)
    }

    /// What a commit says, and what is remembered.
    func visit(_ expectations: Expectations, _ said: Expectations.Said, _ evaluator: Evaluator) {
        for (id, evaluation) in expectations.evaluations {
            for activity in expectations.campaigns[id]!.campaign.activities where type(of: activity.random).isMetAtCommits {
                visit(activity, evaluation.populations, evaluator)
            }
        }
        if !said.alerts.isEmpty { words.insert("an alert is raised") }
        for request in said.requests {
            let people = "\(request.campaign) \(request.activity) \(request.namespace) \(request.identity)"
            words.insert(asked.insert(people).inserted ? "a request" : "another request")
        }
        for held in expectations.held.values.flatMap(\.values) {
            switch held.save.mode {
            case .mirror: break
            case .append: words.insert(held.members.isEmpty ? "append" : "append: somebody")
            case .frozen(let schedule):
                let times = schedule.map { if case .every = $0.times { "every" } else { "cron" } } ?? "once"
                words.insert("frozen \(times)\(held.members.isEmpty ? "" : ": somebody")")
            }
        }
    }

    private static func outcome(_ value: Datum?) -> String {
        switch value {
        case nil: "null"
        case .boolean(let truth): "\(truth)"
        default: "value"
        }
    }

    // What is to be met.

    /// The types that values have.
    static let types = all(ValueType.self).filter { $0 != .null }

    static func all<Kind: RawRepresentable>(_: Kind.Type) -> [Kind] where Kind.RawValue == UInt8 {
        (0...UInt8.max).compactMap(Kind.init(rawValue:))
    }

    /// Each with an output that holds somebody, and with one that does not hold all.
    static func someAndNotAll(_ forms: [String]) -> [String] {
        forms.flatMap { ["\($0): somebody", "\($0): not all"] }
    }
}

/// An activity in a world, and all that its transitions hold there.
struct Meeting {
    let met: Met
    let activity: any RandomActivity
    let populations: [Transition: Population]
    let evaluator: Evaluator

    let inbounds: [Population]
    /// All records that could be among its inbound, or its output where it has none.
    let all: Population

    init(met: Met, activity: any RandomActivity, populations: [Transition: Population], evaluator: Evaluator) {
        (self.met, self.activity, self.populations, self.evaluator) = (met, activity, populations, evaluator)
        inbounds = activity.inbounds.map { populations[$0]! }
        let dimension = inbounds.first?.dimension ?? populations[Transition(activity: activity.id)]!.dimension
        all = evaluator.population(of: BuildAudience(id: "all", dimension: dimension, filter: nil))
    }

    func output(_ name: String) -> Population { populations[Transition(activity: activity.id, output: name)]! }

    /// How many rows an output holds.
    func count(_ output: String) -> Int { populations[Transition(activity: activity.id, output: output)]?.rows.count ?? 0 }

    /// A form that the activity has, and what one of its outputs makes of it.
    func note(_ name: String, _ output: String) {
        met.words.insert(name)
        if count(output) > 0 { met.words.insert("\(name): somebody") }
        if count(output) < inbounds.reduce(0, { max($0, $1.rows.count) }) { met.words.insert("\(name): not all") }
    }
}
