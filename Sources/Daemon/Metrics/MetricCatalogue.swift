// The catalogue: every metric there is, in the order in which they are written. Labels have bounded values: topics, tables and audiences
// of the deployment, and closed lists; never an identity, a key, an offset or a text. What counts commits counts those that are
// acknowledged, from the start of the process on; what was repeated from the journal counts for nothing.

extension Metric {
    // What runs, and whether it is well.
    static let buildInfo = gauge("build_info", labels: ["version", "commit", "swift", "semantics"], "Which program runs; always 1.")
    static let ready = gauge("ready", "Whether the daemon is ready: 1, or 0 for a reason that not_ready shows.")
    static let notReady = gauge("not_ready", labels: ["reason"], "For each reason, whether it keeps the daemon from being ready.")
    static let replayedRatio = gauge("replayed_ratio", in: .ratio, "How much of the journal the start has repeated; 1 once it is through.")

    // What comes in.
    static let recordsConsumed = counter("records_consumed", labels: ["topic"], "Records of input topics that are in commits.")
    static let consumedBytes = counter("consumed_bytes", labels: ["topic"], in: .bytes, "Keys and values of those records.")
    static let rows = counter(
        "rows", labels: ["table", "result"],
        "Changes of rows that were applied, that were stale (older than what is held), or that say nothing about rows (ignored).")
    static let deadLetters = counter(
        "dead_letters", labels: ["topic", "reason"], "Records that were refused, by a closed list of reasons.")
    static let ignoredMembers = counter("ignored_members", labels: ["table"], "Members of rows that no published schema knows.")
    static let lagRecords = gauge(
        "consumer_lag_records", labels: ["topic", "partition"], "Offsets behind the last commit, up to the end of the partition.")
    static let lagSeconds = gauge(
        "consumer_lag_seconds", labels: ["topic", "partition"], in: .seconds,
        "How long the oldest record that is in no commit has waited, at the most; 0 while there is none.")

    // Commits and time.
    static let commits = counter(
        "commits", labels: ["result"],
        "Commits that were acknowledged, whose transaction was aborted, and those of them that were sent again.")
    static let commitSequence = gauge("commit_sequence", "The sequence of the last acknowledged commit.")
    static let lastCommit = gauge(
        "last_commit_timestamp_seconds", in: .seconds, "When the last commit was acknowledged; an idle daemon commits every 10 s.")
    static let commitDuration = histogram(
        "commit_duration_seconds", in: .seconds, "From the begin of a transaction to its acknowledgement, aborts between included.")
    static let eventToCommit = histogram(
        "event_to_commit_seconds", in: .seconds, "From the timestamp of a record of changes to the acknowledgement of its commit.")
    static let timerLateness = histogram(
        "timer_lateness_seconds", in: .seconds,
        "How long after they were due member changes that time caused were acknowledged: each as late as the first of its commit.")
    static let clock = gauge("clock_timestamp_seconds", in: .seconds, "The clock of the last commit.")
    static let clockStep = gauge("clock_step_seconds", in: .seconds, "By how much the wall clock stepped without being followed; 0: not.")

    // What goes out.
    static let membershipChanges = counter("membership_changes", labels: ["status", "cause"], "Member events.")
    static let audienceMembers = gauge("audience_members", labels: ["audience"], "Members of an audience.")
    static let audienceRejectedRows = gauge("audience_rejected_rows", labels: ["audience"], "Rows of an audience that have no identity.")
    static let audienceLastChange = gauge(
        "audience_last_change_timestamp_seconds", labels: ["audience"], in: .seconds,
        "The clock of the last commit since the start that changed it.")
    static let audienceChanges = counter("audience_changes", labels: ["audience", "status"], "Member events of an audience.")
    static let audiencesUnlisted = gauge("audiences_unlisted", "Audiences without metrics of their own (metrics.audiences).")
    static let transitionRows = gauge(
        "transition_rows", labels: ["campaign", "transition"], "Rows of a transition, where metrics.transitions asks for them.")
    static let liveCampaigns = gauge("live_campaigns", "Campaigns that are followed.")
    static let rowsHeld = gauge("rows_held", labels: ["table"], "Rows of a table.")
    static let channelRequests = counter("channel_requests", labels: ["channel", "category"], "Requests of channels.")

    // Whether it is right, and kept.
    static let auditRows = counter("audit_rows", "Records evaluated anew and decisions made anew by the audit.")
    static let auditDrift = counter("audit_drift", "What the audit found wrong.")
    static let snapshotLast = gauge("snapshot_last_timestamp_seconds", in: .seconds, "When the last snapshot was complete.")
    static let snapshotPending = gauge("snapshot_pending", "Audiences that have changed since their last snapshot.")
    static let snapshotInterval = gauge(
        "snapshot_interval_seconds", in: .seconds, "How far apart rounds of snapshots are (snapshots.every).")
    static let checkpointLast = gauge("checkpoint_last_timestamp_seconds", in: .seconds, "When the last checkpoint was taken.")
    static let checkpointBytes = gauge("checkpoint_bytes", in: .bytes, "The size of the last checkpoint.")

    // Who asks, and what it takes.
    static let httpRequests = counter("http_requests", labels: ["route", "method", "code"], "Requests that were answered.")
    static let httpDuration = histogram(
        "http_request_duration_seconds", labels: ["route"], in: .seconds,
        "From the head of a request to the end of its answer; streams are not in it.")
    static let httpConnections = gauge(
        "http_connections", labels: ["kind"], "Open connections: those with streams of events, and the others.")
    static let querySeconds = counter(
        "engine_query_seconds", labels: ["kind"], in: .seconds, "Time of the engine that questions took from the commits.")
    static let memory = gauge("memory_bytes", labels: ["part"], in: .bytes, "What the state takes, by kind.")
    static let memoryBudget = gauge("memory_budget_bytes", in: .bytes, "What the process may use (memory).")
    static let residentMemory = process("resident_memory_bytes", .gauge, in: .bytes, "Resident memory size in bytes.")
    static let virtualMemory = process("virtual_memory_bytes", .gauge, in: .bytes, "Virtual memory size in bytes.")
    static let processorSeconds = process("cpu_seconds_total", .counter, in: .seconds, "Total user and system CPU time spent in seconds.")
    static let openDescriptors = process("open_fds", .gauge, "Number of open file descriptors.")
    static let mostDescriptors = process("max_fds", .gauge, "Maximum number of open file descriptors.")
    static let startTime = process("start_time_seconds", .gauge, in: .seconds, "Start time of the process since unix epoch in seconds.")
}
