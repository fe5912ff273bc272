// Plans over HTTP: what publishing would do. Nothing is published, nothing emitted.
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
        interface.plans.ask(Plans.Order(definitions: definitions, recipient: Recipient(responder)))
    }
}
