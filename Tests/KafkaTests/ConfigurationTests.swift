// Settings are checked by name and value, all at once, and secrets are never shown.

import CRdkafka
import Testing

@testable import Kafka

@Suite struct ConfigurationTests {
    @Test func allowedSettingsExistInThisLibrdkafka() {
        let native = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(native) }
        for setting in ClientConfiguration.allowedSettings {
            #expect(rd_kafka_conf_set(native, setting.name, "", nil, 0) != RD_KAFKA_CONF_UNKNOWN, "\(setting.name)")
        }
        for name in ClientConfiguration.reservedSettings.keys {
            #expect(ClientConfiguration.allowedSettingsByName[name] == nil, "\(name)")
        }
    }

    @Test func goodSettingsHaveNoProblems() {
        #expect(
            ClientConfiguration.problems(in: [
                "bootstrap.servers": "127.0.0.1:1", "linger.ms": "1", "compression.codec": "zstd", "fetch.min.bytes": "10",
                "security.protocol": "SASL_SSL", "sasl.mechanisms": "PLAIN", "sasl.username": "u", "sasl.password": "p",
            ]).isEmpty)
    }

    @Test func allProblemsAreFoundAtOnce() {
        let problems = ClientConfiguration.problems(in: [
            "group.id": "x", "no.such.setting": "1", "linger.ms": "soon", "security.protocol": "telnet",
            "fetch.min.bytes": "-5", "sasl.password": "canary\0secret",
        ])
        #expect(
            problems.map(\.key) == [
                "fetch.min.bytes", "group.id", "linger.ms", "no.such.setting", "sasl.password", "security.protocol", "bootstrap.servers",
            ])
        #expect(!problems.contains { $0.message.contains("canary") })
    }

    @Test func settingsThatAreGoodAloneAreTriedTogether() {
        let missingFile = ClientConfiguration.problems(in: [
            "bootstrap.servers": "127.0.0.1:1", "security.protocol": "SSL", "ssl.ca.location": "/nowhere/ca.pem",
        ])
        #expect(missingFile.map(\.key) == ["ssl.ca.location"])
    }

    @Test func secretsAreNeverPrinted() {
        let configuration = ClientConfiguration(settings: ["sasl.password": "canary", "client.id": "me", "unknown": "canary"])
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("canary"))
            #expect(text.contains("client.id=me"))
        }
    }

    @Test func aClientIsNotMadeWithSettingsThatAreRefused() {
        let error = #expect(throws: KafkaError.self) {
            _ = try PlainProducer(
                configuration: configuration("127.0.0.1:1", ["enable.auto.commit": "true"]), name: "x", handlers: .silent)
        }
        #expect(error?.object == "enable.auto.commit")
    }

    @Test func logLinesGoToTheHandler() throws {
        let lines = LineCounter()
        var consumer = try TopicConsumer(
            configuration: configuration("127.0.0.1:1"), group: "test",
            assignment: [AssignedPartition(topic: "changes", partition: 0, start: .beginning)],
            handlers: ClientHandlers(log: { lines.add($0) }))
        var batch = RecordBatch()
        let deadline = Deadline(after: .seconds(10))
        while lines.facilities.isEmpty, !deadline.hasPassed {
            _ = consumer.waitForRecords(timeout: .milliseconds(50))
            try consumer.poll(partition: 0, into: &batch, maximumRecords: 1, maximumBytes: 1, timeout: .zero)
        }
        consumer.close(deadline: .seconds(5))
        #expect(lines.facilities.contains("FAIL") || lines.facilities.contains("ERROR"))
        #expect(!lines.facilities.contains("CONFWARN"))
    }

    @Test func timeLimitsAreNeverNegativeAndRoundUp() {
        #expect(Duration.seconds(-1).wholeMilliseconds == 0)
        #expect(Duration.zero.wholeMilliseconds == 0)
        #expect(Duration.microseconds(1).wholeMilliseconds == 1)
        #expect(Duration.milliseconds(1_500).wholeMilliseconds == 1_500)
        #expect(Duration.seconds(1 << 40).wholeMilliseconds == Int32.max)
    }
}
