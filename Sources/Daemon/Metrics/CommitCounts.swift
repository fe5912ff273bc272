// What commits add to the metrics. It is counted by whoever owns the state machine, goes with the outputs to the publishing thread, and
// counts once the transaction is acknowledged: what is in no commit is in no metric.
import Campaigns
import Engine
import Wire

struct CommitCounts: Sendable {
    /// A place in an input topic.
    struct Place: Sendable {
        var partition: Int32
        var offset: Int64
    }

    struct DeadLetterKind: Hashable, Comparable, Sendable {
        var topic: String
        var reason: RefusalKind

        static func < (a: DeadLetterKind, b: DeadLetterKind) -> Bool { (a.topic, a.reason.rawValue) < (b.topic, b.reason.rawValue) }
    }

    struct DeadLetters: Sendable {
        var count = 0
        var last: Place
        /// Of those that are about a field, by its table and name.
        var fields: [String: Int] = [:]
    }

    /// What was read of one partition.
    struct Reading: Sendable {
        var topic: String
        var partition: Int32
        var records: Int
        var bytes: Int
        /// Behind the last.
        var end: Int64
        /// Of the last, milliseconds since the Unix epoch; nil where it has none.
        var lastTimestamp: Int64?
    }

    /// Records in a row that have the same timestamp, milliseconds since the Unix epoch.
    struct Arrivals: Sendable {
        var timestamp: Int64
        var records: Int
    }

    /// What one commit made of an audience.
    struct AudienceChange: Sendable {
        var number: Int
        var id: String
        var size: Int
        var rejected: Int
        var entered = 0
        var updated = 0
        var exited = 0
        /// Nobody writes it any more.
        var isRetired = false
        /// The commit's clock.
        var clock: Int64
    }

    /// Member events that time caused.
    struct Timers: Sendable {
        /// When the first of them was due, milliseconds since the Unix epoch.
        var due: Int64
        var events: Int
    }

    struct Rows: Sendable {
        var table: String
        var held: Int
        var applied: Int
        var stale: Int
    }

    struct RequestKind: Hashable, Comparable, Sendable {
        var channel: String
        var category: String

        static func < (a: RequestKind, b: RequestKind) -> Bool { (a.channel, a.category) < (b.channel, b.category) }
    }

    static let statuses = 3
    static let causes = 7

    /// Member events by status and, within it, cause; empty where there are none.
    private(set) var members: [Int] = []
    private(set) var audiences: [AudienceChange] = []
    private(set) var requests: [RequestKind: Int] = [:]
    private(set) var deadLetters: [DeadLetterKind: DeadLetters] = [:]
    private(set) var timers: [Timers] = []
    var definitions: [DefinitionLine] = []
    var readings: [Reading] = []
    var arrivals: [Arrivals] = []
    /// Records that say nothing about rows, by the table that their topic is mapped to, "" where it is to none.
    var ignored: [String: Int] = [:]
    var ignoredMembers: [String: Int] = [:]
    var rows: [Rows] = []
    var held: HeldCounts?
    /// Of the last commit; nil where there was none.
    private(set) var clock: Int64?
    /// What time caused may be said in later commits than the one that decided it.
    private var lastDue: Int64?

    /// Counts from zero, behind others.
    init(behind other: CommitCounts? = nil) {
        lastDue = other?.lastDue
    }

    mutating func note(_ refusal: Refusal, of record: InputRecord) {
        let place = Place(partition: record.partition, offset: record.offset)
        deadLetters[DeadLetterKind(topic: record.topic, reason: refusal.kind), default: DeadLetters(last: place)].add(place, refusal.field)
    }

    /// A commit says this. `due`: when the first of what time changed was.
    mutating func take(_ difference: Difference, of engine: borrowing Engine, due: Int64?) {
        clock = engine.clock
        if let due { lastDue = due }
        if !difference.members.isEmpty { count(difference, now: engine.clock) }
        for update in difference.updates {
            let state = engine.audience(update.audience)
            audiences.append(
                AudienceChange(
                    number: update.audience, id: state.id, size: state.size - update.membersWaiting, rejected: state.rejected,
                    entered: update.entered, updated: update.updated, exited: update.exited, clock: engine.clock))
        }
        for audience in difference.retired {
            audiences.append(
                AudienceChange(
                    number: audience, id: engine.audience(audience).id, size: 0, rejected: 0, isRetired: true, clock: engine.clock))
        }
        for request in difference.requests {
            let channel = difference.senders[request.sender].channel
            requests[RequestKind(channel: channel.channel.rawValue, category: channel.category.rawValue), default: 0] += 1
        }
    }

    private mutating func count(_ difference: Difference, now: Int64) {
        if members.isEmpty { members = Array(repeating: 0, count: CommitCounts.statuses * CommitCounts.causes) }
        var byTime = 0
        for member in difference.members {
            members[Int(member.status.rawValue) * CommitCounts.causes + Int(member.cause.rawValue)] += 1
            if member.cause == .time { byTime += 1 }
        }
        if byTime > 0 { timers.append(Timers(due: lastDue ?? now, events: byTime)) }
    }

    /// A batch of records of changes was read.
    mutating func take(_ batch: InputBatch) {
        readings += batch.readings
        arrivals += batch.arrivals
        ignored.merge(batch.ignored) { $0 + $1 }
        ignoredMembers.merge(batch.ignoredMembers) { $0 + $1 }
    }
}

extension CommitCounts.DeadLetters {
    fileprivate mutating func add(_ place: CommitCounts.Place, _ field: String?) {
        count += 1
        last = place
        if let field { fields[field, default: 0] += 1 }
    }
}

/// What costs too much to be counted at each commit, or hangs on none.
struct HeldCounts: Sendable {
    var memory: [(part: String, bytes: Int)]
    var campaigns: Int
    /// Rejected rows of some audiences, by their numbers.
    var rejected: [(audience: Int, rows: Int)]
}
