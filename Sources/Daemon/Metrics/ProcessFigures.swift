// What every program says of itself under the same names: memory, processor time, descriptors. Read from /proc when somebody asks.
import Glibc
import Storage

struct ProcessFigures: Sendable {
    /// About: when it was first looked at, which is at the start.
    static let start = Double(wallMilliseconds()) / 1000

    var residentBytes: Double?
    var virtualBytes: Double?
    var processorSeconds = 0.0
    var openDescriptors: Double?
    var mostDescriptors: Double?

    init() {
        let pages = (SystemText.read("/proc/self/statm") ?? "").split(separator: " ").compactMap { Double($0) }
        if pages.count > 1 {
            virtualBytes = pages[0] * Double(getpagesize())
            residentBytes = pages[1] * Double(getpagesize())
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        for time in [usage.ru_utime, usage.ru_stime] { processorSeconds += Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        // Without the one that reads them.
        if let names = try? Folders.names(in: "/proc/self/fd") { openDescriptors = Double(names.count - 1) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { mostDescriptors = Double(limit.rlim_cur) }
    }

    func write(into text: inout MetricsText) {
        let figures: [(Metric, Double?)] = [
            (.residentMemory, residentBytes), (.virtualMemory, virtualBytes), (.processorSeconds, processorSeconds),
            (.openDescriptors, openDescriptors), (.mostDescriptors, mostDescriptors), (.startTime, Self.start),
        ]
        for (metric, value) in figures { text.write(metric) { if let value { $0.sample([], value) } } }
    }
}
