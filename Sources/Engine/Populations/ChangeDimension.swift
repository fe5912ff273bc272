// change-dimension: "N-1: each row takes the linked record's key, duplicates kept. 1-N: one row per linked record. No linked record: the
// row stays, without a key." To one record it is a link more on the way from the row to its record; to many the rows are pairs
// (Operators/Pairs).
import Campaigns

extension ChangeDimension: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        [Transition.main: engine.population(of: self, inbounds.first)]
    }
}

extension Engine {
    fileprivate mutating func population(of change: ChangeDimension, _ inbound: Population) -> Population {
        change.path.reduce(inbound) { walked($0, $1) }
    }

    /// The rows of a population, at the next record.
    private mutating func walked(_ population: Population, _ step: AggregateStep) -> Population {
        let link = linkPlace(step.link)
        var walked = population
        var rowId = rowId(of: population.frame)
        if step.isForward {
            walked.frame.record.append(link)
        } else {
            let pairs = pairs(of: population, back: link)
            walked = behindPair(population, pairs)
            rowId = behind([plan.pairs[pairs].row], rowId)
        }
        walked.frame.rowId = self.rowId(rowId, followedByRecordOf: walked.frame)
        return walked
    }

    /// The pairs of the rows of a population and the records that lead back to theirs by a link.
    mutating func pairs(of population: Population, back: LinkPlace) -> Number<Pairs> {
        let condition = plan.conditions.intern(table: population.frame.table, node: population.who)
        return pairs(PairsKey(condition: condition, record: population.frame.record, back: back))
    }

    /// What pairs carry: what their rows do. The row id is still to be given.
    private mutating func behindPair(_ population: Population, _ number: Number<Pairs>) -> Population {
        let row = plan.pairs[number].row
        var frame = Frame(table: plan.pairs[number].table, record: [plan.pairs[number].linked])
        for (name, column) in population.frame.columns.sorted(by: { $0.key < $1.key }) { frame.columns[name] = follow(row, column) }
        frame.place = population.frame.place.map { follow(row, $0) }
        frame.placeCount = population.frame.placeCount
        return Population(frame: frame, who: pairNode(number))
    }
}
