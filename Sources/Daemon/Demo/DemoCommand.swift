// `audienced demo`: librdkafka's in-process broker, the daemon's own loop on a thread, a shop that feeds it, and a view of what comes out.
// Nothing is stored.
import Campaigns
import Glibc
import Kafka
import Wire

extension Command {
    static let demo = Command(
        name: "demo", purpose: "see it work: broker, shop and campaigns in one process, nothing to configure",
        details: """
            Half a minute of a small shop: the real daemon on an in-process broker. A live view on a terminal, lines in a pipe,
            and the console in a browser: its first lines say where. It goes on while somebody looks there. Nothing is stored.
            Ctrl-C ends it.
            """,
        examples: ["audienced demo"], exitCodes: [(.done, "shown, or stopped")]
    ) { _ in try playDemo() }
}

private func playDemo() throws -> ExitCode {
    let stop = StopSignals()
    // What the daemon logs is for operators; here people watch.
    Log.show(from: .error)
    var view = DemoView()
    var state = DemoState(customerCount: DemoShop(start: 0).people.count)
    var broker = try MockBroker(brokerCount: 1)
    // The in-process broker answers a fetch when its time is up, not when there is something.
    let settings = ["bootstrap.servers": broker.bootstrapServers, "fetch.wait.max.ms": "10"]
    var configuration = Configuration(kafka: settings.mapValues { .text($0) }, data: "")
    configuration.group = "demo"
    let topics = Topics(configuration)
    let client = ClientConfiguration(settings: settings)
    let kafka = KafkaSource(client: client, group: configuration.group, partitionCounts: try createTopics(topics, broker))
    let console = try DemoConsole(configuration, kafka)
    defer { console.stop() }
    state.console = DemoState.Console(address: console.address, token: console.token)
    state.tell(
        "A small shop, its campaigns, and who is in their audiences at every moment.", "Half a minute. The broker and the daemon start.")
    view.show(state)

    let daemon = DemoDaemon(configuration, kafka, console)
    let thread = startThread { daemon.run() }
    var theater = try DemoTheater.open(topics, client)
    while !daemon.isReady && daemon.failure == nil && !stop.isRequested {
        view.show(state)
        pause(milliseconds: 20)
    }
    let isTold = try theater.play(&state, &view, isWatched: { console.isWatched }) { stop.isRequested || daemon.failure != nil }
    daemon.stop()
    pthread_join(thread, nil)
    theater.close()
    broker.stop()
    if let failure = daemon.failure { throw CommandFailure(.internal, failure) }
    view.end(state, closing(state, isTold: isTold))
    return .done
}

private func createTopics(_ topics: Topics, _ broker: borrowing MockBroker) throws -> [String: Int] {
    var counts = [topics.control: 1, topics.journal: 1]
    for change in topics.changes { counts[change.name] = 2 }
    for output in OutputTopic.allCases { counts[topics.name(output)] = 1 }
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { try broker.createTopic(name, partitionCount: Int32(count)) }
    return counts
}

/// What stays on the screen.
private func closing(_ state: DemoState, isTold: Bool) -> [StyledLine] {
    guard isTold else { return [StyledLine(), StyledLine("Stopped after \(secondsText(state.second)) s.", .strong)] }
    let next = [
        ("audienced validate Config/first-campaign.ndjson", "check a campaign before it is published"),
        ("Config/examples", "a campaign for each activity, and five whole ones"),
        ("audienced run --config Config/audienced.yaml", "the daemon on a Kafka of your own; the manual goes through it"),
    ]
    return [StyledLine(), StyledLine("What you saw", .strong)] + state.summary.map { StyledLine("  \($0)") }
        + [StyledLine(), StyledLine("What comes next", .strong)]
        + next.map { command, purpose in
            var line = StyledLine("  \(command)")
            line.pad(to: 52)
            line.append(purpose, .faint)
            return line
        }
}
