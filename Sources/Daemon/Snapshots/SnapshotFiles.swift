// Writing one snapshot: its members in each format, then the manifest. The one way for `run` and `replay`.
import Campaigns
import Engine
import Storage
import Wire

/// Rows are handed to the files in pieces of about this size.
private let pieceBytes = 1 << 16

/// Writes a snapshot below a folder; it is there whole, or an error is thrown and it is not there.
func writeSnapshot(
    _ content: SnapshotContent, as formats: [Configuration.SnapshotFormat], below folder: SnapshotFolder
) throws(StorageError) -> Snapshot {
    var writer = try SnapshotWriter(
        folder: folder.path, audience: content.audience, sequence: content.sequence, formats: formats.map(\.rawValue),
        in: folder.files)
    let rows = SnapshotRows(namespace: content.namespace, attributes: content.attributes.count)
    for (file, format) in formats.enumerated() {
        var text = JSONText()
        if format == .csv { SnapshotRows.appendHeader(attributes: content.attributes.map(\.name), to: &text) }
        for place in 0..<content.members.count {
            try append(place, of: content, as: format, rows, folder, &text)
            if text.bytes.count > pieceBytes {
                try writer.append(text.bytes, to: file)
                text.bytes.removeAll(keepingCapacity: true)
            }
        }
        try writer.append(text.bytes, to: file)
    }
    return try writer.finish(manifestMembers: content.manifestMembers)
}

private func append(
    _ place: Int, of content: SnapshotContent, as format: Configuration.SnapshotFormat, _ rows: SnapshotRows, _ folder: SnapshotFolder,
    _ text: inout JSONText
) throws(StorageError) {
    let refusal: Refusal? = content.members.withMember(place) { identity, count, attributes in
        switch format {
        case .ndjson:
            rows.appendLine(identity: identity, rows: count, attributes: attributes, to: &text)
            return nil
        case .csv:
            do throws(Refusal) {
                try rows.appendRow(identity: identity, rows: count, attributes: attributes, to: &text)
                return nil
            } catch {
                return error
            }
        }
    }
    if let refusal {
        throw StorageError(
            operation: "write a snapshot of audience \(content.audience) below", path: folder.path,
            cause: "the attributes of member \(place + 1) are no row of CSV: \(refusal.reason)",
            hint: "let the campaign save fewer or shorter attributes, or take csv out of snapshots.formats")
    }
}
