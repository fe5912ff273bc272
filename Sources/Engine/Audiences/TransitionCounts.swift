// How many rows every transition of a campaign carries, and what of them is lost on the way (semantics §2: "Nothing is lost silently").
// Counted when somebody asks: what is kept for an audience or an operator anyway is looked up, all else is evaluated and forgotten again.
// Who asks between commits counts in slices: rows that change between two of them are counted as they were passed.
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

/// How far the counting of a campaign's transitions has come.
public struct TransitionTally: Sendable {
    /// Of those that were passed, so far.
    public internal(set) var counts: [Transition: TransitionCounts] = [:]
    /// The version that is counted, and its transitions to come; nil: it was not begun.
    var begun: (version: Int, left: [Transition])?
    /// The next place of the table of the first of them.
    var place = 0

    public init() {}
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
        addRejected(of: state.definition, following, to: &counts)
        return counts
    }

    /// Counts on, looking at so many places; true: all is counted. An output whose rows nobody keeps, or lead to their records over links,
    /// is counted in one go. Changes must be committed.
    public mutating func count(_ tally: inout TransitionTally, of campaign: String, visiting visits: Int) -> Bool {
        guard let state = audiences.campaigns[campaign], let following = state.following else {
            tally.counts = [:]
            return true
        }
        let populations = populations(of: state.definition)
        if tally.begun?.version != state.version {
            tally = TransitionTally()
            tally.begun = (state.version, populations.keys.sorted { $0.isBefore($1) })
        }
        var visitsLeft = visits
        while let transition = tally.begun?.left.first {
            if visitsLeft <= 0 { return false }
            let population = populations[transition]!
            let table = population.frame.table
            let condition = plan.conditions.intern(table: table, node: population.who)
            var counts = tally.counts[transition] ?? TransitionCounts()
            // What the memberships of a condition that somebody uses say, of rows that are their own records, needs no evaluation.
            if plan.conditions[condition].references > 0, population.frame.record.isEmpty, population.frame.ambiguous.isEmpty {
                let hasRecord = recordNode(of: population.frame)
                let end = min(tables[table].states.count, tally.place + visitsLeft)
                for place in tally.place..<max(end, tally.place) {
                    let row = RowNumber(Int32(place))
                    guard tables[table].memberships.contains(row, condition) else { continue }
                    count(row, population.frame, hasRecord, to: &counts)
                }
                visitsLeft -= end - tally.place + 1
                tally.place = end
            } else {
                counts = self.counts(of: population)
                tally.place = tables[table].states.count
                visitsLeft = 0
            }
            tally.counts[transition] = counts
            if tally.place >= tables[table].states.count {
                tally.begun?.left.removeFirst()
                tally.place = 0
            }
        }
        addRejected(of: state.definition, following, to: &tally.counts)
        return true
    }

    private func addRejected(of campaign: Campaign, _ following: Following, to counts: inout [Transition: TransitionCounts]) {
        for save in campaign.saves {
            if let number = following.saves[save.id] { counts[save.from]?.rejected += audiences.saves[number].rejected }
        }
    }

    /// Counts a row that is there.
    private mutating func count(_ row: RowNumber, _ frame: Frame, _ hasRecord: NodeNumber, to counts: inout TransitionCounts) {
        counts.rows += 1
        scratch.texts.reset()
        if truth(hasRecord, row) != .yes { counts.unmatched += 1 }
        for node in frame.ambiguous where truth(node, row) == .yes { counts.ambiguous += 1 }
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
            for row in tables[frame.table].memberships.rows(block, with: condition) { count(row, frame, hasRecord, to: &counts) }
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
