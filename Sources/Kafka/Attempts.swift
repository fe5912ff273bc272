// Questions to brokers of which one may just have gone. librdkafka sends a request to the broker that was meant when it was asked, and
// waits for that one as long as it may: of a broker that was killed or hangs no answer ever comes, while its partitions have another leader
// within seconds. So a question is asked for a short time first, and then anew, each time for twice as long: a broker that is only slow
// answers too.

enum Attempts {
    /// The first attempt; a broker that is there answers within milliseconds.
    private static let first = Duration.seconds(2)

    /// Asks until there is an answer, an error other than that none came in time, or the time is up.
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
                if error.codeName != "_TIMED_OUT" || attempt >= left { throw error }
                attempt *= 2
            }
        }
    }
}
