// How long the daemon waits for what is outside of it, and how often it does what nobody asks for: in one place, to be compared.

enum Patience {
    // One call, between two signs of progress.

    /// For an answer of brokers, where nothing can go on without it.
    static let answer = Duration.seconds(30)
    /// For one that is asked for again soon.
    static let quickAnswer = Duration.seconds(5)
    /// For one step of a transaction: it is taken again until `transaction` is over.
    static let step = Duration.seconds(10)

    // Attempts, until something is given up.

    /// To take over, to commit, or to send what a commit says. Then a new loop finds out what happened.
    static let transaction = Duration.seconds(60)
    /// The same while some broker answers: then it is the one that coordinates transactions that hangs, and librdkafka 2.0.2 finds another
    /// late. Longer than a transaction may be open.
    static let coordinator = Duration.seconds(20)
    /// To read records that the journal names.
    static let rereading = Duration.seconds(60)
    /// Until topics that were created are there.
    static let newTopics = Duration.seconds(30)
    /// To read the journal to an end before which a transaction of somebody else hangs.
    static let journal = Duration.seconds(300)
    /// Until the first loop of a process is ready. Later ones try for ever.
    static let firstStart = Duration.seconds(120)
    /// In life after life the same output is refused: then the daemon ends, or waits for a permission. A life that goes well for as long
    /// is no part of that.
    static let refusal = Duration.seconds(60)
    /// Until a successor has written that it has taken over.
    static let successor = Duration.seconds(20)
    /// Until the end of the control topic is told again, when it may have been told before it was asked for.
    static let controlEnd = Duration.seconds(1)

    /// Between two starts: a little longer after each that failed, and at the most.
    static let restart = (step: Duration.milliseconds(250), most: Duration.seconds(5))
    /// While a permission is missing, which somebody has to grant.
    static let forbiddenRestart = (step: Duration.seconds(1), most: Duration.seconds(30))

    // The end.

    /// What an orderly end may take. All state is in Kafka, and an open transaction is aborted by the next start or by the broker, so what
    /// is under way then can be given up.
    static let stop = Duration.seconds(8)
    /// For going on to say what was decided.
    static let lastEvents = Duration.seconds(3)
    /// For a client that reads or asks.
    static let close = Duration.seconds(2)
    /// For one that writes.
    static let closeProducer = Duration.seconds(5)

    // How often.

    /// The clock moves at least this often, with or without traffic (contract §7: 500 ms).
    static let tick = Duration.milliseconds(200)
    /// For so long after changes more of them are expected, and commits of what is large are smaller.
    static let othersChange = Duration.seconds(1)
    /// An empty commit keeps the transactional id alive and lets a zombie find out.
    static let heartbeat = Duration.seconds(10)
    /// Positions are told for tools that show lag.
    static let positions = Duration.seconds(1)
    /// The log says how far the repetition of the journal has come.
    static let replayReport = Duration.seconds(5)
    /// The audit looks at a few rows for so long at a time, and pauses until that was 2 % of the time; longer when it took longer.
    static let auditSlice = Duration.milliseconds(1)
    static let auditPause = Duration.milliseconds(50)
    /// A round of the audit begins at the earliest so long after the one before.
    static let auditRound = Duration.seconds(1)
    /// What is resident is looked at.
    static let memory = Duration.seconds(1)
    /// What the audit finds wrong is put right once in so long: more often, nothing is put right by that.
    static let repairs = Duration.seconds(600)
    /// The log says how many dead letters of a reason came.
    static let deadLetterLines = Duration.seconds(60)
    /// What changes without a commit, or would cost too much at each, is looked at for the metrics.
    static let gauges = Duration.seconds(1)
    /// The log says what the audit has looked at.
    static let auditReport = Duration.seconds(60)
    /// Copying for a checkpoint takes this long at a time; then the loop goes on and comes back.
    static let checkpointSlice = Duration.milliseconds(1)
    /// After one that failed the next is begun so much later.
    static let checkpointAfterFailure = Duration.seconds(30)
    /// Copying members for a round of snapshots takes this long at a time; then the loop goes on and comes back.
    static let snapshotSlice = Duration.milliseconds(5)
}
