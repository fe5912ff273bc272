// Why members leave, enter or change by a plan, counted. Who leaves is asked what is against it then, who enters what was against it
// before, and who changes what differs. All are asked where they are few; else some, spread evenly over all of them.
import Campaigns
import Engine

struct PlannedReasons {
    /// What some have in common.
    struct Reason: Hashable {
        let status: MemberStatus
        let text: String
    }

    /// How many of those asked have each reason in common.
    private(set) var members: [Reason: Int] = [:]
    /// How many were asked.
    private(set) var asked: [MemberStatus: Int] = [:]

    /// Of all audiences of a plan so many are asked.
    static let mostAsked = 10_000
    /// Rows may be looked through for that, where no link back is kept; who would come after is not asked.
    static let mostRowsVisited = 200_000_000
    /// The others of a status are not told one by one.
    private static let mostOfStatus = 10

    /// The reasons of a status, those that most have first.
    func told(_ status: MemberStatus) -> [(text: String, members: Int)] {
        let reasons = members.filter { $0.key.status == status }.map { (text: $0.key.text, members: $0.value) }
        let sorted = reasons.sorted { $0.members == $1.members ? isBefore($0.text, $1.text) : $0.members > $1.members }
        guard sorted.count > Self.mostOfStatus else { return sorted }
        let rest = sorted[(Self.mostOfStatus - 1)...]
        return sorted.prefix(Self.mostOfStatus - 1) + [("\(rest.count) other reasons", rest.reduce(0) { $0 + $1.members })]
    }

    private mutating func note(_ status: MemberStatus, _ text: String) {
        members[Reason(status: status, text: text), default: 0] += 1
        asked[status, default: 0] += 1
    }
}

extension PlannedReasons {
    /// Asks those who leave or enter; nil: nobody wants to know any more.
    /// - Parameters:
    ///   - reasons: by audience.
    ///   - statuses: who leaves is asked on the state after, who enters and who changes on the one before.
    static func ask(
        _ reasons: inout [String: PlannedReasons], of audiences: [DryRunEffects.Audience], _ statuses: Set<MemberStatus>,
        on machine: StateMachine, whileWanted isWanted: () -> Bool
    ) -> Bool {
        let schemas = Dictionary(uniqueKeysWithValues: machine.catalog.schemas.map { ($0.name, $0) })
        let writer = ExpressionWriter { schemas[$0] }
        let visitedBefore = machine.engine.statistics.rowsVisitedByExplaining
        for audience in audiences {
            let number = machine.engine.number(ofAudience: audience.id)
            guard isWanted() else { return false }
            let compares = statuses.contains(.existing) && audience.sample.contains { $0.status == .existing }
            let members = number.flatMap { !compares || machine.engine.audience($0).isRetired ? nil : machine.engine.members(of: $0) }
            for member in audience.sample where statuses.contains(member.status) {
                guard isWanted() else { return false }
                guard machine.engine.statistics.rowsVisitedByExplaining - visitedBefore <= mostRowsVisited else { return true }
                let text: String
                if member.status == .existing {
                    text = difference(from: members?.attributes(of: member.identity), to: member.attributes)
                } else if let number {
                    let explanation = machine.engine.explain(
                        audience: number, namespace: member.namespace, identity: member.identity)
                    let subject = Explained.Subject.identity(
                        namespace: member.namespace, id: String(decoding: member.identity, as: UTF8.self))
                    text =
                        ExplainedSummary(
                            explanation: explanation, isRetired: machine.engine.audience(number).isRetired,
                            beginsAt: machine.beginsAt(explanation), subject: subject, writer: writer
                        ).obstacle
                } else {
                    text = "the audience is not there yet"
                }
                reasons[audience.id, default: PlannedReasons()].note(member.status, text)
            }
        }
        return true
    }

    /// Which attributes of a member change.
    private static func difference(from before: [UInt8]?, to after: [UInt8]) -> String {
        guard case .object(let now)? = before.flatMap({ JSON(text: $0) }), case .object(let then)? = JSON(text: after) else {
            return "the number of its rows changes"
        }
        let names = now.map(\.name) + then.map(\.name).filter { name in !now.contains { $0.name == name } }
        let changed = names.filter { name in now.first { $0.name == name }?.value != then.first { $0.name == name }?.value }
        if changed.isEmpty { return "the number of its rows changes" }
        return "\(changed.joined(separator: ", ")) \(changed.count == 1 ? "changes" : "change")"
    }
}
