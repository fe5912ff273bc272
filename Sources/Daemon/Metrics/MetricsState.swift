// The numbers behind the metrics, as plain values: what is told is added, and a copy is what somebody reads.

struct MetricsState: Sendable {
    struct Table: Sendable {
        var held = 0
        var applied = 0
        var stale = 0
        var ignored = 0
        var ignoredMembers = 0
    }

    struct Input: Sendable {
        var records = 0
        var bytes = 0
    }

    let program: (version: String, commit: String)
    let memoryBytes: Int

    // What came in.
    private(set) var inputs: [String: Input] = [:]
    private(set) var tables: [String: Table] = [:]
    private(set) var deadLetters: [CommitCounts.DeadLetterKind: Int] = [:]
    /// The same by the field that they are about, where they are about one: at most `mostFields` of each kind, those that came first.
    private(set) var refusedFields: [CommitCounts.DeadLetterKind: [String: Int]] = [:]
    private static let mostFields = 100
    var lags = PartitionLags()

    // Commits and time.
    var committed = 0
    var aborted = 0
    var redone = 0
    var sequence: Int64?
    /// When it was acknowledged, milliseconds since the Unix epoch; nil: nothing was, in this process.
    var lastCommit: Int64?
    var commitDuration = Histogram(Histogram.durations)
    private(set) var eventToCommit = Histogram(Histogram.durations)
    private(set) var timerLateness = Histogram(Histogram.latenesses)
    private(set) var clock: Int64?
    var clockStep = 0.0
    /// Else due instants say nothing about this machine's time.
    private var followsWallClock = true

    // What went out.
    private(set) var members = [Int](repeating: 0, count: CommitCounts.statuses * CommitCounts.causes)
    private(set) var audiences: AudienceMetrics
    private(set) var requests: [CommitCounts.RequestKind: Int] = [:]
    private(set) var held = HeldCounts(memory: [], campaigns: 0, rejected: [])

    /// Of each campaign that was asked for.
    var transitions: [String: [(transition: String, rows: Int)]] = [:]

    // Whether it is right, and kept.
    var auditRows = 0
    var auditDrift = 0
    var snapshotLast: Int64?
    var snapshotPending = 0
    var snapshotInterval = 0.0
    var checkpoint: (milliseconds: Int64, bytes: Int)?
    /// For the status: a text of any length makes no metric.
    var checkpointFailure: (milliseconds: Int64, cause: String)?

    init(program: (version: String, commit: String), mostAudiences: Int, memoryBytes: Int) {
        self.program = program
        self.memoryBytes = memoryBytes
        audiences = AudienceMetrics(most: mostAudiences)
    }

    /// Counters go on; what is held is that of the life that begins.
    mutating func begin(
        audiences: [CommitCounts.AudienceChange], rows: [CommitCounts.Rows], held: HeldCounts, clock: Int64, followsWallClock: Bool
    ) {
        self.audiences.begin(audiences)
        transitions = [:]
        self.followsWallClock = followsWallClock
        self.held = held
        self.clock = clock == .min ? nil : clock
        lags.removeAll()
        for table in tables.keys { tables[table]!.held = 0 }
        for table in rows { tables[table.table, default: Table()].held = table.held }
    }

    /// A part of a transaction was acknowledged at an instant, milliseconds since the Unix epoch.
    mutating func add(_ part: CommitCounts, at now: Int64) {
        for reading in part.readings {
            inputs[reading.topic, default: Input()].records += reading.records
            inputs[reading.topic, default: Input()].bytes += reading.bytes
            lags.note(reading)
        }
        for rows in part.rows {
            var table = tables[rows.table] ?? Table()
            (table.held, table.applied, table.stale) = (rows.held, table.applied + rows.applied, table.stale + rows.stale)
            tables[rows.table] = table
        }
        for (table, records) in part.ignored { tables[table, default: Table()].ignored += records }
        for (table, count) in part.ignoredMembers { tables[table, default: Table()].ignoredMembers += count }
        for (kind, found) in part.deadLetters {
            deadLetters[kind, default: 0] += found.count
            for (field, count) in found.fields.sorted(by: { $0.key < $1.key }) {
                let known = refusedFields[kind, default: [:]]
                if known[field] != nil || known.count < Self.mostFields { refusedFields[kind, default: [:]][field, default: 0] += count }
            }
        }
        for arrivals in part.arrivals {
            eventToCommit.observe(seconds: Double(now - arrivals.timestamp) / 1000, times: arrivals.records)
        }
        if followsWallClock {
            for timers in part.timers { timerLateness.observe(seconds: Double(now - timers.due) / 1000, times: timers.events) }
        }
        clock = part.clock ?? clock
        for place in part.members.indices { members[place] += part.members[place] }
        for change in part.audiences { audiences.take(change) }
        for (kind, count) in part.requests { requests[kind, default: 0] += count }
        if let held = part.held {
            self.held = held
            for (audience, rows) in held.rejected { audiences.note(rejected: rows, of: audience) }
        }
    }
}
