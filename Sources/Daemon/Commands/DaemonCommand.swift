// `audienced run`: configuration, lock, signals, and lives of the loop until a stop.
import Campaigns
import HTTP
import Kafka
import Storage

extension Command {
    static let run = Command(
        name: "run", purpose: "the daemon: reads Kafka, follows every campaign, emits who enters and leaves",
        options: [
            Option(
                name: "--config", kind: .value("FILE"), isRequired: true,
                purpose: "the configuration, YAML or JSON; Config/audienced.yaml explains every key"),
            Option(
                name: "--log", kind: .value("FORMAT"),
                purpose: "how log lines are written: json, or text for people; without it text on a terminal, and else json"),
            Option(name: "--debug", purpose: "logs also what librdkafka says of each connection, and what is tried again"),
        ],
        details: """
            Runs until SIGTERM or SIGINT, and goes on where the last one ended. It checks the whole configuration first, and says
            every mistake in it before it touches the broker or the disk. Each single value of the configuration can be
            overridden by a variable: AUDIENCED_ and the path of the key, such as AUDIENCED_TOPICS_PREFIX.
            """,
        examples: ["audienced run --config /etc/audienced/audienced.yaml"],
        exitCodes: [
            (.done, "stopped"),
            (.usage, "an option or the configuration is wrong"),
            (.data, "the topics do not hold what was committed, or do not take what is to be; somebody has to decide"),
            (.unavailable, "no broker within two minutes"),
            (.locked, "another process uses the data directory"),
            (.fenced, "another daemon of this group has taken over; not to be started again by itself"),
        ]
    ) { arguments in
        try runDaemon(arguments, { $0 }, Limits.eventsPerCommit, .system)
    }
}

/// Runs the daemon with another sink around Kafka's: tests break the commit protocol with it, to see that they notice.
package func runDaemon(
    _ arguments: [String], around makeSink: @escaping (any CommitSink) -> any CommitSink = { $0 },
    eventsPerCommit: Int = Limits.eventsPerCommit, timeZones: TimeZones = .system
) -> ExitCode {
    exitCode { try runDaemon(Arguments(arguments, of: .run), makeSink, eventsPerCommit, timeZones) }
}

private func runDaemon(
    _ arguments: Arguments, _ makeSink: @escaping (any CommitSink) -> any CommitSink, _ eventsPerCommit: Int, _ timeZones: TimeZones
) throws -> ExitCode {
    let stop = StopSignals()
    if arguments.flags.contains("--debug") { Log.show(from: .debug) }
    if let format = arguments.values["--log"] {
        guard let format = LogFormat(rawValue: format) else {
            throw Arguments.refusal("\(shown(format)) is no format of log lines", .run, hint: "json and text are")
        }
        Log.write(as: format)
    }
    var (configuration, secrets) = try loadConfiguration(arguments.required("--config"))
    let memory = ProcessMemory()
    configuration.keepWithin(memory.groupLimit)
    let kafka = KafkaSource(
        client: ClientConfiguration(settings: secrets.kafka, bounds: configuration.memoryBudget.queues), group: configuration.group)
    let metrics = Metrics(
        health: .current, program: (Program.version, Program.commit ?? "unknown"), audiences: configuration.metrics.audiences,
        memoryBytes: configuration.memoryBytes, snapshotsEvery: configuration.snapshots.every)
    let interface = Interface(metrics.requests)
    let surroundings = Surroundings(
        source: kafka, timeZones: timeZones, memory: memory, metrics: metrics, interface: interface
    ) { makeSink(try kafka.sink($0, $1, $2, $3)) }
    return try withExtendedLifetime(try lockDirectory(configuration.data)) {
        let publisher = ControlPublisher(kafka.client, topic: Topics(configuration).control)
        let resources = Resources(
            interface: interface, publisher: publisher, group: configuration.group, metrics: metrics,
            snapshotFolder: SnapshotFolder(path: "\(configuration.data)/snapshots"),
            readings: TopicReadings(kafka, Topics(configuration)))
        let server = try configuration.http.serve(resources, secrets.tokens)
        let path = arguments.required("--config")
        stop.whenReopened { Configuration.HTTP.reopen(server, resources, configuration: path) }
        defer {
            stop.whenReopened(nil)
            server.stop()
        }
        var lives = Lives(configuration, in: surroundings, eventsPerCommit: eventsPerCommit) { stop.isRequested }
        try lives.run()
        return .done
    }
}

extension Configuration {
    /// What a control group gives is all that there is to divide, whatever `memory` says.
    fileprivate mutating func keepWithin(_ limit: ProcessMemory.Limit?) {
        guard let limit, limit.bytes < memoryBytes else { return }
        Log.warning(
            .memoryBounded, "memory is more than the process may have, and is taken as that; \(limit.hint)",
            ["memory": SizeText.text(memoryBytes), "limit": SizeText.text(limit.bytes), "path": limit.name])
        memoryBytes = max(limit.bytes, 1)
    }
}

private func lockDirectory(_ folder: String) throws(CommandFailure) -> DirectoryLock {
    do throws(DirectoryLockError) {
        return try DirectoryLock(folder: folder)
    } catch {
        switch error {
        case .inUse: throw CommandFailure(.locked, error.description)
        case .failed: throw CommandFailure(.usage, "data: \(error)")
        }
    }
}
