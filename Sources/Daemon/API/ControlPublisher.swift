// Writes control events to the control topic for those who publish over HTTP: the topic stays the only source of what is live.
import Campaigns
import Kafka
import Synchronization

/// One thread of its own, which ends when nothing was to be written for a while.
final class ControlPublisher: Sendable {
    private struct Job {
        let event: JSON
        let isWanted: @Sendable () -> Bool
        let whenDone: @Sendable (Result<Int64, KafkaError>) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var isRunning = false
    }

    private static let mostWaiting = 64
    private let configuration: ClientConfiguration
    private let topic: String
    private let state = Mutex(State())

    init(_ configuration: ClientConfiguration, topic: String) {
        self.configuration = configuration
        self.topic = topic
    }

    /// Writes an event, if it is still wanted when its turn comes; then tells its offset, or why it is not there. False: too many wait.
    func publish(
        _ event: JSON, isWanted: @escaping @Sendable () -> Bool, _ whenDone: @escaping @Sendable (Result<Int64, KafkaError>) -> Void
    ) -> Bool {
        let (isTaken, starts) = state.withLock { state in
            if state.jobs.count >= Self.mostWaiting { return (false, false) }
            state.jobs.append(Job(event: event, isWanted: isWanted, whenDone: whenDone))
            defer { state.isRunning = true }
            return (true, !state.isRunning)
        }
        if starts { _ = startThread { self.run() } }
        return isTaken
    }

    private func run() {
        while let job = next() {
            guard job.isWanted() else { continue }
            let result = Result { () throws(KafkaError) in try write([job]) }
            job.whenDone(result.map { $0[0] })
        }
    }

    private func next() -> Job? {
        state.withLock { state in
            if state.jobs.isEmpty { state.isRunning = false }
            return state.jobs.isEmpty ? nil : state.jobs.removeFirst()
        }
    }

    private func write(_ jobs: [Job]) throws(KafkaError) -> [Int64] {
        var producer = try PlainProducer(
            configuration: configuration, name: "control events", deliveryTimeout: Patience.answer, handlers: kafkaHandlers)
        defer { producer.close(deadline: .zero) }
        let place = try producer.openTopic(topic, timeout: Patience.answer)
        var offsets: [Int64] = []
        for job in jobs {
            var text = JSONText()
            text.append(job.event)
            producer.clearDeliveries()
            var problem: KafkaError?
            text.bytes.withUnsafeBytes { value in
                do throws(KafkaError) { try producer.produce(to: place, partition: 0, key: nil, value: value) } catch { problem = error }
            }
            if let problem { throw problem }
            try producer.flush(timeout: Patience.answer)
            offsets.append(producer.deliveredOffsets.first?.offset ?? -1)
        }
        return offsets
    }
}
