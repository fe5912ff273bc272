// Goal: dead letters are read back as they are, page by page, over gaps and ends of partitions; what was redriven is remembered. Method:
// topics in memory, behind the seam that Kafka stands behind.
import Campaigns
import Kafka
import Synchronization
import Testing

@testable import Daemon
@testable import Wire

@Suite struct DeadLetterTests {
    private let bad = [("{", RefusalKind.malformed, "malformed JSON: line 1"), ("5", .noChange, "a change is a JSON object: x")]

    /// So many dead letters of one topic in each of two partitions, at every other offset; of two kinds in turns.
    private func letters(_ count: Int) -> KeptTopics {
        let topics = KeptTopics()
        for partition in 0..<2 {
            for number in 0..<count {
                let (value, _, reason) = bad[number % 2]
                topics.add(
                    "dlq", partition: partition, offset: Int64(2 * number), key: "k\(number)", value: value,
                    headers: [
                        ("own", "1"), ("__connect.errors.topic", "before"), ("__connect.errors.topic", "changes"),
                        ("__connect.errors.partition", "1"), ("__connect.errors.offset", "\(number)"), ("__connect.errors.stage", "CHANGE"),
                        ("__connect.errors.exception.message", reason),
                    ])
            }
            // A marker of a transaction.
            topics.ends["dlq/\(partition)"] = Int64(2 * count)
        }
        return topics
    }

    private func page(
        _ topics: KeptTopics, filter: DeadLetterFilter = DeadLetterFilter(), from start: DeadLetterPlace = .init(partition: 0, offset: 0),
        only: DeadLetterPlace? = nil, limit: Int = 1000, withValues: Bool = true, mostLookedAt: Int = 10_000
    ) throws -> (items: [JSON], next: DeadLetterPlace?) {
        let page = DeadLetterPage(
            filter: filter, start: only ?? start, only: only, limit: limit, withValues: withValues, mostLookedAt: mostLookedAt,
            mostBytes: 1 << 20)
        return try page.read(DeadLetterReader(source: topics, topic: "dlq"), until: Deadline(after: .seconds(60)))
    }

    @Test func aDeadLetterIsReadBackWhole() throws {
        let found = try page(letters(1), limit: 1).items[0]
        #expect(
            found.line
                == #"{"place":"0/0","time":null,"topic":"changes","partition":1,"offset":0,"stage":"CHANGE","reason":"malformed","#
                + #""message":"malformed JSON: line 1","shortened":false,"key":"k0","value":"{","headers":[{"name":"own","value":"1"}]}"#)
        let shown = try page(letters(1), withValues: false).items[0]
        #expect(shown["key"] == nil && shown["value"] == nil && shown["headers"] == nil && shown.text("reason") == "malformed")
    }

    @Test func pagesAreAllOfThemOnce() throws {
        let topics = letters(7)
        var found: [String] = []
        var next: DeadLetterPlace? = DeadLetterPlace(partition: 0, offset: 0)
        var pages = 0
        while let start = next {
            let (items, after) = try page(topics, filter: DeadLetterFilter(topic: "changes", reason: .noChange), from: start, limit: 2)
            found += items.compactMap { $0.text("place") }
            next = after
            pages += 1
        }
        #expect(found == ["0/2", "0/6", "0/10", "1/2", "1/6", "1/10"] && pages > 3)
        #expect(try page(topics, filter: DeadLetterFilter(topic: "others")).items.isEmpty)
        let bounded = try page(topics, mostLookedAt: 3)
        #expect(bounded.items.count == 3 && bounded.next == DeadLetterPlace(partition: 0, offset: 5))
        #expect(try page(topics, only: DeadLetterPlace(partition: 1, offset: 4)).items.map { $0.text("place") } == ["1/4"])
        #expect(try page(topics, only: DeadLetterPlace(partition: 1, offset: 5)).items.isEmpty)
        #expect(try page(topics, from: DeadLetterPlace(partition: 7, offset: 0)).items.isEmpty)
    }

    @Test func bytesThatAreNoTextAreShownAsDigits() throws {
        let topics = letters(0)
        topics.add(
            "dlq", partition: 0, offset: 0, key: nil, bytes: [0xff, 0],
            headers: [
                ("__connect.errors.topic", "t"), ("__connect.errors.partition", "0"), ("__connect.errors.offset", "5"),
                ("__connect.errors.stage", "CHANGE"), ("__connect.errors.exception.message", "?"),
            ])
        // What somebody else has written there is none.
        topics.add("dlq", partition: 0, offset: 1, key: nil, value: "x", headers: [])
        topics.ends["dlq/0"] = 2
        let items = try page(topics).items
        #expect(items.count == 1 && items[0].text("valueHex") == "ff00" && items[0]["key"] == .null && items[0]["reason"] == .null)
    }

    @Test func whatWasRedrivenIsRemembered() throws {
        let topics = letters(3)
        var letters: [FoundDeadLetter] = []
        _ = try DeadLetterReader(source: topics, topic: "dlq").read(
            from: DeadLetterPlace(partition: 0, offset: 0), until: Deadline(after: .seconds(60))
        ) {
            if let letter = $0 { letters.append(letter) }
            return letters.count < 3
        }
        #expect(try RedriveMarks(topics, topic: "marks").isEmpty)
        var marks = RedriveMarks()
        marks.insert(letters[0])
        marks.insert(letters[2])
        let record = marks.encoded(at: 1_772_357_400_250)
        #expect(String(decoding: record, as: UTF8.self) == #"{"time":"2026-03-01T09:30:00.250Z","redriven":[["changes",1,[0,2]]]}"#)
        topics.add("marks", partition: 0, offset: 0, key: "redriven", bytes: record, headers: [])
        topics.ends["marks/0"] = 2
        let read = try RedriveMarks(topics, topic: "marks")
        #expect(letters.map(read.contains) == [true, false, true])
        topics.add("marks", partition: 0, offset: 2, key: nil, value: "{}", headers: [])
        topics.ends["marks/0"] = 3
        #expect(throws: DaemonFailure.self) { try RedriveMarks(topics, topic: "marks") }
    }
}
