// Alerts: "Raised in the commit in which `when` becomes true of `recCount`, at publish too, and again only after a commit in which it was
// not; an inactive one is never raised." Whether it is true is a gate that lets nobody through (Operators/Gate).
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
    mutating func openAlert(_ definition: Alert, of population: Population, in campaign: String, wasTrue: Bool) -> OpenAlert {
        let counter = counter(of: population)
        var when = build(definition.when, in: countFrame(counter))
        if let isActive = population.isActive { when = junction(.and, [when, isActive], plan.nodes[when].table) }
        let node = gateNode(GateKey(counter: counter, when: when))
        _ = retain(node)
        return OpenAlert(
            campaign: campaign, definition: definition, gate: plan.nodes[node].gate, node: node, counter: counter, wasTrue: wasTrue)
    }

    mutating func closeAlert(_ alert: OpenAlert) {
        release(alert.node)
    }

    /// The commit ends: alerts that have become true.
    mutating func raiseAlerts(into difference: Difference) {
        for id in audiences.alertingCampaigns {
            guard var following = audiences.campaigns[id]?.following else { continue }
            for (activity, alert) in following.alerts {
                let isTrue = plan.gates[alert.gate].isOpen
                guard isTrue != alert.wasTrue else { continue }
                following.alerts[activity]!.wasTrue = isTrue
                if !isTrue { continue }
                difference.alerts.append(
                    Difference.Alert(
                        campaign: id, activity: activity, title: alert.definition.title, message: alert.definition.message,
                        rows: plan.gates[alert.counter].rows.count))
            }
            audiences.campaigns[id]!.following = following
        }
    }
}
