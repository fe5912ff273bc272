// What a reader of what is committed finds in the output topics after a run, and what must hold of it: nothing twice, members that
// alternate, sizes that are right, barriers and dead letters once, and at every barrier the members that the plain evaluator finds.
import Campaigns
import Daemon
import Oracle
import Wire

/// What is wrong.
struct Difference: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

struct Outputs {
    private struct Event {
        var sequence: Int64
        /// Of those of its commit.
        var number: Int64
        var partition: Int32
        var offset: Int64
        var tree: JSON
    }

    private let broker: SimulatedBroker
    private let world: World
    private let topics: Topics
    private var members: [Event] = []
    private var updates: [Event] = []
    private var ids: Set<String> = []
    /// Of each audience, by identity.
    private var folded: [String: [String: (rows: Int64, attributes: String)]] = [:]
    private var lastSequences: [String: Int64] = [:]
    private var incomplete: Set<String> = []
    /// What compaction leaves of the topic of members: the audience of each key.
    private var kept: [String: String] = [:]
    private var announced: Set<String> = []
    private let announcesOnce: Bool
    private(set) var barriers: [String] = []
    /// How many events of members were said.
    private(set) var memberEvents = 0

    /// - Parameter announcesOnce: one machine has all the snapshots.
    init(_ broker: SimulatedBroker, _ world: World, _ topics: Topics, announcesOnce: Bool) {
        self.announcesOnce = announcesOnce
        self.broker = broker
        self.world = world
        self.topics = topics
    }

    /// Reads and checks everything.
    mutating func check() throws(Difference) {
        members = try events(of: topics.name(.members))
        updates = try events(of: topics.name(.updated))
        _ = try events(of: topics.name(.channelRequests))
        try checkDeadLetters()
        memberEvents = members.count
        var (member, update) = (members.startIndex, updates.startIndex)
        while member < members.count || update < updates.count {
            let next = [members[member...].first, updates[update...].first].compactMap(\.self?.sequence)
            let sequence = next.min() ?? 0
            while member < members.count, members[member].sequence == sequence {
                try fold(members[member])
                member += 1
            }
            while update < updates.count, updates[update].sequence == sequence {
                try take(updates[update])
                update += 1
            }
        }
        if let audience = incomplete.min() { throw Difference("audience \(audience) is not said whole at the end") }
        let missing = world.barriers.filter { !barriers.contains($0) }
        let keys = folded.flatMap { audience, members in members.keys.map { "\(audience)|Email|\($0)" } }
        if Set(keys) != Set(kept.keys) { throw Difference("compaction leaves \(kept.keys.sorted()), members are \(keys.sorted())") }
        if !missing.isEmpty { throw Difference("barriers \(missing) were not reached, of \(world.barriers)") }
    }

    // Reading.

    private func forEachSeen(
        of topic: String, _ body: (_ record: StoredRecord, _ partition: Int32, _ offset: Int64) throws(Difference) -> Void
    ) throws(Difference) {
        for number in 0..<Int32(broker.partitionCounts[topic]!) {
            guard let partition = broker.partition(topic, number) else { continue }
            for (offset, entry) in partition.entries.prefix(Int(partition.stable)).enumerated() {
                guard case .record(let record, let transaction) = entry, broker.isSeen(transaction) else { continue }
                try body(record, number, Int64(offset))
            }
        }
    }

    private func text(_ name: String, of record: StoredRecord) -> String? {
        record.headers.first { $0.name == Array(name.utf8) }?.value.map { String(decoding: $0, as: UTF8.self) }
    }

    /// In the order of their commits; none has an id of another.
    private mutating func events(of topic: String) throws(Difference) -> [Event] {
        var found: [Event] = []
        var (ids, kept) = (ids, kept)
        let isOfMembers = topic == topics.name(.members)
        try forEachSeen(of: topic) { (record, partition, offset) throws(Difference) in
            let key = String(decoding: record.key ?? [], as: UTF8.self)
            if isOfMembers { kept[key] = record.value.map { String(decoding: $0, as: UTF8.self) } }
            guard let value = record.value else { return }
            let tree = Definitions.json(String(decoding: value, as: UTF8.self))
            let id = text("ce_id", of: record) ?? ""
            let numbers = id.split(separator: "-").compactMap { Int64($0) }
            guard numbers.count == 2, ids.insert(id).inserted else { throw Difference("\(topic): said twice: \(World.text(tree))") }
            found.append(Event(sequence: numbers[0], number: numbers[1], partition: partition, offset: offset, tree: tree))
        }
        (self.ids, self.kept) = (ids, kept)
        return found.sorted { ($0.sequence, $0.number) < ($1.sequence, $1.number) }
    }

    private func number(_ name: String, of tree: JSON) -> Int64? {
        if case .integer(let number)? = tree[name] { number } else { nil }
    }

    private func text(_ name: String, of tree: JSON?) -> String? {
        if case .string(let text)? = tree?[name] { text } else { nil }
    }

    // Members and updates.

    private mutating func fold(_ event: Event) throws(Difference) {
        guard let audience = text("audience", of: event.tree), let id = text("id", of: event.tree["identity"]),
            let status = text("status", of: event.tree)
        else { throw Difference("no event of a member: \(World.text(event.tree))") }
        let who = "\(audience) \(id)"
        if (folded[audience]?[id] == nil) != (status == "realized") {
            throw Difference("members do not alternate: \(World.text(event.tree))")
        }
        if lastSequences[who, default: 0] >= event.sequence { throw Difference("the sequence does not grow: \(World.text(event.tree))") }
        lastSequences[who] = event.sequence
        let told = event.tree["attributes"].map { (number("rows", of: event.tree) ?? 0, World.text($0)) }
        folded[audience, default: [:]][id] = status == "exited" ? nil : told
    }

    private mutating func take(_ event: Event) throws(Difference) {
        switch text("type", of: event.tree) {
        case "audience.updated":
            guard let audience = text("audience", of: event.tree) else { throw Difference("no audience: \(World.text(event.tree))") }
            let members = folded[audience] ?? [:]
            if number("size", of: event.tree) != Int64(members.count)
                || number("rows", of: event.tree) != members.values.reduce(0, { $0 + $1.rows })
            {
                throw Difference("the size is not that of \(members.count) members: \(World.text(event.tree))")
            }
            if event.tree["complete"] == .boolean(true) { incomplete.remove(audience) } else { incomplete.insert(audience) }
        case "audience.retired":
            if let audience = text("audience", of: event.tree) { incomplete.remove(audience) }
        case "campaign.rejected", "schema.rejected":
            throw Difference("a definition that is right is refused: \(World.text(event.tree))")
        case "barrier.reached":
            guard let id = text("id", of: event.tree), !barriers.contains(id) else {
                throw Difference("a barrier is reached twice: \(World.text(event.tree))")
            }
            if let audience = incomplete.min() { throw Difference("barrier \(id) does not wait for the rest of \(audience)") }
            barriers.append(id)
            // Before the end compaction may have taken rows away of which a newer one is still to come.
            if broker.compacted.isEmpty || id == world.barriers.last { try compare(at: event) }
            try checkEnds(of: event)
        case "audience.snapshot":
            let name = "\(text("audience", of: event.tree) ?? "") \(number("sequence", of: event.tree["snapshot"] ?? .null) ?? 0)"
            if !announced.insert(name).inserted, announcesOnce { throw Difference("the snapshot \(name) is announced twice") }
        case "campaign.live", "campaign.deleted", "schema.live", "alert.raised": break
        default: throw Difference("an event that nobody asked for: \(World.text(event.tree))")
        }
    }

    /// Who reads up to the ends that a barrier tells has read all that was said until then, and nothing else.
    private func checkEnds(of barrier: Event) throws(Difference) {
        let ends = barrier.tree["outputs"]?[topics.name(.members)] ?? .null
        for event in members where (event.offset < number(String(event.partition), of: ends) ?? 0) != (event.sequence <= barrier.sequence) {
            throw Difference("the barrier of commit \(barrier.sequence) tells wrong ends: \(World.text(event.tree))")
        }
    }

    /// What was said until a barrier is what the plain evaluator finds in the rows below its offsets.
    private func compare(at event: Event) throws(Difference) {
        guard let offsets = event.tree["offsets"], let time = text("time", of: event.tree).flatMap({ InstantText.milliseconds(of: $0) })
        else { throw Difference("a barrier without offsets: \(World.text(event.tree))") }
        let expected = Expected(world, broker, clock: time) { topic, partition in
            self.number(String(partition), of: offsets[topic] ?? .null) ?? 0
        }.members
        for audience in Set(folded.keys).union(expected.keys).sorted() {
            let (found, wanted) = (folded[audience] ?? [:], expected[audience] ?? [:])
            for id in Set(found.keys).union(wanted.keys).sorted() {
                let said = found[id].map { "\($0.rows) rows with \($0.attributes)" } ?? "out"
                let wanted = wanted[id].map { "\($0.rows) rows with \($0.attributes)" } ?? "out"
                if said == wanted { continue }
                let barrier = text("id", of: event.tree) ?? ""
                throw Difference("\(audience) \(id) at barrier \(barrier), commit \(event.sequence): \(said), should be \(wanted)")
            }
        }
    }

    // Dead letters.

    private func checkDeadLetters() throws(Difference) {
        var found: [String: Int] = [:]
        try forEachSeen(of: topics.name(.deadLetters)) { (record, _, _) throws(Difference) in
            let place = ["topic", "partition", "offset"].map { text("__connect.errors.\($0)", of: record) ?? "?" }
            found[place.joined(separator: "/"), default: 0] += 1
        }
        for (topic, partitions) in world.log.sorted(by: { $0.key < $1.key }) {
            for (number, entries) in partitions.sorted(by: { $0.key < $1.key }) {
                for entry in entries where broker.isSeen(entry.transaction) {
                    guard case .refused = entry.written else { continue }
                    let place = "\(topic)/\(number)/\(entry.offset)"
                    let count = found.removeValue(forKey: place) ?? 0
                    if count != 1 { throw Difference("\(count) dead letters of \(place)") }
                }
            }
        }
        if let place = found.keys.min() { throw Difference("a dead letter of \(place), where nothing is wrong") }
    }
}
