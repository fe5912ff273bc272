// What flows through a campaign: bags of rows, and every transition of a campaign evaluated from scratch (semantics §2). What an activity
// makes of its inbounds is in Activities.
public import Campaigns

/// A bag of rows.
public struct Population: Sendable {
    /// The schema of the rows' records.
    public var dimension: String
    /// The names of the columns that every row carries.
    public var columns: Set<String>
    /// Those of one row id, which a combine by columns can leave, stand in the order of the inbounds that they came from: "where the row id
    /// leaves a tie, the first goes" (decision 40). Else in any order.
    public var rows: [PopulationRow]
    /// Rows for which a join or a reconciliation of the activity whose output this is had several matches.
    public var ambiguous = 0

    /// Rows without a key.
    public var unmatched: Int { rows.count { $0.key == nil } }

    /// Other rows of the same dimension, perhaps with more columns.
    func with(_ rows: [PopulationRow], columns more: Set<String> = []) -> Population {
        Population(dimension: dimension, columns: columns.union(more), rows: rows)
    }
}

extension Evaluator {
    /// All that a campaign gives at a commit, after what it remembers. `audience` gives the members of one as they are now.
    public func evaluate(
        _ campaign: Campaign, _ memory: CampaignMemory = CampaignMemory(), isPublishing: Bool = true,
        audience: @escaping @Sendable (String) -> KeptMembers = { _ in [:] }
    ) -> Evaluation {
        var evaluation = Evaluation(memory, isPublishing: isPublishing, audience: audience)
        for activity in campaign.activities {
            guard let evaluated = activity.definition as? any EvaluatedActivity else {
                preconditionFailure("\(activity.id) can be evaluated")
            }
            let outputs = evaluated.populations(from: activity.inbounds.map { evaluation[$0] }, in: campaign.id, self, &evaluation)
            let isIdle = !activity.inbounds.isEmpty && !evaluation.isActive(activity.inbounds)
            for (name, population) in outputs {
                let transition = Transition(activity: activity.id, output: name)
                evaluation.populations[transition] = isIdle ? population.with([]) : population
                if isIdle { evaluation.inactive.insert(transition) }
            }
        }
        return evaluation
    }

    /// The value of an expression about a row of a population; nil is null, and of a condition unknown.
    public func value(_ expression: Expression, of row: PopulationRow, in population: Population) -> Datum? {
        carrying(row.columns).value(expression, key: row.key, row: record(of: row, in: population))
    }

    /// The values of expressions about a row, as they are equal by value; nil when one is null: "null equals nothing".
    func values(_ expressions: [Expression], of row: PopulationRow, in population: Population) -> [Datum]? {
        let values = expressions.compactMap { value($0, of: row, in: population)?.byValue }
        return values.count < expressions.count ? nil : values
    }

    /// Whether a row passes; without a condition every row does.
    func passes(_ condition: Expression?, _ row: PopulationRow, in population: Population) -> Bool {
        carrying(row.columns).passes(condition, key: row.key, row: record(of: row, in: population))
    }

    /// "Attributes of the record itself are not carried; they are looked up through the key."
    /// One without has null attributes and empty collections (decision 28).
    func record(of row: PopulationRow, in population: Population) -> Row {
        guard let key = row.key else { return [] }
        guard let record = tables.rows[population.dimension]?[key] else { preconditionFailure("\(key) is a record's key") }
        return record
    }
}
