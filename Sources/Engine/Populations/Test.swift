// test: outputs that are taken or not, all rows at once (Operators/Gate).
import Campaigns

extension Test: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        engine.populations(of: self, inbounds.first)
    }
}

extension Engine {
    /// "The first condition that is true of `recCount` (rows of the inbound) names the active output, which carries the inbound; otherwise
    /// `default`, if enabled."
    fileprivate mutating func populations(of test: Test, _ inbound: Population) -> [String: Population] {
        let table = inbound.frame.table
        let counter = counter(of: inbound)
        let counted = countFrame(counter)
        var outputs: [String: Population] = [:]
        var before: [NodeNumber] = []
        for condition in test.conditions {
            let when = build(condition.when, in: counted)
            outputs[condition.name] = gated(inbound, counter, without(when, before, table))
            before.append(when)
        }
        if test.hasDefault {
            let otherwise = build(.literal(.boolean(true)), table: table)
            outputs[Test.otherwise] = gated(inbound, counter, without(otherwise, before, table))
        }
        return outputs
    }

    /// The rows of a population while something is true, of counts, gates and the clock.
    mutating func gated(_ population: Population, _ counter: Number<Counter>, _ when: NodeNumber) -> Population {
        let gate = gateNode(GateKey(counter: counter, when: when))
        let who = junction(.and, [population.who, gate], population.frame.table)
        return Population(frame: population.frame, who: who, isActive: gate)
    }

    mutating func counter(of population: Population) -> Number<Counter> {
        plan.gates.counter(of: plan.conditions.intern(table: population.frame.table, node: population.who))
    }

    /// What expressions of counts are about: `recCount` and nothing else.
    mutating func countFrame(_ counter: Number<Counter>) -> Frame {
        let node = countNode(counter)
        return Frame(table: plan.nodes[node].table, columns: [RecordCount.name: node])
    }
}
