// Metrics as text: Prometheus' format 0.0.4 and OpenMetrics 1.0.0, which differ in what they call counters, in units and in the end.

/// Writes families one after the other, each with its samples behind it.
struct MetricsText {
    private let format: MetricsFormat
    private(set) var bytes: [UInt8] = []
    private var metric: Metric?

    init(_ format: MetricsFormat) {
        self.format = format
    }

    /// Begins a family, and writes its samples.
    mutating func write(_ metric: Metric, _ samples: (inout MetricsText) -> Void) {
        var family = metric.name
        // A counter's family has the name without the suffix that its samples have.
        if format == .openMetrics && metric.kind == .counter { family.removeLast("_total".count) }
        append("# HELP \(family) \(escaped(metric.help, quotes: format == .openMetrics))\n")
        append("# TYPE \(family) \(metric.kind.rawValue)\n")
        if format == .openMetrics, let unit = metric.unit { append("# UNIT \(family) \(unit.rawValue)\n") }
        self.metric = metric
        samples(&self)
        self.metric = nil
    }

    /// A family of one sample.
    mutating func write(_ metric: Metric, _ value: Double) {
        write(metric) { $0.sample([], value) }
    }

    /// A sample of the family, with the values of its labels.
    mutating func sample(_ labels: [String], _ value: Double) {
        guard let metric else { preconditionFailure("a sample belongs to a family") }
        sample(metric.name, metric.labels, labels, value)
    }

    mutating func sample(_ labels: [String], _ value: Int) { sample(labels, Double(value)) }

    mutating func sample(_ labels: [String], _ histogram: Histogram) {
        guard let metric else { preconditionFailure("a sample belongs to a family") }
        var count = 0
        for (place, bound) in (histogram.bounds + [.infinity]).enumerated() {
            count += histogram.counts[place]
            sample(metric.name + "_bucket", metric.labels + ["le"], labels + [text(of: bound, isBound: true)], Double(count))
        }
        sample(metric.name + "_sum", metric.labels, labels, histogram.sum)
        sample(metric.name + "_count", metric.labels, labels, Double(count))
    }

    /// Nothing follows.
    mutating func end() {
        if format == .openMetrics { append("# EOF\n") }
    }

    private mutating func sample(_ name: String, _ names: [String], _ values: [String], _ value: Double) {
        precondition(names.count == values.count, "each label has a value")
        append(name)
        if !names.isEmpty {
            append("{")
            for (place, name) in names.enumerated() {
                append(place == 0 ? "\(name)=\"" : ",\(name)=\"")
                append(escaped(values[place], quotes: true))
                append("\"")
            }
            append("}")
        }
        append(" \(text(of: value))\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A bound is always written as a number with a fraction: it is part of a series' name, and 1 and 1.0 would be two.
    private func text(of value: Double, isBound: Bool = false) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value.isNaN { return "NaN" }
        if !isBound, let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return "\(value)"
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\"") }) else {
            return text
        }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
