// Goal: environment variables win over the file, secrets come from files and never show, units are exact. Method: variables as a
// dictionary; secrets in a folder of the test; texts of durations, sizes and addresses on both sides of what is understood.

import Glibc
import Storage
import Testing

@testable import Daemon

@Suite struct ConfigurationOverrideTests {
    private let least = "kafka: {bootstrap.servers: 'b:9092', sasl.password: {file: p}}\ndata: /d\n"

    private func read(_ environment: [String: String], _ text: String? = nil) throws(ConfigurationError) -> Configuration {
        try ConfigurationReader.read(Array((text ?? least).utf8), environment: environment)
    }

    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try read(environment)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func everySingleValue() throws {
        let configuration = try read([
            "AUDIENCED_GROUP": "123", "AUDIENCED_TOPICS_PREFIX": "p.", "AUDIENCED_TOPICS_CONTROL": "c", "AUDIENCED_TOPICS_CREATE": "false",
            "AUDIENCED_CLOCK": "events", "AUDIENCED_CLOCK_STEP": "PT1S", "AUDIENCED_CLOCK_AHEAD": "PT2S", "AUDIENCED_DATA": "/e",
            "AUDIENCED_HTTP_LISTEN": "[::1]:0", "AUDIENCED_HTTP_TOKEN_FILE": "t", "AUDIENCED_SNAPSHOTS_EVERY": "PT3S",
            "AUDIENCED_SNAPSHOTS_KEEP": "9", "AUDIENCED_SNAPSHOTS_FOR": "PT4S", "AUDIENCED_MEMORY": "1GiB",
            "AUDIENCED_KAFKA_BOOTSTRAP_SERVERS": "k:1", "AUDIENCED_KAFKA_CLIENT_RACK": "r", "AUDIENCED_KAFKA_SASL_PASSWORD_FILE": "q",
            "PATH": "/bin", "AUDIENCED_SHARED": "somebody else's",
        ])
        var expected = Configuration(
            kafka: ["bootstrap.servers": .text("k:1"), "client.rack": .text("r"), "sasl.password": .secret(.init(file: "q"))], data: "/e")
        expected.group = "123"
        expected.topics.prefix = "p."
        expected.topics.control = "c"
        expected.topics.create = false
        expected.clock = .events
        expected.clockStep = .seconds(1)
        expected.clockAhead = .seconds(2)
        expected.http.listen = .tcp(host: "::1", port: 0)
        expected.http.token = .init(file: "t")
        expected.snapshots.every = .seconds(3)
        expected.snapshots.keep = 9
        expected.snapshots.keepFor = .seconds(4)
        expected.memoryBytes = 1 << 30
        #expect(configuration == expected)
    }

    @Test func variablesAloneAreEnough() throws {
        let environment = ["AUDIENCED_DATA": "/d", "AUDIENCED_KAFKA_BOOTSTRAP_SERVERS": "b:1", "AUDIENCED_TOPICS_PREFIX": ""]
        #expect(try read(environment, "") == Configuration(kafka: ["bootstrap.servers": .text("b:1")], data: "/d"))
    }

    @Test func problemsNameTheVariable() {
        let found = problems([
            "AUDIENCED_SNAPSHOTS_KEEP": "many", "AUDIENCED_TOPIC_PREFIX": "x", "AUDIENCED_HTTP_TOKEN": "hunter2",
            "AUDIENCED_TOPICS_CHANGES": "a", "AUDIENCED_DATA": "",
        ])
        let hint = "lists and mappings are set in the file, secrets by the variable with _FILE"
        #expect(
            found == [
                "the variable names no single value of the configuration ($AUDIENCED_HTTP_TOKEN) — \(hint)",
                "the variable names no single value of the configuration ($AUDIENCED_TOPICS_CHANGES) — \(hint)",
                "the variable names no single value of the configuration ($AUDIENCED_TOPIC_PREFIX) — did you mean AUDIENCED_TOPICS_PREFIX?",
                "data: is no path of a folder ($AUDIENCED_DATA) — the folder of checkpoints and snapshots, such as /var/lib/audienced",
                "snapshots.keep: must be a whole number from 1 to 1000000, not 'many' ($AUDIENCED_SNAPSHOTS_KEEP)",
            ])
    }

    @Test func secretsAreReadAndNeverShown() throws {
        var template = Array("/tmp/audienced-secrets-XXXXXX".utf8CString)
        let created = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } }
        let folder = try #require(created)
        defer {
            unlink(folder + "/p")
            rmdir(folder)
        }
        try AtomicFile.write("hunter2\n", to: folder + "/p")
        var configuration = try read([:])
        configuration.http.token = .init(file: folder + "/p")
        let secrets = Secrets(credentialsDirectory: folder)
        let values = try configuration.readSecrets(secrets)
        #expect(values.kafka == ["bootstrap.servers": "b:9092", "sasl.password": "hunter2"])
        #expect(values.httpToken == "hunter2")
        var dumped = ""
        dump(values, to: &dumped)
        #expect(!"\(values) \(String(reflecting: values)) \(dumped)".contains("hunter2"))

        let refused = #expect(throws: ConfigurationError.self) {
            try configuration.readSecrets(secrets) { settings in
                settings.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value) is wrong") }
            }
        }
        let messages = ["kafka.bootstrap.servers: b:9092 is wrong", "kafka.sasl.password: is not allowed as it is"]
        #expect(refused?.problems.map(\.description) == messages)

        configuration.http.token = .init(file: "missing")
        let missing = #expect(throws: ConfigurationError.self) { try configuration.readSecrets(Secrets(credentialsDirectory: nil)) }
        #expect(missing?.problems.map(\.path) == ["kafka.sasl.password", "http.token"])
    }

    @Test func durations() {
        let understood: [(String, Duration)] = [
            ("PT30M", .seconds(1800)), ("P3D", .seconds(259_200)), ("P1W", .seconds(604_800)), ("P1DT1H1M1S", .seconds(90_061)),
            ("PT0S", .zero), ("PT1.5S", .milliseconds(1500)), ("PT0.007S", .milliseconds(7)), ("PT36H", .seconds(129_600)),
            ("P36525D", .seconds(3_155_760_000)),
        ]
        for (text, duration) in understood { #expect(DurationText.parse(text) == duration, "\(text)") }
        let refused = [
            "", "P", "PT", "30M", "P1Y", "P1M", "PT1D", "P1H", "PT1", "-PT1S", "PT-1S", "PT1M1H", "PT1S1S", "P1DT", "PT1.5H",
            "PT1.S", "PT.5S", "PT0.0001S", "pt1s", " PT1S", "P36526D", "P36525DT1S", "PT999999999999H", "PT99999999999999999999S",
            "PTT1S",
        ]
        for text in refused { #expect(DurationText.parse(text) == nil, "\(text)") }
    }

    @Test func sizes() {
        let understood = [("4GiB", 4 << 30), ("512MiB", 512 << 20), ("1KiB", 1024), ("2TiB", 2 << 40), ("7", 7)]
        for (text, bytes) in understood { #expect(SizeText.parse(text) == bytes, "\(text)") }
        for text in ["", "GiB", "4GB", "4 GiB", "4gib", "-1", "1.5GiB", "9999999TiB", "99999999999999999999"] {
            #expect(SizeText.parse(text) == nil, "\(text)")
        }
    }

    @Test func addresses() {
        for text in ["127.0.0.1:8080", "localhost:0", "[::1]:65535", "unix:/run/a.sock"] {
            #expect(Configuration.Listen(text)?.description == text)
        }
        let long = "unix:/" + String(repeating: "a", count: 107)
        let hosts = ["", ":80", "a", "a:", "a:65536", "a:-1", "a:+1", "::1:80", "[a]:80", "a b:80", "http://a:80"]
        for text in hosts + ["unix:", "unix:a", "unix:/", long] {
            #expect(Configuration.Listen(text) == nil, "\(text)")
        }
    }
}
