// The resources of the HTTP API (contract §8): one table of routes, from which they are served and described.
import Campaigns
import Engine
import HTTP
import Storage

struct Resources: Sendable {
    let interface: Interface
    let publisher: ControlPublisher
    let group: String
    let metrics: Metrics
    let snapshotFolder: SnapshotFolder
    let readings: TopicReadings
    /// Draws the pages of the console.
    let drawing = SideThread(mostWaiting: 64)
    let tokens = TokenUses()

    /// Under which all of it stands.
    static let root = "/api/v1"

    /// The table.
    var routes: [Route] {
        let all = reads + changes + [followed] + DescribedDocument.all.map(\.route)
        let description = OpenAPI.document(of: all + [described { Response(json: .null) }], version: Program.version)
        let served = all + [described { Response(document: description) }] + health
        return served + console(over: served)
    }

    private func described(_ answer: @escaping @Sendable () -> Response) -> Route {
        Route(
            .get, "\(Resources.root)/openapi.json", name: "openapi", summary: "This description.", role: .observe
        ) { _, responder in responder.answer(answer()) }
    }

    /// What shows committed state: all of it may be asked for as of a commit that is yet to come.
    private var reads: [Route] {
        let page = [
            QueryParameter("after", .text(maximumBytes: 4096), "The cursor `next` of the page before."),
            QueryParameter("limit", .integer(1...1000), default: "100", "The most items of a page; one may be shorter."),
        ]
        let states = ["live", "scheduled", "completed", "stopped"]
        return [
            read(
                "status", "status", "What is committed, and how much there is.",
                [QueryParameter("figures", .flag, default: "0", "1 adds what the daemon has counted since its start.")], handler: status),
            read(
                "audiences", "audiences", "The audiences, by id.",
                [
                    QueryParameter("q", .text(maximumBytes: 1024), "A part of the id or the label, in small or large letters."),
                    QueryParameter("state", .choice(states + ["retired"]), "Only those in this state."),
                    QueryParameter("campaign", .text(maximumBytes: 1024), "Only those of this campaign."),
                    QueryParameter("trend", .flag, default: "0", "1 adds the last 24 hours of each."),
                ] + page, handler: audiences),
            read("audiences/{id}", "audience", "One audience.", handler: audience),
            read(
                "audiences/{id}/members", "members", "The members of an audience, by the bytes of their identities.", role: .read,
                [
                    QueryParameter("prefix", .text(maximumBytes: 1024), "What identities begin with."),
                    QueryParameter("validUntil", .flag, default: "0", "1 adds when each leaves if nothing is written."),
                ] + page, handler: members),
            read(
                "audiences/{id}/members/{namespace}/{identity}", "explain-identity", "Why somebody is a member, or is not.", role: .read,
                handler: explainIdentity),
            read(
                "audiences/{id}/rows/{key}", "explain-record", "Why the record of a key makes a member, or does not.", role: .read,
                handler: explainRecord),
            read(
                "audiences/{id}/history", "history", "How large an audience was, and how many entered and left.",
                [
                    QueryParameter("from", .instant, "The first instant; without it, the oldest step that is kept."),
                    QueryParameter("to", .instant, "The last instant; without it, now."),
                    QueryParameter(
                        "step", .choice(HistoryStep.allCases.map(\.rawValue)), default: "PT5M",
                        "Two hours, a day, a week, a month are kept."),
                ], handler: history),
            costly(
                "audiences/{id}/outlook", "outlook", "Who is in other than now, some time ahead, if nothing is written.", role: .read,
                [
                    QueryParameter(
                        "for", .choice(Resources.outlooks.map(\.name)), default: "P1D", "How far ahead: an hour, a day, two, a week.")
                ], handler: outlook),
            read("audiences/{id}/snapshots", "snapshots", "The snapshots of an audience, the newest first.", handler: snapshots),
            read(
                "audiences/{id}/snapshots/{sequence}/{file}", "snapshot-file", "One file of a snapshot.", role: .read,
                answers: ["application/octet-stream", "application/json"], handler: snapshotFile),
            read(
                "campaigns", "campaigns", "The campaigns, by id.",
                [QueryParameter("state", .choice(states), "Only those in this state.")] + page, handler: campaigns),
            read(
                "campaigns/{id}", "campaign", "One campaign with its definition, and how many rows each transition carries.",
                handler: campaign),
            read(
                "campaigns/{id}/versions/{n}", "campaign-version", "One version of a campaign with its definition, and when it went live.",
                handler: campaignVersion),
            read(
                "campaigns/{id}/transitions/{from}/rows", "transition-rows", "Keys of rows at a transition, up to a limit.", role: .read,
                [QueryParameter("limit", .integer(1...1000), default: "100", "The most rows.")], handler: transitionRows),
            read("schemas", "schemas", "The names of the schemas.", handler: schemas),
            read("schemas/{name}", "schema", "One schema with its definition.", handler: schema),
            read(
                "dead-letters", "dead-letters", "Records that were refused, and why; keys, values and headers for the role read alone.",
                Resources.deadLetterFilters + page, handler: deadLetters),
            read("publications/{offset}", "publication", "What became of a control event.", handler: publication),
        ]
    }

    private var followed: Route {
        Route(
            .get, Resources.root + "/events", name: "events", summary: "Server-sent events: the state of what a page shows, as it changes.",
            role: .observe,
            query: [QueryParameter("for", .text(maximumBytes: 1100), default: "system", "audiences, audience:ID, campaign:ID or system.")],
            answers: ["text/event-stream"], handler: events)
    }

    /// What changes something: a control event each.
    var changes: [Route] {
        let root = Resources.root
        let wait = [Resources.wait]
        return [
            Route(
                .post, root + "/campaigns", name: "publish-campaign", summary: "Publishes a campaign: a new one, or a new version.",
                role: .publish, query: wait, content: .definitions, handler: publishCampaign),
            Route(
                .post, root + "/campaigns:validate", name: "validate-campaign",
                summary: "Every problem of a campaign; nothing is published.", role: .observe, content: .definitions,
                handler: validateCampaign),
            Route(
                .post, root + "/campaigns:plan", name: "plan-campaigns",
                summary: "What publishing a campaign, or an array of them, would do; nothing is published.", role: .read,
                content: .definitions, handler: planCampaigns),
            Route(
                .post, root + "/campaigns/{id}:stop", name: "stop-campaign", summary: "Stops a campaign; its audiences stay as they are.",
                role: .publish, query: wait, handler: stopCampaign),
            Route(
                .delete, root + "/campaigns/{id}", name: "delete-campaign",
                summary: "Deletes a campaign; audiences that it alone writes are emptied.", role: .publish, query: wait,
                handler: deleteCampaign),
            Route(
                .post, root + "/schemas", name: "publish-schema", summary: "Publishes a schema, or extends one.", role: .publish,
                query: wait, content: .definitions, handler: publishSchema),
            Route(
                .put, root + "/log-level", name: "log-level", summary: "Shows another level of the log for a while.", role: .publish,
                content: Route.Content(maximumBytes: 4096), handler: setLogLevel),
        ]
    }

    private static let wait = QueryParameter(
        "wait", .integer(0...30), default: "10", "Seconds that the answer waits for the commit.")

    /// What takes a copy of the state to answer.
    private func costly(
        _ path: String, _ name: String, _ summary: String, role: Role, _ query: [QueryParameter], handler: @escaping Route.Handler
    ) -> Route {
        var route = read(path, name, summary, role: role, query, handler: handler)
        route.isCostly = true
        return route
    }

    private func read(
        _ path: String, _ name: String, _ summary: String, role: Role = .observe, _ query: [QueryParameter] = [],
        answers: [String] = ["application/json"], handler: @escaping Route.Handler
    ) -> Route {
        let atLeast = QueryParameter("atLeast", .integer(0...Int64.max), "The answer shows this commit or a later one, else it is 412.")
        return Route(
            .get, "\(Resources.root)/\(path)", name: name, summary: summary, role: role, query: query + [atLeast, Resources.wait],
            answers: answers
        ) { request, responder in
            guard interface.committed({ $0.isThere }) else { return responder.answer(Questions.starting) }
            guard let sequence = request.query.integer("atLeast") else { return handler(request, responder) }
            let seconds = request.query.integer("wait") ?? 10
            interface.waiters.wait(until: sequence, for: .seconds(seconds), responder) {
                handler(request, responder)
            } late: { newest in
                ProblemDocument(
                    .sequenceNotReached, "waited \(seconds) s for \(sequence), the newest commit is \(newest)",
                    members: [JSON.Member("sequence", .integer(newest))])
            }
        }
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
