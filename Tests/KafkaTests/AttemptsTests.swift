// Goal: a question that nobody answers is asked anew, for longer each time, and never for longer than there is time. Method: questions that
// take no time and say how long they were allowed to.
import Testing

@testable import Kafka

@Suite struct AttemptsTests {
    private static func error(_ code: String) -> KafkaError {
        KafkaError(operation: "ask", object: "somebody", codeName: code, errorClass: code == "UNKNOWN_TOPIC_OR_PART" ? .fatal : .retriable)
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

    @Test func eachThatNobodyAnsweredTakesTwiceAsLong() {
        #expect(asked(within: .seconds(300), answering: 1) == ([2], "1"))
        #expect(asked(within: .seconds(300), answering: 4) == ([2, 4, 8, 16], "4"))
    }

    /// What came at once says nothing about how long an answer takes.
    @Test func oneThatCannotBeAskedIsAskedAgain() {
        for code in ["_TRANSPORT", "LEADER_NOT_AVAILABLE", "NOT_LEADER_FOR_PARTITION"] {
            #expect(asked(within: .seconds(300), answering: 4, code) == ([2, 2, 2, 2], "4"))
        }
        let (attempts, code) = asked(within: .milliseconds(200), answering: 99, "NOT_LEADER_FOR_PARTITION")
        #expect(attempts.count > 1 && attempts.count < 6 && code == "NOT_LEADER_FOR_PARTITION")
    }

    @Test func theLastTakesWhatIsLeft() {
        #expect(asked(within: .seconds(1), answering: 9) == ([1], "_TIMED_OUT"))
        #expect(asked(within: .seconds(2), answering: 9) == ([2], "_TIMED_OUT"))
        let (attempts, code) = asked(within: .seconds(5), answering: 9)
        #expect(attempts.prefix(2) == [2, 4] && attempts.count == 3 && attempts[2] <= 5 && code == "_TIMED_OUT")
    }

    @Test func anotherErrorIsAnAnswer() {
        #expect(asked(within: .seconds(30), answering: 2, "UNKNOWN_TOPIC_OR_PART") == ([2], "UNKNOWN_TOPIC_OR_PART"))
    }

    /// Before each attempt but the first, for as long as the first may take.
    @Test func itIsLookedAroundInBetween() throws {
        var looks: [Duration] = []
        var attempts = 0
        let answer = try Attempts.ask(within: .seconds(300), lookAround: { looks.append($0) }) { _ throws(KafkaError) -> Int in
            #expect(looks.count == attempts)
            attempts += 1
            if attempts < 3 { throw Self.error("NOT_LEADER_FOR_PARTITION") }
            return attempts
        }
        #expect(answer == 3 && looks == [Attempts.first, Attempts.first])
    }
}
