// In which order operators settle when audiences are read: what reads an audience after what writes it. A campaign is one stratum above the
// highest audience that it reads, an audience in that of the highest campaign that writes it (AudienceRegistry); an operator is in the
// stratum of what it reads, whoever asks for it.
import Campaigns

extension Engine {
    /// Finds the strata of the operators that campaigns ask for: those that were opened, and those that read audiences whose writers or
    /// readers have changed. Of a campaign that reads no audience there is nothing to find. Nothing is marked then.
    mutating func findStrata(of campaigns: some Sequence<String>) {
        if audiences.tables.isEmpty || Omission.findingStrata.isOn { return }
        var search = StrataSearch()
        for id in campaigns {
            guard let state = audiences.campaigns[id], !state.definition.reads.isEmpty, let following = state.following else { continue }
            findStrata(of: following, &search)
        }
        statistics.partsVisitedByPublish += search.nodes.count + search.operators.count
        for (number, stratum) in search.operators { plan.operators[number].stratum = stratum }
    }

    /// What was found.
    private struct StrataSearch {
        var nodes: [NodeNumber: Int32] = [:]
        var operators: [OperatorNumber: Int32] = [:]
    }

    private func findStrata(of following: Following, _ search: inout StrataSearch) {
        var nodes = following.alerts.values.map { audiences.alerts[$0].node }
        for number in following.saves.values {
            _ = stratum(of: audiences.saves[number].condition, &search)
            _ = stratum(of: audiences.saves[number].link, &search)
            nodes += audiences.saves[number].nodes
        }
        for number in following.channels.values {
            _ = stratum(of: audiences.channels[number].condition, &search)
            _ = stratum(of: audiences.channels[number].link, &search)
            nodes += audiences.channels[number].deciding + audiences.channels[number].attributes.all + [audiences.channels[number].key]
        }
        for condition in following.waits.values { _ = stratum(of: condition, &search) }
        for node in nodes { _ = stratum(of: node, &search) }
    }

    /// The stratum of an operator, found anew.
    func stratum(of number: OperatorNumber) -> Int32 {
        var search = StrataSearch()
        return stratum(of: number, &search)
    }

    private func stratum(of number: OperatorNumber, _ search: inout StrataSearch) -> Int32 {
        if let found = search.operators[number] { return found }
        let (condition, nodes) = rowsAndNodes(of: number)
        var stratum: Int32 = 0
        if let condition { stratum = self.stratum(of: plan.conditions[condition].node, &search) }
        for node in nodes { stratum = max(stratum, self.stratum(of: node, &search)) }
        for link in links(of: number) { stratum = max(stratum, self.stratum(of: link, &search)) }
        search.operators[number] = stratum
        return stratum
    }

    private func stratum(of number: NodeNumber, _ search: inout StrataSearch) -> Int32 {
        if let found = search.nodes[number] { return found }
        let node = plan.nodes[number]
        var stratum = audienceStratum(of: node.table)
        switch node.operation {
        case .follow: stratum = max(stratum, self.stratum(of: node.link, &search), self.stratum(of: node.behind, &search))
        case .member: stratum = max(stratum, self.stratum(of: node.condition, &search))
        case .isPair:
            _ = self.stratum(of: plan.pairs[node.pairs].recordOperator, &search)
            stratum = max(stratum, self.stratum(of: plan.pairs[node.pairs].rowOperator, &search))
        case .isOpen:
            // Whom it lets through is asked for too, and nothing that it hangs on.
            _ = self.stratum(of: plan.gates[plan.gates[node.gate].key.counter].condition, &search)
            stratum = max(stratum, self.stratum(of: plan.gates[node.gate].number, &search))
        case .recordCount: stratum = max(stratum, self.stratum(of: plan.gates[node.counter].condition, &search))
        case .count, .sum, .average, .minimum, .maximum, .countDistinct:
            stratum = max(stratum, self.stratum(ofAccumulator: node.accumulator, &search))
        default:
            for part in plan.nodes.parts(of: node) { stratum = max(stratum, self.stratum(of: part, &search)) }
        }
        search.nodes[number] = stratum
        return stratum
    }

    private func stratum(of condition: Number<Condition>, _ search: inout StrataSearch) -> Int32 {
        if let number = plan.conditions[condition].decidedBy { return stratum(of: number, &search) }
        return stratum(of: plan.conditions[condition].node, &search)
    }

    private func stratum(ofAccumulator number: Number<Accumulator>, _ search: inout StrataSearch) -> Int32 {
        var stratum = self.stratum(of: plan.accumulators[number].condition, &search)
        for link in plan.accumulators[number].links + plan.accumulators[number].tail {
            stratum = max(stratum, self.stratum(of: link, &search))
        }
        if let value = plan.accumulators[number].value { stratum = max(stratum, self.stratum(of: value, &search)) }
        return stratum
    }

    /// Of a link that an operator moves, that of the operator; of any, that of the audience it leads to.
    private func stratum(of link: LinkPlace, _ search: inout StrataSearch) -> Int32 {
        var stratum = audienceStratum(of: tables.target(of: link))
        if let number = tables[link].settledBy { stratum = max(stratum, self.stratum(of: number, &search)) }
        if let choice = tables[link].choice { stratum = max(stratum, self.stratum(of: plan.choices[choice].number, &search)) }
        // What decides the values that it is about is asked for too.
        for step in tables[link].record ?? [] { _ = self.stratum(of: step, &search) }
        if let node = tables[link].node { _ = self.stratum(of: node, &search) }
        return stratum
    }

    /// One more than the stratum of the audience whose members the rows of a table are; 0 of other tables.
    private func audienceStratum(of table: TableNumber) -> Int32 {
        let name = tables[table].schema.name
        guard audiences.tables[name]?.table == table else { return 0 }
        return Int32(1 + audiences.registry.stratum(ofAudience: name))
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
