// Goal: environment variables win over the file, secrets come from files and never show, units are exact. Method: variables as a
// dictionary; secrets in a folder of the test; texts of durations, sizes and addresses on both sides of what is understood.

import Storage
import Testing

@testable import Daemon

@Suite struct ConfigurationOverrideTests {
    private let least = "kafka: {bootstrap.servers: 'b:9092', sasl.password: {file: p}}\ndata: /d\n"

    private func read(_ environment: [String: String], _ text: String? = nil) throws(ConfigurationError) -> Configuration {
        let (configuration, problems) = ConfigurationReader.read(Array((text ?? least).utf8), environment: environment)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return configuration
    }

    private func problems(_ environment: [String: String], _ text: String? = nil) -> [String] {
        ConfigurationReader.read(Array((text ?? least).utf8), environment: environment).problems.map(\.description)
    }

    @Test func whatCommandsReadIsNoConfiguration() {
        #expect(problems(["AUDIENCED_SERVER": "unix:/s", "AUDIENCED_TOKEN_FILE": "t"]) == [])
    }

    @Test func everySingleValue() throws {
        let configuration = try read([
            "AUDIENCED_GROUP": "123", "AUDIENCED_TOPICS_PREFIX": "p.", "AUDIENCED_TOPICS_CONTROL": "c", "AUDIENCED_TOPICS_CREATE": "false",
            "AUDIENCED_CLOCK": "events", "AUDIENCED_CLOCK_STEP": "PT1S", "AUDIENCED_CLOCK_AHEAD": "PT2S", "AUDIENCED_DATA": "/e",
            "AUDIENCED_HTTP_LISTEN": "[::1]:0", "AUDIENCED_HTTP_TOKEN_FILE": "t", "AUDIENCED_SNAPSHOTS_EVERY": "PT3S",
            "AUDIENCED_CHECKPOINTS_EVERY": "PT5S", "AUDIENCED_CHECKPOINTS_ALSO": "/second", "AUDIENCED_CHECKPOINTS_TRIM": "true",
            "AUDIENCED_METRICS_AUDIENCES": "7",
            "AUDIENCED_SNAPSHOTS_KEEP": "9", "AUDIENCED_SNAPSHOTS_FOR": "PT4S", "AUDIENCED_MEMORY": "1GiB",
            "AUDIENCED_KAFKA_BOOTSTRAP_SERVERS": "k:1", "AUDIENCED_KAFKA_CLIENT_RACK": "r", "AUDIENCED_KAFKA_SASL_PASSWORD_FILE": "q",
            "PATH": "/bin", "AUDIENCED_SHARED": "somebody else's", "AUDIENCED_TRIALS": "12000",
            "AUDIENCED_VENV": "/v", "AUDIENCED_FUZZ": "1",
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
        expected.checkpoints.every = .seconds(5)
        expected.checkpoints.also = "/second"
        expected.checkpoints.trim = true
        expected.metrics.audiences = 7
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
            "AUDIENCED_SNAPSHOTS_KEEP": "many", "AUDIENCED_TOPIC_PREFIX": "x", "AUDIENCED_TOPICS_CHANGES": "a", "AUDIENCED_DATA": "",
            "AUDIENCED_PREFIX": "x", "AUDIENCED_KAFKA": "x", "AUDIENCED_BOOTSTRAP_SERVERS": "x", "AUDIENCED_topics_control": "x",
            "AUDIENCED_KAFKA_BOOTSTRAP_SERVER": "x", "AUDIENCED_KAFKA_GROUP_ID": "x",
        ])
        let message = "the variable names no single value of the configuration"
        #expect(
            found == [
                "\(message) ($AUDIENCED_BOOTSTRAP_SERVERS) — did you mean AUDIENCED_KAFKA_BOOTSTRAP_SERVERS?",
                "\(message) ($AUDIENCED_KAFKA) — lists and mappings are set in the file, secrets by the variable with _FILE",
                "\(message) ($AUDIENCED_PREFIX) — did you mean AUDIENCED_TOPICS_PREFIX?",
                "\(message) ($AUDIENCED_TOPICS_CHANGES) — lists and mappings are set in the file, secrets by the variable with _FILE",
                "\(message) ($AUDIENCED_TOPIC_PREFIX) — did you mean AUDIENCED_TOPICS_PREFIX?",
                "\(message) ($AUDIENCED_topics_control) — did you mean AUDIENCED_TOPICS_CONTROL?",
                "kafka.bootstrap.server: is not a setting that is passed on to librdkafka ($AUDIENCED_KAFKA_BOOTSTRAP_SERVER) "
                    + "— did you mean bootstrap.servers?",
                "kafka.group.id: cannot be set: it follows from the name of the deployment ($AUDIENCED_KAFKA_GROUP_ID)",
                "data: is no path of a folder ($AUDIENCED_DATA) — the folder of checkpoints and snapshots, such as /var/lib/audienced",
                "snapshots.keep: must be a whole number from 1 to 1000000, not 'many' ($AUDIENCED_SNAPSHOTS_KEEP)",
            ])
    }

    @Test func aSecretItselfIsNoVariable() {
        let found = problems([
            "AUDIENCED_KAFKA_SASL_PASSWORD": "hunter2", "AUDIENCED_KAFKA_SSL_KEY_PEM": "hunter2", "AUDIENCED_HTTP_TOKEN": "hunter2",
            "AUDIENCED_SASL_PASSWORD": "hunter2", "AUDIENCED_KAFKA_SASL_PASWORD": "hunter2",
        ])
        #expect(
            found == [
                "the variable names no single value of the configuration ($AUDIENCED_HTTP_TOKEN) "
                    + "— put the secret in a file, and its name in AUDIENCED_HTTP_TOKEN_FILE",
                "the variable names no single value of the configuration ($AUDIENCED_SASL_PASSWORD) "
                    + "— did you mean AUDIENCED_KAFKA_SASL_PASSWORD_FILE?",
                "kafka.sasl.password: must name the file of the secret, not text ($AUDIENCED_KAFKA_SASL_PASSWORD) "
                    + "— put the secret in a file, and its name in AUDIENCED_KAFKA_SASL_PASSWORD_FILE",
                "kafka.sasl.pasword: is not a setting that is passed on to librdkafka ($AUDIENCED_KAFKA_SASL_PASWORD) "
                    + "— did you mean sasl.password?",
                "kafka.ssl.key.pem: must name the file of the secret, not text ($AUDIENCED_KAFKA_SSL_KEY_PEM) "
                    + "— put the secret in a file, and its name in AUDIENCED_KAFKA_SSL_KEY_PEM_FILE, or give ssl.key.location in its place",
            ])
    }

    @Test func secretsAreReadAndNeverShown() throws {
        let folder = TemporaryFolder()
        try folder.write("p", "hunter2\n")
        try folder.write("ci", "other\n")
        var configuration = try read([:])
        configuration.http.token = .init(file: folder.path + "/p")
        configuration.http.tokens = [.init(name: "ci", secret: .init(file: "ci"), role: .read)]
        let secrets = Secrets(credentialsDirectory: folder.path)
        var problems: [ConfigurationProblem] = []
        let values = configuration.readSecrets(secrets, problems: &problems)
        #expect(problems.isEmpty)
        #expect(values.kafka == ["bootstrap.servers": "b:9092", "sasl.password": "hunter2"])
        #expect(values.tokens.map(\.value) == ["hunter2", "other"] && values.tokens.map(\.role) == [.publish, .read])
        var dumped = ""
        dump(values, to: &dumped)
        #expect(!"\(values) \(String(reflecting: values)) \(dumped)".contains("hunter2"))

        let told = values.kafka.sorted { $0.key < $1.key }.map { (key: $0.key, message: "\($0.value) is wrong") }
        let messages = ["kafka.bootstrap.servers: b:9092 is wrong", "kafka.sasl.password: is not allowed as it is"]
        #expect(configuration.problems(of: values, told: told).map(\.description) == messages)

        configuration.http.tokens[0].secret.file = "p"
        _ = configuration.readSecrets(secrets, problems: &problems)
        #expect(
            problems.map(\.description) == [
                "http.tokens[0].file: holds the same token as 'token' — a token has one name and one role"
            ])
        problems = []
        configuration.http.token = .init(file: "missing")
        _ = configuration.readSecrets(Secrets(credentialsDirectory: nil), problems: &problems)
        #expect(problems.map(\.path) == ["kafka.sasl.password", "http.token", "http.tokens[0].file"])
    }

    @Test func otherNotationsOfDurationsAndSizes() {
        let durations = [
            ("1h", "PT1H"), ("1h30m", "PT1H30M"), ("7 days", "P7D"), ("30s", "PT30S"), ("2w", "P2W"), ("5min", "PT5M"), ("pt1h", "PT1H"),
            ("1d 12h", "P1DT12H"), ("1 week", "P1W"), ("5 sec", "PT5S"),
        ]
        for (text, likely) in durations { #expect(DurationText.likely(text) == likely, "\(text)") }
        for text in ["", "7", "1y", "P1M", "h", "1h-", "30ms", "0s", "99999999999h"] {
            #expect(DurationText.likely(text) == nil, "\(text)")
        }
        let sizes = [("4GB", "4GiB"), ("4 GiB", "4GiB"), ("512m", "512MiB"), ("1gib", "1GiB"), ("2T", "2TiB"), ("64kb", "64KiB")]
        for (text, likely) in sizes { #expect(SizeText.likely(text) == likely, "\(text)") }
        for text in ["", "GB", "4XB", "1.5GB", "4GBB", "99999999999999999999G"] { #expect(SizeText.likely(text) == nil, "\(text)") }
    }

    @Test func whoReachesAnAddress() {
        for text in ["127.0.0.1:1", "127.9.0.1:1", "localhost:1", "LOCALHOST:1", "[::1]:1", "unix:/a"] {
            #expect(Configuration.Listen(text)?.isReachableByOthers == false, "\(text)")
        }
        for text in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.example.com:1", "127.0.0.1.example.com:1", "example.com:1"] {
            #expect(Configuration.Listen(text)?.isReachableByOthers == true, "\(text)")
        }
        let likely = [("8080", "127.0.0.1:8080"), (":80", "127.0.0.1:80"), ("http://a:80", "a:80")]
        for (text, meant) in likely { #expect(Configuration.Listen.likely(text) == meant, "\(text)") }
        for text in ["", "a", "http://a", "99999"] { #expect(Configuration.Listen.likely(text) == nil, "\(text)") }
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
