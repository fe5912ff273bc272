// How many rows every transition of a campaign carries, and what of them is lost on the way (semantics §2: "Nothing is lost silently").
// Counted when somebody asks: what is kept for an audience or an operator anyway is looked up, all else is evaluated and forgotten again.
public import Campaigns

/// The rows of one transition as of the last commit.
public struct TransitionCounts: Equatable, Sendable {
    /// How many there are.
    public var rows = 0
    /// Rows without a key.
    public var unmatched = 0
    /// Rows for which the join or reconciliation before it found several matches.
    public var ambiguous = 0
    /// Rows with a key in which a save-audience that takes them finds no identity.
    public var rejected = 0
}

extension Engine {
    /// The transitions of a campaign that is followed, those that nobody takes too; of one that is not there, stopped, or outside its
    /// validity there are none. Changes must be committed.
    public mutating func transitionCounts(of campaign: String) -> [Transition: TransitionCounts] {
        guard let state = audiences.campaigns[campaign], let following = state.following else { return [:] }
        var counts: [Transition: TransitionCounts] = [:]
        for (transition, population) in populations(of: state.definition).sorted(by: { $0.key.isBefore($1.key) }) {
            counts[transition] = self.counts(of: population)
        }
        for save in state.definition.saves {
            if let number = following.saves[save.id] { counts[save.from]?.rejected += audiences.saves[number].rejected }
        }
        return counts
    }

    private mutating func counts(of population: Population) -> TransitionCounts {
        let frame = population.frame
        let condition = plan.conditions.intern(table: frame.table, node: population.who)
        // What a row leads to, and whether several did, is asked of links that are kept meanwhile.
        let hasRecord = recordNode(of: frame)
        retainCondition(condition)
        for node in frame.ambiguous + [hasRecord] { _ = retain(node) }
        settle(through: .max)
        pending.marks.removeAll()
        var counts = TransitionCounts()
        for block in tables[frame.table].blocks {
            for row in tables[frame.table].memberships.rows(block, with: condition) {
                counts.rows += 1
                scratch.texts.reset()
                if truth(hasRecord, row) != .yes { counts.unmatched += 1 }
                for node in frame.ambiguous where truth(node, row) == .yes { counts.ambiguous += 1 }
            }
        }
        for node in frame.ambiguous + [hasRecord] { release(node) }
        releaseCondition(condition)
        return counts
    }
}

extension Transition {
    fileprivate func isBefore(_ other: Transition) -> Bool {
        activity != other.activity ? activity.isBefore(other.activity) : output.isBefore(other.output)
    }
}
