// Populations: what the transitions of a campaign are in the engine. The rows of a population are rows of one table; which of them are in
// it is one condition, their records are they themselves or some links away, and what they carry are nodes about them. Nothing is copied
// from activity to activity (semantics §2).
//
//   activity          condition                                              columns                      keeps
//   build-audience    its filter                                             none
//   fork              the inbound's                                          the inbound's
//   split             inbound, filter and draw; none of the subsets before   and segmentCode
//   combine           or, and, except of the inbounds                        of the first that has them   behind a change of dimension: a
//                                                                                                         count and a choice per record
//   enrichment        the inbound's                                          and its own
//   change-dimension  the inbound's; the record is some links further        the inbound's
//   wait until        inbound, and the clock                                 the inbound's
//
// Besides, what is saved keeps the memberships of its condition, and where each row leads by its identity. A change costs the looks its
// guards find, and a step in what is kept; a publish a look a row.
import Campaigns

struct Population {
    var frame: Frame
    /// The node of the condition: a row is in where it is true.
    var who: NodeNumber
}

extension Engine {
    /// The populations of a campaign, by transition. What is there already, of this campaign or another, is found.
    mutating func populations(of campaign: Campaign) -> [Transition: Population] {
        var found: [Transition: Population] = [:]
        func inbound(_ transition: Transition) -> Population {
            guard let population = found[transition] else { preconditionFailure("the definition was checked: \(transition) comes before") }
            return population
        }
        func set(_ id: String, _ outputs: [String: Population]) {
            for (output, population) in outputs { found[Transition(activity: id, output: output)] = population }
        }
        for activity in campaign.activities {
            switch activity {
            case .build(let build): set(build.id, [Transition.main: population(of: build)])
            case .fork(let fork): for output in fork.outputs { set(fork.id, [output: inbound(fork.from)]) }
            case .split(let split): set(split.id, populations(of: split, inbound(split.from)))
            case .combine(let combine): set(combine.id, populations(of: combine, combine.from.map(inbound)))
            case .enrichment(let enrichment): set(enrichment.id, [Transition.main: population(of: enrichment, inbound(enrichment.from))])
            case .changeDimension(let change): set(change.id, [Transition.main: population(of: change, inbound(change.from))])
            case .wait(let wait): set(wait.id, [Transition.main: population(of: wait, inbound(wait.from))])
            case .save: break
            case .read, .deduplication, .reconciliation, .andJoin, .test, .channel, .alert: preconditionFailure("refused when it is read")
            }
        }
        return found
    }

    private mutating func population(of build: BuildAudience) -> Population {
        let frame = Frame(table: tables.number(of: build.dimension))
        return Population(frame: frame, who: self.build(build.filter ?? .literal(.boolean(true)), in: frame))
    }

    private mutating func population(of wait: Wait, _ inbound: Population) -> Population {
        guard case .until(let until) = wait.period else { preconditionFailure("refused when it is read") }
        let isOver = Expression.compare(.greaterOrEqual, .clock(offset: 0, unit: .seconds, zone: "UTC"), .literal(.instant(until)))
        let table = inbound.frame.table
        return Population(frame: inbound.frame, who: junction(.and, [inbound.who, build(isOver, table: table)], table))
    }

    /// "Each row takes the linked record's key, duplicates kept. No linked record: the row stays, without a key."
    private mutating func population(of change: ChangeDimension, _ inbound: Population) -> Population {
        var changed = inbound
        for step in change.path { changed.frame.record.append(linkPlace(step.link)) }
        return changed
    }

    private mutating func population(of enrichment: Enrichment, _ inbound: Population) -> Population {
        var enriched = inbound
        for column in enrichment.columns { enriched.frame.columns[column.name] = build(column.value, in: inbound.frame) }
        return enriched
    }
}
