// A plan as JSON: what the API answers, `plan --json` and `--save` have, and `publish --plan` reads.
//
//   {"formatVersion": 1, "sequence", "clock",
//    "campaigns": [{"campaign", "baseVersion": null: it is new, "version", "state", "sha256": of the definition's canonical JSON,
//                   "warnings", "transitions": {name: {"now": counts or null, "then": counts or null}}}],
//    "entered", "updated", "left": members of all audiences,
//    "audiences": [{"audience", "label", "now": {"members", "rows", "rejected"} or null: it is new, "then": the same,
//                   "entered", "updated", "left", "retired",
//                   "asked": {"left", "entered", "updated"}: so many of them were asked for reasons, spread evenly over all,
//                   "reasons": [{"status", "reason", "members": of those asked}],
//                   "examples": [{"identity": {"namespace", "id"}, "status": entered, updated or left,
//                                 "now", "then": {"reason", "attributes"} each}]}],
//    "requests": [{"campaign", "activity", "channel", "category", "count"}],
//    "alerts": [{"campaign", "activity", "title", "message", "rows"}],
//    "cost": {"stateBytes", "rowsToVisit", "seconds": what publishing took on the copy,
//             "tables": [{"table", "now", "then": by how many parts of the plan a change is looked at}]}}
import Campaigns
import Engine

extension PlannedCampaigns {
    /// Of what is described above. A reader refuses another.
    static let formatVersion: Int64 = 1

    /// The whole of it.
    var json: JSON {
        let audiences = effects.audiences
        func total(_ count: (DryRunEffects.Audience) -> Int) -> JSON { .integer(Int64(audiences.reduce(0) { $0 + count($1) })) }
        return .object([
            JSON.Member("formatVersion", .integer(Self.formatVersion)), JSON.Member("sequence", .integer(sequence)),
            JSON.Member("clock", clock == .min ? .null : .instant(clock)), JSON.Member("campaigns", .array(effects.campaigns.map(json))),
            JSON.Member("entered", total(\.entered)), JSON.Member("updated", total(\.updated)), JSON.Member("left", total(\.exited)),
            JSON.Member("audiences", .array(audiences.map(json))), JSON.Member("requests", .array(effects.requests.map(json))),
            JSON.Member("alerts", .array(effects.alerts.map(json))), JSON.Member("cost", cost),
        ])
    }

    private func json(_ published: DryRunEffects.Published) -> JSON {
        guard let definition = definitions[published.campaign] else { preconditionFailure("what was published was read") }
        let (now, then) = (published.transitionsBefore, published.transitionsAfter)
        let transitions = Set(now.keys).union(then.keys).map { transition in
            JSON.Member(
                transition.text,
                .object([
                    JSON.Member("now", now[transition]?.json ?? .null), JSON.Member("then", then[transition]?.json ?? .null),
                ]))
        }
        return .object([
            JSON.Member("campaign", .string(published.campaign)),
            JSON.Member("baseVersion", published.versionBefore.map { .integer(Int64($0)) } ?? .null),
            JSON.Member("version", .integer(Int64(published.version))), JSON.Member("state", .string(definition.state)),
            JSON.Member("sha256", .string(definition.sha256)), JSON.Member("warnings", .array(definition.warnings.map(\.json))),
            JSON.Member("transitions", .object(transitions.sorted { isBefore($0.name, $1.name) })),
        ])
    }

    private func json(_ audience: DryRunEffects.Audience) -> JSON {
        let members = [
            JSON.Member("audience", .string(audience.id)), JSON.Member("label", .string(audience.label)),
            JSON.Member("now", audience.before?.json ?? .null), JSON.Member("then", audience.after.json),
            JSON.Member("entered", .integer(Int64(audience.entered))), JSON.Member("updated", .integer(Int64(audience.updated))),
            JSON.Member("left", .integer(Int64(audience.exited))), JSON.Member("retired", .boolean(audience.after.isRetired)),
        ]
        return .object(members + Self.told(reasons[audience.id], examples[audience.id]))
    }

    /// What plans and outlooks tell of those who leave, enter and change.
    static func told(_ reasons: PlannedReasons?, _ examples: [Example]?) -> [JSON.Member] {
        let asked = Example.statuses.map { JSON.Member($0.text, .integer(Int64(reasons?.asked[$0.status] ?? 0))) }
        let told = Example.statuses.flatMap { status, text in
            (reasons?.told(status) ?? []).map { reason in
                JSON.object([
                    JSON.Member("status", .string(text)), JSON.Member("reason", .string(reason.text)),
                    JSON.Member("members", .integer(Int64(reason.members))),
                ])
            }
        }
        return [
            JSON.Member("asked", .object(asked)), JSON.Member("reasons", .array(told)),
            JSON.Member("examples", .array((examples ?? []).map(\.json))),
        ]
    }

    private func json(_ requests: DryRunEffects.Requests) -> JSON {
        let channel = requests.sender.channel
        return .object([
            JSON.Member("campaign", .string(requests.sender.campaign)), JSON.Member("activity", .string(channel.id)),
            JSON.Member("channel", .string(channel.channel.rawValue)), JSON.Member("category", .string(channel.category.rawValue)),
            JSON.Member("count", .integer(Int64(requests.count))),
        ])
    }

    private func json(_ alert: Difference.Alert) -> JSON {
        .object([
            JSON.Member("campaign", .string(alert.campaign)), JSON.Member("activity", .string(alert.activity)),
            JSON.Member("title", alert.title.map(JSON.string) ?? .null), JSON.Member("message", alert.message.map(JSON.string) ?? .null),
            JSON.Member("rows", .integer(Int64(alert.rows))),
        ])
    }

    private var cost: JSON {
        let microseconds = Int64(duration / .microseconds(1))
        return .object([
            JSON.Member("stateBytes", .integer(Int64(effects.addedBytes))),
            JSON.Member("rowsToVisit", .integer(Int64(effects.rowsVisited))),
            JSON.Member("seconds", .double(Double(microseconds) / 1_000_000)),
            JSON.Member(
                "tables",
                .array(
                    effects.tables.map { table in
                        .object([
                            JSON.Member("table", .string(table.schema)), JSON.Member("now", .integer(Int64(table.readersBefore))),
                            JSON.Member("then", .integer(Int64(table.readersAfter))),
                        ])
                    })),
        ])
    }
}

extension DryRunEffects.Figures {
    /// As plans and outlooks have them.
    var json: JSON {
        .object([
            JSON.Member("members", .integer(Int64(members))), JSON.Member("rows", .integer(Int64(rows))),
            JSON.Member("rejected", .integer(Int64(rejected))),
        ])
    }
}

extension PlannedCampaigns.Example {
    /// Those who leave first.
    fileprivate static let statuses: [(status: MemberStatus, text: String)] = [
        (.exited, "left"), (.realized, "entered"), (.existing, "updated"),
    ]

    /// As plans and outlooks have it.
    var json: JSON {
        let status = Self.statuses.first { $0.status == member.status }!.text
        let identity = JSON.object([
            JSON.Member("namespace", .string(member.namespace)),
            JSON.Member("id", .string(String(decoding: member.identity, as: UTF8.self))),
        ])
        return .object([
            JSON.Member("identity", identity), JSON.Member("status", .string(status)), JSON.Member("now", now.json),
            JSON.Member("then", then.json),
        ])
    }
}

extension PlannedCampaigns.Standing {
    fileprivate var json: JSON {
        .object([
            JSON.Member("reason", reason.map(JSON.string) ?? .null),
            JSON.Member("attributes", attributes.flatMap { JSON(text: $0) } ?? .null),
        ])
    }
}
