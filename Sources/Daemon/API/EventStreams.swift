// Server-sent events: the state of what a page shows, not a log. After a commit is acknowledged each reader gets what has changed for it,
// at most twice a second; who comes again gets all of it.
import Campaigns
import HTTP
import Synchronization

/// The readers.
final class EventStreams: Sendable {
    private struct Reader {
        let topic: StreamTopic
        let stream: EventStream
        /// The commit of its last frame; -1: it had none.
        var sequence: Int64 = -1
        /// The readiness that it was told of last.
        var status = JSON.null
        /// The counts that it was told of last, by transition.
        var transitions: [String: JSON] = [:]
    }

    private struct State {
        var readers: [Reader] = []
        var isTicking = false
    }

    private static let tickMilliseconds: UInt32 = 500
    private let state = Mutex(State())

    /// Whether anybody reads.
    var isFollowed: Bool { state.withLock { !$0.readers.isEmpty } }

    /// A reader, who gets a frame soon. `resources` says what frames hold.
    func add(_ stream: EventStream, about topic: StreamTopic, _ resources: Resources) {
        resources.metrics.requests.connection(.stream, isOpen: true)
        stream.whenEnded { resources.metrics.requests.connection(.stream, isOpen: false) }
        let starts = state.withLock { state in
            state.readers.append(Reader(topic: topic, stream: stream))
            defer { state.isTicking = true }
            return !state.isTicking
        }
        if starts { _ = startThread { self.tick(resources) } }
    }

    /// Until nobody reads.
    private func tick(_ resources: Resources) {
        while true {
            let status = resources.statusMembers
            resources.countAgain(state.withLock { $0.readers.compactMap(\.topic.campaign) })
            let isOver = state.withLock { state in
                state.readers.removeAll { !$0.stream.isOpen }
                for place in state.readers.indices { send(to: &state.readers[place], resources, status) }
                if state.readers.isEmpty { state.isTicking = false }
                return state.readers.isEmpty
            }
            if isOver { return }
            pause(milliseconds: Self.tickMilliseconds)
        }
    }

    private func send(to reader: inout Reader, _ resources: Resources, _ status: JSON) {
        let (topic, last) = (reader.topic, reader.sequence)
        // How it is may change without a commit.
        let isNews = topic == .system && reader.status != status
        let known = reader.transitions
        let (frame, counts, sequence) = resources.interface.committed { state in
            let counts = resources.lastCounts(topic, state).filter { known[$0.name] != $0.value }
            let isSame = state.sequence == last && !isNews && counts.isEmpty
            return (isSame ? nil : topic.frame(state, since: last, status: status, transitions: counts), counts, state.sequence)
        }
        (reader.sequence, reader.status) = (sequence, status)
        for transition in counts { reader.transitions[transition.name] = transition.value }
        guard let frame else { return }
        var text = JSONText()
        text.append(frame)
        reader.stream.send(text.bytes, event: "state", id: String(sequence))
    }
}

extension Resources {
    /// The rows of each transition of the campaign that it is about, as they were counted last.
    fileprivate func lastCounts(_ topic: StreamTopic, _ state: CommittedState) -> [JSON.Member] {
        guard let id = topic.campaign, let entry = state.campaigns[id],
            case .object(let members)? = interface.counts.last(id, version: entry.version, through: state.sequence)?.json
        else { return [] }
        return members
    }

    /// GET events.
    func events(_ request: Request, _ responder: Responder) {
        guard interface.committed({ $0.isThere }) else { return responder.answer(Questions.starting) }
        let text = request.query.text("for") ?? "system"
        guard let topic = StreamTopic(text) else {
            return responder.answer(
                ProblemDocument(
                    .queryInvalid, "the parameter 'for' cannot be \(shown(text))", hint: "audiences, audience:ID, campaign:ID or system"))
        }
        if let stream = responder.openStream(["X-Accel-Buffering": "no"]) { interface.streams.add(stream, about: topic, self) }
    }
}
