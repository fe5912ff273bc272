// Which dead letters somebody asks for.
import Wire

struct DeadLetterFilter: Sendable {
    /// The whole name of the topic that the record was refused from.
    var topic: String?
    var reason: RefusalKind?

    func takes(_ letter: FoundDeadLetter) -> Bool {
        (topic == nil || letter.topic == topic) && (reason == nil || letter.reason == reason)
    }
}
