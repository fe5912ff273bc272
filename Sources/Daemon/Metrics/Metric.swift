// What one metric is called, what kind it is, and what it says: a row of the catalogue (MetricCatalogue.swift).

/// A family of series with one name.
struct Metric: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// What it counts in; its name ends with it.
    enum Unit: String, Sendable { case seconds, bytes, ratio }

    var name: String
    var kind: Kind
    /// The names of its labels, in the order in which their values are given.
    var labels: [String]
    var unit: Unit?
    /// One sentence.
    var help: String

    /// Before the names of ours.
    static let prefix = "audienced_"

    static func counter(_ name: String, labels: [String] = [], in unit: Unit? = nil, _ help: String) -> Metric {
        Metric(name: "\(prefix)\(name)_total", kind: .counter, labels: labels, unit: unit, help: help)
    }

    static func gauge(_ name: String, labels: [String] = [], in unit: Unit? = nil, _ help: String) -> Metric {
        Metric(name: prefix + name, kind: .gauge, labels: labels, unit: unit, help: help)
    }

    static func histogram(_ name: String, labels: [String] = [], in unit: Unit, _ help: String) -> Metric {
        Metric(name: prefix + name, kind: .histogram, labels: labels, unit: unit, help: help)
    }

    /// One of those that every program has, whose names have no prefix.
    static func process(_ name: String, _ kind: Kind, in unit: Unit? = nil, _ help: String) -> Metric {
        Metric(name: "process_\(name)", kind: kind, labels: [], unit: unit, help: help)
    }
}
