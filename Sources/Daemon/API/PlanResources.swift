// Plans over HTTP: what publishing would do, and what time alone will. Nothing is published, nothing emitted.
import Campaigns
import HTTP

extension Resources {
    /// POST campaigns:plan. One campaign, or an array of those that are to be published one after the other.
    func planCampaigns(_ request: Request, _ responder: Responder) {
        guard let body = json(in: request, responder) else { return }
        var definitions = [body]
        if case .array(let items) = body { definitions = items }
        guard (1...PlannedCampaigns.mostCampaigns).contains(definitions.count) else {
            return responder.answer(
                ProblemDocument(
                    .bodyMalformed, "\(definitions.count) campaigns in one plan",
                    hint: "a campaign, or an array of 1 to \(PlannedCampaigns.mostCampaigns) of them"))
        }
        interface.plans.ask(Plans.Order(trial: .publishing(definitions), recipient: Recipient(responder)))
    }

    /// How far is looked ahead, in milliseconds.
    static let outlooks: [(name: String, milliseconds: Int64)] = [
        ("PT1H", 3_600_000), ("P1D", 86_400_000), ("P2D", 172_800_000), ("P7D", 604_800_000),
    ]

    /// GET audiences/{id}/outlook.
    func outlook(_ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        guard interface.committed({ $0.audiences[id] != nil }) else {
            return responder.answer(unknown("audience", id, known: \.audienceIds))
        }
        let span = request.query.text("for") ?? "P1D"
        let milliseconds = Self.outlooks.first { $0.name == span }!.milliseconds
        interface.plans.ask(
            Plans.Order(trial: .waiting(milliseconds: milliseconds, audience: id), recipient: Recipient(responder)))
    }
}
