// wait, from scratch (semantics §4).
import Campaigns

extension Evaluator {
    /// "`until`: nothing before, everything after", at the instant itself too (decision 14).
    func population(of wait: Wait, from inbound: Population) -> Population {
        clock >= wait.until ? inbound : inbound.with([])
    }
}
