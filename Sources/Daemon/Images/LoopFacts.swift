// What the loop holds that no function of the state gives: how far inputs were read, and what is owed.
//
//   {"clock": the largest timestamp seen, "inputs": [{"topic", "partition", "position", "journaled",
//                "last": the last range with records, as a journal record has it}],
//    "anchors": [{"topic", "partition", "instant", "offset"}]: by which a topic that was made anew is found (InputWatch),
//    "barriers": [{"id", "after": {topic: {partition: offset}}}], "announced": {audience: sequence of its newest snapshot announced},
//    "owesSnapshots": a barrier was reached and its snapshots are not all taken}
import Campaigns
import Engine
import Wire

/// The loop's own facts, as of a commit.
struct LoopFacts: Equatable {
    struct Input: Equatable {
        var topic: String
        var partition: Int32
        var position: Int64
        var journaled: Int64
        /// The last range with records that is in a commit.
        var last: JournalRecord.Range?
    }

    var eventClock = Int64.min
    var inputs: [Input] = []
    var anchors: [InputWatch.Anchor] = []
    /// Those that wait, in the order in which they were requested.
    var barriers: [Barriers.Barrier] = []
    var announced: [String: Int64] = [:]
    var owesSnapshots = false

    var json: JSON {
        .object([
            .init("clock", .integer(eventClock)),
            .init(
                "inputs",
                .array(
                    inputs.map { input in
                        var members: [JSON.Member] = [
                            .init("topic", .string(input.topic)), .init("partition", .integer(Int64(input.partition))),
                            .init("position", .integer(input.position)), .init("journaled", .integer(input.journaled)),
                        ]
                        if let last = input.last { members.append(.init("last", last.json)) }
                        return .object(members)
                    })),
            .init(
                "anchors",
                .array(
                    anchors.map { anchor in
                        .object([
                            .init("topic", .string(anchor.topic)), .init("partition", .integer(Int64(anchor.partition))),
                            .init("instant", .integer(anchor.instant)), .init("offset", .integer(anchor.offset)),
                        ])
                    })),
            .init(
                "barriers",
                .array(barriers.map { .object([.init("id", .string($0.id)), .init("after", LoopFacts.json($0.after))]) })),
            .init("announced", .object(announced.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })),
            .init("owesSnapshots", .boolean(owesSnapshots)),
        ])
    }

    private static func json(_ offsets: TopicOffsets) -> JSON {
        .object(
            offsets.sorted { $0.key < $1.key }.map { topic, partitions in
                .init(topic, .object(partitions.sorted { $0.key < $1.key }.map { .init(String($0.key), .integer($0.value)) }))
            })
    }

    init() {}

    init(_ json: JSON) throws(FactsError) {
        eventClock = try json.integer(of: "clock")
        for input in try json.items(of: "inputs") {
            var read = Input(
                topic: try input.text(of: "topic"), partition: try LoopFacts.partition(of: input),
                position: try input.integer(of: "position"), journaled: try input.integer(of: "journaled"))
            if let last = input["last"] {
                read.last = JournalRecord.Range(last, isControl: last["topic"] == nil)
                if read.last == nil { throw FactsError("the last range of \(read.topic) is none") }
            }
            inputs.append(read)
        }
        for anchor in try json.items(of: "anchors") {
            anchors.append(
                InputWatch.Anchor(
                    topic: try anchor.text(of: "topic"), partition: try LoopFacts.partition(of: anchor),
                    instant: try anchor.integer(of: "instant"), offset: try anchor.integer(of: "offset")))
        }
        for barrier in try json.items(of: "barriers") {
            let after = try barrier.members(of: "after") { partitions throws(FactsError) in try LoopFacts.offsets(partitions) }
            barriers.append(Barriers.Barrier(id: try barrier.text(of: "id"), after: after))
        }
        announced = try json.members(of: "announced") { sequence throws(FactsError) in try LoopFacts.integer(sequence) }
        owesSnapshots = try json.boolean(of: "owesSnapshots")
    }

    private static func partition(of json: JSON) throws(FactsError) -> Int32 {
        guard let partition = Int32(exactly: try json.integer(of: "partition")) else { throw FactsError("a partition has no number") }
        return partition
    }

    private static func offsets(_ json: JSON) throws(FactsError) -> [Int32: Int64] {
        guard case .object(let members) = json else { throw FactsError("offsets are no object") }
        var offsets: [Int32: Int64] = [:]
        for member in members {
            guard let partition = Int32(member.name) else { throw FactsError("\(member.name) is no partition") }
            offsets[partition] = try integer(member.value)
        }
        return offsets
    }

    private static func integer(_ json: JSON) throws(FactsError) -> Int64 {
        guard case .integer(let value) = json else { throw FactsError("\(json) is no integer") }
        return value
    }
}
