// wait: "`duration`: a row (by row id) passes once it has been in the inbound without a break for the duration, by the clock […]. `until`:
// nothing before, everything after." The first is decided by who has waited (Operators/Waiting), the second by the clock alone.
import Campaigns

extension Wait: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        [Transition.main: engine.population(of: self, inbounds.first, in: inbounds.campaign)]
    }
}

extension Engine {
    fileprivate mutating func population(of wait: Wait, _ inbound: Population, in campaign: Campaign) -> Population {
        let table = inbound.frame.table
        switch wait.period {
        case .until(let instant):
            let now = Expression.clock(offset: 0, unit: .seconds, zone: "UTC")
            let isOver = build(.compare(.greaterOrEqual, now, .literal(.instant(instant))), table: table)
            return Population(frame: inbound.frame, who: junction(.and, [inbound.who, isOver], table))
        case .duration(let duration, let timezone):
            let condition = waited(
                WaitingKey(
                    campaign: campaign.id, activity: wait.id, duration: duration, zone: zoneNumber(timezone),
                    condition: plan.conditions.intern(table: table, node: inbound.who), rowId: rowId(of: inbound.frame)))
            return Population(frame: inbound.frame, who: plan.conditions[condition].node)
        }
    }
}
