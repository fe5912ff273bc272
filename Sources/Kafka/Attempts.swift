// Questions to brokers of which one may just have gone. librdkafka sends a request to the broker that was meant when it was asked, and
// waits for that one as long as it may: of a broker that was killed or hangs no answer ever comes, while its partitions have another leader
// within seconds. So a question for which there is much time is asked for a part of it first, and then anew, each time that nobody answered
// for twice as long: a broker that takes up to a third of the time for its answer is heard, too.
import Glibc

enum Attempts {
    /// The first attempt; what has no more time than this is asked once, unless an error comes before that.
    static let first = Duration.seconds(2)

    /// Asks until there is an answer, an error that another broker would give as well, or the time is up.
    /// - Parameter lookAround: finds out whom to ask, before it is asked again. It has at most the time that it is given.
    static func ask<Answer>(
        within timeout: Duration, lookAround: (_ timeout: Duration) -> Void = { _ in },
        _ question: (_ timeout: Duration) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        let deadline = Deadline(after: timeout)
        var attempt = first
        while true {
            let left = deadline.remaining
            do throws(KafkaError) {
                return try question(min(attempt, left))
            } catch {
                let isSilence = error.codeName == "_TIMED_OUT"
                if error.errorClass != .retriable || deadline.hasPassed || isSilence && attempt >= left { throw error }
                if isSilence { attempt *= 2 }
                // The others come at once.
                usleep(50_000)
                lookAround(min(first, deadline.remaining))
            }
        }
    }
}
