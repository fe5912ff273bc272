// The rows at a transition of a campaign: found in slices between commits, and shown as of the last of these.
import Campaigns
import Engine
import HTTP

extension Resources {
    /// A question looks at so many places of a table, which takes about a millisecond.
    static let visits = 2000

    /// GET campaigns/{id}/transitions/{from}/rows.
    func transitionRows(_ request: Request, _ responder: Responder) {
        let (id, text) = (request.parameters["id"]!, request.parameters["from"]!)
        guard interface.committed({ $0.campaigns[id] != nil }) else {
            return responder.answer(unknown("campaign", id, known: \.campaignIds))
        }
        let limit = Int(request.query.integer("limit") ?? 100)
        interface.questions.ask(.rows, responder) { machine in
            let known = machine.engine.transitions(of: id)
            // One that is stopped, or outside its validity, has no rows anywhere.
            if known.isEmpty { return .gathered { Resources.answer([], hasMore: false) } }
            guard let transition = known.first(where: { $0.text == text }) else {
                let hint = NearestName.hint(for: text, among: known.map(\.text).sorted(by: isBefore))
                return .written(
                    ProblemDocument(.notFound, "the campaign \(shown(id)) has no transition \(shown(text))", hint: hint).response)
            }
            return step(Walk(campaign: id, transition: transition, limit: limit), machine, responder)
        }
    }

    /// What was found so far.
    private struct Walk: Sendable {
        let campaign: String
        let transition: Transition
        let limit: Int
        var places: [Int32] = []
        var next = 0
    }

    /// Looks at a few places; nil: there are more, and another question goes on.
    private func step(_ walk: Walk, _ machine: StateMachine, _ responder: Responder) -> CommittedAnswer? {
        var walk = walk
        let most = walk.limit - walk.places.count
        let found = machine.engine.rows(at: walk.transition, of: walk.campaign, from: walk.next, most: most, visiting: Resources.visits)
        walk.places += found?.places ?? []
        if let next = found?.next, walk.places.count < walk.limit {
            walk.next = next
            let further = walk
            if !responder.isOver { interface.questions.ask(.rows, responder) { step(further, $0, responder) } }
            return nil
        }
        // Some may have gone since they were found: what is shown is one state.
        let names = machine.engine.names(ofRows: walk.places, at: walk.transition, of: walk.campaign)
        let hasMore = found?.next != nil
        return .gathered { Resources.answer(names, hasMore: hasMore) }
    }

    private static func answer(_ names: [Explanation.Name], hasMore: Bool) -> Response {
        let items = names.map { name in
            JSON.object([JSON.Member("schema", .string(name.schema)), JSON.Member("key", name.key.map(JSON.string) ?? .null)])
        }
        return Response(
            json: .object([JSON.Member("items", .array(items)), JSON.Member("next", .null), JSON.Member("more", .boolean(hasMore))]))
    }
}
