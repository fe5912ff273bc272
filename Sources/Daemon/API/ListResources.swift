// Lists and single items that need no engine: audiences, campaigns, schemas and the status, from committed state.
import Campaigns
import Engine
import HTTP

extension Resources {
    /// GET status.
    func status(_ request: Request, _ responder: Responder) {
        guard request.query.flag("figures"), case .object(let members) = statusMembers else {
            return send(statusMembers, tag: nil, to: responder)
        }
        send(.object(members + [JSON.Member("figures", figures(for: request.asker.role))]), tag: nil, to: responder)
    }

    /// Readiness with its reasons, and how much there is.
    var statusMembers: JSON {
        let report = metrics.health.report()
        let reasons = report.checks.filter { !$0.isOK }.map { check in
            JSON.object([
                JSON.Member("check", .string(check.reason.rawValue)), JSON.Member("since", .instant(check.since)),
                JSON.Member("message", .string(check.message)), JSON.Member("help", .string(check.help)),
            ])
        }
        return interface.committed { state in
            JSON.object([
                JSON.Member("ready", .boolean(report.isReady)), JSON.Member("status", .string(report.sentence)),
                JSON.Member("reasons", .array(reasons)),
                JSON.Member("sequence", .integer(state.sequence)),
                JSON.Member("clock", state.clock == .min ? .null : .instant(state.clock)),
                JSON.Member("audiences", .integer(Int64(state.audiences.values.count { !$0.isRetired }))),
                JSON.Member("campaigns", .integer(Int64(state.campaigns.count))),
                JSON.Member("schemas", .integer(Int64(state.schemas.count))),
                JSON.Member("members", .integer(state.audiences.values.reduce(0) { $0 + Int64($1.size) })),
                JSON.Member("version", .string(Program.version)), JSON.Member("group", .string(group)),
            ])
        }
    }

    /// GET audiences.
    func audiences(_ request: Request, _ responder: Responder) {
        let (text, state, campaign) = (request.query.text("q"), request.query.text("state"), request.query.text("campaign"))
        let name = "audiences \(text ?? "") \(state ?? "") \(campaign ?? "")"
        let item = { @Sendable (committed: CommittedState, id: String) -> JSON? in
            guard let entry = committed.audiences[id] else { return nil }
            if let text, !entry.id.lowercased().contains(text.lowercased()), !entry.label.lowercased().contains(text.lowercased()) {
                return nil
            }
            if let state, committed.state(of: entry) != state { return nil }
            if let campaign, entry.campaign != campaign { return nil }
            return Resources.json(entry, committed)
        }
        let page = { @Sendable [self] in listed(request, name, ids: \.audienceIds, item: item) }
        let first = page()
        guard request.query.flag("trend"), case .list(let items, _) = first else { return send(first, request, name, to: responder) }
        withTrends(of: items.compactMap { $0.text("id") }, responder) { trends in
            send(page().adding(trends), request, name, to: responder)
        }
    }

    /// GET audiences/{id}.
    func audience(_ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        let found = interface.committed { state in
            state.audiences[id].map { (Resources.json($0, state), "\($0.lastSequence)-\(state.state(of: $0))") }
        }
        guard let (answer, tag) = found else { return responder.answer(unknown("audience", id, known: \.audienceIds)) }
        send(answer, tag: tag, to: responder)
    }

    /// GET campaigns.
    func campaigns(_ request: Request, _ responder: Responder) {
        let state = request.query.text("state")
        let name = "campaigns \(state ?? "")"
        let page = listed(request, name, ids: \.campaignIds) { committed, id in
            guard let entry = committed.campaigns[id], state == nil || committed.state(of: entry) == state else { return nil }
            return Resources.json(entry, committed)
        }
        send(page, request, name, to: responder)
    }

    /// GET campaigns/{id}: with its definition, and the counts of its transitions, which the engine is asked for.
    func campaign(_ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        let found = interface.committed { state in state.campaigns[id].map { (Resources.json($0, state), $0) } }
        guard let (answer, entry) = found, case .object(let members) = answer else {
            return responder.answer(unknown("campaign", id, known: \.campaignIds))
        }
        let whole = members + [JSON.Member("definition", JSON(text: entry.definition) ?? .null), JSON.Member("words", entry.words)]
        // Counting looks at every row: who asks again soon is shown what was counted.
        if let counts = interface.counts.recent(id, version: entry.version, through: interface.committed({ $0.sequence })) {
            return responder.answer(Resources.response(whole, counts))
        }
        count(Counting(), of: entry, whole, Recipient(responder))
    }

    /// Counts the transitions of a campaign for those who follow it, unless that was done just now.
    func countAgain(_ ids: [String]) {
        let entries = interface.committed { state in Set(ids).sorted().compactMap { state.campaigns[$0] } }
        let chosen = interface.counts.begins(entries.map { ($0.campaign.id, $0.version) })
        guard let id = chosen, let entry = entries.first(where: { $0.campaign.id == id }) else { return }
        count(Counting(), of: entry, [], Recipient { _ in interface.counts.end(id) })
    }

    /// How far it is, and what of the engine's time it took, in all and at once.
    private struct Counting: Sendable {
        var tally = TransitionTally()
        var nanoseconds: UInt64 = 0
        var longestNanoseconds: UInt64 = 0
    }

    /// Counts a few rows; when there are more, another question goes on.
    private func count(_ counting: Counting, of entry: CampaignEntry, _ members: [JSON.Member], _ recipient: Recipient) {
        let id = entry.campaign.id
        interface.questions.ask(.transitions, recipient) { machine in
            var counting = counting
            let began = monotonicNanoseconds()
            let isWhole = machine.engine.count(&counting.tally, of: id, visiting: Resources.visits)
            let taken = monotonicNanoseconds() - began
            counting.nanoseconds += taken
            counting.longestNanoseconds = max(counting.longestNanoseconds, taken)
            guard isWhole else {
                let further = counting
                // Somebody who was told that it took too long may ask again.
                if !recipient.isGone() { count(further, of: entry, members, recipient) }
                return nil
            }
            let found = counting.tally.counts.map { (name: $0.key.text, counts: $0.value) }
            let counts = CountedTransitions.Counts(
                version: entry.version,
                json: .object(found.sorted { isBefore($0.name, $1.name) }.map { JSON.Member($0.name, $0.counts.json) }),
                sequence: machine.sequence, clock: machine.engine.clock)
            interface.counts.note(
                id, counts, taken: .nanoseconds(Int64(counting.nanoseconds)), longest: .nanoseconds(Int64(counting.longestNanoseconds)))
            return .gathered { Resources.response(members, counts) }
        }
    }

    private static func response(_ members: [JSON.Member], _ counts: CountedTransitions.Counts) -> Response {
        var response = Response(json: .object(members + [JSON.Member("transitions", counts.json)]))
        response.note(sequence: counts.sequence, clock: counts.clock)
        response.entityTag = String(counts.sequence)
        return response
    }

    /// GET schemas.
    func schemas(_ request: Request, _ responder: Responder) {
        let names = interface.committed { $0.schemas.keys.sorted(by: isBefore) }
        send(
            .object([JSON.Member("items", .array(names.map { .object([JSON.Member("name", .string($0))]) })), JSON.Member("next", .null)]),
            tag: nil, to: responder)
    }

    /// GET schemas/{name}.
    func schema(_ request: Request, _ responder: Responder) {
        let name = request.parameters["name"]!
        let text = interface.committed { $0.schemas[name] }
        guard let text, let definition = JSON(text: text) else {
            let known = interface.committed { Array($0.schemas.keys) }
            return responder.answer(
                ProblemDocument(.notFound, "there is no schema \(shown(name))", hint: NearestName.hint(for: name, among: known.sorted())))
        }
        send(.object([JSON.Member("name", .string(name)), JSON.Member("definition", definition)]), tag: nil, to: responder)
    }

    // Items.

    static func json(_ entry: AudienceEntry, _ state: CommittedState) -> JSON {
        func integer(_ value: Int) -> JSON { .integer(Int64(value)) }
        return .object([
            JSON.Member("id", .string(entry.id)), JSON.Member("label", .string(entry.label)),
            JSON.Member("state", .string(state.state(of: entry))),
            JSON.Member("namespace", .string(entry.namespace)), JSON.Member("campaign", .string(entry.campaign)),
            JSON.Member("campaignVersion", integer(entry.campaignVersion)), JSON.Member("size", integer(entry.size)),
            JSON.Member("rows", integer(entry.rows)), JSON.Member("rejected", integer(entry.rejected)),
            JSON.Member("complete", .boolean(entry.isComplete)), JSON.Member("lastChange", .integer(entry.lastSequence)),
            JSON.Member("lastChangeTime", entry.lastClock.flatMap { InstantText.isInRange($0) ? .instant($0) : nil } ?? .null),
            JSON.Member(
                "attributes",
                .array(
                    entry.attributes.map { .object([JSON.Member("name", .string($0.name)), JSON.Member("type", .string($0.type))]) })),
        ])
    }

    static func json(_ entry: CampaignEntry, _ state: CommittedState) -> JSON {
        let campaign = entry.campaign
        return .object([
            JSON.Member("id", .string(campaign.id)), JSON.Member("name", .string(campaign.name)),
            JSON.Member("version", .integer(Int64(entry.version))), JSON.Member("state", .string(state.state(of: entry))),
            JSON.Member("timezone", .string(campaign.timezone)), JSON.Member("startAt", campaign.startAt.map(JSON.instant) ?? .null),
            JSON.Member("endAt", campaign.endAt.map(JSON.instant) ?? .null),
            JSON.Member("audiences", .array(campaign.saves.map { .string($0.audience) })),
        ])
    }

    // Pages.

    private func listed(
        _ request: Request, _ name: String, ids: @Sendable (CommittedState) -> [String], item: @Sendable (CommittedState, String) -> JSON?
    ) -> ListPage {
        let limit = Int(request.query.integer("limit") ?? 100)
        do throws(ProblemDocument) {
            let last = try Cursor.last(of: request.query.text("after"), in: name).map { String(decoding: $0, as: UTF8.self) }
            return interface.committed { state in
                let all = ids(state)
                let start = last.map { last in all.partitioned { isBefore(last, $0) } } ?? 0
                var items: [JSON] = []
                for place in start..<all.count {
                    guard items.count < limit else { return .list(items, next: all[place - 1]) }
                    if let found = item(state, all[place]) { items.append(found) }
                }
                return .list(items, next: nil)
            }
        } catch {
            return .refused(error)
        }
    }

    private func send(_ page: ListPage, _ request: Request, _ name: String, to responder: Responder) {
        switch page {
        case .refused(let problem): responder.answer(problem)
        case .list(let items, let next):
            let cursor = next.map { Cursor.text(after: Array($0.utf8), of: name) }
            var response = Response(
                json: .object([JSON.Member("items", .array(items)), JSON.Member("next", cursor.map(JSON.string) ?? .null)]))
            note(&response)
            if let cursor { response.headers["Link"] = "<\(nextTarget(request, cursor))>; rel=\"next\"" }
            responder.answer(response)
        }
    }
}

/// One page of a list.
private enum ListPage: Sendable {
    case list([JSON], next: String?)
    case refused(ProblemDocument)

    /// Each item with what belongs to its id.
    func adding(_ trends: [String: JSON]) -> ListPage {
        guard case .list(let items, let next) = self else { return self }
        let more = items.map { item -> JSON in
            guard case .object(let members) = item else { return item }
            return .object(members + [JSON.Member("day", item.text("id").flatMap { trends[$0] } ?? .null)])
        }
        return .list(more, next: next)
    }
}

extension Array {
    /// The place of the first element for which it is true; it is for all after that.
    fileprivate func partitioned(_ isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
