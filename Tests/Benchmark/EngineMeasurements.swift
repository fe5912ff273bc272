// What is measured in this process: decoding alone, applying alone, publishing, and a window that many rows leave.
import Campaigns
import Engine
import Storage

extension Statistics {
    /// What was done, per row and at all: counts that no machine's mood changes.
    func counts(rows: Int) -> [(String, JSON)] {
        [
            ("rows", .count(rows)), ("conditionsEvaluatedPerRow", .figure(Double(conditionsEvaluated) / Double(max(1, rows)))),
            ("rowsVisitedByTime", .count(rowsVisitedByTime)), ("rowsVisitedByPublish", .count(rowsVisitedByPublish)),
            ("memberEvents", .count(memberEvents)),
        ]
    }
}

func parameters(_ workload: Workload, campaigns: Int? = nil) -> [(String, JSON)] {
    var all: [(String, JSON)] = [
        ("customers", .count(workload.customers)), ("purchases", .count(workload.purchases)), ("skew", .string(workload.skew.rawValue)),
    ]
    if let campaigns { all.append(("campaigns", .count(campaigns))) }
    return all
}

/// A result that is wrong is no measurement.
func check(_ audience: String, has size: Int, not expected: Int) throws {
    if size != expected { throw Failure("audience \(audience) has \(size) members, expected \(expected)") }
}

func measureDecode(_ files: WorkloadFiles, _ skew: Workload.Skew, repeats: Int) throws {
    let rows = try files.rows(skew)
    let file = try LineFile(path: rows.path)
    var (rates, processor) = ([Double](), [Double]())
    for _ in 0..<repeats {
        let tables = try LoadedTables()
        try tables.load(file, rows: rows.workload.rows, applying: false)
        rates.append(Double(tables.rows) / Double(tables.decoding.wall) * 1e9)
        processor.append(Double(tables.decoding.processor) / Double(tables.rows))
    }
    var report = Report("decode", parameters: parameters(rows.workload))
    report.add(rates, unit: "rows/s")
    report.add(processorNanosecondsPerRow: processor)
    report.add(counts: [
        ("rows", .count(rows.workload.rows)), ("bytesPerRow", .figure(Double(file.bytes.count) / Double(rows.workload.rows))),
    ])
    report.print()
}

func measureApply(_ files: WorkloadFiles, _ skew: Workload.Skew, campaigns: Int, repeats: Int) throws {
    let rows = try files.rows(skew)
    let file = try LineFile(path: rows.path)
    var (rates, processor, commits) = ([Double](), [Double](), [Double]())
    var counts: [(String, JSON)] = []
    for _ in 0..<repeats {
        let tables = try LoadedTables(campaigns: rows.workload.campaigns(campaigns))
        try tables.load(file, rows: rows.workload.rows)
        rates.append(Double(tables.rows) / Double(tables.applying.wall) * 1e9)
        processor.append(Double(tables.applying.processor) / Double(tables.rows))
        commits.append(Double(tables.committing.wall) / 1e9)
        _ = tables.advance(to: Workload.end)
        try check("reference", has: tables.size(of: "reference"), not: rows.referenceSize)
        counts = tables.statistics.counts(rows: tables.rows)
    }
    var report = Report("apply", parameters: parameters(rows.workload, campaigns: campaigns))
    report.add(rates, unit: "rows/s")
    report.add(processorNanosecondsPerRow: processor)
    report.add("commitSeconds", .figure(median(commits.sorted())))
    report.add(counts: counts)
    report.print()
}

/// Publishes the reference on tables that no campaign has looked at, and then others beside it.
func measurePublish(_ files: WorkloadFiles, _ skew: Workload.Skew, repeats: Int) throws {
    let rows = try files.rows(skew)
    let file = try LineFile(path: rows.path)
    let published = [("nothing", Workload.reference)] + Workload.besideReference
    var (times, processor) = (published.map { _ in [Double]() }, published.map { _ in [Double]() })
    var counts: [(String, JSON)] = []
    for _ in 0..<repeats {
        let tables = try LoadedTables()
        try tables.load(file, rows: rows.workload.rows)
        _ = tables.advance(to: Workload.end)
        for (place, (_, campaign)) in published.enumerated() {
            var publishing = Stopwatch()
            try publishing.measure { try tables.publish(Workload.campaignEvent(campaign, time: Workload.end)) }
            times[place].append(Double(publishing.wall) / 1e6)
            processor[place].append(Double(publishing.processor) / 1e6)
            if place == 0 { counts = tables.statistics.counts(rows: tables.rows) }
        }
        for audience in ["reference", "same", "by-key"] { try check(audience, has: tables.size(of: audience), not: rows.referenceSize) }
    }
    for (place, (shared, _)) in published.enumerated() {
        var report = Report("publish", parameters: parameters(rows.workload) + [("shared", .string(shared))])
        report.add(times[place], unit: "ms")
        report.add("processorMilliseconds", .figure(median(processor[place].sorted())))
        if place == 0 { report.add(counts: counts) }
        report.print()
    }
}

/// How long one commit of a hundred changes takes at most while the rows come: growth of columns and dictionaries is part of some.
func measureHolds(_ files: WorkloadFiles, _ skew: Workload.Skew, repeats: Int) throws {
    let rows = try files.rows(skew)
    let file = try LineFile(path: rows.path)
    var longest: [Double] = []
    var (late, commits) = (0, 0)
    for _ in 0..<repeats {
        let tables = try LoadedTables(campaigns: rows.workload.campaigns(1), changesPerCommit: 100)
        try tables.load(file, rows: rows.workload.rows)
        longest.append(Double(tables.holds.max()!) / 1e6)
        late += tables.holds.count { $0 > 5_000_000 }
        commits += tables.holds.count
    }
    var report = Report("holds", parameters: parameters(rows.workload, campaigns: 1))
    report.add(longest, unit: "ms")
    report.add(counts: [("commits", .count(commits)), ("commitsOver5Milliseconds", .count(late))])
    report.print()
}

/// Customers with one purchase each, all of the same second, and the step of the clock that takes them all out.
func measureWindow(_ files: WorkloadFiles, customers: Int, repeats: Int) throws {
    let path = try files.window(customers: customers)
    let file = try LineFile(path: path)
    var (times, advances, processor) = ([Double](), [Double](), [Double]())
    var (visited, events, bytes, peak) = (0, 0, 0, 0)
    for _ in 0..<repeats {
        let tables = try LoadedTables(campaigns: [Workload.reference])
        try tables.load(file, rows: 2 * customers)
        try check("reference", has: tables.size(of: "reference"), not: customers)
        let before = tables.statistics
        let step = tables.advance(to: Workload.end + (Workload.windowDays + 1) * Workload.dayMilliseconds)
        try check("reference", has: tables.size(of: "reference"), not: 0)
        times.append(Double(step.advancing.wall + step.committing.wall) / 1e6)
        advances.append(Double(step.advancing.wall) / 1e6)
        processor.append(Double(step.advancing.processor + step.committing.processor) / 1e6)
        visited = tables.statistics.rowsVisitedByTime - before.rowsVisitedByTime
        events = tables.statistics.memberEvents - before.memberEvents
        bytes = step.bytes
        peak = max(peak, Machine.anonymousBytes() ?? 0)
    }
    var report = Report("window", parameters: [("rowsThatLeave", .count(customers))])
    report.add(times, unit: "ms")
    report.add("processorMilliseconds", .figure(median(processor.sorted())))
    report.add("advanceMilliseconds", .figure(median(advances.sorted())))
    report.add("eventsPerSecond", .figure(Double(events) / median(times.sorted()) * 1000))
    report.add("peakBytes", .count(peak))
    report.add(counts: [("rowsVisitedByTime", .count(visited)), ("memberEvents", .count(events)), ("bytesOfEvents", .count(bytes))])
    report.print()
}
