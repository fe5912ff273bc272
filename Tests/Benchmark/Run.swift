// Runs the measurements that were asked for, in their order.
import Campaigns

func runMeasurements(_ options: Options) throws {
    if !Machine.isOptimized { say("this is a debug build: its figures mean nothing; use swift run -c release") }
    Machine.report().print()
    let files = try WorkloadFiles(options)
    defer { files.remove() }
    for measurement in options.measurements {
        say(measurement.rawValue)
        switch measurement {
        case .decode: try forEach(options.skews) { try measureDecode(files, $0, repeats: options.repeats) }
        case .apply: try forEachWorld(options) { try measureApply(files, $0, campaigns: $1, repeats: options.repeats) }
        case .holds: try forEach(options.skews) { try measureHolds(files, $0, repeats: options.repeats) }
        case .facts: try forEachWorld(options) { try measureFacts(files, $0, campaigns: $1, repeats: options.repeats) }
        case .replay: try forEachWorld(options) { try measureReplay(files, $0, campaigns: $1, options) }
        case .publish: try forEach(options.skews) { try measurePublish(files, $0, repeats: options.repeats) }
        case .window: try measureWindow(files, customers: min(options.rows, 1_000_000), repeats: options.repeats)
        case .operators: try measureOperators(rows: options.rows)
        case .kafka, .latency: break
        }
    }
    try runWithBroker(options, files)
}

/// What needs a broker. The rows are sent once per skew.
private func runWithBroker(_ options: Options, _ files: WorkloadFiles) throws {
    let wanted = options.measurements.filter(\.needsBroker)
    guard let brokers = options.brokers else {
        for measurement in wanted { Report.skip(measurement.rawValue, because: "no --brokers") }
        return
    }
    for skew in options.skews where wanted.contains(where: { $0 != .latency }) {
        let topic = try WorkloadTopic(brokers: brokers, workload: Workload(rows: options.rows, skew: skew))
        if wanted.contains(.kafka) { for campaigns in options.campaigns { try measureKafka(files, topic, campaigns: campaigns, options) } }
        if wanted.contains(.publish) { try measurePublishOverKafka(files, topic, options) }
    }
    guard wanted.contains(.latency) else { return }
    for skew in options.skews {
        let workload = Workload(rows: min(options.rows, Workload.rowsForLatency), skew: skew)
        try measureLatency(files, WorkloadTopic(brokers: brokers, workload: workload), options)
    }
}

private func forEach(_ skews: [Workload.Skew], _ body: (Workload.Skew) throws -> Void) throws {
    for skew in skews { try body(skew) }
}

private func forEachWorld(_ options: Options, _ body: (Workload.Skew, Int) throws -> Void) throws {
    for skew in options.skews {
        for campaigns in options.campaigns { try body(skew, campaigns) }
    }
}
