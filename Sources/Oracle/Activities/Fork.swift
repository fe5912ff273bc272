// fork, from scratch (semantics §4).
import Campaigns

extension Fork {
    /// "Each output is the inbound."
    func populations(from inbound: Population) -> [String: Population] {
        Dictionary(uniqueKeysWithValues: outputs.map { ($0, inbound) })
    }
}
