// Why somebody is in an audience or is not (contract §8): what the engine says of the way (Engine/Explain), when that changes by itself
// (Foresight), and what would have to change (Remedy), as of the last commit.
import Campaigns
import Engine

/// An explanation, with all that is asked of it.
struct Explained {
    /// Who was asked about.
    enum Subject: Equatable {
        case identity(namespace: String, id: String)
        /// The record of a key text.
        case record(key: String)
    }

    let audience: AudienceState
    let subject: Subject
    let sequence: Int64
    let clock: Int64
    let explanation: Explanation
    let byTime: Foresight.Answer
    let remedies: [Remedy]
    let writer: ExpressionWriter
}

extension StateMachine {
    /// Explains somebody, whether there is such a person or not; nil when there is no such audience. Between two commits.
    func explain(_ subject: Explained.Subject, in audience: String) -> Explained? {
        guard let number = engine.number(ofAudience: audience) else { return nil }
        let explanation: Explanation
        switch subject {
        case .identity(let namespace, let id):
            explanation = engine.explain(audience: number, namespace: namespace, identity: Array(id.utf8))
        case .record(let key): explanation = engine.explain(audience: number, key: key)
        }
        let schemas = Dictionary(uniqueKeysWithValues: engine.schemas.map { ($0.name, $0) })
        let foresight = Foresight(self, explanation)
        return Explained(
            audience: engine.audience(number), subject: subject, sequence: sequence, clock: engine.clock, explanation: explanation,
            byTime: foresight.answer, remedies: Remedy.all(for: explanation), writer: ExpressionWriter { schemas[$0] })
    }
}
