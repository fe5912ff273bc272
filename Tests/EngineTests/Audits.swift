// Audits in tests: everything that an engine keeps is looked at in one go.
@testable import Engine

extension Engine {
    /// All that is found wrong of what is kept; nil while changes wait for their commit. `looks` gets how many things of each kind were
    /// decided anew.
    mutating func audited(_ looks: inout [KeptKind: Int]) -> [Drift]? {
        guard !hasChanges, pending.gathering.isEmpty else { return nil }
        var walk = beginAudit()
        var found: [Drift] = []
        while !walk.isThrough {
            if let drift = audit(&walk, visiting: 100) { found.append(drift) }
        }
        for kind in KeptKind.allCases { looks[kind, default: 0] += walk.decisions[kind.rawValue] }
        return found
    }

    /// The same in words, each once.
    mutating func drift() -> Set<String>? {
        var looks: [KeptKind: Int] = [:]
        return audited(&looks).map { Set($0.map { "\($0.kind) of \($0.subject)" }) }
    }
}
