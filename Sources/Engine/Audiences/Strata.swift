// In which order operators settle when audiences are read: what reads an audience after what writes it. A campaign is one stratum above the
// highest audience that it reads, an audience in that of the highest campaign that writes it (AudienceRegistry); an operator is in the
// stratum of what it reads, whoever asks for it.
import Campaigns

extension Engine {
    /// Finds the strata of all operators that are asked for, after the writers or readers of audiences have changed. Nothing is marked
    /// then.
    mutating func findStrata() {
        audiences.highestStratum = audiences.registry.highestStratum
        if audiences.tables.isEmpty || Omission.findingStrata.isOn { return }
        var strata = StrataSearch()
        for number in plan.operators.live.all {
            let (condition, nodes) = rowsAndNodes(of: number)
            var stratum: Int32 = 0
            if let condition { stratum = self.stratum(of: plan.conditions[condition].node, &strata) }
            for node in nodes { stratum = max(stratum, self.stratum(of: node, &strata)) }
            for link in links(of: number) { stratum = max(stratum, self.stratum(of: link)) }
            plan.operators[number].stratum = stratum
        }
    }

    /// What was found of nodes.
    private struct StrataSearch {
        var found: [NodeNumber: Int32] = [:]
    }

    private func stratum(of number: NodeNumber, _ search: inout StrataSearch) -> Int32 {
        if let found = search.found[number] { return found }
        let node = plan.nodes[number]
        var stratum = audienceStratum(of: node.table)
        switch node.operation {
        case .follow: stratum = max(stratum, self.stratum(of: node.link), self.stratum(of: node.behind, &search))
        case .member: stratum = max(stratum, self.stratum(of: node.condition, &search))
        case .isPair: stratum = max(stratum, plan.operators[plan.pairs[node.pairs].rowOperator].stratum)
        case .isOpen: stratum = max(stratum, plan.operators[plan.gates[node.gate].number].stratum)
        case .recordCount: stratum = max(stratum, self.stratum(of: plan.gates[node.counter].condition, &search))
        case .count, .sum, .average, .minimum, .maximum, .countDistinct:
            stratum = max(stratum, self.stratum(ofAccumulator: node.accumulator, &search))
        default:
            for part in plan.nodes.parts(of: node) { stratum = max(stratum, self.stratum(of: part, &search)) }
        }
        search.found[number] = stratum
        return stratum
    }

    private func stratum(of condition: Number<Condition>, _ search: inout StrataSearch) -> Int32 {
        if let number = plan.conditions[condition].decidedBy { return plan.operators[number].stratum }
        return stratum(of: plan.conditions[condition].node, &search)
    }

    private func stratum(ofAccumulator number: Number<Accumulator>, _ search: inout StrataSearch) -> Int32 {
        var stratum = self.stratum(of: plan.accumulators[number].condition, &search)
        for link in plan.accumulators[number].links + plan.accumulators[number].tail { stratum = max(stratum, self.stratum(of: link)) }
        if let value = plan.accumulators[number].value { stratum = max(stratum, self.stratum(of: value, &search)) }
        return stratum
    }

    /// Of a link that an operator moves, that of the operator; of any, that of the audience it leads to.
    private func stratum(of link: LinkPlace) -> Int32 {
        var stratum = audienceStratum(of: tables.target(of: link))
        if let number = tables[link].settledBy { stratum = max(stratum, plan.operators[number].stratum) }
        if let choice = tables[link].choice { stratum = max(stratum, plan.operators[plan.choices[choice].number].stratum) }
        return stratum
    }

    /// One more than the stratum of the audience whose members the rows of a table are; 0 of other tables.
    private func audienceStratum(of table: TableNumber) -> Int32 {
        for (audience, read) in audiences.tables where read.table == table {
            return Int32(1 + audiences.registry.stratum(ofAudience: audience))
        }
        return 0
    }

    /// The links that an operator walks.
    private func links(of number: OperatorNumber) -> [LinkPlace] {
        switch plan.operators[number].kind {
        case .choice(let choice): plan.choices[choice].key.record
        case .pairs(let pairs, _): plan.pairs[pairs].key.record + [plan.pairs[pairs].key.back]
        case .link, .ranking, .gate, .waiting: []
        }
    }
}
