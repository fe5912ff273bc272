// A snapshot of one audience (contract §5): its members as lines, and its manifest.
import Campaigns
import Engine
import Storage

/// Writes a snapshot below a folder.
func writeSnapshot(of audience: AudienceState, members: MemberTable, sequence: Int64, clock: Int64, below folder: String) throws(StorageError) {
    var writer = try SnapshotWriter(folder: folder, audience: audience.id, sequence: sequence)
    var line = JSONText()
    var namespace = JSONText()
    namespace.append(string: audience.namespace)
    for place in 0..<members.count {
        members.withMember(place) { identity, rows, attributes in
            line.append(raw: "{\"identity\":{\"namespace\":")
            line.append(raw: namespace.bytes)
            line.append(raw: ",\"id\":")
            line.append(string: identity)
            line.append(raw: "},\"rows\":")
            line.append(integer: Int64(rows))
            line.append(raw: ",\"attributes\":")
            line.bytes.append(contentsOf: attributes)
            line.append(raw: "}\n")
        }
        if line.bytes.count > 1 << 16 {
            try writer.append(line.bytes)
            line.bytes.removeAll(keepingCapacity: true)
        }
    }
    try writer.append(line.bytes)
    var manifest = JSONText()
    manifest.append(
        .object([
            JSON.Member("audience", .string(audience.id)), JSON.Member("label", .string(audience.label)),
            JSON.Member("namespace", .string(audience.namespace)), JSON.Member("size", .integer(Int64(members.count))),
            JSON.Member("rows", .integer(Int64(members.rows))), JSON.Member("campaign", .string(audience.campaign)),
            JSON.Member("campaignVersion", .integer(Int64(audience.campaignVersion))), JSON.Member("sequence", .integer(sequence)),
            JSON.Member("time", .string(InstantText.text(of: clock))),
        ]))
    _ = try writer.finish(manifestMembers: String(decoding: manifest.bytes.dropFirst().dropLast(), as: UTF8.self))
}
