// The daemon's own loop, as `run` has it, on a thread of the demo. It has no data directory, so it writes no snapshots.
import Glibc
import Kafka
import Synchronization

/// `@unchecked Sendable`: the configuration is constant; the flags are atomic, and `message` is written before the flag that says so.
final class DemoDaemon: @unchecked Sendable {
    private let configuration: Configuration
    private let kafka: KafkaSource
    private let console: DemoConsole
    private let shouldStop = Atomic(false)
    private let ready = Atomic(false)
    private let hasFailed = Atomic(false)
    private var message = ""

    init(_ configuration: Configuration, _ kafka: KafkaSource, _ console: DemoConsole) {
        self.configuration = configuration
        self.kafka = kafka
        self.console = console
    }

    var isReady: Bool { ready.load(ordering: .acquiring) }
    var failure: String? { hasFailed.load(ordering: .acquiring) ? message : nil }

    func stop() {
        shouldStop.store(true, ordering: .releasing)
    }

    func run() {
        do {
            let isStopping = { self.shouldStop.load(ordering: .acquiring) }
            var instance = Instance()
            let surroundings = Surroundings(
                source: kafka, metrics: console.metrics, interface: console.interface, makeSink: kafka.sink)
            var loop = try CommitLoop.start(configuration, in: surroundings, instance: &instance)
            try loop.replay(shouldStop: isStopping)
            ready.store(true, ordering: .releasing)
            try loop.run(shouldStop: isStopping)
            loop.close()
        } catch is CommitLoop.Stopped {
            return
        } catch {
            message = "\(error)"
            hasFailed.store(true, ordering: .releasing)
        }
    }
}
