// What a consumer can ask the brokers: the ends of partitions, and how many partitions there are; and the group's offsets, which it tells
// them for tools that show lag.

import CRdkafka

extension TopicConsumer {
    /// The range of a partition: `low` is the oldest offset that is there, `high` the one after the last that this reader may see. A
    /// `readUncommitted` reader is told the high watermark, a `readCommitted` one the last stable offset (the first open transaction).
    /// A partition that has no leader yet, because its topic was just made, is asked for again until the time is up.
    ///
    /// Not by librdkafka's own call for that: it asks for both at once, and 2.0.2 forgets that one answer was an error when it takes both
    /// in one go. Then the partition seems to be empty, and a journal that seems so is begun anew.
    public func watermarks(topic: String, partition: Int32, timeout: Duration) throws(KafkaError) -> (low: Int64, high: Int64) {
        try watermarks(of: [TopicPartition(topic: topic, partition: partition)], timeout: timeout)[0]
    }

    /// The oldest offsets of a topic's partitions from a number on, in their order; none while not every broker knows them.
    public func beginnings(of topic: String, from first: Int32, timeout: Duration) throws(KafkaError) -> [Int64] {
        var offsets: [Int64] = []
        do throws(KafkaError) {
            let count = try partitionCount(of: topic, timeout: timeout)
            for number in first..<max(first, Int32(count)) {
                offsets.append(try watermarks(topic: topic, partition: number, timeout: timeout).low)
            }
        } catch  where error.isUnknownTopic {
            return []
        }
        return offsets
    }

    /// The first offset of each partition whose record is not older than an instant (milliseconds since the Unix epoch), in the order
    /// given; nil where there is none. One request to each leader, as long as no partition is asked about twice.
    /// - Throws: `retriable` when a leader does not answer in time, `fatal` for an unknown partition.
    public func offsets(
        of partitions: [TopicPartition], notOlderThan timestamps: [Int64], timeout: Duration
    ) throws(KafkaError) -> [Int64?] {
        try listOffsets(of: partitions, timestamps, timeout: timeout).map { $0 < 0 ? nil : $0 }
    }

    /// `watermarks` of several partitions, in the order given, with two requests to each leader.
    public func watermarks(of partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [(low: Int64, high: Int64)] {
        let deadline = Deadline(after: timeout)
        func ask(_ position: Int32) throws(KafkaError) -> [Int64] {
            try listOffsets(of: partitions, partitions.map { _ in Int64(position) }, timeout: deadline.remaining)
        }
        let low = try ask(RD_KAFKA_OFFSET_BEGINNING)
        return zip(low, try ask(RD_KAFKA_OFFSET_END)).map { (low: $0, high: $1) }
    }

    /// Of two questions about one partition in one request librdkafka 2.0.2 gives both the same answer: each round asks once about each.
    private func listOffsets(of partitions: [TopicPartition], _ timestamps: [Int64], timeout: Duration) throws(KafkaError) -> [Int64] {
        let deadline = Deadline(after: timeout)
        var found = [Int64](repeating: 0, count: partitions.count)
        var rest = Array(partitions.indices)
        while !rest.isEmpty {
            var asked: Set<TopicPartition> = []
            let round = rest.filter { asked.insert(partitions[$0]).inserted }
            let wanted = round.map { (partition: partitions[$0], timestamp: timestamps[$0]) }
            let answers = try Attempts.ask(within: deadline.remaining, lookAround: { lookForLeaders(of: asked, timeout: $0) }) {
                timeout throws(KafkaError) in try listOffsets(once: wanted, timeout: timeout)
            }
            for (place, answer) in zip(round, answers) { found[place] = answer }
            rest.removeAll(where: Set(round).contains)
        }
        return found
    }

    /// librdkafka 2.0.2 remembers who leads a partition, for a quarter of an hour. What it does about a broker that is gone, or says that
    /// it leads no more, helps only partitions that the client reads; about others it asks the same broker again and again.
    private func lookForLeaders(of partitions: Set<TopicPartition>, timeout: Duration) {
        let deadline = Deadline(after: timeout)
        for topic in Set(partitions.map(\.topic)).sorted() where !deadline.hasPassed {
            // Its answer is remembered; an error here is the next question's.
            _ = try? client.partitionCount(once: topic, timeout: deadline.remaining)
        }
    }

    private func listOffsets(
        once wanted: [(partition: TopicPartition, timestamp: Int64)], timeout: Duration
    ) throws(KafkaError) -> [Int64] {
        requireOpen()
        return try withNativePartitions(count: wanted.count) { list throws(KafkaError) in
            for (partition, timestamp) in wanted {
                rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition).pointee.offset = timestamp
            }
            func failure(_ object: String, _ code: rd_kafka_resp_err_t) -> KafkaError {
                KafkaError(operation: "ask for offsets of", object: object, code: code)
            }
            let code = rd_kafka_offsets_for_times(client.pointer, list, timeout.wholeMilliseconds)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw failure(wanted[0].partition.topic, code) }
            var found: [Int64] = []
            for (index, (partition, _)) in wanted.enumerated() {
                let element = list.pointee.elems[index]
                guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    throw failure("\(partition.topic)/\(partition.partition)", element.err)
                }
                found.append(element.offset)
            }
            return found
        }
    }

    /// How many partitions a topic has. An unknown topic is an error (`fatal`), and is not created by asking.
    public func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int {
        requireOpen()
        return try client.partitionCount(of: topic, timeout: timeout)
    }

    /// Sends the group's offsets, for tools that show its lag. Nobody waits for the answer and an error is lost: what was read is
    /// known by the journal alone.
    public func commitOffsets(_ offsets: [GroupOffset]) throws(KafkaError) {
        requireOpen()
        guard !offsets.isEmpty else { return }
        try withNativePartitions(count: offsets.count) { list throws(KafkaError) in
            for position in offsets {
                rd_kafka_topic_partition_list_add(list, position.topic, position.partition).pointee.offset = position.offset
            }
            let code = rd_kafka_commit(client.pointer, list, 1)
            if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                throw KafkaError(operation: "commit group offsets", object: offsets[0].topic, code: code)
            }
        }
    }
}

extension ClientHandle {
    /// Asks the brokers about one topic; nothing is created.
    func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int {
        try Attempts.ask(within: timeout) { attempt throws(KafkaError) in try partitionCount(once: topic, timeout: attempt) }
    }

    fileprivate func partitionCount(once topic: String, timeout: Duration) throws(KafkaError) -> Int {
        let native = rd_kafka_topic_new(pointer, topic, nil)
        defer { rd_kafka_topic_destroy(native) }
        var metadata: UnsafePointer<rd_kafka_metadata>?
        var code = rd_kafka_metadata(pointer, 0, native, &metadata, timeout.wholeMilliseconds)
        defer { metadata.map { rd_kafka_metadata_destroy($0) } }
        if code == RD_KAFKA_RESP_ERR_NO_ERROR {
            guard let found = metadata?.pointee, found.topic_cnt > 0 else { preconditionFailure("an answer about no topic") }
            code = found.topics[0].err
            if code == RD_KAFKA_RESP_ERR_NO_ERROR { return Int(found.topics[0].partition_cnt) }
        }
        throw KafkaError(operation: "ask about topic", object: topic, code: code)
    }
}
