// How long to wait after a transaction before the next one begins.
//
// One that begins at once meets the markers of the last, and librdkafka 2.0.2 then waits 20 ms. How long markers take depends on the
// brokers and on what else the machine does, and nobody tells. So the pause follows what was met: it grows by half when a transaction met
// markers, and shrinks by a part of its square when one that began about as early met none. The two balance where about that share of
// transactions meets markers which the pause is of `riskless`: 1 % at 5 ms.
//
// The square, because a long pause is worth more risk. If markers take exponentially distributed times of mean m, a share exp(-p/m) of
// them is longer than a pause p, and what pausing and meeting cost together is least where that share is in proportion to m.

struct TransactionPace {
    /// What librdkafka waits when it meets markers.
    static let waitForMarkers = Duration.milliseconds(20)
    static let shortest = Duration.microseconds(500)
    static let longest = Duration.milliseconds(10)
    /// A pause so long would be worth any risk. Markers that are met hold up what comes meanwhile, too, so it is well above what they
    /// cost one transaction.
    static let riskless = Duration.milliseconds(500)

    /// From the end of a transaction to the begin of the next.
    private(set) var pause = Duration.milliseconds(2)

    /// Takes a transaction into account.
    /// - Parameters:
    ///   - gap: how long after the end of the one before it began.
    ///   - registrationWait: how long the producer waited between two registrations of its partitions.
    mutating func note(gap: Duration, registrationWait: Duration) {
        if registrationWait >= TransactionPace.waitForMarkers {
            pause = min(pause * 3 / 2, TransactionPace.longest)
        } else if gap < pause * 2 {
            pause = max(pause - pause * (pause / (TransactionPace.riskless * 2)), TransactionPace.shortest)
        }
    }
}
