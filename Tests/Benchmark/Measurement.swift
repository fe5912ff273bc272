// The measurements by name, and what each prints: one JSON line.
import Campaigns
import Glibc

enum Measurement: String, CaseIterable {
    case decode, apply, holds, facts, replay, publish, window, operators, kafka, latency

    /// Whether it is made with a broker, too or only.
    var needsBroker: Bool { self == .kafka || self == .latency || self == .publish }

    var meaning: String {
        switch self {
        case .decode: "rows/s of reading changes alone"
        case .apply: "rows/s of applying decoded changes alone"
        case .holds: "ms that a commit of a hundred changes takes at most while rows come and everything grows"
        case .facts: "how long an engine takes that is made anew from facts, as a start from an image does, beside replaying rows"
        case .replay: "rows/s and memory of `audienced replay`, the whole program"
        case .publish: "ms to publish the reference campaign on loaded tables, in process and over Kafka"
        case .window: "ms of a clock's step at which a million rows leave a window"
        case .operators: "ns of a commit with one change, per operator and number of rows, and of publishing per row"
        case .kafka: "rows/s and memory from Kafka to committed in Kafka, beside a bare consumer of the same topic"
        case .latency: "ms from the instant a change was due to its committed event, at a fixed rate"
        }
    }
}

/// One line of output. Values of a measurement that cannot be made are missing, and `skipped` says why.
struct Report {
    private var members: [JSON.Member]

    init(_ name: String, parameters: [(String, JSON)]) {
        members = [
            JSON.Member("name", .string(name)),
            JSON.Member("parameters", .object(parameters.map { JSON.Member($0.0, $0.1) })),
        ]
    }

    /// Median, least and most of the repeats. The unit says whether more or less is better.
    mutating func add(_ values: [Double], unit: String) {
        let sorted = values.sorted()
        guard let least = sorted.first, let most = sorted.last else { return }
        add("unit", .string(unit))
        add("median", .double(rounded(median(sorted))))
        add("min", .double(rounded(least)))
        add("max", .double(rounded(most)))
        add("repeats", .integer(Int64(sorted.count)))
    }

    mutating func add(_ name: String, _ value: JSON) {
        members.append(JSON.Member(name, value))
    }

    /// Time on processors, which other work on the machine disturbs less than the time on the wall.
    mutating func add(processorNanosecondsPerRow values: [Double]) {
        add("processorNanosecondsPerRow", .figure(median(values.sorted())))
    }

    mutating func add(counts: [(String, JSON)]) {
        add("counts", .object(counts.map { JSON.Member($0.0, $0.1) }))
    }

    /// Prints the line; what else ran on the machine in the last minute stands in it, since figures mean little on a busy one.
    func print() {
        var text = JSONText()
        var members = members
        members.append(JSON.Member("load", .double(Machine.load)))
        text.append(.object(members))
        text.bytes.append(UInt8(ascii: "\n"))
        _ = write(STDOUT_FILENO, text.bytes, text.bytes.count)
    }

    static func skip(_ name: String, because reason: String) {
        say("\(name): skipped, \(reason)")
        var report = Report(name, parameters: [])
        report.add("skipped", .string(reason))
        report.print()
    }
}

func median(_ sorted: [Double]) -> Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Four digits tell everything that a measurement can.
func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let scale = pow(10, 3 - floor(log10(abs(value))))
    return scale >= 1 ? (value * scale).rounded() / scale : value.rounded()
}

extension JSON {
    static func count(_ value: Int) -> JSON { .integer(Int64(value)) }
    static func figure(_ value: Double) -> JSON { .double(rounded(value)) }
}

/// What the benchmark is about, for people.
func say(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}
