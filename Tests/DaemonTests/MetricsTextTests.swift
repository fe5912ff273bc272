// Goal: metrics are written as Prometheus and OpenMetrics ask for, and the catalogue has every metric of the design, with its type. Method:
// texts compared whole; the design's table, written out here.

import Testing

@testable import Daemon

/// A metrics text, read: the type of each family, and the value of each sample with its labels.
struct ReadMetrics {
    var types: [String: String] = [:]
    var samples: [String: Double] = [:]
    /// The names of the labels of each sample.
    var labels: [String: Set<String>] = [:]

    init(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE") { types[String(words[2])] = String(words[3]) }
            if line.hasPrefix("#") { continue }
            let end = line.lastIndex(of: " ")!
            samples[String(line[..<end])] = Double(line[line.index(after: end)...].replacing("+Inf", with: "inf"))
            let name = String(line[..<end].prefix { $0 != "{" })
            let found = line.matches(of: /([a-z_]+)="/).map { String($0.1) }
            labels[name, default: []].formUnion(found)
        }
    }

    subscript(series: String) -> Double? { samples["audienced_" + series] }
}

@Suite struct MetricsTextTests {
    private static let counter = Metric.counter("sent", labels: ["name"], in: .bytes, "Bytes \"sent\" \\ kept.\nBy name.")
    private static let gauge = Metric.gauge("ratio", in: .ratio, "A part.")
    private static let histogram = Metric.histogram("time_seconds", labels: ["route"], in: .seconds, "How long.")

    private func write(_ format: MetricsFormat) -> String {
        var text = MetricsText(format)
        text.write(Self.counter) {
            $0.sample(["a\\b\"c\nd"], 12)
            $0.sample(["é"], 3)
        }
        text.write(Self.gauge, 0.25)
        var durations = Histogram([0.001, 1])
        for seconds in [0.0005, 0.001, 0.5, 1, 7] { durations.observe(seconds: seconds) }
        durations.observe(seconds: -3, times: 2)
        text.write(Self.histogram) { $0.sample(["x"], durations) }
        text.end()
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test func prometheus() {
        #expect(
            write(.prometheus) == #"""
                # HELP audienced_sent_total Bytes "sent" \\ kept.\nBy name.
                # TYPE audienced_sent_total counter
                audienced_sent_total{name="a\\b\"c\nd"} 12
                audienced_sent_total{name="é"} 3
                # HELP audienced_ratio A part.
                # TYPE audienced_ratio gauge
                audienced_ratio 0.25
                # HELP audienced_time_seconds How long.
                # TYPE audienced_time_seconds histogram
                audienced_time_seconds_bucket{route="x",le="0.001"} 4
                audienced_time_seconds_bucket{route="x",le="1.0"} 6
                audienced_time_seconds_bucket{route="x",le="+Inf"} 7
                audienced_time_seconds_sum{route="x"} 8.5015
                audienced_time_seconds_count{route="x"} 7

                """#)
    }

    @Test func openMetrics() {
        #expect(
            write(.openMetrics) == #"""
                # HELP audienced_sent Bytes \"sent\" \\ kept.\nBy name.
                # TYPE audienced_sent counter
                # UNIT audienced_sent bytes
                audienced_sent_total{name="a\\b\"c\nd"} 12
                audienced_sent_total{name="é"} 3
                # HELP audienced_ratio A part.
                # TYPE audienced_ratio gauge
                # UNIT audienced_ratio ratio
                audienced_ratio 0.25
                # HELP audienced_time_seconds How long.
                # TYPE audienced_time_seconds histogram
                # UNIT audienced_time_seconds seconds
                audienced_time_seconds_bucket{route="x",le="0.001"} 4
                audienced_time_seconds_bucket{route="x",le="1.0"} 6
                audienced_time_seconds_bucket{route="x",le="+Inf"} 7
                audienced_time_seconds_sum{route="x"} 8.5015
                audienced_time_seconds_count{route="x"} 7
                # EOF

                """#)
    }

    @Test(
        arguments: [
            (nil, MetricsFormat.prometheus), ("", .prometheus), ("*/*", .prometheus), ("text/plain;version=0.0.4", .prometheus),
            (
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;q=0.3",
                .openMetrics
            ),
            ("text/plain, application/openmetrics-text", .prometheus),
        ] as [(String?, MetricsFormat)])
    func whatIsAskedFor(accept: String?, format: MetricsFormat) {
        #expect(MetricsFormat(accept: accept) == format)
        #expect(format.contentType.contains("version="))
    }

    /// The table of the design: types by name, without the prefix of ours.
    static let design: [String: [String]] = [
        "gauge": [
            "build_info", "ready", "not_ready", "replayed_ratio", "consumer_lag_records", "consumer_lag_seconds", "commit_sequence",
            "last_commit_timestamp_seconds", "clock_timestamp_seconds", "clock_step_seconds", "audience_members",
            "audience_rejected_rows", "audience_last_change_timestamp_seconds", "audiences_unlisted", "transition_rows", "live_campaigns",
            "rows_held", "snapshot_last_timestamp_seconds", "snapshot_pending", "snapshot_interval_seconds",
            "checkpoint_last_timestamp_seconds", "checkpoint_bytes", "http_connections", "memory_bytes", "memory_budget_bytes",
            "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
            "process_start_time_seconds",
        ],
        "counter": [
            "records_consumed_total", "consumed_bytes_total", "rows_total", "dead_letters_total", "ignored_members_total", "commits_total",
            "membership_changes_total", "audience_changes_total", "audit_rows_total", "audit_drift_total", "channel_requests_total",
            "http_requests_total", "engine_query_seconds_total", "process_cpu_seconds_total",
        ],
        "histogram": ["commit_duration_seconds", "event_to_commit_seconds", "timer_lateness_seconds", "http_request_duration_seconds"],
    ]

    @Test func theCatalogueIsTheDesigns() {
        let read = ReadMetrics(Metrics().text(.prometheus))
        var wanted: [String: String] = [:]
        for (type, names) in Self.design {
            for name in names { wanted[name.hasPrefix("process_") ? name : "audienced_" + name] = type }
        }
        #expect(read.types == wanted)
        #expect(read["ready"] == 0 && read[#"not_ready{reason="starting"}"#] == 1 && read.samples["process_resident_memory_bytes"]! > 1e6)
        #expect(read["http_connections{kind=\"stream\"}"] == 0)
    }

    @Test func requestsAreCounted() {
        let metrics = Metrics()
        for duration in [Duration.milliseconds(3), .milliseconds(30)] {
            metrics.requests.answered(route: "audiences/{id}", method: "GET", code: 200, in: duration)
        }
        metrics.requests.answered(route: "audiences/{id}", method: "BREW", code: 7, in: .zero)
        metrics.requests.connection(.stream, isOpen: true)
        metrics.requests.connection(.request, isOpen: true)
        metrics.requests.connection(.request, isOpen: false)
        metrics.requests.asked(.explain, for: .milliseconds(250))
        for number in 0..<200 { metrics.requests.answered(route: "r\(number)", method: "GET", code: 200, in: .zero) }
        let read = ReadMetrics(metrics.text(.openMetrics))
        #expect(read[#"http_requests_total{route="audiences/{id}",method="GET",code="200"}"#] == 2)
        #expect(read[#"http_requests_total{route="audiences/{id}",method="other",code="0"}"#] == 1)
        #expect(read[#"http_requests_total{route="other",method="GET",code="200"}"#] == 101)
        #expect(read[#"http_request_duration_seconds_bucket{route="audiences/{id}",le="0.005"}"#] == 2)
        #expect(read[#"http_request_duration_seconds_count{route="audiences/{id}"}"#] == 3)
        #expect(read[#"http_connections{kind="stream"}"#] == 1 && read[#"http_connections{kind="request"}"#] == 0)
        #expect(read[#"engine_query_seconds_total{kind="explain"}"#] == 0.25)
    }

    @Test func onlySoManyAudiencesAreListed() {
        var audiences = AudienceMetrics(most: 2)
        func change(_ number: Int, _ id: String, size: Int = 1, isRetired: Bool = false) -> CommitCounts.AudienceChange {
            .init(number: number, id: id, size: size, rejected: 0, entered: 1, isRetired: isRetired, clock: 5)
        }
        for (number, id) in ["c", "a", "b"].enumerated() { audiences.take(change(number, id)) }
        #expect(audiences.listed.map(\.id) == ["c", "a"] && audiences.unlistedCount == 1)
        audiences.take(change(0, "c", size: 0, isRetired: true))
        #expect(audiences.listed.map(\.id) == ["a", "b"] && audiences.unlistedCount == 0)
        // Another engine gives other numbers; what was counted goes on.
        audiences.begin([change(0, "b", size: 7), change(1, "d", size: 8)])
        #expect(audiences.listed.map(\.id) == ["b", "d"] && audiences.listed[0].entered == 1 && audiences.listed[0].size == 7)
    }
}
