// How another program has the same audience: a snapshot, and the events after it.
import Campaigns

/// What consumers need of an audience.
enum FollowPage {
    static func page(_ head: AudienceHead, snapshots: Answer, status: Answer, source: Address) -> Page {
        let topic = status.json["figures"]?["topics"]?.text("members") ?? "audience-members"
        let line =
            "kcat -C -q -u -b \"$BROKER\" -t \(topic) -X isolation.level=read_committed -o beginning -f '%k\\t%s\\n'"
            + " | grep '^\(head.id)|'"
        return head.page(
            source: source, sequence: snapshots.sequence, clock: snapshots.clock,
            """
            <h2>Events</h2>
            <p>Each member that enters, changes or leaves is a record of the topic <code>\(topic)</code> with the key \
            <code>\(head.id)|\(head.namespace)|</code> and her identity. Read it with <code>isolation.level=read_committed</code>. \
            Set <code>BROKER</code>, and this line shows all of them:</p>
            <pre tabindex="0"><code>\(line)</code></pre>
            <p><button type="button" data-copy="\(line)" hidden>Copy the line</button></p>
            <h2>Snapshots</h2>
            <p>Take the newest, then read the events on from its offsets: both together are exactly the audience.</p>
            \(snapshots.isThere ? list(head, snapshots.json, topic) : Page.refusal(snapshots))
            """)
    }

    private static func list(_ head: AudienceHead, _ json: JSON, _ topic: String) -> HTML {
        var table = Table(
            "Snapshots of \(head.name)",
            [.text("Commit"), .text("Taken"), .number("Members"), .text("Files"), .text("Go on in \(topic)")])
        for item in json.elements("items") {
            let sequence = item.integer("sequence") ?? 0
            func address(_ file: String) -> Address {
                Address("audiences", head.id, "snapshots", "\(sequence)", file).ofAPI
            }
            let files = item.elements("files").compactMap { file -> HTML? in
                guard let name = file.text("name") else { return nil }
                return """
                    <a href="\(address(name))">\(name)</a> \(Words.size(Double(file.integer("bytes") ?? 0)))\
                    <br><span class="soft">sha256 \(String((file.text("sha256") ?? "").prefix(12)))…</span><br>
                    """
            }
            let offsets = (item["outputs"] ?? .null).members(topic).map { "\($0.name): \(Words.plain($0.value))" }
            table.add([
                "\(grouped(sequence))", .time(item["time"]), "\(Words.number(item.integer("size")))",
                "\(files)<a href=\"\(address("manifest.json"))\">manifest.json</a>",
                offsets.isEmpty ? "–" : "partition \(offsets.joined(separator: ", "))",
            ])
        }
        return table.html(
            empty: """
                <p>There is none yet. They are written every hour (<code>snapshots.every</code>), and at each \
                <code>barrier.requested</code>.</p>
                """)
    }
}
