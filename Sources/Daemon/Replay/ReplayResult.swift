// What a replay did and took, for `--statistics` (contract §6).
import Campaigns
import Engine
import Glibc

/// What `--statistics` prints.
struct ReplayResult {
    var statistics: Statistics
    var rowsRead: Int
    var bytesRead: Int
    var refused: Int
    var timing: ReplayTiming
    /// What `--verify` found; nil without it.
    var verification: VerificationReport?
    /// Of `--explain`; nil without it.
    var explained: Explained?
    /// Of `--plan`; nil without it.
    var planned: PlannedCampaigns.Outcome?
    /// Of each campaign that is followed at the end.
    var transitions: [String: [Transition: TransitionCounts]] = [:]

    var json: String {
        func seconds(_ nanoseconds: UInt64) -> JSON { .double(Double(nanoseconds / 1_000_000) / 1000) }
        func count(_ value: Int) -> JSON { .integer(Int64(value)) }
        var text = JSONText()
        text.append(
            .object([
                JSON.Member("rowsRead", count(rowsRead)), JSON.Member("rowsApplied", count(statistics.rowsApplied)),
                JSON.Member("rowsStale", count(statistics.rowsStale)),
                JSON.Member("conditionsEvaluated", count(statistics.conditionsEvaluated)),
                JSON.Member("rowsVisitedByTime", count(statistics.rowsVisitedByTime)),
                JSON.Member("rowsVisitedByPublish", count(statistics.rowsVisitedByPublish)),
                JSON.Member("memberEvents", count(statistics.memberEvents)), JSON.Member("bytesRead", count(bytesRead)),
                JSON.Member(
                    "seconds",
                    .object([
                        JSON.Member("decode", seconds(timing.decode)), JSON.Member("apply", seconds(timing.apply)),
                        JSON.Member("encode", seconds(timing.encode)), JSON.Member("total", seconds(timing.total)),
                    ])), JSON.Member("peakMemoryBytes", count(peakMemoryBytes())),
                JSON.Member("transitions", transitionsJSON),
            ]))
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private var transitionsJSON: JSON {
        return .object(
            transitions.sorted { $0.key < $1.key }.map { campaign, transitions in
                let named = transitions.map { (name: $0.key.text, counts: $0.value) }.sorted { $0.name < $1.name }
                return JSON.Member(campaign, .object(named.map { JSON.Member($0.name, $0.counts.json) }))
            })
    }

    /// The most anonymous memory the process had; mapped input files are the page cache's, not ours.
    private func peakMemoryBytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return max(0, usage.ru_maxrss * 1024 - bytesRead)
    }
}

/// Where the time went, in nanoseconds. Decoding overlaps with the others.
struct ReplayTiming {
    var apply: UInt64
    var encode: UInt64
    /// The reading thread had nothing to do.
    var wait: UInt64
    var total: UInt64
    /// Reading and decoding: what the reading thread did.
    var decode: UInt64 { total - wait }
}
