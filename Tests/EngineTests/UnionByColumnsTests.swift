// Goal: what has met by columns meets others by the same columns, and a commit ends. Method: a row with null, which meets nobody at a row
// of its own, goes through a combine over the complement of another (found by seed 8462 of random histories).
import Campaigns
import Oracle
import Testing

@Suite struct UnionByColumnsTests {
    private static let schema = Schema(
        name: "rows",
        fields: [Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "group", type: .boolean)],
        primaryKey: [0], version: nil, identities: [Identity(field: 1, namespace: "Email")], links: [])

    private func combine(_ id: String, _ operation: Combine.Operation, _ from: [Transition]) -> Activity {
        var combine = Combine(id: id, operation: operation, from: from, hasComplement: operation == .intersection)
        let group = Expression.field(FieldPath(steps: [], schema: "rows", field: 2, type: .boolean))
        combine.by = from.map { _ in [group] }
        return .combine(combine)
    }

    @Test func rowsThatHaveMetMeetAgain() throws {
        let identity = Expression.field(FieldPath(steps: [], schema: "rows", field: 1, type: .string))
        let nobody = Expression.compare(.equal, identity, .literal(.string("")))
        let (all, none) = (Transition(activity: "all"), Transition(activity: "none"))
        let campaign = Campaign(
            id: "campaign", name: "", timezone: "UTC",
            activities: [
                .build(BuildAudience(id: "all", dimension: "rows", filter: nil)),
                .build(BuildAudience(id: "none", dimension: "rows", filter: nobody)),
                combine("both", .intersection, [all, none]),
                combine("any", .union, [all, Transition(activity: "both", output: Combine.complement)]),
                .save(
                    SaveAudience(
                        id: "save", position: 4, from: Transition(activity: "any"), audience: "audience", label: "audience",
                        identity: identity, namespace: "Email", attributes: [])),
            ])
        func row(_ id: String, _ group: Bool?) -> Step {
            .upsert(table: "rows", row: [.text(Array(id.utf8)), .text(Array("\(id)@x".utf8)), group.map(Datum.boolean)])
        }
        let steps: [Step] = [.advance(0), .schema(Self.schema), .publish(campaign), row("a", nil), .commit, row("b", true), row("a", true)]
        #expect(try Simulation.run(steps + [.commit, row("a", nil), .commit]) > 0)
    }
}
