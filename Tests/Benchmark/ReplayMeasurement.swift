// The whole program without a broker: `audienced replay` as a child process.
import Campaigns
import Glibc
import Wire

func measureReplay(_ files: WorkloadFiles, _ skew: Workload.Skew, campaigns: Int, _ options: Options) throws {
    let rows = try files.rows(skew)
    let input = try files.input(skew, campaigns: campaigns)
    let output = "\(files.folder)/replayed"
    var (rates, processor, peaks) = ([Double](), [Double](), [Double]())
    var told = JSON.null
    for _ in 0..<options.repeats {
        let child = try ChildProcess(
            ["replay", "--input", input, "--output", output, "--statistics", "--strict"], program: options.program,
            log: "\(files.folder)/replay.log")
        try child.wait()
        rates.append(Double(rows.workload.rows) / child.seconds)
        processor.append(child.processorSeconds * 1e9 / Double(rows.workload.rows))
        peaks.append(Double(child.peakBytes))
        told = statistics(in: child.output)
        try check("reference", has: lastSize(of: "reference", in: "\(output)/audience-updated.ndjson"), not: rows.referenceSize)
    }
    var report = Report("replay", parameters: parameters(rows.workload, campaigns: campaigns))
    report.add(rates, unit: "rows/s")
    report.add(processorNanosecondsPerRow: processor)
    report.add("peakBytes", .count(Int(median(peaks.sorted()))))
    report.add("told", told)
    report.print()
}

/// What `--statistics` printed.
private func statistics(in output: String) -> JSON {
    for line in output.split(separator: "\n") where line.hasPrefix("{\"rowsRead\"") { return parse(line.utf8) ?? .null }
    return .null
}

/// The size that the last event about an audience tells.
private func lastSize(of audience: String, in path: String) -> Int {
    var size = 0
    for line in Machine.text(of: path).split(separator: "\n") where line.contains("\"\(audience)\"") {
        guard let value = parse(line.utf8)?["value"], case .integer(let told)? = value["size"] else { continue }
        size = Int(told)
    }
    return size
}

func parse(_ text: some Sequence<UInt8>) -> JSON? {
    let bytes = Array(text)
    let padded = bytes + [UInt8](repeating: 0, count: 64)
    return padded.withUnsafeBytes { JSONReader().tree(UnsafeRawBufferPointer(rebasing: $0[..<bytes.count])) }
}
