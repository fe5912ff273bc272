// alert, from scratch (semantics §4, decision 65).
import Campaigns

extension Alert: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.evaluate(self, from: inbounds[0], &evaluation)
        return [Transition.main: inbounds[0]]
    }
}

extension Evaluator {
    /// "Raised in the commit in which `when` becomes true of `recCount`, at publish too, and again only after a commit in which it was not;
    /// an inactive one is never raised."
    fileprivate func evaluate(_ alert: Alert, from inbound: Population, _ evaluation: inout Evaluation) {
        guard evaluation.isActive([alert.from]), isTrue(alert.when, of: inbound) else { return }
        evaluation.memory.alerts.insert(alert.id)
        if evaluation.was.alerts.contains(alert.id) { return }
        evaluation.alerts.append(Evaluation.Alert(activity: alert.id, rows: inbound.rows.count))
    }
}
