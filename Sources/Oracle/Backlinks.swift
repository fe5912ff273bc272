// Which records lead to one by a link: each link's are grouped by the key that they name when they are first asked for.
import Campaigns

/// The records that lead to each key, by the link that they lead by.
final class Backlinks {
    private var found: [LinkStep: [Key: [(key: Key, row: Row)]]] = [:]

    /// The records whose link leads to a key.
    func sources(_ step: LinkStep, _ key: Key, in tables: ReferenceTables) -> [(key: Key, row: Row)] {
        let link = LinkStep(schema: step.schema, link: step.link)
        if found[link] == nil {
            var sources: [Key: [(key: Key, row: Row)]] = [:]
            for (key, row) in tables.rows[step.schema, default: [:]] {
                if let named = tables.linkedKey(link, of: row) { sources[named, default: []].append((key, row)) }
            }
            found[link] = sources
        }
        return found[link]![key] ?? []
    }
}
