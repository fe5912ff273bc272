// Goal: what the topics take decides what is sent, and a start refuses topics that take too little. Method: descriptions as a broker gives
// them, with settings of each kind.

import Campaigns
import Testing

@testable import Daemon
@testable import Kafka
@testable import Wire

@Suite(.quiet) struct TopicFactsTests {
    private let topics = Topics(Configuration(kafka: [:], data: ""))

    private func facts(_ settings: [String: [String: String]]) -> TopicFacts {
        let described = ["audience-members", "audience-updated", "channel-requests", "audienced.dlq", topics.journal, "profile-changes"].map
        {
            TopicDescription(name: $0, exists: true, partitionCount: 3, settings: settings[$0] ?? ["max.message.bytes": "2097152"])
        }
        return TopicFacts(of: topics, described)
    }

    private func contentBytes(_ facts: TopicFacts, _ topic: OutputTopic, _ settings: [String: String] = [:]) throws -> Int {
        try facts.outputLimits(topics, maximumSentBytes: ClientConfiguration(settings: settings).maximumSentBytes).contentBytes(of: topic)
    }

    @Test func theSmallestOfTopicAndClientCounts() throws {
        let found = facts([
            "audienced.dlq": ["max.message.bytes": "20000000"],
            "audience-updated": ["max.message.bytes": "1000000", "segment.bytes": "500000"],
            "profile-changes": ["max.message.bytes": "1"],
        ])
        #expect(found.partitionCounts["profile-changes"] == 3 && found.smallestBatchBytes == 500_000)
        #expect(try contentBytes(found, .updated) == 500_000 - 97 && contentBytes(found, .members) == 2_097_152 - 97)
        #expect(try contentBytes(found, .deadLetters) == 11_534_336 - 97)
        #expect(try contentBytes(found, .members, ["message.max.bytes": "100000"]) == 100_000 - 97)
        #expect(try contentBytes(found, .members, ["queue.buffering.max.kbytes": "100"]) == 102_400 - 97)
        #expect(try contentBytes(TopicFacts(partitionCounts: [:]), .members) == 11_534_336 - 97)
    }

    @Test func tooLittleIsRefused() throws {
        for name in ["audience-members", "audience-updated", "audienced.dlq", topics.journal] {
            let failure = #expect(throws: DaemonFailure.self) {
                _ = try contentBytes(facts([name: ["max.message.bytes": "65535"]]), .members)
            }
            #expect(failure?.kind == .data && failure?.cause.contains("topic \(name) takes batches of 65535 bytes") == true)
            _ = try contentBytes(facts([name: ["max.message.bytes": "65536"]]), .members)
        }
        let failure = #expect(throws: DaemonFailure.self) { _ = try contentBytes(facts([:]), .members, ["message.max.bytes": "65535"]) }
        #expect(failure?.kind == .configuration)
    }

    @Test func timestampsThatTheTopicRefuses() {
        let now: Int64 = 1_772_357_400_000
        let hour: Int64 = 3_600_000
        let any = facts([:])
        #expect([0, now, .max].allSatisfy { any.takesDeadLetter(of: $0, now: now) })
        for (name, isBefore, isAhead) in [
            ("message.timestamp.before.max.ms", true, false), ("message.timestamp.after.max.ms", false, true),
            ("message.timestamp.difference.max.ms", true, true),
        ] {
            let found = facts(["audienced.dlq": [name: "\(hour)"]])
            #expect(found.takesDeadLetter(of: now - 2 * hour, now: now) == !isBefore)
            #expect(found.takesDeadLetter(of: now + 2 * hour, now: now) == !isAhead)
            #expect(found.takesDeadLetter(of: now - hour / 2, now: now) && found.takesDeadLetter(of: now + hour / 2, now: now))
        }
    }
}
