// The members of an audience as of one commit: its newest snapshot joined with the events that followed (contract §5: "`snapshot(s0)` plus
// the `audience-members` events with `s0 < sequence <= s1` is `snapshot(s1)`, exactly"); without a snapshot all events that there are.
import Campaigns
import Kafka
import Storage

struct JoinedMembers {
    private struct Joined {
        var rows: Int64
        /// nil: the event was too large to have them.
        var attributes: JSON?
    }

    let audience: String
    let namespace: String
    /// The commit that they are of.
    let sequence: Int64
    private var members: [String: Joined] = [:]
    /// The commit of the snapshot; 0: there was none.
    private(set) var snapshotSequence: Int64 = 0
    /// Where events follow it, per partition.
    private var positions: [Int64] = []

    private static let file = "members.ndjson.zst"

    init(_ audience: String, namespace: String, at sequence: Int64) {
        (self.audience, self.namespace, self.sequence) = (audience, namespace, sequence)
    }

    var count: Int { members.count }

    /// Takes the newest snapshot that is not behind the commit, if there is one.
    mutating func takeSnapshot(_ client: DaemonClient, topic: String) throws {
        let manifests = try client.get(DaemonClient.path("audiences", audience, "snapshots")).json.elements("items")
        for manifest in manifests {
            guard let at = manifest.integer("sequence"), at <= sequence, manifest.text("namespace") == namespace,
                manifest.elements("files").contains(where: { $0.text("name") == Self.file }),
                case .object(let offsets)? = manifest["outputs"]?[topic]
            else { continue }
            let lines = CompressedLines()
            let path = DaemonClient.path("audiences", audience, "snapshots", "\(at)", Self.file)
            do {
                try client.download(path) { piece in try lines.append(piece) { line in try add(line) } }
                try lines.finish()
            } catch let damage as CompressedLines.Damage {
                throw CommandFailure(.data, "\(Self.file) of the snapshot \(at) of \(audience): \(damage)")
            }
            snapshotSequence = at
            for offset in offsets {
                guard let partition = Int(offset.name), case .integer(let next) = offset.value else { continue }
                while positions.count <= partition { positions.append(0) }
                positions[partition] = next
            }
            return
        }
    }

    private mutating func add(_ line: [UInt8]) throws {
        guard let member = JSON(text: line), let identity = member["identity"]?.text("id"), let rows = member.integer("rows") else {
            throw CompressedLines.Damage(description: "a line is no member")
        }
        members[identity] = Joined(rows: rows, attributes: member["attributes"])
    }

    /// Takes the events that followed, up to the commit.
    mutating func takeEvents(_ source: any Source, topic: String, progress: (Int64) -> Void) throws {
        var reader = MemberEventReader(source, topic: topic, from: positions)
        try reader.read(progress: progress) { event, audience, identity in
            guard audience == self.audience, let at = event.integer("sequence"), at > snapshotSequence, at <= sequence,
                event["identity"]?.text("namespace") == namespace
            else { return }
            let isOut = event.text("status") == "exited"
            members[identity] = isOut ? nil : Joined(rows: event.integer("rows") ?? 1, attributes: event["attributes"])
        }
    }

    /// Calls the body with each member as the server's lists have it, in the order of identities.
    func forEach(_ body: (JSON) throws -> Void) throws {
        for identity in members.keys.sorted(by: isBefore) {
            let member = members[identity]!
            try body(
                .object([
                    JSON.Member("identity", .object([JSON.Member("namespace", .string(namespace)), JSON.Member("id", .string(identity))])),
                    JSON.Member("rows", .integer(member.rows)), JSON.Member("attributes", member.attributes ?? .null),
                ]))
        }
    }
}
