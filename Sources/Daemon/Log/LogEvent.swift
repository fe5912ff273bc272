// The catalogue of what is logged: a stable code for each kind of line, for filters and rules that outlive the wording. `LogTests` holds it
// against the source: each code is said somewhere.

/// The `event` of a line.
package enum LogEvent: String, CaseIterable, Sendable {
    // Start and end.
    case replaying
    case checkpointLoaded = "checkpoint-loaded"
    case ready
    case reconciling, reconciled
    case startingAgain = "starting-again"
    case fenced
    case noSuccessor = "no-successor"
    case stopped
    case stopGivenUp = "stop-given-up"
    case serviceManagerNotTold = "service-manager-not-told"

    // Who asks.
    case listening
    case httpChange = "http-change"
    case plan

    // How it is.
    case notReady = "not-ready"
    case readyAgain = "ready-again"
    case kafkaAway = "kafka-away"
    case kafkaBack = "kafka-back"
    case kafkaStillAway = "kafka-still-away"
    case kafkaClient = "kafka-client"
    case clockStepped = "clock-stepped"
    case clockInStep = "clock-in-step"
    case memoryBounded = "memory-bounded"
    case memoryShort = "memory-short"
    case memoryEnough = "memory-enough"
    case levelChanged = "log-level"
    case tokensReopened = "tokens-reopened"
    case notReopened = "not-reopened"
    case linesDropped = "log-lines-dropped"

    // Topics.
    case topicCreated = "topic-created"
    case topicForgets = "topic-forgets"
    case topicNotCompacted = "topic-not-compacted"
    case topicCompacted = "topic-compacted"
    case deadLettersForgotten = "dead-letters-forgotten"
    case topicLimits = "topic-limits"
    case topicWaits = "topic-waits"
    case topicRead = "topic-read"
    case partitionsAdded = "partitions-added"
    case groupOffsets = "group-offsets"

    // What comes and goes.
    case transactionAborted = "transaction-aborted"
    case eventsTruncated = "events-truncated"
    case deadLetters = "dead-letters"
    case deadLetter = "dead-letter"
    case membersIgnored = "members-ignored"
    case ignored
    case published
    case rejected

    // The audit.
    case drift
    case audit

    // Checkpoints, snapshots and the journal.
    case checkpoint
    case checkpointFailed = "checkpoint-failed"
    case checkpointUnusable = "checkpoint-unusable"
    case checkpointLeftover = "checkpoint-leftover"
    case checkpointBehind = "checkpoint-behind"
    case mappingChanged = "mapping-changed"
    case journalTrimmed = "journal-trimmed"
    case journalNotTrimmed = "journal-not-trimmed"
    case snapshot
    case snapshotFailed = "snapshot-failed"
    case snapshotUnreadable = "snapshot-unreadable"
    case snapshotNotRemoved = "snapshot-not-removed"
}
