// Goal: what a client says when it is closed is told from what is wrong with a connection: an operator who reads the last must not be given
// the first. Method: lines of librdkafka 2.0.2 before a broker that refuses a password.
import Testing

@testable import Kafka

@Suite struct LogLineTests {
    @Test(arguments: [
        ("SASL authentication error: SaslAuthenticateRequest failed: Local: Broker handle destroyed (after 0ms in state DOWN)", true),
        ("SASL authentication error: Authentication failed: Invalid username or password (after 4ms in state AUTH_REQ)", false),
        ("SSL handshake failed: error:0A000086:SSL routines::certificate verify failed", false),
    ])
    func whatClosingSaysIsTold(words: String, isOfClosing: Bool) {
        let line = LogLine(level: .error, facility: "FAIL", text: "[thrd:sasl_ssl://b:9093/bootstrap]: \(words)")
        #expect(line.isOfClosing == isOfClosing)
    }
}
