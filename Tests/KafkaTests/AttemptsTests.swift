// Goal: a question that nobody answers is asked anew, for longer each time, and never for longer than there is time. Method: questions that
// take no time and say how long they were allowed to.
import Testing

@testable import Kafka

@Suite struct AttemptsTests {
    private static func error(_ code: String) -> KafkaError {
        KafkaError(operation: "ask", object: "somebody", codeName: code, errorClass: .retriable)
    }

    /// How long each attempt was allowed to take, in seconds, and what came of it: the number of the attempt that is answered, or an error.
    private func asked(within timeout: Duration, answering attempt: Int, _ code: String = "_TIMED_OUT") -> ([Double], String) {
        var attempts: [Double] = []
        do throws(KafkaError) {
            let answer = try Attempts.ask(within: timeout) { timeout throws(KafkaError) -> Int in
                attempts.append((timeout / .milliseconds(100)).rounded() / 10)
                if attempts.count < attempt { throw Self.error(code) }
                return attempts.count
            }
            return (attempts, "\(answer)")
        } catch { return (attempts, error.codeName) }
    }

    @Test func eachTakesTwiceAsLong() {
        #expect(asked(within: .seconds(300), answering: 1) == ([5], "1"))
        for silence in ["_TIMED_OUT", "_TRANSPORT", "LEADER_NOT_AVAILABLE"] {
            #expect(asked(within: .seconds(300), answering: 4, silence) == ([5, 10, 20, 40], "4"))
        }
    }

    @Test func theLastTakesWhatIsLeft() {
        #expect(asked(within: .seconds(1), answering: 9) == ([1], "_TIMED_OUT"))
        #expect(asked(within: .seconds(5), answering: 9) == ([5], "_TIMED_OUT"))
        let (attempts, code) = asked(within: .seconds(12), answering: 9)
        #expect(attempts.prefix(2) == [5, 10] && attempts.count == 3 && attempts[2] <= 12 && code == "_TIMED_OUT")
    }

    @Test func anotherErrorIsAnAnswer() {
        #expect(asked(within: .seconds(30), answering: 2, "UNKNOWN_TOPIC_OR_PART") == ([5], "UNKNOWN_TOPIC_OR_PART"))
    }
}
