// How the daemon is: ready or why not and what to do, then what comes in, what was refused, what was published, and what it takes.
import Campaigns

/// The page for whoever is called at night.
enum SystemPage {
    static func page(_ health: Answer, status: Answer, source: Address) -> Page {
        let figures = status.json["figures"] ?? .null
        let rest: HTML =
            status.isThere
            ? """
            \(inputs(figures))\(refused(figures))\(changes(figures))\(audit(figures))
            <h2>Publications</h2>\(PublicationTable.html(figures.elements("publications")))
            \(tokens(figures))\(memory(figures))
            """ : Page.refusal(status)
        return Page(
            section: .system, title: "System", events: "system", refreshSeconds: 5, source: source, sequence: status.sequence,
            clock: status.clock,
            body: """
                <div data-part="ready">\(readiness(health.json))\(status.isThere ? facts(status.json, figures) : "")</div>
                <div data-part="rest">\(rest)</div>
                """)
    }

    private static func readiness(_ health: JSON) -> HTML {
        let checks = health.elements("checks").filter { $0.boolean("ok") == false }
        if health.boolean("ready") == true {
            return "<p class=\"verdict\"><span class=\"state live\"><span aria-hidden=\"true\">●</span> ready</span></p>"
        }
        let reasons = checks.map { check -> HTML in
            """
            <div class="notice"><p><b>\(check.text("check") ?? "?")</b> since \(HTML.time(check["since"])): \
            \(check.text("message") ?? "")</p><p>What to do: \(check.text("help") ?? ""). \
            <a href="/manual/alerts#\(check.text("check") ?? "")">The manual</a> has more.</p></div>
            """
        }
        return "<p class=\"verdict\"><span class=\"needs\"><span aria-hidden=\"true\">▲</span> not ready</span></p>\(reasons)"
    }

    private static func facts(_ status: JSON, _ figures: JSON) -> HTML {
        let (commits, memory) = (figures["commits"] ?? .null, figures["memory"] ?? .null)
        let resident = Words.size(Double(memory.integer("residentBytes") ?? 0))
        let budget = memory.integer("budgetBytes").map { $0 > 0 ? " of \(Words.size(Double($0)))" : "" } ?? ""
        let checkpoint: HTML = figures["checkpoint"]?["time"].map { .time($0) } ?? "none yet"
        return """
            \(checkpointFailure(figures))
            <dl class="facts">
            <div><dt>Members of all audiences</dt><dd>\(HTML.live("status.members", status.integer("members")))</dd></div>
            <div><dt>Commits since the start</dt><dd>\(Words.number(commits.integer("acknowledged")))</dd></div>
            <div><dt>A commit takes</dt><dd>\(spread(commits["durationMilliseconds"]))</dd></div>
            <div><dt>From a row to its commit</dt><dd>\(spread(commits["eventToCommitMilliseconds"]))</dd></div>
            <div><dt>An exit by time is late by</dt><dd>\(spread(commits["timerLatenessMilliseconds"]))</dd></div>
            <div><dt>Memory</dt><dd>\(resident)\(budget)</dd></div>
            <div><dt>Checkpoint</dt><dd>\(checkpoint)</dd></div>
            <div><dt>Version, group</dt><dd>\(status.text("version") ?? "?"), \(status.text("group") ?? "?")</dd></div>
            </dl>
            """
    }

    /// Commits go on without checkpoints, so it is no reason not to be ready; the next start pays for it.
    private static func checkpointFailure(_ figures: JSON) -> HTML {
        guard let failure = figures["checkpointFailure"], let cause = failure.text("cause") else { return "" }
        return """
            <div class="notice"><p><span class="needs"><span aria-hidden="true">▲</span> The last checkpoint failed</span> at \
            \(HTML.time(failure["time"])): \(cause)</p><p>Commits go on, and nothing is lost; the next start has more to repeat. What to \
            do: make room where the daemon’s <code>data</code> is, or mend what is said there; it tries again by itself. \
            <a href="/manual/alerts#checkpoint-old">The manual</a> has more.</p></div>
            """
    }

    /// "half ≤ 10 ms, 99 % ≤ 50 ms", each of which stays on one line.
    private static func spread(_ quantiles: JSON?) -> String {
        guard let half = quantiles?.integer("p50"), let most = quantiles?.integer("p99") else { return "–" }
        let parts = ["half ≤ \(Words.duration(milliseconds: half)),", "99 % ≤ \(Words.duration(milliseconds: most))"]
        return parts.map { $0.replacing(" ", with: "\u{a0}") }.joined(separator: " ")
    }

    private static func inputs(_ figures: JSON) -> HTML {
        var table = Table(
            "Inputs", [.text("Topic"), .number("Partition"), .number("Records waiting"), .number("Oldest waits")])
        for item in figures.elements("inputs") {
            let seconds: Double =
                if case .double(let value)? = item["lagSeconds"] { value } else { Double(item.integer("lagSeconds") ?? 0) }
            table.add([
                "\(item.text("topic") ?? "?")", "\(item.integer("partition") ?? 0)", "\(Words.number(item.integer("lagRecords")))",
                "\(Words.duration(milliseconds: Int64(seconds * 1000)))",
            ])
        }
        var rows = Table(
            "Tables",
            [
                .text("Table"), .number("Rows held"), .number("Changes applied"), .number("Older than held"), .number("Unknown members"),
            ])
        for item in figures.elements("tables") {
            rows.add([
                "\(item.text("table") ?? "?")", "\(Words.number(item.integer("held")))", "\(Words.number(item.integer("applied")))",
                "\(Words.number(item.integer("stale")))", "\(Words.number(item.integer("ignoredMembers")))",
            ])
        }
        return """
            <h2>Inputs</h2>
            \(table.html(empty: "<p>No partition is read yet: topics wait until the schema of their table is published.</p>"))
            <h3>Tables</h3>\(rows.html(empty: "<p>There is no table yet: publish a schema.</p>"))
            """
    }

    private static func refused(_ figures: JSON) -> HTML {
        var table = Table(
            "Dead letters since the start", [.text("Topic"), .text("Reason"), .number("Records"), .text("Fields"), .text("Look")])
        for item in figures.elements("deadLetters") {
            let (topic, reason) = (item.text("topic") ?? "", item.text("reason") ?? "")
            let address = Address("system", "dead-letters", query: [("topic", topic), ("reason", reason)])
            table.add([
                "\(topic)", "\(reason)", "<span class=\"needs\">\(Words.number(item.integer("count")))</span>", "\(fields(item["fields"]))",
                "<a href=\"\(address)\">show<span class=\"unseen\"> \(reason) of \(topic)</span></a>",
            ])
        }
        return """
            <h2>Dead letters</h2>
            \(table.html(empty: "<p>Nothing was refused since the daemon started.</p>"))
            <p><a href="/system/dead-letters">All that lie in the topic</a>. What is put right is sent again by \
            <code>audienced dlq redrive</code>.</p>
            """
    }

    /// "customers.age 12, customers.city 3": those that were refused most often first.
    private static func fields(_ counts: JSON?) -> String {
        guard case .object(let members)? = counts else { return "–" }
        let found = members.compactMap { member in counts?.integer(member.name).map { (member.name, $0) } }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        let more = found.count > 5 ? ", and \(found.count - 5) more" : ""
        return found.isEmpty ? "–" : found.prefix(5).map { "\($0) \(Words.number($1))" }.joined(separator: ", ") + more
    }

    private static func changes(_ figures: JSON) -> HTML {
        let names = ["realized": "entered", "existing": "changed", "exited": "left"]
        let causes = [
            "change": "a row changed", "time": "time passed", "publish": "a campaign was published", "definition": "a new version",
            "upstream": "another audience", "stop": "a stop", "erasure": "an erasure", "repair": "a repair",
        ]
        var table = Table("Members since the start", [.text("They"), .text("Because of"), .number("Members")])
        for item in figures.elements("changes") {
            let (status, cause) = (item.text("status") ?? "", item.text("cause") ?? "")
            table.add(["\(names[status] ?? status)", "\(causes[cause] ?? cause)", "\(Words.number(item.integer("count")))"])
        }
        return "<h2>Who moved, and why</h2>\(table.html(empty: "<p>Nobody has moved since the daemon started.</p>"))"
    }

    private static func audit(_ figures: JSON) -> HTML {
        let audit = figures["audit"] ?? .null
        let (looked, drift) = (audit.integer("looked") ?? 0, audit.integer("drift") ?? 0)
        let verdict: HTML =
            drift == 0
            ? "<span class=\"yes\"><span aria-hidden=\"true\">✓</span> none was wrong</span>"
            : "<span class=\"needs\"><span aria-hidden=\"true\">▲</span> \(Words.number(drift)) were wrong, and were put right</span>"
        let snapshots = figures["snapshots"] ?? .null
        let last: HTML =
            snapshots["last"]?.instant == nil ? "None was written yet" : "The last one was complete at \(HTML.time(snapshots["last"]))"
        return """
            <h2>Audit</h2>
            <p>\(Words.number(looked)) records and decisions were evaluated anew since the start; \(verdict).</p>
            <h2>Snapshots</h2>
            <p>\(last); \(Words.counted(snapshots.integer("pending") ?? 0, "audience")) changed since theirs.</p>
            """
    }

    private static func tokens(_ figures: JSON) -> HTML {
        var table = Table("Tokens", [.text("Name"), .text("Role"), .text("Last used")])
        for item in figures.elements("tokens") {
            let last: HTML = item["lastUsed"]?.instant == nil ? "not since the start" : .time(item["lastUsed"])
            table.add(["\(item.text("name") ?? "?")", "\(item.text("role") ?? "?")", last])
        }
        return """
            <h2>Tokens</h2>
            \(table.html(empty: "<p>No token is configured: who is on this machine may read, and nobody may publish here.</p>"))
            """
    }

    private static func memory(_ figures: JSON) -> HTML {
        var table = Table("Memory of the state", [.text("What"), .number("Size")])
        for part in figures["memory"]?.elements("parts") ?? [] {
            table.add(["\(part.text("part") ?? "?")", "\(Words.size(Double(part.integer("bytes") ?? 0)))"])
        }
        return "<h2>Memory</h2>\(table.html(empty: "<p>Nothing is held yet.</p>"))"
    }
}
