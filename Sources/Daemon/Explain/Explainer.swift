// Why somebody is in an audience or is not (contract §8): what the engine says of the way (Engine/Explain), when that changes by itself
// (Foresight), and what would have to change (Remedy), as of the last commit. It is gathered between two commits; what is said of it is
// thought out and written wherever there is time.
import Campaigns
import Engine

/// An explanation, with all that is asked of it.
struct Explained {
    /// Who was asked about.
    enum Subject: Equatable, Sendable {
        case identity(namespace: String, id: String)
        /// The record of a key text.
        case record(key: String)
    }

    let gathered: GatheredExplanation
    let byTime: Foresight.Answer
    let remedies: [Remedy]
    let writer: ExpressionWriter

    var audience: String { gathered.audience }
    var subject: Subject { gathered.subject }
    var explanation: Explanation { gathered.explanation }

    /// Thinks out what was gathered; of the engine nothing is needed any more.
    init(_ gathered: GatheredExplanation) {
        self.gathered = gathered
        byTime = Foresight.answer(gathered.foreseen)
        remedies = Remedy.all(for: gathered.explanation)
        let schemas = Dictionary(uniqueKeysWithValues: gathered.schemas.map { ($0.name, $0) })
        writer = ExpressionWriter { schemas[$0] }
    }
}

/// All that an explanation says of one state: plain values.
struct GatheredExplanation: Sendable {
    let audience: String
    /// No campaign writes the audience any more.
    let isRetired: Bool
    /// When the campaign that writes it begins; nil: it has, or several write it.
    let beginsAt: Int64?
    let subject: Explained.Subject
    let sequence: Int64
    let clock: Int64
    let explanation: Explanation
    let foreseen: ForeseenRows.Gathered
    let schemas: [Schema]
}

extension StateMachine {
    /// Gathers what explains somebody, whether there is such a person or not; nil when there is no such audience. Between two commits.
    func gatherExplanation(of subject: Explained.Subject, in audience: String) -> GatheredExplanation? {
        guard let number = engine.number(ofAudience: audience) else { return nil }
        let explanation: Explanation
        switch subject {
        case .identity(let namespace, let id):
            explanation = engine.explain(audience: number, namespace: namespace, identity: Array(id.utf8))
        case .record(let key): explanation = engine.explain(audience: number, key: key)
        }
        return GatheredExplanation(
            audience: audience, isRetired: engine.audience(number).isRetired, beginsAt: beginsAt(explanation), subject: subject,
            sequence: sequence, clock: engine.clock,
            explanation: explanation, foreseen: ForeseenRows.gather(self, explanation), schemas: catalog.schemas)
    }

    /// When the only campaign of an explanation begins, if it has not.
    func beginsAt(_ explanation: Explanation) -> Int64? {
        guard explanation.contributions.count == 1,
            let start = engine.campaign(explanation.contributions[0].campaign)?.campaign.startAt, start > engine.clock
        else { return nil }
        return start
    }

    /// Explains somebody at once.
    func explain(_ subject: Explained.Subject, in audience: String) -> Explained? {
        gatherExplanation(of: subject, in: audience).map { Explained($0) }
    }
}
