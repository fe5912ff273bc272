// `audienced replay`.
import Campaigns
import Engine
import Glibc
import Storage

private let usage = "usage: audienced replay --input DIR --output DIR [--until INSTANT] [--snapshots] [--statistics] [--strict]"

func replayCommand(_ arguments: [String]) throws -> ExitCode {
    let arguments = try Arguments(
        arguments, options: ["--input", "--output", "--until"], flags: ["--snapshots", "--statistics", "--strict"], usage: usage)
    var options = Replay.Options(
        input: try arguments.required("--input", usage: usage), output: try arguments.required("--output", usage: usage))
    if let text = arguments.values["--until"] {
        guard let until = InstantText.milliseconds(of: text) else {
            throw CommandFailure(.usage, "--until \(text) is no instant; write 2026-03-01T09:30:00Z\n\(usage)")
        }
        options.until = until
    }
    options.writesSnapshots = arguments.flags.contains("--snapshots")
    let result = try replay(options)
    if arguments.flags.contains("--statistics") { print(result.json) }
    return arguments.flags.contains("--strict") && result.refused > 0 ? .refused : .done
}

/// Replays; a second time, with the order of the lines looked up first, when a file turns out not to be in order.
private func replay(_ options: Replay.Options) throws -> ReplayResult {
    do {
        var replay = try Replay(options, zoneNames: TimeZones.names, zone: TimeZones.system)
        return try replay.run(findingRuns: false)
    } catch is ReplayInput.Disorder {
        var replay = try Replay(options, zoneNames: TimeZones.names, zone: TimeZones.system)
        return try replay.run(findingRuns: true)
    }
}

/// What `--statistics` prints.
struct ReplayResult {
    var statistics: Statistics
    var rowsRead: Int
    var bytesRead: Int
    var refused: Int
    var timing: ReplayTiming

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
            ]))
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// The most anonymous memory the process had; mapped input files are the page cache's, not ours.
    private func peakMemoryBytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return max(0, usage.ru_maxrss * 1024 - bytesRead)
    }
}
