// The resources of the HTTP API (contract §8): one table of routes, from which they are served and described.
import Campaigns
import Engine
import HTTP

struct Resources: Sendable {
    let interface: Interface
    let publisher: ControlPublisher
    let group: String
    let version: String

    /// Under which all of it stands.
    static let root = "/api/v1"

    /// The table.
    var routes: [Route] {
        let page = [
            QueryParameter("after", .text(maximumBytes: 4096), "The cursor `next` of the page before."),
            QueryParameter("limit", .integer(1...1000), default: "100", "The most items of a page; one may be shorter."),
        ]
        let wait = [
            QueryParameter("wait", .integer(0...30), default: "10", "Seconds that the answer waits for the commit; then it is 202.")
        ]
        let states = ["live", "scheduled", "completed", "stopped"]
        let (root, audience) = (Resources.root, Resources.root + "/audiences/{id}")
        return [
            Route(
                .get, root + "/status", name: "status", summary: "What is committed, and how much there is.", role: .observe,
                handler: status),
            Route(
                .get, root + "/audiences", name: "audiences", summary: "The audiences, by id.", role: .observe,
                query: [
                    QueryParameter("q", .text(maximumBytes: 1024), "A part of the id or the label, in small or large letters."),
                    QueryParameter("state", .choice(states + ["retired"]), "Only those in this state."),
                    QueryParameter("campaign", .text(maximumBytes: 1024), "Only those of this campaign."),
                ] + page, handler: audiences),
            Route(.get, audience, name: "audience", summary: "One audience.", role: .observe, handler: self.audience),
            Route(
                .get, audience + "/members", name: "members", summary: "The members of an audience, by the bytes of their identities.",
                role: .read, query: [QueryParameter("prefix", .text(maximumBytes: 1024), "What identities begin with.")] + page,
                handler: members),
            Route(
                .get, audience + "/members/{namespace}/{identity}", name: "explain-identity",
                summary: "Why somebody is a member, or is not.", role: .read, handler: explainIdentity),
            Route(
                .get, audience + "/rows/{key}", name: "explain-record",
                summary: "Why the record of a key makes a member, or does not.", role: .read, handler: explainRecord),
            Route(
                .get, root + "/campaigns", name: "campaigns", summary: "The campaigns, by id.", role: .observe,
                query: [QueryParameter("state", .choice(states), "Only those in this state.")] + page, handler: campaigns),
            Route(
                .get, root + "/campaigns/{id}", name: "campaign",
                summary: "One campaign with its definition, and how many rows each transition carries.", role: .observe, handler: campaign),
            Route(
                .post, root + "/campaigns", name: "publish-campaign", summary: "Publishes a campaign: a new one, or a new version.",
                role: .publish,
                query: wait, content: .definitions, handler: publishCampaign),
            Route(
                .post, root + "/campaigns:validate", name: "validate-campaign",
                summary: "Every problem of a campaign; nothing is published.",
                role: .observe, content: .definitions, handler: validateCampaign),
            Route(
                .post, root + "/campaigns/{id}:stop", name: "stop-campaign", summary: "Stops a campaign; its audiences stay as they are.",
                role: .publish, query: wait, handler: stopCampaign),
            Route(
                .delete, root + "/campaigns/{id}", name: "delete-campaign",
                summary: "Deletes a campaign; audiences that it alone writes are emptied.", role: .publish, query: wait,
                handler: deleteCampaign),
            Route(
                .post, root + "/schemas", name: "publish-schema", summary: "Publishes a schema, or extends one.", role: .publish,
                query: wait,
                content: .definitions, handler: publishSchema),
            Route(
                .get, root + "/publications/{offset}", name: "publication", summary: "What became of a control event.", role: .observe,
                handler: publication),
            Route(.get, root + "/schemas", name: "schemas", summary: "The names of the schemas.", role: .observe, handler: schemas),
            Route(
                .get, root + "/schemas/{name}", name: "schema", summary: "One schema with its definition.", role: .observe, handler: schema),
        ]
    }

    // What answers have in common.

    /// Answers with committed state.
    func send(_ json: JSON, tag: String?, to responder: Responder) {
        var response = Response(json: json)
        note(&response)
        response.entityTag = tag
        responder.answer(response)
    }

    func note(_ response: inout Response) {
        let (sequence, clock) = interface.committed { ($0.sequence, $0.clock) }
        response.note(sequence: sequence, clock: clock)
    }

    func unknown(_ what: String, _ id: String, known: @Sendable @escaping (CommittedState) -> [String]) -> ProblemDocument {
        let hint = NearestName.hint(for: id, among: interface.committed { known($0) })
        return ProblemDocument(.notFound, "there is no \(what) \(shown(id))", hint: hint)
    }

    /// The target of the page after one.
    func nextTarget(_ request: Request, _ cursor: String) -> String {
        let parts = request.target.split(separator: "?", maxSplits: 1)
        let others = (parts.count > 1 ? parts[1].split(separator: "&") : []).filter { !$0.hasPrefix("after=") }
        return parts[0] + "?" + (others.map(String.init) + ["after=\(cursor)"]).joined(separator: "&")
    }
}

extension TransitionCounts {
    /// As statistics and the API have them.
    var json: JSON {
        let values = [("rows", rows), ("unmatched", unmatched), ("ambiguous", ambiguous), ("rejected", rejected)]
        return .object(values.map { JSON.Member($0.0, .integer(Int64($0.1))) })
    }
}
