// What a snapshot shows: one audience as of one commit, and the manifest that says so (contract §5).
//
// manifest.json, besides `files` (SnapshotWriter.swift):
//   audience, label, namespace
//   columns           [{"name", "type"}] of the CSV, in its order; types: string, integer, double, boolean, date, datetime, and null for
//                     an attribute that is always null; an enum is a string
//   size, rows        members, and the sum of their rows
//   campaign, campaignVersion
//   sequence, time    of the last commit that is in it
//   offsets           {topic: {partition: offset}}: the inputs that are in, below these
//   outputs           the same of `audience-members`: events of later commits are at these offsets or after them
// The last two only where there are topics: not in `replay`.
import Campaigns
import Engine
import Wire

/// One audience as of one commit.
///
/// `@unchecked Sendable`: the members are written out before it is made and never change after that; the engine may keep them too, as the
/// frozen members of a stopped campaign, and only reads them.
struct SnapshotContent: @unchecked Sendable {
    var audience: String
    var label: String
    var namespace: String
    var campaign: String
    var campaignVersion: Int
    /// Of the attributes.
    var attributes: [SnapshotColumn]
    var members: MemberTable
    var sequence: Int64
    /// Milliseconds since the Unix epoch.
    var clock: Int64
    /// Offsets of inputs and of `audience-members`; nil where no topics are.
    var position: (offsets: TopicOffsets, outputs: TopicOffsets)?

    /// About how much memory the members take.
    var byteCount: Int {
        var total = 0
        for place in 0..<members.count {
            total += members.withMember(place) { identity, _, attributes in identity.count + attributes.count + 32 }
        }
        return total
    }

    /// The members of the manifest but for `files`, without braces.
    var manifestMembers: String {
        let own = zip(SnapshotRows.ownColumns, ["string", "string", "integer"]).map { SnapshotColumn(name: $0, type: $1) }
        let columns = (own + attributes).map {
            JSON.object([JSON.Member("name", .string($0.name)), JSON.Member("type", .string($0.type))])
        }
        var manifest: [JSON.Member] = [
            JSON.Member("audience", .string(audience)), JSON.Member("label", .string(label)), JSON.Member("namespace", .string(namespace)),
            JSON.Member("columns", .array(columns)), JSON.Member("size", .integer(Int64(members.count))),
            JSON.Member("rows", .integer(Int64(members.rows))), JSON.Member("campaign", .string(campaign)),
            JSON.Member("campaignVersion", .integer(Int64(campaignVersion))), JSON.Member("sequence", .integer(sequence)),
            JSON.Member("time", .string(InstantText.text(of: clock))),
        ]
        if let position {
            manifest.append(JSON.Member("offsets", json(position.offsets)))
            manifest.append(JSON.Member("outputs", json(position.outputs)))
        }
        var text = JSONText()
        text.append(.object(manifest))
        return String(decoding: text.bytes.dropFirst().dropLast(), as: UTF8.self)
    }
}

/// Offsets as outputs name them, by topic name and partition.
func json(_ offsets: TopicOffsets) -> JSON {
    .object(
        offsets.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { topic, partitions in
            JSON.Member(
                topic, .object(partitions.sorted { $0.key < $1.key }.map { JSON.Member(String($0.key), .integer($0.value)) }))
        })
}
