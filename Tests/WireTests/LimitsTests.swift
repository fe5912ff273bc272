// Goal: the bounds fit each other: what one lets in, the next can hold, and every event fits into the smallest topic that a start takes.
// Method: the bounds compared; events whose every part is as long as it may be, through an encoder for such a topic.

import Campaigns
import Testing

@testable import Wire

@Suite struct LimitsTests {
    @Test func oneWithinTheOther() {
        #expect(Limits.computedTextBytes <= Limits.memberEventBytes && Limits.likePatternBytes <= Limits.expressionBytes)
        #expect(Limits.identityBytes <= Limits.memberEventBytes && Limits.memberEventBytes < Limits.inputRecordBytes)
        #expect(Limits.channelActivities <= Limits.activities)
        // In JSON a byte takes six at most.
        #expect(Limits.problemBytes * 6 < Limits.memberEventBytes)
        #expect(Limits.reasonBytes < Limits.smallestTopicBytes)
    }

    @Test func everyEventFitsIntoTheSmallestTopic() {
        let world = World(limits: OutputLimits { _ in Limits.smallestTopicBytes })
        let identifier = String(repeating: "i", count: Limits.identifierCharacters)
        /// As JSON has it: six bytes for one.
        func longest(_ bytes: Int) -> String { String(repeating: #"\u0001"#, count: bytes) }
        let name = String(repeating: "\u{1}", count: Limits.keyTextBytes)
        let problem = Problem(
            path: String(repeating: "\u{1}", count: Limits.problemTextBytes),
            message: String(repeating: "\u{1}", count: Limits.problemTextBytes))

        _ = world.publish(identifier, audience: identifier, label: longest(Limits.labelBytes), sequence: Int64.max - 3, clock: 0)
        for count in [1, 2] {
            let note = String(repeating: "x", count: count * Limits.smallestTopicBytes)
            world.upsert("1", email: longest(Limits.identityBytes), note: note, n: 1)
            world.commit(sequence: Int64.max - 2, clock: 0)
        }
        world.delete(identifier, sequence: Int64.max - 1, clock: 0)
        world.encoder.begin(sequence: Int64.max, clock: 0)
        world.encoder.encode(
            campaign: identifier, version: Int.max, type: "campaign.live", warnings: Array(repeating: problem, count: 100),
            into: world.output)
        world.encoder.encode(rejected: name, isSchema: true, problems: Array(repeating: problem, count: 100), into: world.output)
        world.encoder.encode(liveSchema: identifier, into: world.output)
        world.encoder.encode(
            snapshot: "\"\(String(repeating: "x", count: Limits.smallestTopicBytes))\"", of: identifier, into: world.output)

        let records = world.take()
        let types = Set(records.compactMap { $0.header("ce_type") })
        #expect(types.count == 9, "\(types.sorted())")
        for record in records {
            let headers = record.headers.reduce(0) { $0 + $1.utf8.count + OutputLimits.headerOverheadBytes }
            let bytes = (record.key?.utf8.count ?? 0) + (record.value?.utf8.count ?? 0) + headers
            #expect(bytes <= Limits.smallestTopicBytes - 97, "\(record.header("ce_type") ?? "a tombstone")")
        }
    }
}
