// Goal: what the status says of checkpoints is what became of the last ones. Method: metrics that are told, and what the API makes of them.
import Campaigns
import HTTP
import Kafka
import Testing

@testable import Daemon
@testable import Storage

@Suite struct StatusFiguresTests {
    @Test func aCheckpointThatFailedIsSaidUntilOneIsThere() {
        let metrics = Metrics()
        let configuration = Configuration(kafka: [:], data: "/nonexistent")
        let resources = Resources(
            interface: Interface(), publisher: ControlPublisher(ClientConfiguration(settings: [:]), topic: "campaign-publish"), group: "g",
            metrics: metrics, snapshotFolder: SnapshotFolder(path: "/nonexistent"),
            readings: TopicReadings(KeptTopics(), Topics(configuration)))
        func figures(_ name: String) -> JSON? { resources.figures(for: .observe)[name] }
        #expect(figures("checkpoint") == .null && figures("checkpointFailure") == .null)
        metrics.checkpoint((1000, 5), failure: nil)
        metrics.checkpoint(nil, failure: (2000, "no space left on device"))
        #expect(figures("checkpoint")?.integer("bytes") == 5, "the one before stays")
        let failure = figures("checkpointFailure")
        #expect(failure?.text("time") == "1970-01-01T00:00:02.000Z" && failure?.text("cause") == "no space left on device")
        metrics.checkpoint((3000, 6), failure: nil)
        #expect(figures("checkpoint")?.integer("bytes") == 6 && figures("checkpointFailure") == .null)
    }
}
