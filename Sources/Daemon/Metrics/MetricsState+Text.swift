// Every metric of the catalogue with its values, in the catalogue's order.
import Kafka
import Wire

extension MetricsState {
    private static let swift: String = {
        #if compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1"
        #endif
    }()
    /// As contract §4 names them, by their raw values.
    static let statuses = ["realized", "existing", "exited"]
    static let causes = ["change", "time", "publish", "definition", "stop", "upstream", "repair"]

    /// `now`: milliseconds since the Unix epoch.
    func text(
        _ format: MetricsFormat, _ health: HealthReport, _ requests: RequestMetrics.Counts, _ process: ProcessFigures, now: Int64
    ) -> [UInt8] {
        var text = MetricsText(format)
        write(health, into: &text)
        writeInputs(into: &text, now: now)
        writeCommits(into: &text)
        writeAudiences(into: &text)
        writeUpkeep(into: &text)
        requests.write(into: &text)
        text.write(.memory) { for part in held.memory { $0.sample([part.part], part.bytes) } }
        text.write(.memoryBudget, Double(memoryBytes))
        process.write(into: &text)
        text.end()
        return text.bytes
    }

    private func write(_ health: HealthReport, into text: inout MetricsText) {
        text.write(.buildInfo) {
            $0.sample([program.version, program.commit, Self.swift, String(JournalRecord.Fingerprint.currentSemantics)], 1)
        }
        text.write(.ready, health.isReady ? 1 : 0)
        text.write(.notReady) { for check in health.checks { $0.sample([check.reason.rawValue], check.isOK ? 0 : 1) } }
        text.write(.replayedRatio, health.replayedRatio)
    }

    private func writeInputs(into text: inout MetricsText, now: Int64) {
        let inputs = inputs.sorted { $0.key < $1.key }
        let tables = tables.sorted { $0.key < $1.key }
        text.write(.recordsConsumed) { for (topic, input) in inputs { $0.sample([topic], input.records) } }
        text.write(.consumedBytes) { for (topic, input) in inputs { $0.sample([topic], input.bytes) } }
        text.write(.rows) {
            for (name, table) in tables {
                for (result, count) in [("applied", table.applied), ("stale", table.stale), ("ignored", table.ignored)]
                where count > 0 || !name.isEmpty { $0.sample([name, result], count) }
            }
        }
        text.write(.deadLetters) {
            for (kind, count) in deadLetters.sorted(by: { $0.key < $1.key }) { $0.sample([kind.topic, kind.reason.rawValue], count) }
        }
        text.write(.ignoredMembers) { for (name, table) in tables where !name.isEmpty { $0.sample([name], table.ignoredMembers) } }
        let lags = lags.all(now: now)
        text.write(.lagRecords) { for lag in lags { $0.sample([lag.place.topic, String(lag.place.partition)], lag.records) } }
        text.write(.lagSeconds) { for lag in lags { $0.sample([lag.place.topic, String(lag.place.partition)], lag.seconds) } }
    }

    private func writeCommits(into text: inout MetricsText) {
        text.write(.commits) {
            for (result, count) in [("committed", committed), ("aborted", aborted), ("redone", redone)] { $0.sample([result], count) }
        }
        text.write(.commitSequence) { if let sequence { $0.sample([], Double(sequence)) } }
        text.write(.lastCommit) { if let lastCommit { $0.sample([], Double(lastCommit) / 1000) } }
        text.write(.commitDuration) { $0.sample([], commitDuration) }
        text.write(.eventToCommit) { $0.sample([], eventToCommit) }
        text.write(.timerLateness) { $0.sample([], timerLateness) }
        text.write(.clock) { if let clock { $0.sample([], Double(clock) / 1000) } }
        text.write(.clockStep, clockStep)
    }

    private func writeAudiences(into text: inout MetricsText) {
        text.write(.membershipChanges) {
            for (status, name) in Self.statuses.enumerated() {
                for (cause, because) in Self.causes.enumerated() {
                    $0.sample([name, because], members[status * CommitCounts.causes + cause])
                }
            }
        }
        let listed = audiences.listed
        text.write(.audienceMembers) { for audience in listed { $0.sample([audience.id], audience.size) } }
        text.write(.audienceRejectedRows) { for audience in listed { $0.sample([audience.id], audience.rejected) } }
        text.write(.audienceLastChange) {
            for audience in listed { if let change = audience.lastChange { $0.sample([audience.id], Double(change) / 1000) } }
        }
        text.write(.audienceChanges) {
            for audience in listed {
                for (status, count) in zip(Self.statuses, [audience.entered, audience.updated, audience.exited]) {
                    $0.sample([audience.id, status], count)
                }
            }
        }
        text.write(.audiencesUnlisted, Double(audiences.unlistedCount))
        text.write(.transitionRows) {
            for (campaign, transitions) in transitions.sorted(by: { $0.key < $1.key }) {
                for transition in transitions { $0.sample([campaign, transition.transition], transition.rows) }
            }
        }
        text.write(.liveCampaigns, Double(held.campaigns))
        text.write(.rowsHeld) {
            for (name, table) in tables.sorted(by: { $0.key < $1.key }) where !name.isEmpty { $0.sample([name], table.held) }
        }
        text.write(.channelRequests) {
            for (kind, count) in requests.sorted(by: { $0.key < $1.key }) { $0.sample([kind.channel, kind.category], count) }
        }
    }

    private func writeUpkeep(into text: inout MetricsText) {
        text.write(.auditRows, Double(auditRows))
        text.write(.auditDrift, Double(auditDrift))
        text.write(.snapshotLast) { if let snapshotLast { $0.sample([], Double(snapshotLast) / 1000) } }
        text.write(.snapshotPending, Double(snapshotPending))
        text.write(.snapshotInterval, snapshotInterval)
        text.write(.checkpointLast) { if let checkpoint { $0.sample([], Double(checkpoint.milliseconds) / 1000) } }
        text.write(.checkpointBytes) { if let checkpoint { $0.sample([], checkpoint.bytes) } }
    }
}
