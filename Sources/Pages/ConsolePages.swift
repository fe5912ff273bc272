// The table of all pages.
import Campaigns
import HTTP

/// Every page there is.
package enum ConsolePages {
    package static let all = audiences + campaigns + system + manual

    private static let cursor = QueryParameter("after", .text(maximumBytes: 4096), "The cursor of the page before.")

    // Audiences.

    private static let audiences = [
        ConsolePage(
            "/", "audiences", "All audiences.",
            query: [
                QueryParameter("q", .text(maximumBytes: 1024), "A part of the id or the label."),
                QueryParameter("state", .text(maximumBytes: 20), "Only those in this state."), cursor,
            ],
            asks: { request, _ in [.init(list(request))] },
            draw: { request, answers in
                AudiencesPage.page(answers[0], text: request.given("q"), state: request.given("state"), source: list(request))
            }),
        ConsolePage(
            "/audiences/{id}", "audience", "One audience and its members.",
            query: [QueryParameter("prefix", .text(maximumBytes: 1024), "What identities begin with."), cursor],
            asks: { request, _ in
                [
                    .init(audience(request)), .init(members(request)),
                    .init(Address("audiences", request.piece("id"), "history", query: [("step", "PT5M")])),
                ]
            }, { request, answers in definition(request, answers) },
            draw: { request, answers in
                MembersPage.page(
                    AudienceHead(answers[0], .members), members: answers[1], history: answers.count > 4 ? answers[4] : answers[2],
                    campaign: answers[3], prefix: request.given("prefix"), isFirst: request.given("after") == nil, source: members(request))
            }),
        ConsolePage(
            "/audiences/{id}/ask", "ask", "Why somebody is a member, or is not.",
            query: [
                QueryParameter("kind", .choice(["identity", "key"]), default: "identity", "What is known of her."),
                QueryParameter("who", .text(maximumBytes: 1024), "The identity or the key."),
            ],
            asks: { request, _ in [.init(audience(request))] },
            { request, answers in explanation(request, answers).map { [.init($0)] } ?? [] },
            draw: { request, answers in
                AskPage.page(
                    AudienceHead(answers[0], .ask), kind: request.query.text("kind") ?? "identity", who: request.given("who"),
                    explanation: answers.dropFirst().first, source: explanation(request, answers))
            }),
        ConsolePage(
            "/audiences/{id}/history", "history", "How large an audience was, and who entered and left.",
            query: [QueryParameter("step", .choice(HistoryPage.spans.map(\.step)), default: "PT5M", "Two hours, a day, a week, a month.")],
            asks: { request, _ in [.init(audience(request)), .init(history(request))] },
            draw: { request, answers in
                HistoryPage.page(
                    AudienceHead(answers[0], .history), history: answers[1], step: request.query.text("step") ?? "PT5M",
                    source: history(request))
            }),
        ConsolePage(
            "/audiences/{id}/outlook", "outlook", "Who leaves and enters if nothing is written.",
            query: [QueryParameter("for", .choice(OutlookPage.spans.map(\.name)), "How far to look ahead; without it nothing is asked.")],
            asks: { request, _ in [.init(audience(request))] },
            { request, _ in outlook(request).map { [.init($0)] } ?? [] },
            draw: { request, answers in
                OutlookPage.page(
                    AudienceHead(answers[0], .outlook), outlook: answers.dropFirst().first, span: request.given("for"),
                    source: outlook(request))
            }),
        ConsolePage(
            "/audiences/{id}/follow", "follow", "How programs follow an audience: snapshots, and where to read on.",
            asks: { request, _ in
                [
                    .init(audience(request)), .init(Address("audiences", request.piece("id"), "snapshots")),
                    .init(status),
                ]
            },
            draw: { request, answers in
                FollowPage.page(
                    AudienceHead(answers[0], .follow), snapshots: answers[1], status: answers[2],
                    source: Address("audiences", request.piece("id"), "snapshots"))
            }),
    ]

    private static func list(_ request: Request) -> Address {
        Address(
            "audiences",
            query: [
                ("q", request.given("q")), ("state", request.given("state")), ("trend", "1"), ("after", request.given("after")),
            ])
    }

    private static func audience(_ request: Request) -> Address { Address("audiences", request.piece("id")) }

    private static func members(_ request: Request) -> Address {
        Address(
            "audiences", request.piece("id"), "members",
            query: [("prefix", request.given("prefix")), ("limit", "50"), ("validUntil", "1"), ("after", request.given("after"))])
    }

    private static func history(_ request: Request) -> Address {
        Address("audiences", request.piece("id"), "history", query: [("step", request.query.text("step"))])
    }

    /// Who writes the audience; and of a history that has just begun its first minutes.
    private static func definition(_ request: Request, _ answers: [Answer]) -> [ConsolePage.Question] {
        let isYoung = answers[2].isThere && answers[2].json.elements("points").count < 3
        let minutes = Address("audiences", request.piece("id"), "history", query: [("step", "PT1M")])
        return [.init(Address("campaigns", answers[0].json.text("campaign") ?? ""))] + (isYoung ? [.init(minutes)] : [])
    }

    private static func outlook(_ request: Request) -> Address? {
        request.given("for").map { Address("audiences", request.piece("id"), "outlook", query: [("for", $0)]) }
    }

    private static func explanation(_ request: Request, _ answers: [Answer]) -> Address? {
        guard let who = request.given("who") else { return nil }
        if request.query.text("kind") == "key" { return Address("audiences", request.piece("id"), "rows", who) }
        return Address("audiences", request.piece("id"), "members", answers[0].json.text("namespace") ?? "", who)
    }

    // Campaigns.

    private static let campaigns = [
        ConsolePage(
            "/campaigns", "campaigns", "All campaigns.", query: [cursor],
            asks: { request, _ in [.init(campaigns(request))] },
            draw: { request, answers in CampaignsPage.page(answers[0], source: campaigns(request)) }),
        ConsolePage(
            "/campaigns/{id}", "campaign", "One campaign as a picture with numbers.",
            asks: { request, _ in [.init(campaign(request)), .init(written(request)), .init(status)] },
            draw: { request, answers in
                CampaignPage.page(answers[0], audiences: answers[1], status: answers[2], source: campaign(request))
            }),
        ConsolePage(
            "/campaigns/{id}/activities/{activity}", "activity", "One activity, and rows that are there.",
            asks: { request, _ in [.init(campaign(request))] },
            { request, answers in rows(request, answers).map { [.init($0)] } ?? [] },
            draw: { request, answers in
                ActivityPage.page(
                    request.piece("activity"), campaign: answers[0], rows: answers.dropFirst().first, source: campaign(request))
            }),
        ConsolePage(
            "/campaigns/{id}/versions/{n}", "version", "One version of a campaign, and how it differs from the one before.",
            asks: { request, _ in [.init(version(request, request.piece("n")))] },
            { request, answers in
                let number = answers[0].json.integer("version") ?? 1
                return number > 1 ? [.init(version(request, "\(number - 1)"))] : []
            },
            draw: { request, answers in
                VersionPage.page(answers[0], before: answers.dropFirst().first, source: version(request, request.piece("n")))
            }),
        ConsolePage(
            "/publish", "publish", "Publishes a campaign: checked and planned first.", asks: { _, _ in [] },
            draw: { _, _ in PublishPage.form }),
        ConsolePage(
            "/publish/plan", "plan", "What publishing a definition would do.", method: .post, takesProblems: true,
            asks: { _, _ in [.init(Address("campaigns:validate"), .post)] },
            { _, answers in
                answers[0].json.boolean("valid") == true ? [.init(Address("campaigns:plan"), .post)] : []
            },
            draw: { request, answers in
                PublishPage.result(
                    String(decoding: request.body, as: UTF8.self), validation: answers[0], plan: answers.dropFirst().first)
            }),
    ]

    private static let status = Address("status", query: [("figures", "1")])

    private static func campaigns(_ request: Request) -> Address { Address("campaigns", query: [("after", request.given("after"))]) }
    private static func campaign(_ request: Request) -> Address { Address("campaigns", request.piece("id")) }

    private static func written(_ request: Request) -> Address {
        Address("audiences", query: [("campaign", request.piece("id")), ("trend", "1"), ("limit", "500")])
    }

    private static func version(_ request: Request, _ number: String) -> Address {
        Address("campaigns", request.piece("id"), "versions", number)
    }

    private static func rows(_ request: Request, _ answers: [Answer]) -> Address? {
        ActivityPage.shown(request.piece("activity"), of: answers[0]).map {
            Address("campaigns", request.piece("id"), "transitions", $0, "rows", query: [("limit", "20")])
        }
    }

    // The daemon.

    private static let system = [
        ConsolePage(
            "/system", "system", "How the daemon is.", takesProblems: true,
            asks: { _, _ in [.init(outside: Address("readyz")), .init(status)] },
            draw: { _, answers in SystemPage.page(answers[0], status: answers[1], source: status) }),
        ConsolePage(
            "/system/dead-letters", "dead-letters", "Records that were refused, and why.",
            query: [
                QueryParameter("topic", .text(maximumBytes: 249), "Only records of this topic."),
                QueryParameter("reason", .text(maximumBytes: 100), "Only those refused as this."), cursor,
            ],
            asks: { request, _ in [.init(deadLetters(request))] },
            draw: { request, answers in
                DeadLettersPage.page(
                    answers[0], topic: request.given("topic"), reason: request.given("reason"), source: deadLetters(request))
            }),
    ]

    private static func deadLetters(_ request: Request) -> Address {
        Address(
            "dead-letters",
            query: [
                ("topic", request.given("topic")), ("reason", request.given("reason")), ("limit", "50"), ("after", request.given("after")),
            ])
    }

    // The manual.

    private static let manual = [
        ConsolePage("/manual", "manual", "The contents of the manual.", asks: { _, _ in [] }, draw: { _, _ in ManualPage.contents }),
        ConsolePage(
            "/manual/{page}", "manual-article", "One article of the manual.", asks: { _, _ in [] },
            draw: { request, _ in ManualPage.page(request.piece("page")) }),
    ]
}
