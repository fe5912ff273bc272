// Writes control events to the control topic for those who publish over HTTP: the topic stays the only source of what is live.
import Campaigns
import Kafka

final class ControlPublisher: Sendable {
    private let configuration: ClientConfiguration
    private let topic: String
    private let thread = SideThread(mostWaiting: 64)

    init(_ configuration: ClientConfiguration, topic: String) {
        self.configuration = configuration
        self.topic = topic
    }

    /// Writes an event, if it is still wanted when its turn comes; then tells its offset, or why it is not there. False: too many wait.
    func publish(
        _ event: JSON, isWanted: @escaping @Sendable () -> Bool, _ whenDone: @escaping @Sendable (Result<Int64, KafkaError>) -> Void
    ) -> Bool {
        thread.run { [self] in
            if isWanted() { whenDone(Result { () throws(KafkaError) in try write(event) }) }
        }
    }

    private func write(_ event: JSON) throws(KafkaError) -> Int64 {
        var producer = try PlainProducer(
            configuration: configuration, name: "control events", deliveryTimeout: Patience.answer, handlers: kafkaHandlers)
        defer { producer.close(deadline: .zero) }
        let place = try producer.openTopic(topic, timeout: Patience.answer)
        var text = JSONText()
        text.append(event)
        var problem: KafkaError?
        text.bytes.withUnsafeBytes { value in
            do throws(KafkaError) { try producer.produce(to: place, partition: 0, key: nil, value: value) } catch { problem = error }
        }
        if let problem { throw problem }
        try producer.flush(timeout: Patience.answer)
        return producer.deliveredOffsets.first?.offset ?? -1
    }
}
