// Which rows are at a transition, a few at a time, for somebody who looks at them: places in the table of its population, walked in slices
// between which commits go on. What is kept anyway is asked row by row; an output that nobody takes is evaluated in one go, as when it is
// counted, and forgotten again.
public import Campaigns

/// Some rows of a transition.
public struct TransitionRows {
    /// Where they are in the table of the population.
    public var places: [Int32] = []
    /// The place to go on at; nil: there are no more.
    public var next: Int?
}

extension Engine {
    /// The rows of a transition of a campaign from a place of its table on. Changes must be committed.
    /// - Parameters:
    ///   - most: so many are enough.
    ///   - visits: so many places are looked at; of an output that nobody takes all are.
    /// - Returns: nil: the campaign is not followed, or has no such transition.
    public mutating func rows(
        at transition: Transition, of campaign: String, from first: Int, most: Int, visiting visits: Int
    ) -> TransitionRows? {
        guard let population = population(at: transition, of: campaign) else { return nil }
        let table = population.frame.table
        guard isKnown(population.who) else { return TransitionRows(places: rowsOnce(of: population, most: most)) }
        refreshTerms(of: population.who)
        let count = tables[table].states.count
        var found = TransitionRows()
        for place in min(first, count)..<min(count, first + visits) {
            if found.places.count == most {
                found.next = place
                return found
            }
            let row = RowNumber(Int32(place))
            if tables[table].isLive(row), isTrue(population.who, row) { found.places.append(row.value) }
        }
        found.next = first + visits < count ? first + visits : nil
        return found
    }

    /// The records that rows found before lead to, of those that are there still, as of the last commit.
    public mutating func names(ofRows places: [Int32], at transition: Transition, of campaign: String) -> [Explanation.Name] {
        guard let population = population(at: transition, of: campaign) else { return [] }
        let (table, isKept) = (population.frame.table, isKnown(population.who))
        return places.map { RowNumber($0) }.filter { row in
            row.value < Int32(tables[table].states.count) && tables[table].isLive(row) && (!isKept || isTrue(population.who, row))
        }.map { name(of: $0, in: population.frame) }
    }

    /// The transitions of a campaign that is followed, those that nobody takes too.
    public mutating func transitions(of campaign: String) -> [Transition] {
        guard let state = audiences.campaigns[campaign], state.following != nil else { return [] }
        return Array(populations(of: state.definition).keys)
    }

    private mutating func population(at transition: Transition, of campaign: String) -> Population? {
        guard let state = audiences.campaigns[campaign], state.following != nil else { return nil }
        return populations(of: state.definition)[transition]
    }

    private mutating func rowsOnce(of population: Population, most: Int) -> [Int32] {
        let table = population.frame.table
        let condition = plan.conditions.intern(table: table, node: population.who)
        retainCondition(condition)
        settle(through: .max)
        pending.marks.removeAll()
        var places: [Int32] = []
        for row in tables[table].rows where places.count < most && tables[table].memberships.contains(row, condition) {
            places.append(row.value)
        }
        releaseCondition(condition)
        return places
    }
}
