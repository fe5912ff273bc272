// From Kafka to Kafka: the daemon from nothing until all rows are in a commit, and a bare consumer of the same topic, by turns.
import Campaigns
import Daemon

func measureKafka(_ files: WorkloadFiles, _ topic: WorkloadTopic, campaigns: Int, _ options: Options) throws {
    let workload = topic.rows.workload
    let referenceSize = topic.rows.referenceSize(at: Workload.end)
    var (rates, bareRates, ratios, starts) = ([Double](), [Double](), [Double](), [Double]())
    var (processor, peaks, residents) = ([Double](), [Double](), [Double]())
    var bytes = 0
    for _ in 0..<options.repeats {
        let bare = try BareConsumer.read(
            brokers: topic.brokers, topic: topic.wholeName, partitions: WorkloadTopic.partitions, records: workload.rows)
        bytes = bare.bytes
        let daemon = try Deployment(topic, "kafka", clock: "events", folder: files.folder, program: options.program)
        try daemon.publishWorkload(campaigns: workload.campaigns(campaigns))
        let start = monotonicNanoseconds()
        let ready = try daemon.start()
        let loaded = try daemon.waitUntilLoaded(referenceSize: referenceSize)
        try daemon.stop()
        bareRates.append(Double(workload.rows) / Double(bare.time) * 1e9)
        rates.append(Double(workload.rows) / Double(loaded - ready) * 1e9)
        ratios.append(Double(bare.time) / Double(loaded - ready))
        starts.append(Double(ready - start) / 1e9)
        processor.append(daemon.processorSeconds * 1e9 / Double(workload.rows))
        peaks.append(Double(daemon.peakBytes))
        residents.append(Double(daemon.residentBytes))
    }
    var report = Report("kafka", parameters: parameters(workload, campaigns: campaigns))
    report.add(rates, unit: "rows/s")
    report.add("bareConsumerRowsPerSecond", .figure(median(bareRates.sorted())))
    report.add("shareOfBareConsumer", .figure(median(ratios.sorted())))
    report.add("startSeconds", .figure(median(starts.sorted())))
    report.add(processorNanosecondsPerRow: processor)
    report.add("peakBytes", .count(Int(median(peaks.sorted()))))
    report.add("residentBytes", .count(Int(median(residents.sorted()))))
    report.add(counts: [("rows", .count(workload.rows)), ("bytes", .count(bytes)), ("referenceSize", .count(referenceSize))])
    report.print()
}

/// Publishes the reference to a daemon whose tables are loaded: from sending the control record to reading, committed, that it is live
/// and its audience complete.
func measurePublishOverKafka(_ files: WorkloadFiles, _ topic: WorkloadTopic, _ options: Options) throws {
    let workload = topic.rows.workload
    let referenceSize = topic.rows.referenceSize(at: Workload.end)
    var times: [Double] = []
    for _ in 0..<options.repeats {
        let daemon = try Deployment(topic, "publish", clock: "events", folder: files.folder, program: options.program)
        try daemon.publishWorkload(campaigns: [])
        _ = try daemon.start()
        _ = try daemon.waitUntilLoaded()
        let start = monotonicNanoseconds()
        try daemon.publish([Workload.campaignEvent(Workload.reference, time: Workload.end)])
        var (isLive, size) = (false, 0)
        let end = try daemon.wait(for: "live campaign") { event in
            if event["type"] == .string("campaign.live") { isLive = true }
            if event["audience"] == .string("reference"), event["complete"] == .boolean(true), case .integer(let told)? = event["size"] {
                size = Int(told)
            }
            return isLive && size == referenceSize
        }
        try daemon.stop()
        times.append(Double(end - start) / 1e6)
    }
    var report = Report("publish-kafka", parameters: parameters(workload))
    report.add(times, unit: "ms")
    report.print()
}
