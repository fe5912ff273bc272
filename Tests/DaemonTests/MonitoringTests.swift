// Goal: alerts and dashboard ask for metrics that there are, under their whole names. Method: the names in both files, compared with what
// the daemon writes.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage
@testable import Wire

@Suite struct MonitoringTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

    private static func text(_ name: String) throws -> String {
        String(decoding: try OpenFile.reading("\(root)/Config/\(name)").read(maximumBytes: .max), as: UTF8.self)
    }

    /// The names that samples have.
    private static let known: Set<String> = {
        var names: Set<String> = []
        for (name, type) in ReadMetrics(Metrics().text(.prometheus)).types {
            if type == "histogram" { names.formUnion(["_bucket", "_sum", "_count"].map { name + $0 }) } else { names.insert(name) }
        }
        return names
    }()

    private static func names(in text: String) -> Set<String> {
        Set(text.matches(of: /\b(?:audienced|process)_[a-z_]*[a-z]\b/).map { String($0.0) })
    }

    @Test(arguments: [("alerts.yaml", 14), ("alerts-test.yaml", 14), ("grafana-dashboard.json", 40)])
    func everyMetricIsThere(file: String, count: Int) throws {
        let names = try Self.names(in: Self.text(file))
        #expect(names.count >= count, "a reader that finds nothing proves nothing")
        #expect(names.subtracting(Self.known).sorted() == [], "\(file)")
    }

    /// What the dashboard does not show is off by default, or standard.
    @Test func theDashboardShowsEveryMetric() throws {
        let shown = try Self.names(in: Self.text("grafana-dashboard.json"))
        let missing = Self.known.subtracting(shown).filter { !$0.hasSuffix("_sum") && !$0.hasSuffix("_count") && !$0.hasPrefix("process_") }
        #expect(missing.sorted() == ["audienced_commit_sequence", "audienced_snapshot_interval_seconds", "audienced_transition_rows"])
    }

    @Test func theDashboardIsJSONWithRowsInTheOrderOfTheQuestions() throws {
        let dashboard = json(try Self.text("grafana-dashboard.json"))
        guard case .array(let panels)? = dashboard["panels"] else {
            Issue.record("no panels")
            return
        }
        let rows = panels.filter { $0.text("type") == "row" }.compactMap { $0.text("title") }
        #expect(rows.map { $0.prefix { $0 != ":" } } == ["Now", "Latency", "Inputs", "Outputs", "Process"])
        #expect(Set(panels.map { written($0["id"]!) }).count == panels.count)
    }

    /// Each alert says what is the matter and where to read on.
    @Test func everyAlertIsExplained() throws {
        let text = try Self.text("alerts.yaml")
        let alerts = text.split(separator: "- alert: ").dropFirst()
        #expect(alerts.count == 13)
        for alert in alerts {
            for part in ["expr:", "severity:", "summary:", "runbook: \"/manual/alerts#"] {
                #expect(alert.contains(part), "\(alert.prefix(30)): \(part)")
            }
        }
    }
}
