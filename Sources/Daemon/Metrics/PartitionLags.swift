// How far commits are behind the ends of the input partitions, in records and in time.
import Kafka

struct PartitionLags: Sendable {
    private struct Lag {
        /// Behind the last record that is in a commit.
        var position: Int64
        /// Where the partition ended when it was asked for last; nil until then.
        var end: Int64?
        /// Of the last record that is in a commit, milliseconds since the Unix epoch.
        var lastTimestamp: Int64?
        /// When everything was read, seen last: what waits has come since.
        var caughtUp: Int64?
    }

    private var lags: [TopicPartition: Lag] = [:]

    /// Other partitions may be read from now on.
    mutating func removeAll() { lags = [:] }

    /// Records of a partition are in a commit.
    mutating func note(_ reading: CommitCounts.Reading) {
        var lag = lags[TopicPartition(topic: reading.topic, partition: reading.partition)] ?? Lag(position: 0)
        lag.position = max(lag.position, reading.end)
        lag.lastTimestamp = reading.lastTimestamp ?? lag.lastTimestamp
        lags[TopicPartition(topic: reading.topic, partition: reading.partition)] = lag
    }

    /// A partition ends there. Its markers of transactions, which are nobody's, count as read in what the loop told last.
    mutating func note(_ reading: InputWatch.Reading, end: Int64, at now: Int64) {
        let place = TopicPartition(topic: reading.topic, partition: reading.partition)
        var lag = lags[place] ?? Lag(position: 0, lastTimestamp: reading.lastTimestamp)
        lag.position = max(lag.position, reading.position)
        lag.end = end
        if end <= lag.position { lag.caughtUp = now }
        lags[place] = lag
    }

    /// Of each partition whose end is known, in their order.
    func all(now: Int64) -> [(place: TopicPartition, records: Int, seconds: Double)] {
        lags.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }.compactMap { place, lag in
            guard let end = lag.end else { return nil }
            let records = max(0, end - lag.position)
            // The oldest that waits came behind the last that was read, and after nothing waited.
            let since = [lag.lastTimestamp, lag.caughtUp].compactMap(\.self).max()
            return (place, Int(records), records == 0 ? 0 : max(0, Double(now - (since ?? now)) / 1000))
        }
    }
}
