// What the daemon has counted since its start, for people: what `/metrics` has for programs, as JSON, with the last control events.
import Campaigns
import HTTP
import Kafka
import Wire

extension Resources {
    /// So many control events are shown.
    private static let mostPublications = 20

    /// Of `GET status?figures=1`. Whose tokens there are is told to those who may change things.
    func figures(for role: Role?) -> JSON {
        let publications = interface.committed { state in
            state.publications.newest(Self.mostPublications).compactMap { state.json(ofPublication: $0)?.json }
        }
        let topics = JSON.object([
            JSON.Member("members", .string(readings.topics.name(.members))),
            JSON.Member("updated", .string(readings.topics.name(.updated))),
            JSON.Member("deadLetters", .string(readings.topics.name(.deadLetters))),
        ])
        return .object(
            metrics.snapshot.figures(ProcessFigures(), now: wallMilliseconds())
                + [
                    JSON.Member("topics", topics), JSON.Member("publications", .array(publications)),
                    JSON.Member("tokens", role == .publish ? tokens.json : .null),
                ])
    }
}

extension MetricsState {
    /// `now`: milliseconds since the Unix epoch.
    fileprivate func figures(_ process: ProcessFigures, now: Int64) -> [JSON.Member] {
        [
            JSON.Member("inputs", .array(inputLags(now: now))), JSON.Member("tables", .array(tableCounts)),
            JSON.Member("deadLetters", .array(refused)), JSON.Member("changes", .array(changes)), JSON.Member("commits", commits),
            JSON.Member("audit", .object([JSON.Member("looked", integer(auditRows)), JSON.Member("drift", integer(auditDrift))])),
            JSON.Member(
                "snapshots",
                .object([JSON.Member("last", snapshotLast.map(JSON.instant) ?? .null), JSON.Member("pending", integer(snapshotPending))])),
            JSON.Member(
                "checkpoint",
                checkpoint.map {
                    .object([JSON.Member("time", .instant($0.milliseconds)), JSON.Member("bytes", integer($0.bytes))])
                } ?? .null),
            JSON.Member(
                "checkpointFailure",
                checkpointFailure.map {
                    .object([JSON.Member("time", .instant($0.milliseconds)), JSON.Member("cause", .string($0.cause))])
                } ?? .null), JSON.Member("memory", memory(process)),
        ]
    }

    private func integer(_ value: Int) -> JSON { .integer(Int64(value)) }

    private func inputLags(now: Int64) -> [JSON] {
        lags.all(now: now).map { lag in
            .object([
                JSON.Member("topic", .string(lag.place.topic)), JSON.Member("partition", .integer(Int64(lag.place.partition))),
                JSON.Member("lagRecords", integer(lag.records)), JSON.Member("lagSeconds", .double(lag.seconds)),
            ])
        }
    }

    private var tableCounts: [JSON] {
        // The name "" is that of topics that no table is mapped to.
        tables.filter { !$0.key.isEmpty }.sorted { isBefore($0.key, $1.key) }.map { name, table in
            .object([
                JSON.Member("table", .string(name)), JSON.Member("held", integer(table.held)),
                JSON.Member("applied", integer(table.applied)), JSON.Member("stale", integer(table.stale)),
                JSON.Member("ignoredMembers", integer(table.ignoredMembers)),
            ])
        }
    }

    private var refused: [JSON] {
        deadLetters.sorted { $0.key < $1.key }.map { kind, count in
            .object([
                JSON.Member("topic", .string(kind.topic)), JSON.Member("reason", .string(kind.reason.rawValue)),
                JSON.Member("count", integer(count)),
                JSON.Member(
                    "fields", .object((refusedFields[kind] ?? [:]).sorted { $0.key < $1.key }.map { JSON.Member($0, integer($1)) })),
            ])
        }
    }

    private var changes: [JSON] {
        members.enumerated().filter { $0.element > 0 }.map { place, count in
            .object([
                JSON.Member("status", .string(MetricsState.statuses[place / CommitCounts.causes])),
                JSON.Member("cause", .string(MetricsState.causes[place % CommitCounts.causes])), JSON.Member("count", integer(count)),
            ])
        }
    }

    private var commits: JSON {
        .object([
            JSON.Member("acknowledged", integer(committed)), JSON.Member("aborted", integer(aborted)),
            JSON.Member("redone", integer(redone)),
            JSON.Member("last", lastCommit.map(JSON.instant) ?? .null), JSON.Member("durationMilliseconds", commitDuration.quantiles),
            JSON.Member("eventToCommitMilliseconds", eventToCommit.quantiles),
            JSON.Member("timerLatenessMilliseconds", timerLateness.quantiles),
        ])
    }

    private func memory(_ process: ProcessFigures) -> JSON {
        .object([
            JSON.Member("budgetBytes", integer(memoryBytes)),
            JSON.Member("residentBytes", process.residentBytes.map { .integer(Int64($0)) } ?? .null),
            JSON.Member(
                "parts",
                .array(
                    held.memory.map {
                        .object([JSON.Member("part", .string($0.part)), JSON.Member("bytes", integer($0.bytes))])
                    })),
        ])
    }
}

extension Histogram {
    /// The bounds below which half of all and 99 of 100 lie, in milliseconds; null where there are none, or one lies above all bounds.
    fileprivate var quantiles: JSON {
        .object([JSON.Member("p50", bound(of: 0.5)), JSON.Member("p99", bound(of: 0.99))])
    }

    private func bound(of part: Double) -> JSON {
        let all = counts.reduce(0, +)
        guard all > 0 else { return .null }
        var below = 0
        for (bound, count) in zip(bounds, counts) {
            below += count
            if Double(below) >= part * Double(all) { return .integer(Int64((bound * 1000).rounded())) }
        }
        return .null
    }
}
