// "Versions of deleted rows: held for P30D; past it: counted" (contract §10). By the clock of commits: a version is forgotten in the first
// one whose clock is 30 days or more after that of the delete, before its changes.
import Campaigns

/// A row that was deleted, in the order of time.
struct HeldVersion: BitwiseCopyable {
    var table: Int32
    var row: Int32
    /// Milliseconds since the Unix epoch.
    var until: Int64
}

extension Engine {
    private static let heldMilliseconds = Int64(Limits.deletedVersionDays) * 86_400_000

    private func heldKey(_ table: Int32, _ row: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: table)) << 32 | UInt64(UInt32(bitPattern: row))
    }

    /// A row is deleted now, also if it was before: its version, if it has one, is held from now on.
    mutating func holdVersion(_ table: Int32, _ row: Int32) {
        guard tables[table].schema.version != nil, tables[table].versions[row] != Table.noVersion else { return }
        let until = clock &+ Engine.heldMilliseconds
        heldVersions.append(HeldVersion(table: table, row: row, until: until))
        heldUntil[heldKey(table, row)] = until
    }

    /// Forgets what was held for long enough.
    mutating func forgetVersions() {
        while firstHeldVersion < heldVersions.count && heldVersions[firstHeldVersion].until <= clock {
            let held = heldVersions[firstHeldVersion]
            firstHeldVersion += 1
            // A row that was deleted again since is held for longer.
            let key = heldKey(held.table, held.row)
            guard heldUntil[key] == held.until else { continue }
            heldUntil[key] = nil
            if tables[held.table].isLive(held.row) { continue }
            tables[held.table].versions[held.row] = Table.noVersion
            statistics.versionsForgotten += 1
        }
        guard firstHeldVersion > heldVersions.count / 2 else { return }
        var rest = Vector<HeldVersion>()
        for place in firstHeldVersion..<heldVersions.count { rest.append(heldVersions[place]) }
        heldVersions = rest
        firstHeldVersion = 0
    }
}
