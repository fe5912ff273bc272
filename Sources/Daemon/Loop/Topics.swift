// The topics of a deployment: their whole names, and the policies of contract §2–4 that the start creates them with or checks.
import Kafka
package import Wire

package struct Topics {
    package let control: String
    /// In the order of their names, as batches take them (contract §4); with the table each is mapped to.
    let changes: [(name: String, table: String?)]
    package let journal: String
    /// What was redriven of the dead letters (RedriveMarks); made by the first redrive.
    let redrives: String
    private let prefix: String
    private let creates: Bool
    private let membersLagMilliseconds: Int64

    package init(_ configuration: Configuration) {
        prefix = configuration.topics.prefix
        control = prefix + configuration.topics.control
        let prefix = prefix
        changes = configuration.topics.changes.map { (name: prefix + $0.topic, table: $0.table) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        journal = "\(prefix)audienced.\(configuration.group).journal"
        redrives = "\(prefix)\(TopicNames.redrives(group: configuration.group))"
        creates = configuration.topics.create
        membersLagMilliseconds = configuration.snapshots.keepFor.components.seconds * 1000
    }

    package func name(_ topic: OutputTopic) -> String { prefix + topic.name }

    /// Whether changes are read from a topic, by its whole name.
    func isChangeTopic(_ name: String) -> Bool { changes.contains { $0.name == name } }

    /// What the commits' results depend on: topic=table pairs.
    var mapping: String { changes.map { "\($0.name)=\($0.table ?? "")" }.joined(separator: ",") }

    /// What a topic must be like.
    struct Wanted {
        /// Whole.
        var name: String
        /// nil: the broker's default.
        var partitions: Int32?
        var settings: [String: String]

        /// `maximumBytes`: what it takes; nil is the broker's default.
        init(_ name: String, partitions: Int32? = nil, maximumBytes: Int? = nil, _ settings: [String: String]) {
            self.name = name
            self.partitions = partitions
            self.settings = settings
            self.settings["max.message.bytes"] = maximumBytes.map(String.init)
        }
    }

    /// What is there after a start, with a setting for each that counts.
    var wanted: [Wanted] {
        let kept = ["cleanup.policy": "delete", "retention.ms": "-1"]
        // A member event may have 1 MiB, and its key and headers come on top; a journal record has some 150 bytes per partition.
        let large = 2 << 20
        var all = [Wanted(control, partitions: 1, kept), Wanted(journal, partitions: 1, maximumBytes: large, kept)]
        all += changes.map { Wanted($0.name, kept) }
        let lag = String(membersLagMilliseconds)
        all.append(Wanted(name(.members), maximumBytes: large, ["cleanup.policy": "compact", "min.compaction.lag.ms": lag]))
        all.append(Wanted(name(.channelRequests), maximumBytes: large, ["cleanup.policy": "compact"]))
        all.append(Wanted(name(.updated), maximumBytes: large, ["cleanup.policy": "delete"]))
        // 8 MiB is what hosted clusters let a topic have at most; a topic that was given more keeps larger originals.
        all.append(Wanted(name(.deadLetters), maximumBytes: 8 << 20, kept))
        return all
    }

    /// Creates what is missing and checks what is there. Returns what the topics are like. An input that is missing though the journal has
    /// read from it (`mentioned`) was deleted, and is not made anew.
    func prepare(_ admin: borrowing Admin, mentioned: () throws -> Set<String>) throws -> TopicFacts {
        let wanted = wanted
        var described = try admin.describe(topics: wanted.map(\.name), timeout: Patience.answer)
        let missing = wanted.filter { topic in !described.contains { $0.name == topic.name && $0.exists } }
        if !missing.isEmpty {
            if !missing.contains(where: { $0.name == journal }) {
                let mentioned = try mentioned()
                if let gone = missing.first(where: { mentioned.contains($0.name) }) { throw InputFailure.gone(gone.name) }
            }
            guard creates else {
                throw DaemonFailure(
                    .data, "missing topics: \(missing.map(\.name).joined(separator: ", "))",
                    hint: "create them, or set topics.create: true")
            }
            try create(missing, admin)
            described = try waitFor(wanted.map(\.name), admin)
        }
        for topic in described { try check(topic) }
        return TopicFacts(of: self, described)
    }

    /// Sees to the topic of what was redriven.
    func prepareRedrives(_ admin: borrowing Admin) throws {
        let topic = Wanted(redrives, partitions: 1, maximumBytes: 2 << 20, ["cleanup.policy": "delete", "retention.ms": "-1"])
        var described = try admin.describe(topics: [redrives], timeout: Patience.answer)
        if !described[0].exists {
            guard creates else {
                throw DaemonFailure(.data, "missing topic: \(redrives)", hint: "create it with one partition, or set topics.create: true")
            }
            try create([topic], admin)
            described = try waitFor([redrives], admin)
        }
        let (policy, retention) = (described[0].settings["cleanup.policy"] ?? "", described[0].settings["retention.ms"] ?? "")
        guard policy == "delete", retention == "-1" else {
            throw DaemonFailure(
                .data, "topic \(redrives) has cleanup.policy=\(policy), retention.ms=\(retention)",
                hint: "set cleanup.policy=delete and retention.ms=-1: what it forgets would be redriven twice")
        }
    }

    private func create(_ topics: [Wanted], _ admin: borrowing Admin) throws {
        let new = topics.map { NewTopic(name: $0.name, partitionCount: $0.partitions, settings: $0.settings) }
        for creation in try admin.create(topics: new, timeout: Patience.answer) {
            switch creation.outcome {
            case .created: Log.information(.topicCreated, "topic created", ["topic": creation.name])
            case .alreadyExisted: break
            case .failed(let error): throw error
            }
        }
    }

    /// A topic is not known to every broker at once after it was created.
    private func waitFor(_ names: [String], _ admin: borrowing Admin) throws -> [TopicDescription] {
        let deadline = Deadline(after: Patience.newTopics)
        while true {
            let described = try admin.describe(topics: names, timeout: Patience.answer)
            if described.allSatisfy({ $0.exists && $0.partitionCount > 0 }) { return described }
            if deadline.hasPassed {
                let missing = described.filter { !$0.exists }.map(\.name)
                throw DaemonFailure(.unavailable, "created topics do not appear: \(missing.joined(separator: ", "))")
            }
            pause(milliseconds: 100)
        }
    }

    private func check(_ topic: TopicDescription) throws {
        let policy = topic.settings["cleanup.policy"] ?? ""
        let retention = topic.settings["retention.ms"] ?? ""
        let isKept = policy == "delete" && retention == "-1"
        if topic.name == control || topic.name == journal {
            let hint =
                "set cleanup.policy=delete and retention.ms=-1: it is the record of what was published, or read, and must be kept for ever"
            guard isKept else {
                throw DaemonFailure(.data, "topic \(topic.name) has cleanup.policy=\(policy), retention.ms=\(retention)", hint: hint)
            }
            guard topic.partitionCount == 1 else {
                throw DaemonFailure(
                    .data, "topic \(topic.name) has \(topic.partitionCount) partitions", hint: "it must have one, since its order counts")
            }
        } else if let change = changes.first(where: { $0.name == topic.name }) {
            if topic.isCompacted { warnOfCompaction(of: topic.name, table: change.table, policy) }
            if policy.contains("delete") && retention != "-1" {
                Log.warning(
                    .topicForgets, "a change topic forgets: no start can rebuild the state from it; set retention.ms=-1",
                    ["topic": topic.name, "retention.ms": retention])
            }
        } else if [name(.members), name(.channelRequests)].contains(topic.name) {
            if !topic.isCompacted {
                Log.warning(.topicNotCompacted, "a topic of what holds now is not compacted: it grows for ever", ["topic": topic.name])
            }
        } else if topic.name == name(.deadLetters) {
            let hint =
                "set cleanup.policy=delete: of refused records that share a key the last would stay, and one without a key has no place"
            if topic.isCompacted {
                throw DaemonFailure(.data, "topic \(topic.name) has cleanup.policy=\(policy)", hint: hint)
            }
            if !isKept {
                Log.warning(
                    .deadLettersForgotten,
                    "dead letters have the time of their originals, from which retention counts: those of old records are removed at once",
                    ["topic": topic.name, "retention.ms": retention])
            }
        }
    }

    /// Contract §3: "never compacted by a shared key; the start warns otherwise. One that is compacted by its primary key is allowed".
    private func warnOfCompaction(of topic: String, table: String?, _ policy: String) {
        guard let table else {
            Log.warning(
                .topicCompacted,
                """
                a change topic is compacted by a key that its rows share: of the rows with one key all but the last will be lost; set \
                cleanup.policy=delete and retention.ms=-1
                """,
                ["topic": topic, "cleanup.policy": policy])
            return
        }
        Log.warning(
            .topicCompacted,
            """
            a change topic is compacted: right only if the key of each record is the primary key of its row, for else rows are lost. Once \
            the cleaner has run behind the newest checkpoint, a start compares what is left with the members that were committed
            """,
            ["topic": topic, "table": table, "cleanup.policy": policy])
    }
}

extension TopicDescription {
    /// Whether its broker drops records whose key came again.
    var isCompacted: Bool { settings["cleanup.policy"]?.contains("compact") ?? false }
}
