// What an audit looks at: everything that is kept while somebody asks for it, and how many places of each there are to look at.
import Campaigns

extension Engine {
    /// All that is kept now: what is made of others after them.
    func auditParts() -> [AuditPart] {
        var parts = plan.terms.live.all.map { AuditPart.term($0) }
        for table in tables.all {
            for order in tables[table].orders.all where tables[table].orders[order].isRead { parts.append(.order(table, order)) }
            for number in tables[table].links.numbers {
                let link = LinkPlace(table: table, number: number)
                if tables[link].isByKey || tables[link].watchers > 0 { parts.append(.link(link)) }
            }
        }
        for condition in plan.conditions.all where isKept(condition) { parts.append(.condition(condition)) }
        for accumulator in plan.accumulators.all where plan.accumulators[accumulator].references > 0 {
            parts.append(.accumulator(accumulator))
        }
        for counter in plan.gates.allCounters where plan.gates[counter].readers > 0 { parts.append(.counter(counter)) }
        for number in plan.operators.live.all {
            switch plan.operators[number].kind {
            case .link, .pairs(_, ofRows: false): break
            case .choice(let choice): parts.append(.choice(choice))
            case .ranking(let ranking): parts.append(.ranking(ranking))
            case .pairs(let pairs, ofRows: true): parts.append(.pairs(pairs))
            case .gate(let gate): parts.append(.gate(gate))
            case .waiting(let waiting): parts.append(.waiting(waiting))
            }
        }
        for save in audiences.open.all { parts += [.members(save), .rejected(save)] }
        for (id, campaign) in audiences.campaigns.sorted(by: { $0.key.isBefore($1.key) }) {
            guard let following = campaign.following else { continue }
            parts += following.channels.values.sorted().map { .channel($0) }
            if !following.alerts.isEmpty { parts.append(.alerts(id)) }
        }
        parts += (0..<audiences.count).map { .size($0) }
        parts += audiences.tables.keys.sorted { $0.isBefore($1) }.map { .audienceTable($0) }
        return parts
    }

    /// Whether it keeps rows that its node decides; those of others are an operator's.
    private func isKept(_ condition: Number<Condition>) -> Bool {
        plan.conditions[condition].references > 0 && plan.conditions[condition].decidedBy == nil
    }

    /// How many places there are to look at; 0 of what is no longer kept.
    func placeCount(of part: AuditPart) -> Int {
        switch part {
        case .term(let term): plan.terms[term].readers > 0 ? 1 : 0
        case .order(let table, let order): tables[table].orders[order].isRead ? tables[table].states.count : 0
        case .link(let link): max(tables[link.table].states.count, tables[link].target.map { tables[$0].keys.count } ?? 0)
        case .condition(let condition): isKept(condition) ? tables[plan.conditions[condition].table].states.count : 0
        case .accumulator(let accumulator):
            plan.accumulators[accumulator].references > 0
                ? AccumulatorScan.blockCount(of: tables[plan.accumulators[accumulator].parent].keys.count) : 0
        case .choice(let choice):
            tables[plan.choices[choice].link].watchers > 0 ? tables[plan.choices[choice].link.table].keys.count : 0
        case .ranking(let ranking): placeCount(decidedBy: plan.rankings[ranking].number, plan.rankings[ranking].key.condition)
        case .pairs(let pairs): placeCount(decidedBy: plan.pairs[pairs].rowOperator, plan.pairs[pairs].key.condition)
        case .waiting(let waiting): placeCount(decidedBy: plan.waits[waiting].number, plan.waits[waiting].key.condition)
        case .counter(let counter):
            plan.gates[counter].readers > 0 ? tables[plan.conditions[plan.gates[counter].condition].table].states.count : 0
        case .gate(let gate): isAsked(plan.gates[gate].number) ? 1 : 0
        case .members(let save): audiences.saves[save].isOpen ? tables[tables.target(of: audiences.saves[save].link)].keys.count : 0
        case .rejected(let save): audiences.saves[save].isOpen ? 1 : 0
        case .channel(let channel):
            isFollowed(channel) ? tables[tables.target(of: audiences.channels[channel].link)].keys.count : 0
        case .alerts(let campaign): audiences.campaigns[campaign]?.following == nil ? 0 : 1
        case .size(let audience): audiences[audience].isRetired ? 0 : 1
        case .audienceTable(let audience): audienceTablePlaces(audience)
        }
    }

    private func isAsked(_ number: OperatorNumber) -> Bool { plan.operators[number].readers > 0 }

    private func placeCount(decidedBy number: OperatorNumber, _ condition: Number<Condition>) -> Int {
        isAsked(number) ? tables[plan.conditions[condition].table].states.count : 0
    }

    private func isFollowed(_ channel: Number<OpenChannel>) -> Bool {
        let definition = audiences.channels[channel].definition
        return audiences.campaigns[audiences.channels[channel].campaign]?.following?.channels[definition.id] == channel
    }

    /// The table or audience that something is about, for people.
    func subject(of part: AuditPart) -> String {
        switch part {
        case .term(let term): tables[plan.nodes[plan.terms[term].node].table].schema.name
        case .order(let table, _): tables[table].schema.name
        case .link(let link): tables[link.table].schema.name
        case .condition(let condition): name(ofRowsOf: condition)
        case .accumulator(let accumulator): tables[plan.accumulators[accumulator].parent].schema.name
        case .choice(let choice): tables[plan.choices[choice].link.table].schema.name
        case .ranking(let ranking): name(ofRowsOf: plan.rankings[ranking].key.condition)
        case .pairs(let pairs): name(ofRowsOf: plan.pairs[pairs].key.condition)
        case .waiting(let waiting): name(ofRowsOf: plan.waits[waiting].key.condition)
        case .counter(let counter): name(ofRowsOf: plan.gates[counter].condition)
        case .gate(let gate): name(ofRowsOf: plan.gates[plan.gates[gate].key.counter].condition)
        case .members(let save), .rejected(let save): audiences[audiences.saves[save].audience].id
        case .channel(let channel): "\(audiences.channels[channel].campaign) \(audiences.channels[channel].definition.id)"
        case .alerts(let campaign): campaign
        case .size(let audience): audiences[audience].id
        case .audienceTable(let audience): audience
        }
    }

    private func name(ofRowsOf condition: Number<Condition>) -> String { tables[plan.conditions[condition].table].schema.name }
}
