// From what the engine has counted since it was made to what commits add.
import Engine

struct RowTotals {
    private var known: [(table: String, held: Int, applied: Int, stale: Int)] = []

    /// What has come since the last call.
    mutating func take(_ counts: [(table: String, held: Int, applied: Int, stale: Int)]) -> [CommitCounts.Rows] {
        defer { known = counts }
        return counts.enumerated().map { place, now in
            // A table keeps its place, unless a schema that came in between was extended.
            let isThere = place < known.count && known[place].table == now.table
            let before = isThere ? known[place] : known.first { $0.table == now.table }
            return CommitCounts.Rows(
                table: now.table, held: now.held, applied: now.applied - (before?.applied ?? 0), stale: now.stale - (before?.stale ?? 0))
        }
    }
}

extension HeldCounts {
    /// Rejected rows come and go without an event, so some audiences are looked at each time.
    private static let audiencesAtOnce = 1000

    /// What an engine holds. `next`: which audience is looked at first, and then which one the next time.
    init(of engine: borrowing Engine, rejectedFrom next: inout Int) {
        memory = engine.held.kinds.map { ($0.name, $0.bytes) }
        campaigns = engine.followedCampaignCount
        rejected = []
        let count = engine.audienceCount
        for _ in 0..<min(count, Self.audiencesAtOnce) {
            next = (next + 1) % count
            rejected.append((next, engine.audience(next).rejected))
        }
    }
}
