// Records that say nothing about rows are "ignored and counted" (contract §3), by kind.

/// Records of one kind that were ignored.
public struct IgnoredRecords: Equatable, Sendable {
    /// Why a record says nothing about rows.
    public enum Kind: Int, CaseIterable, Sendable {
        /// A null value on a topic that is mapped to no table.
        case tombstone
        /// Debezium's heartbeats: `ts_ms` alone.
        case heartbeat
        /// Debezium's marks of where a transaction begins and ends.
        case transactionMark
        /// Debezium's statements that changed a table's definition.
        case schemaChange
        /// Debezium's messages (`op` = `m`).
        case message
    }

    /// Why they say nothing.
    public var kind: Kind
    /// How many there were.
    public var count: Int
}

/// The ignored records of all kinds.
struct IgnoredRecordCounts {
    private var counts = [SettledCount](repeating: SettledCount(), count: IgnoredRecords.Kind.allCases.count)

    mutating func add(_ kind: IgnoredRecords.Kind) { counts[kind.rawValue].add() }

    /// Keeps what was counted since the last time, or takes it back.
    mutating func settle(keeping: Bool) {
        for number in counts.indices { counts[number].settle(keeping: keeping) }
    }

    /// Those that came, by kind.
    var list: [IgnoredRecords] {
        IgnoredRecords.Kind.allCases.compactMap { kind in
            let count = counts[kind.rawValue].total
            return count == 0 ? nil : IgnoredRecords(kind: kind, count: count)
        }
    }
}
