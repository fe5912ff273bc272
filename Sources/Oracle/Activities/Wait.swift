// wait, from scratch (semantics §4).
import Campaigns

extension Wait: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        [Transition.main: evaluator.population(of: self, from: inbounds[0], &evaluation)]
    }
}

extension Evaluator {
    /// "`until`: nothing before, everything after", at the instant itself too (decision 14). "`duration`: a row (by row id) passes once it
    /// has been in the inbound without a break for the duration, by the clock; leaving ends it."
    fileprivate func population(of wait: Wait, from inbound: Population, _ evaluation: inout Evaluation) -> Population {
        switch wait.period {
        case .until(let instant): return clock >= instant ? inbound : inbound.with([])
        case .duration(let duration, let timezone):
            let was = evaluation.was.waits[wait.id, default: [:]]
            let since = Dictionary(inbound.rows.map { ($0.id, was[$0.id] ?? clock) }, uniquingKeysWith: { first, _ in first })
            evaluation.memory.waits[wait.id] = since
            return inbound.with(
                inbound.rows.filter { row in calendar(timezone).after(since[row.id]!, duration).map { $0 <= clock } ?? false })
        }
    }
}
