// What the conditions of a campaign mean, for people who did not write them: in the words that explanations have, where there are any.
import Campaigns

extension ExpressionWriter {
    /// By the id of the activity, then by the path of the condition in it: `{"buyers": {"filter": "country is FR"}}`. Conditions that have
    /// no words are not in it.
    func words(of campaign: Campaign) -> JSON {
        let all = campaign.activities.compactMap { activity -> JSON.Member? in
            let conditions = activity.conditions
            let said = conditions.list.compactMap { path, condition in
                words(of: condition).map { JSON.Member(path, .string($0)) }
            }
            return said.isEmpty ? nil : JSON.Member(conditions.id, .object(said))
        }
        return .object(all)
    }
}

extension Activity {
    /// Its id, and its conditions by their paths in its definition.
    fileprivate var conditions: (id: String, list: [(path: String, condition: Expression)]) {
        switch self {
        case .build(let build): (build.id, build.filter.map { [("filter", $0)] } ?? [])
        case .split(let split):
            (split.id, split.subsets.enumerated().compactMap { place, subset in subset.filter.map { ("subsets[\(place)].filter", $0) } })
        case .test(let test): (test.id, test.conditions.enumerated().map { ("conditions[\($0)].when", $1.when) })
        case .alert(let alert): (alert.id, [("when", alert.when)])
        case .reconciliation(let reconciliation): (reconciliation.id, reconciliation.filter.map { [("filter", $0)] } ?? [])
        default: (definition.id, [])
        }
    }
}
