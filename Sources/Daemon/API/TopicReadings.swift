// What answers read from topics when somebody asks, and nobody keeps: dead letters, and definitions of earlier versions.
import HTTP
import Kafka

final class TopicReadings: Sendable {
    let source: any Source
    let topics: Topics
    private let thread = SideThread(mostWaiting: 16)

    init(_ source: any Source, _ topics: Topics) {
        self.source = source
        self.topics = topics
    }

    /// Answers with what the body reads, when its turn comes and somebody still waits for it.
    func answer(_ responder: Responder, _ body: @escaping @Sendable (TopicReadings) throws -> Response) {
        let isTaken = thread.run { [self] in
            if responder.isOver { return }
            do {
                responder.answer(try body(self))
            } catch {
                responder.answer(ProblemDocument(.kafkaUnreachable, "the topic cannot be read: \(error)"))
            }
        }
        if !isTaken { responder.answer(ProblemDocument(.tooBusy, "too many wait for what lies in topics")) }
    }
}
