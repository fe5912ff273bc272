// Goal: a secret as plain text is refused by its key, and no answer ever shows it, however broken what is around it (contract §9). Method:
// texts in which the secret is "hunter2", as people write and mistype them.

import Kafka
import Testing

@testable import Daemon

@Suite struct SecretsInTextTests {
    private func problems(_ text: String) -> [String] {
        ConfigurationReader.read(Array(text.utf8), environment: [:]).problems.map(\.description)
    }

    @Test func everySecretSettingOfTheKafkaModule() {
        let secrets = ClientConfiguration.allowedSettings.filter(\.isSecret).map(\.name)
        #expect(
            secrets == [
                "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config", "sasl.password", "ssl.key.password", "ssl.key.pem",
                "ssl.keystore.password",
            ])
        for name in secrets {
            for value in ["hunter2", "'hunter2'", "12345", "true", "[hunter2]", "{hunter2: x}", "{hunter2}", ""] {
                let found = problems("kafka:\n  bootstrap.servers: b:1\n  \(name): \(value)\ndata: /d\n")
                #expect(found.first?.hasPrefix("kafka.\(name): ") == true, "\(name): \(value): \(found)")
                #expect(
                    found.first?.contains("write {file: NAME}") == true && !"\(found)".contains("hunter2"), "\(name): \(value): \(found)")
            }
            #expect(problems("kafka: {bootstrap.servers: 'b:1', \(name): {file: f}}\ndata: /d\n") == [], "\(name)")
        }
        #expect(problems("kafka: {bootstrap.servers: 'b:1', sasl.username: shop}\ndata: /d\n") == [])
        #expect(problems("kafka: {bootstrap.servers: 'b:1', ssl.key.pem: hunter2}\ndata: /d\n").first?.contains("ssl.key.location") == true)
    }

    @Test(arguments: [
        "kafka: {bootstrap.servers: 'b:1', sasl.password:hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password=hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: my,hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: my,hunter2,hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: {hunter2}}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: {file: f, value: hunter2}}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: {text: hunter2}}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl: {password: hunter2}}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl_password: hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.jaas.config: 'password=hunter2'}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', password: hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: *hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: &hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: !hunter2 x}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: @hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: 'hunter2}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1', sasl.password: \"hunter2\\q\"}\ndata: /d\n",
        "kafka:\n  bootstrap.servers: b:1\n  sasl.password: hunter2: hunter2\ndata: /d\n",
        "kafka:\n  bootstrap.servers: b:1\n  sasl.password: |\n    hunter2\ndata: /d\n",
        "kafka:\n  bootstrap.servers: b:1\n  sasl.password: hunter2\n  sasl.password: hunter2\ndata: /d\n",
        "kafka:\n  bootstrap.servers: b:1\n\tsasl.password: hunter2\ndata: /d\n",
        "kafka: sasl.password=hunter2\ndata: /d\n",
        "kafka: [sasl.password, hunter2]\ndata: /d\n",
        "sasl.password: hunter2\nkafka: {bootstrap.servers: 'b:1'}\ndata: /d\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {token: hunter2}\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {token: [hunter2]}\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {token: {hunter2: file}}\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {tokens: hunter2}\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {tokens: [hunter2]}\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {tokens: [{name: ci, token: hunter2, role: read}]}\n",
        "kafka: {bootstrap.servers: 'b:1'}\ndata: /d\nhttp: {tokens: {ci: hunter2}}\n",
    ])
    func isRefusedAndNeverShown(_ text: String) {
        let found = problems(text)
        #expect(!found.isEmpty && !"\(found)".contains("hunter2"), "\(found)")
    }
}
