// wait, from scratch (semantics §4).
import Campaigns

extension Evaluator {
    /// "`until`: nothing before, everything after", at the instant itself too (decision 14).
    func population(of wait: Wait, from inbound: Population) -> Population {
        switch wait.period {
        case .until(let instant): clock >= instant ? inbound : inbound.with([])
        case .duration: preconditionFailure("refused when it is read")
        }
    }
}
