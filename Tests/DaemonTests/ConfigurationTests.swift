// Goal: every key of contract §9 with its default, overrides, JSON, and every mistake at once with its place. Method: texts in, values or
// problems out; what a problem says is compared whole, since operators read it.

import Glibc
import Testing

@testable import Daemon

@Suite struct ConfigurationTests {
    private let least = "kafka: {bootstrap.servers: 'b:9092'}\ndata: /d\n"
    private var defaults: Configuration { Configuration(kafka: ["bootstrap.servers": .text("b:9092")], data: "/d") }

    private func read(_ text: String, _ environment: [String: String] = [:]) throws(ConfigurationError) -> Configuration {
        let (configuration, problems) = ConfigurationReader.read(Array(text.utf8), environment: environment)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return configuration
    }

    private func problems(_ text: String, _ environment: [String: String] = [:]) -> [String] {
        ConfigurationReader.read(Array(text.utf8), environment: environment).problems.map(\.description)
    }

    @Test func defaultsOfTheContract() throws {
        let configuration = try read(least)
        #expect(configuration == defaults)
        #expect(configuration.group == "audienced")
        #expect(configuration.topics.prefix == "" && configuration.topics.control == "campaign-publish" && configuration.topics.create)
        #expect(configuration.topics.changes == [Configuration.ChangeTopic(topic: "profile-changes")])
        #expect(configuration.clock == .wall && configuration.clockStep == .seconds(300) && configuration.clockAhead == nil)
        #expect(configuration.checkpoints.every == .seconds(60) && configuration.checkpoints.also == nil && !configuration.checkpoints.trim)
        #expect(configuration.http.listen == .tcp(host: "127.0.0.1", port: 8080) && configuration.http.token == nil)
        #expect(configuration.http.tokens.isEmpty && configuration.http.hosts.isEmpty && configuration.metrics.audiences == 1000)
        #expect(configuration.snapshots.every == .seconds(3600) && configuration.snapshots.formats == [.ndjson])
        #expect(configuration.snapshots.keep == 3 && configuration.snapshots.keepFor == .seconds(604_800))
        #expect(configuration.memoryBytes == 4_294_967_296)
    }

    @Test func everyKey() throws {
        let configuration = try read(
            """
            kafka:
              bootstrap.servers: a:1,b:2
              security.protocol: SASL_SSL
              sasl.password: {file: kafka-password}
              enable.ssl.certificate.verification: true
              fetch.wait.max.ms: 5
            group: second
            topics:
              prefix: "test."
              control: control
              changes: [{topic: profile-changes}, {topic: purchases, table: purchases}]
              create: false
            clock: events
            clock-step: PT1M
            clock-ahead: P1DT2H3M4.5S
            data: state
            checkpoints: {every: PT30S, also: /mnt/second, trim: true}
            http:
              listen: "unix:/run/audienced/http.sock"
              token: {file: /etc/token}
              tokens: [{name: ci, file: ci-token, role: publish}, {name: "on call", file: /b, role: read}]
              hosts: [audienced.example.com, "[2001:db8::1]"]
            metrics: {audiences: 0, transitions: true}
            snapshots: {every: P2W, formats: [csv, ndjson], keep: 1, for: PT0.001S}
            memory: 512MiB
            """)
        #expect(
            configuration.kafka == [
                "bootstrap.servers": .text("a:1,b:2"), "security.protocol": .text("SASL_SSL"),
                "sasl.password": .secret(.init(file: "kafka-password")),
                "enable.ssl.certificate.verification": .text("true"), "fetch.wait.max.ms": .text("5"),
            ])
        #expect(configuration.group == "second" && configuration.data == "state" && configuration.clock == .events)
        #expect(configuration.topics.prefix == "test." && configuration.topics.control == "control" && !configuration.topics.create)
        #expect(configuration.topics.changes == [.init(topic: "profile-changes"), .init(topic: "purchases", table: "purchases")])
        #expect(configuration.clockStep == .seconds(60) && configuration.clockAhead == .milliseconds(93_784_500))
        #expect(configuration.http.listen == .unix(path: "/run/audienced/http.sock"))
        #expect(configuration.checkpoints.every == .seconds(30) && configuration.checkpoints.also == "/mnt/second")
        #expect(configuration.checkpoints.trim && configuration.metrics.audiences == 0 && configuration.metrics.transitions)
        #expect(configuration.http.token == .init(file: "/etc/token"))
        #expect(configuration.http.hosts == ["audienced.example.com", "[2001:db8::1]"])
        #expect(
            configuration.http.tokens == [
                .init(name: "ci", secret: .init(file: "ci-token"), role: .publish),
                .init(name: "on call", secret: .init(file: "/b"), role: .read),
            ])
        #expect(configuration.snapshots.every == .seconds(1_209_600) && configuration.snapshots.formats == [.csv, .ndjson])
        #expect(configuration.snapshots.keep == 1 && configuration.snapshots.keepFor == .milliseconds(1))
        #expect(configuration.memoryBytes == 512 << 20)
    }

    @Test func jsonIsYaml() throws {
        let text = """
            {"kafka": {"bootstrap.servers": "b:9092", "sasl.password": {"file": "p"}}, "data": "/d", "topics": {"create": false},
             "snapshots": {"keep": 5, "formats": ["csv"]}, "memory": "1GiB", "clock-ahead": "none"}
            """
        var expected = defaults
        expected.kafka["sasl.password"] = .secret(.init(file: "p"))
        expected.topics.create = false
        expected.snapshots.keep = 5
        expected.snapshots.formats = [.csv]
        expected.memoryBytes = 1 << 30
        #expect(try read(text) == expected)
    }

    @Test func emptySectionsHaveDefaults() throws {
        #expect(try read(least + "topics:\nhttp:\n  # nothing\nsnapshots: {}\n") == defaults)
    }

    @Test func theFileOfTheProjectStatesTheDefaults() throws {
        let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Config/audienced.yaml"
        let file = try #require(fopen(path, "r"), "\(path)")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        let expected = Configuration(kafka: ["bootstrap.servers": .text("127.0.0.1:9092")], data: "/var/lib/audienced")
        let (configuration, problems) = ConfigurationReader.read(bytes, environment: [:])
        #expect(configuration == expected && problems.isEmpty)

        // Every key stands in it, also those that are commented out since they have no default.
        let text = String(decoding: bytes, as: UTF8.self)
        let lists = [["topics", "changes"], ["snapshots", "formats"], ["http", "tokens"], ["http", "hosts"]]
        for path in ConfigurationKey.overridable.map(\.path) + lists {
            #expect(text.contains("\(path.last ?? ""): "), "\(path)")
        }
    }

    @Test func allProblemsAtOnce() {
        let found = problems(
            """
            kafka:
              security.protocol: [a, b]
              sasl.password: {fil: x}
            grup: x
            group: 5
            topics:
              prefix: "a b"
              control: campaign publish
              changes: [{topic: purchases, table: 1x}, {tabel: t}]
              create: "yes"
            clock: sundial
            clock-step: PT0S
            clock-ahead: P1M
            http: {listen: 8080, token: secret-value}
            snapshots: {every: -PT1H, formats: [xml], keep: 0, for: 7}
            memory: 4GB
            """)
        #expect(
            found == [
                "kafka.security.protocol: must be one value or {file: …}, not a list (line 2) — several values are separated by commas",
                "kafka.sasl.password: does not name the file of the secret (line 3) "
                    + "— write {file: NAME}, a credential of the service manager or an absolute path",
                "kafka.sasl.password.fil: is no key of the configuration (line 3) — did you mean file?",
                "grup: is no key of the configuration (line 4) — did you mean group?",
                "group: must be text, not a number (line 5) — put it in quotes",
                "topics.prefix: 'a b' is no beginning of a topic's name (line 7) — letters, digits, ., _ and -, at most 249 of them",
                "topics.control: 'campaign publish' is no name that Kafka allows (line 8) "
                    + "— letters, digits, ., _ and -, at most 249 of them",
                "topics.changes[0].table: must be the name of a table, not '1x' (line 9) "
                    + "— letters, digits, _ and -, with a letter or _ first",
                "topics.changes[1]: must name a topic (line 9) — such as [{topic: purchases, table: purchases}]",
                "topics.changes[1].tabel: is no key of the configuration (line 9) — did you mean table?",
                "topics.create: must be true or false, not 'yes' (line 10) — did you mean true?",
                "clock: must be a known name, not 'sundial' (line 11) — one of: wall, events",
                "clock-step: must be a duration longer than zero, not 'PT0S' (line 12) — ISO 8601, such as PT30M, PT1H or P7D",
                "clock-ahead: must be none or a duration longer than zero, not 'P1M' (line 13) — ISO 8601, such as PT5M",
                "http.listen: must be an address to listen on, not '8080' (line 14) "
                    + "— did you mean 127.0.0.1:8080? host:port or unix:/absolute/path, at most 107 bytes",
                "http.token: must name the file of the secret, not text (line 14) "
                    + "— write {file: NAME}, a credential of the service manager or an absolute path",
                "snapshots.every: must be a duration longer than zero, not '-PT1H' (line 15) — ISO 8601, such as PT30M, PT1H or P7D",
                "snapshots.keep: must be a whole number from 1 to 1000000, not '0' (line 15)",
                "snapshots.for: must be a duration longer than zero, not '7' (line 15) — ISO 8601, such as PT30M, PT1H or P7D",
                "snapshots.formats[0]: must be a known name, not 'xml' (line 15) — one of: ndjson, csv",
                "memory: must be a size of 64MiB or more, not '4GB' (line 16) — did you mean 4GiB? "
                    + "a number of bytes, or with KiB, MiB, GiB or TiB",
                "kafka.bootstrap.servers: must be given — host:port of one broker or several, separated by commas",
                "data: must be given — the folder of checkpoints and snapshots, such as /var/lib/audienced",
            ])
    }

    @Test(arguments: [
        ("topics: 5", "topics: must be a mapping, not a number (line 3) — prefix, control, changes and create"),
        ("topics: {changes: []}", "topics.changes: must not be empty (line 3) — such as [{topic: purchases, table: purchases}]"),
        ("topics: {changes: a}", "topics.changes: must be a list, not text (line 3) — such as [{topic: purchases, table: purchases}]"),
        ("topics: {prefix: }", "topics.prefix: must be text, not empty (line 3)"),
        ("snapshots: {keep: 3.5}", "snapshots.keep: must be a whole number from 1 to 1000000, not '3.5' (line 3)"),
        ("snapshots: {formats: [csv, csv]}", "snapshots.formats[1]: csv is given twice (line 3) — remove one of them"),
        (
            "memory: 63MiB",
            "memory: must be a size of 64MiB or more, not '63MiB' (line 3) — a number of bytes, or with KiB, MiB, GiB or TiB"
        ),
        (
            "topics: {control: audience-members}",
            "topics.control: the topic audience-members is an output of this program (line 3) — control events need a topic of their own"
        ),
        (
            "topics: {changes: [{topic: a}, {topic: a, table: t}]}",
            "topics.changes[1]: the topic a is given twice (line 3) — give it another name or remove it"
        ),
        (
            "topics: {changes: [{topic: campaign-publish}]}",
            "topics.changes[0]: the topic campaign-publish is the one of control events (line 3) — give it another name or remove it"
        ),
        ("data2: x", "data2: is no key of the configuration (line 3) — did you mean data?"),
        ("data: /e", "data: the key is given twice (line 3) — remove one of them"),
        ("group: &g x", "group: an anchor (&) is not supported (line 3) — write the value out each time"),
        ("group: !secret x", "group: a tag (!) is not supported (line 3) — remove it"),
        ("group: *g", "group: an alias (*) is not supported (line 3) — write the value out"),
        ("---\nx: 1", "a second document begins (line 3) — one file holds one configuration; remove the ---"),
        ("? [a]\n: b", "a key must be a name (line 3)"),
    ])
    func oneProblem(_ line: String, _ expected: String) {
        #expect(problems(least + line) == [expected])
    }

    @Test func whatIsNoYaml() {
        #expect(problems("a: [1,\nb: }").first?.hasPrefix("this is no YAML: ") == true)
        #expect(problems("a: [1,\nb: }").count == 1)
        #expect(problems("- a\n- b") == ["must be a mapping, not a list (line 1) — such as data: /var/lib/audienced"])
        #expect(problems("text").count == 1)
        #expect(problems("").count == 2)
        let deep = String(repeating: "[", count: 100_000)
        #expect(problems("a: " + deep) == ["a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested deeper than 16 (line 1)"])
        #expect(problems(String(repeating: " ", count: (1 << 20) + 1)).first?.contains("longer than 1048576 bytes") == true)
        let invalid = ConfigurationReader.read([0x61, 0x3a, 0x20, 0xff], environment: [:]).problems
        #expect(invalid.count == 1 && invalid[0].description.contains("UTF-8"))
    }

    /// Contract §1: a byte order mark at the start of the file is skipped.
    @Test(arguments: ["kafka: {bootstrap.servers: 'b:1'}\ndata: /d", #"{"kafka": {"bootstrap.servers": "b:1"}, "data": "/d"}"#])
    func aByteOrderMarkIsSkipped(text: String) throws {
        let read = ConfigurationReader.read(Array("\u{feff}\(text)".utf8), environment: [:])
        #expect(read.configuration.data == "/d" && read.problems.isEmpty)
    }
}
