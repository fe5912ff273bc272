// The console of the demo, on a free port of this machine alone, as the daemon serves it. Who wants to publish needs the demo's token.
import HTTP
import Kafka
import Storage

struct DemoConsole {
    let interface: Interface
    let metrics = Metrics(health: .current)
    /// Publishes; nothing else knows it.
    let token: String
    private let server: Server

    init(_ configuration: Configuration, _ kafka: KafkaSource) throws {
        interface = Interface(metrics.requests)
        var generator = SystemRandomNumberGenerator()
        token = HexText.text(of: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let topics = Topics(configuration)
        let resources = Resources(
            interface: interface, publisher: ControlPublisher(kafka.client, topic: topics.control), group: configuration.group,
            // Nothing is stored, so no snapshot lies anywhere.
            metrics: metrics, snapshotFolder: SnapshotFolder(path: "/nonexistent"),
            readings: TopicReadings(kafka, topics))
        let tokens = [try Token(name: "demo", secret: Array(token.utf8), role: .publish)]
        let access = Access(tokens: tokens, readsAreOpen: true)
        let publishing = resources.publishingRoutes
        server = try Server(
            .tcp(host: "127.0.0.1", port: 0), routes: resources.routes, access: access, problemPage: Resources.problemPage
        ) { resources.noteAnswer($0, publishing: publishing) }
        resources.tokens.begin(tokens)
    }

    /// Where a browser finds it.
    var address: String { server.address.base + "/" }

    /// Whether somebody follows what happens.
    var isWatched: Bool { interface.streams.isFollowed }

    func stop() { server.stop() }
}
