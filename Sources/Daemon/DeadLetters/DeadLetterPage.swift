// One page of the list of dead letters.
import Campaigns
import Kafka

struct DeadLetterPage: Sendable {
    let filter: DeadLetterFilter
    /// The first place that is looked at.
    let start: DeadLetterPlace
    /// nil: all that pass the filter.
    let only: DeadLetterPlace?
    /// The most items.
    let limit: Int
    /// Whether keys, values and headers are shown.
    let withValues: Bool
    /// After so many records, or so many bytes of what is shown, the page ends.
    let mostLookedAt: Int
    let mostBytes: Int

    /// The items, and where the next page begins; nil: there is none.
    func read(_ reader: DeadLetterReader, until deadline: Deadline) throws -> (items: [JSON], next: DeadLetterPlace?) {
        var items: [JSON] = []
        var (lookedAt, bytes) = (0, 0)
        let next = try reader.read(from: start, until: deadline) { letter in
            lookedAt += 1
            if let letter, filter.takes(letter), only == nil || letter.place == only {
                items.append(letter.json(withValues: withValues))
                if withValues { bytes += letter.byteCount }
            }
            return only == nil && items.count < limit && lookedAt < mostLookedAt && bytes < mostBytes
        }
        return (items, only == nil ? next : nil)
    }
}
