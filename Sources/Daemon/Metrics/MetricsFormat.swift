// The two forms in which metrics are asked for.

/// How metrics are written.
package enum MetricsFormat: String, CaseIterable, Sendable {
    /// Prometheus' text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    /// The one that a request accepts, by its header of that name; Prometheus' where it names neither.
    package init(accept: String?) {
        let wanted = accept?.split(separator: ",").first { $0.contains("application/openmetrics-text") || $0.contains("text/plain") }
        self = wanted?.contains("openmetrics") == true ? .openMetrics : .prometheus
    }

    /// The type of the answer's content.
    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}
