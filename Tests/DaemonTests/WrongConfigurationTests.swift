// Goal: configurations as people write them, each refused with the key's path and what would be right, or accepted where nothing is wrong
// (contract §9). Method: one fault a text, the whole answer compared; files of every bad kind on disk.

import Glibc
import Testing

@testable import Daemon

@Suite struct WrongConfigurationTests {
    private static let least = "kafka: {bootstrap.servers: 'b:9092'}\ndata: /d\n"

    private func problems(_ text: String) -> [String] {
        ConfigurationReader.read(Array(text.utf8), environment: [:]).problems.map(\.description)
    }

    @Test(arguments: [
        // Nesting.
        (
            "bootstrap.servers: b:1",
            "bootstrap.servers: is no key of the configuration (line 3) — it belongs elsewhere: kafka: {bootstrap.servers: …}"
        ),
        ("kafka.client.id: x", "kafka.client.id: is no key of the configuration (line 3) — it belongs elsewhere: kafka: {client.id: …}"),
        ("topics.prefix: x", "topics.prefix: is no key of the configuration (line 3) — it belongs elsewhere: topics: {prefix: …}"),
        ("prefix: x", "prefix: is no key of the configuration (line 3) — it belongs elsewhere: topics: {prefix: …}"),
        ("listen: x", "listen: is no key of the configuration (line 3) — it belongs elsewhere: http: {listen: …}"),
        ("topics: {group: x}", "topics.group: is no key of the configuration (line 3) — it belongs elsewhere: group: …"),
        ("topics: {xyzzy: x}", "topics.xyzzy: is no key of the configuration (line 3) — known: prefix, control, changes, create"),
        ("clock: {source: wall}", "clock: must be a known name, not a mapping (line 3) — one of: wall, events"),
        // Case, plural, other signs between the words.
        ("Group: x", "Group: is no key of the configuration (line 3) — did you mean group?"),
        ("topic: {prefix: x}", "topic: is no key of the configuration (line 3) — did you mean topics?"),
        ("clock_step: PT1M", "clock_step: is no key of the configuration (line 3) — did you mean clock-step?"),
        ("clockAhead: PT1M", "clockAhead: is no key of the configuration (line 3) — did you mean clock-ahead?"),
        (#"clock: "wall\n\e[31m""#, "clock: must be a known name, not 'wall\u{fffd}\u{fffd}[31m' (line 3) — one of: wall, events"),
        ("clock: Wall", "clock: must be a known name, not 'Wall' (line 3) — did you mean wall? one of: wall, events"),
        ("clock: event", "clock: must be a known name, not 'event' (line 3) — did you mean events? one of: wall, events"),
        ("snapshots: {format: [csv]}", "snapshots.format: is no key of the configuration (line 3) — did you mean formats?"),
        ("checkpoint: {every: PT1M}", "checkpoint: is no key of the configuration (line 3) — did you mean checkpoints?"),
        // Lists and scalars.
        ("group: [a]", "group: must be text, not a list (line 3)"),
        ("data2: [a]", "data2: is no key of the configuration (line 3) — did you mean data?"),
        ("snapshots: {keep: [3]}", "snapshots.keep: must be a whole number from 1 to 1000000, not a list (line 3)"),
        (
            "snapshots: {every: [PT1H]}",
            "snapshots.every: must be a duration longer than zero, not a list (line 3) — ISO 8601, such as PT30M, PT1H or P7D"
        ),
        ("topics: [a]", "topics: must be a mapping, not a list (line 3) — prefix, control, changes and create"),
        (
            "topics: {changes: {a: b}}",
            "topics.changes: must be a list, not a mapping (line 3) — such as [{topic: purchases, table: purchases}]"
        ),
        (
            "topics: {changes: [a]}",
            "topics.changes[0]: must be a mapping, not text (line 3) — such as [{topic: purchases, table: purchases}]"
        ),
        ("snapshots: {formats: csv}", "snapshots.formats: must be a list, not text (line 3) — such as [ndjson]"),
        ("checkpoints: PT1M", "checkpoints: must be a mapping, not text (line 3) — every, also and trim"),
        ("metrics: 5", "metrics: must be a mapping, not a number (line 3) — audiences and transitions"),
        ("http: 'localhost:80'", "http: must be a mapping, not text (line 3) — listen, token, tokens and hosts"),
        ("http: {hosts: a}", "http.hosts: must be a list, not text (line 3) — such as [audienced.example.com]"),
        // Numbers, booleans, durations, sizes.
        ("group: 5", "group: must be text, not a number (line 3) — put it in quotes"),
        ("http: {hosts: [10.1]}", "http.hosts[0]: must be text, not a number (line 3) — put it in quotes"),
        (
            "topics: {changes: [{topic: a, table: true}]}",
            "topics.changes[0].table: must be text, not a boolean (line 3) — put it in quotes"
        ),
        ("topics: {create: 'true'}", "topics.create: must be true or false, not 'true' in quotes (line 3) — remove the quotes"),
        ("topics: {create: yes}", "topics.create: must be true or false, not 'yes' (line 3) — did you mean true?"),
        ("checkpoints: {trim: Off}", "checkpoints.trim: must be true or false, not 'Off' (line 3) — did you mean false?"),
        (
            "snapshots: {keep: '3'}",
            "snapshots.keep: must be a whole number from 1 to 1000000, not '3' in quotes (line 3) — remove the quotes"
        ),
        ("metrics: {audiences: -1}", "metrics.audiences: must be a whole number from 0 to 100000, not '-1' (line 3)"),
        (
            "checkpoints: {every: 90s}",
            "checkpoints.every: must be a duration longer than zero, not '90s' (line 3) — did you mean PT90S? "
                + "ISO 8601, such as PT30M, PT1H or P7D"
        ),
        (
            "snapshots: {for: 7d}",
            "snapshots.for: must be a duration longer than zero, not '7d' (line 3) — did you mean P7D? ISO 8601, such as PT30M, PT1H or P7D"
        ),
        ("clock-ahead: None", "clock-ahead: must be none or a duration longer than zero, not 'None' (line 3) — ISO 8601, such as PT5M"),
        (
            "memory: 4GB",
            "memory: must be a size of 64MiB or more, not '4GB' (line 3) "
                + "— did you mean 4GiB? a number of bytes, or with KiB, MiB, GiB or TiB"
        ),
        // What stands in two places, or where it cannot be.
        (
            "checkpoints: {also: /d/}",
            "checkpoints.also: is the folder that data names (line 3) — a second home is on another disk; none is allowed too"
        ),
        ("checkpoints: {also: ''}", "checkpoints.also: is no path of a folder (line 3) — none, or a folder that another machine can read"),
        (
            "http: {listen: '0.0.0.0:80'}",
            "http.listen: an address that others reach needs a token (line 3) "
                + "— add token: {file: …}, or listen on 127.0.0.1 or on a Unix socket"
        ),
        (
            "http: {listen: '[::]:80', tokens: []}",
            "http.listen: an address that others reach needs a token (line 3) "
                + "— add token: {file: …}, or listen on 127.0.0.1 or on a Unix socket"
        ),
        (
            "http: {listen: 8080}",
            "http.listen: must be an address to listen on, not '8080' (line 3) — did you mean 127.0.0.1:8080? "
                + "host:port or unix:/absolute/path, at most 107 bytes"
        ),
        (
            "http: {tokens: [{name: a, file: f, role: admin}]}",
            "http.tokens[0].role: must be a known name, not 'admin' (line 3) — one of: observe, read, publish"
        ),
        (
            "http: {tokens: [{name: a, file: f}]}",
            "http.tokens[0].role: must be given (line 3) — such as [{name: ci, file: ci-token, role: publish}]"
        ),
        (
            "http: {tokens: [{name: a, file: f, role: read}, {name: a, file: g, role: read}]}",
            "http.tokens[1].name: 'a' is given twice (line 3) — each token has a name of its own"
        ),
        (
            "http: {tokens: [{name: '', file: f, role: read}]}",
            "http.tokens[0].name: must have 1 to 128 bytes and no control characters (line 3)"
        ),
        (
            "http: {tokens: [{name: a, file: {file: f}, role: read}]}",
            "http.tokens[0].file: must be text, not a mapping (line 3) "
                + "— write {file: NAME}, a credential of the service manager or an absolute path"
        ),
        (
            "http: {hosts: ['a.example:80']}",
            "http.hosts[0]: must be a name or address without a port, not 'a.example:80' (line 3) "
                + "— such as audienced.example.com or [2001:db8::1]"
        ),
        // YAML.
        ("topics:{prefix: x}", "topics…: is no key of the configuration (line 3) — write topics: with a blank behind the colon"),
        ("<<: {group: x}", "a merge key (<<) is not supported (line 3) — write the values out each time"),
        ("group: x\ngroup:", "the key is given twice (line 4) — remove one of them"),
        (
            "{a",
            "this is no YAML: could not find expected ':' (line 4) "
                + "— see to the indentation (blanks, no tabs), the quotes and the blank behind each colon"
        ),
    ])
    func oneFault(_ line: String, _ expected: String) {
        #expect(problems(Self.least + line) == [expected])
    }

    @Test(arguments: [
        (
            "bootstrap_servers: x",
            "kafka.bootstrap_servers: is not a setting that is passed on to librdkafka (line 3) — did you mean bootstrap.servers?"
        ),
        (
            "bootstrapServers: x",
            "kafka.bootstrapServers: is not a setting that is passed on to librdkafka (line 3) — did you mean bootstrap.servers?"
        ),
        ("Client.Id: x", "kafka.Client.Id: is not a setting that is passed on to librdkafka (line 3) — did you mean client.id?"),
        (
            "ssl: {ca: {location: /ca}}",
            "kafka.ssl: is not a setting that is passed on to librdkafka (line 3) "
                + "— librdkafka's names are not nested: write ssl.ca.location: …"
        ),
        ("group.id: x", "kafka.group.id: cannot be set: it follows from the name of the deployment (line 3)"),
        ("group.id:", "kafka.group.id: cannot be set: it follows from the name of the deployment (line 3)"),
        ("auto.offset.reset: latest", "kafka.auto.offset.reset: cannot be set: a missing offset is an error, never a jump (line 3)"),
        (
            "sasl.jaas.config: x",
            "kafka.sasl.jaas.config: is another client's name: librdkafka's is sasl.username and sasl.password: {file: …} (line 3)"
        ),
        ("max.poll.records: 5", "kafka.max.poll.records: is not a setting that is passed on to librdkafka (line 3)"),
        (
            "client.id: [a, b]",
            "kafka.client.id: must be one value or {file: …}, not a list (line 3) — several values are separated by commas"
        ),
        (
            "bootstrap.server:x: y",
            "kafka.bootstrap.server…: is not a setting that is passed on to librdkafka (line 3) — did you mean bootstrap.servers?"
        ),
        (
            "client.id=x: y",
            "kafka.client.id…: is not a setting that is passed on to librdkafka (line 3) — did you mean client.id?"
        ),
        (
            "client.id:long-value: y",
            "kafka.client.id…: is not a setting that is passed on to librdkafka (line 3) — write client.id: with a blank behind the colon"
        ),
        (
            "socket.timeout.ms: 5",
            #"kafka.socket.timeout.ms: Configuration property "socket.timeout.ms" value 5 is outside allowed range 10..300000 (line 3)"#
        ),
        ("client.id: {a: b}", "kafka.client.id: must be one value or {file: …}, not a mapping (line 3)"),
        ("client.id:", "kafka.client.id: must have a value (line 3)"),
    ])
    func oneSetting(_ line: String, _ expected: String) {
        #expect(problems("kafka:\n  bootstrap.servers: b:1\n  \(line)\ndata: /d\n") == [expected])
    }

    @Test func addressesOfBrokers() {
        let right = [
            "a", "a:1", "a:1,b:2", "a:1, b:2", "a:1,", "[::1]:9092", "SSL://a:1,plaintext://b", "127.0.0.1:65535", "kafka_1.example:9092",
        ]
        for text in right { #expect(problems("kafka: {bootstrap.servers: '\(text)'}\ndata: /d\n") == [], "\(text)") }
        let wrong = [
            ("a:99999", "a:99999"), ("a:1,http://b:2", "http://b:2"), ("a:0", "a:0"), (",", ","), (" ", " "), ("::1:9092", "::1:9092"),
            ("a:b", "a:b"), ("a:1;b:2", "a:1;b:2"), ("a:", "a:"), ("tcp://a:1", "tcp://a:1"),
        ]
        for (text, address) in wrong {
            let expected = "'\(address)' is no address of a broker (line 1) — host:port of one broker or several, separated by commas"
            #expect(problems("kafka: {bootstrap.servers: '\(text)'}\ndata: /d\n") == ["kafka.bootstrap.servers: \(expected)"], "\(text)")
        }
    }

    @Test func valuesAreCheckedByLibrdkafka() {
        let found = problems("kafka: {bootstrap.servers: 'b:1', security.protocol: SSLL, fetch.wait.max.ms: soon}\ndata: /d\n")
        #expect(
            found.count == 2 && found[0].hasPrefix("kafka.security.protocol: ") && found[1].hasPrefix("kafka.fetch.wait.max.ms: "),
            "\(found)")
    }

    @Test func whatDoesNoHarm() {
        let least = Self.least
        let texts = [
            "\u{feff}" + least, least.replacing("\n", with: "\r\n"), "---\n" + least + "...\n", "# mine\n" + least + "\n\n",
            "%YAML 1.1\n---\n" + least, "\u{feff}---\r\n# x\r\n" + least.replacing("\n", with: "\r\n"),
            least + "http: {tokens: [], hosts: []}\ncheckpoints: {also: none}\n",
            least + "http: {listen: '0.0.0.0:80', token: {file: f}}\n",
            least + "http: {listen: 'a:80', tokens: [{name: a, file: f, role: observe}]}\n",
            #"{"kafka": {"bootstrap.servers": "b:9092"}, "data": "/d", "http": {"listen": "127.0.0.1:0"}}"#,
        ]
        for text in texts { #expect(problems(text) == [], "\(text)") }
        let rest = ConfigurationReader.read(Array(("\u{feff}" + least).utf8), environment: [:]).configuration
        #expect(rest.data == "/d")
    }

    @Test func otherEncodings() {
        let text = Array(Self.least.utf8)
        let little: [UInt8] = [0xff, 0xfe] + text.flatMap { [$0, 0] as [UInt8] }
        let big: [UInt8] = [0xfe, 0xff] + text.flatMap { [0, $0] as [UInt8] }
        for bytes in [little, big] {
            #expect(
                ConfigurationReader.read(bytes, environment: [:]).problems.map(\.description) == ["the file is UTF-16 — save it as UTF-8"])
        }
        let others: [[UInt8]] = [text + [0xe9], [0x1f, 0x8b, 8, 0], [0, 1, 2]]
        for bytes in others {
            let found = ConfigurationReader.read(bytes, environment: [:]).problems
            #expect(found.count == 1 && found[0].description.hasPrefix("this is no YAML: "), "\(found)")
        }
    }

    @Test func filesThatAreNone() throws {
        let folder = TemporaryFolder()
        try folder.write("empty", "")
        try folder.write("huge", String(repeating: "# \n", count: 400_000))
        func failure(_ path: String) -> DaemonFailure? {
            #expect(throws: DaemonFailure.self) { try loadConfiguration(path) }
        }
        for path in [
            folder.path, folder.path + "/missing", folder.path + "/missing/c.yaml", "/dev/null", folder.path + "/empty",
            folder.path + "/huge",
        ] {
            let found = failure(path)
            #expect(found?.kind == .configuration && found?.cause.contains(path) == true, "\(path): \(String(describing: found))")
        }
        let empty = failure(folder.path + "/empty")?.cause ?? ""
        #expect(empty.contains("kafka.bootstrap.servers: must be given") && empty.contains("data: must be given"))
        #expect(failure(folder.path + "/huge")?.cause.contains("longer than 1048576 bytes") == true)
    }

    /// Mistakes in the text and in the files of secrets are told together.
    @Test func theFilesOfSecretsAreReadInAnyCase() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/c.yaml"
        try folder.write(
            "c.yaml",
            "kafka: {bootstrap.servers: 'b:1', ssl.ca.location: /nowhere/ca, sasl.password: {file: /nowhere/p}}\ndata: /d\nclock: wal\n"
                + "http: {token: {file: /nowhere/t}}\n"
        )
        let found = #expect(throws: DaemonFailure.self) { try loadConfiguration(path) }
        let lines = (found?.cause ?? "").split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(lines == ["\(path):", "clock:", "kafka.sasl.password:", "kafka.ssl.ca.location:", "http.token:"], "\(lines)")
    }
}
