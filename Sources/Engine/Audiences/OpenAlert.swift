// Alerts: "Raised in the commit in which `when` becomes true of `recCount`, at publish too, and again only after a commit in which it was
// not; an inactive one is never raised." Whether it is true is a gate that lets nobody through (Operators/Gate). When a commit ends only
// those are looked at whose gates have moved in it, and those that it has opened.
import Campaigns

struct OpenAlert {
    let campaign: String
    let definition: Alert
    let gate: Number<Gate>
    /// The node of the gate, which is read while the alert is followed.
    let node: NodeNumber
    let counter: Number<Counter>
    /// Whether it was true when the last commit ended.
    var wasTrue: Bool
}

extension Engine {
    mutating func openAlert(_ definition: Alert, of population: Population, in campaign: String, wasTrue: Bool) -> Number<OpenAlert> {
        let counter = counter(of: population)
        var when = build(definition.when, in: countFrame(counter))
        if let isActive = population.isActive { when = junction(.and, [when, isActive], plan.nodes[when].table) }
        let node = gateNode(GateKey(counter: counter, when: when))
        _ = retain(node)
        let gate = plan.nodes[node].gate
        let number = audiences.alerts.nextNumber
        audiences.alerts.append(
            OpenAlert(campaign: campaign, definition: definition, gate: gate, node: node, counter: counter, wasTrue: wasTrue))
        audiences.alertsOfGates[gate, default: []].insert(number)
        pending.movedGates.append(gate)
        return number
    }

    mutating func closeAlert(_ number: Number<OpenAlert>) {
        let gate = audiences.alerts[number].gate
        audiences.alertsOfGates[gate]!.remove(number)
        if audiences.alertsOfGates[gate]!.isEmpty { audiences.alertsOfGates[gate] = nil }
        release(audiences.alerts[number].node)
    }

    /// The commit ends: alerts that have become true.
    mutating func raiseAlerts(into difference: Difference) {
        for gate in pending.movedGates {
            for number in audiences.alertsOfGates[gate] ?? [] { raise(number, into: difference) }
        }
        pending.movedGates.removeAll()
    }

    private mutating func raise(_ number: Number<OpenAlert>, into difference: Difference) {
        statistics.partsVisitedByPublish += 1
        let alert = audiences.alerts[number]
        let isTrue = plan.gates[alert.gate].isOpen
        guard isTrue != alert.wasTrue else { return }
        audiences.alerts[number].wasTrue = isTrue
        if !isTrue { return }
        difference.alerts.append(
            Difference.Alert(
                campaign: alert.campaign, activity: alert.definition.id, title: alert.definition.title, message: alert.definition.message,
                rows: plan.gates[alert.counter].rows.count))
    }
}
