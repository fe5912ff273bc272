// The versions that rows hold, live or deleted (contract §3; decision 31): what a change is too old for, and when that is forgotten.
import Campaigns

extension Engine {
    /// "With a `version` field an older version than the one held (live or deleted) is ignored and counted; an equal one is applied." A
    /// change that carries none leaves the one held.
    mutating func takeVersion(
        _ change: Change, of row: RowNumber, in table: TableNumber, _ number: Int, _ batch: ChangeBatch
    ) -> Bool {
        guard let field = tables[table].schema.version else { return true }
        let cell = batch.cells[Int(change.firstCell) + field]
        guard cell.kind != .null && cell.kind != .unchanged else { return true }
        if cell.word < tables[table].versions[row] && !isForgotten(row, in: table, number, batch) {
            statistics.rowsStale += 1
            tables[table].stale += 1
            return false
        }
        tables[table].hold(version: cell.word, of: row)
        return true
    }

    /// "When a change with a version meets a deleted row whose delete (the last one, or a truncate) was applied at engine clock D, and the
    /// clock now is D + 30 days or later, the version held is forgotten." Only a change that is older than it has to ask.
    private mutating func isForgotten(_ row: RowNumber, in table: TableNumber, _ number: Int, _ batch: ChangeBatch) -> Bool {
        let now = min(clock, batch.clock(ofChange: number) ?? clock)
        guard !tables[table].isLive(row), tables[table].hasForgottenVersion(of: row, at: now) else { return false }
        statistics.versionsForgotten += 1
        return true
    }

    /// A row is deleted, also if it was before: its version is held for some days from now on.
    mutating func holdVersion(of row: RowNumber, in table: TableNumber, _ number: Int, _ batch: ChangeBatch) {
        guard tables[table].schema.version != nil else { return }
        let instant = batch.clock(ofChange: number) ?? clock
        tables[table].forgetVersion(of: row, at: instant &+ Limits.deletedVersionMilliseconds)
    }
}
