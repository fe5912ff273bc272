// Questions to brokers of which one may just have gone. librdkafka sends a request to the broker that was meant when it was asked, and
// waits for that one as long as it may: of a broker that was killed or hangs no answer ever comes, while its partitions have another leader
// within seconds. So a question for which there is much time is asked for a part of it first, and then anew, each time for twice as long: a
// broker that takes up to half of the time for its answer is heard, too.
import Glibc

enum Attempts {
    /// The first attempt; what has no more time than this is asked once.
    private static let first = Duration.seconds(5)

    /// Asks until there is an answer, an error other than that nobody answered, or the time is up.
    static func ask<Answer>(
        within timeout: Duration, _ question: (_ timeout: Duration) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        let deadline = Deadline(after: timeout)
        var attempt = first
        while true {
            let left = deadline.remaining
            do throws(KafkaError) {
                return try question(min(attempt, left))
            } catch {
                if !isSilence(error) || attempt >= left { throw error }
                attempt *= 2
                // Some of these come at once.
                usleep(50_000)
            }
        }
    }

    /// Whether no answer came: within the time, or because no broker was connected by then, or none was the leader.
    private static func isSilence(_ error: KafkaError) -> Bool {
        ["_TIMED_OUT", "_TRANSPORT", "LEADER_NOT_AVAILABLE"].contains(error.codeName)
    }
}
