// Goal: the hash by which the journal recognises input records depends on all that a record is, and on nothing else. Method: lists of
// records that differ in one respect each; all their hashes must differ, and the same list must give the same hash again.

import Testing

@testable import Wire

@Suite struct RecordHashTests {
    private typealias Entry = (offset: Int64, timestamp: Int64, key: String?, value: String?, headers: [(name: String, value: String?)])

    private func hash(_ entries: [Entry], coversHeaders: Bool = true, _ hash: RecordHash = RecordHash()) -> UInt64 {
        hash.reset()
        for entry in entries {
            withRecord(offset: entry.offset, timestamp: entry.timestamp, key: entry.key, value: entry.value, headers: entry.headers) {
                record in
                hash.update(
                    offset: record.offset, timestamp: record.timestamp, key: record.key, value: record.value,
                    headerCount: coversHeaders ? record.headers.count : nil)
                if coversHeaders { for header in record.headers { hash.update(headerName: header.name, value: header.value) } }
            }
        }
        return hash.value
    }

    private let plain: [[Entry]] = [
        [], [(0, 0, "a", "b", [])], [(1, 0, "a", "b", [])], [(0, 1, "a", "b", [])], [(0, 0, "ab", "", [])], [(0, 0, "", "ab", [])],
        [(0, 0, nil, "ab", [])], [(0, 0, "ab", nil, [])], [(0, 0, nil, nil, [])], [(0, 0, "", "", [])], [(0, 0, "", nil, [])],
        [(0, 0, nil, "", [])], [(0, 0, "b", "a", [])], [(0, 0, "a", "B", [])], [(0, -1, "a", "b", [])],
        [(0, 0, "a", "b", []), (1, 0, "c", "d", [])], [(1, 0, "c", "d", []), (0, 0, "a", "b", [])],
        [(0, 0, "a", "b", []), (1, 0, nil, nil, [])], [(0, 0, "a", "b", []), (0, 0, "a", "b", [])],
        [(0, 0, "a", "bc", []), (1, 0, "", "d", [])],
    ]

    @Test(arguments: [true, false]) func everythingCounts(coversHeaders: Bool) {
        let hashes = plain.map { hash($0, coversHeaders: coversHeaders) }
        #expect(Set(hashes).count == plain.count)
        #expect(plain.map { hash($0, coversHeaders: coversHeaders) } == hashes)
    }

    /// `content-type` and `ce_type` decide how a record is read.
    @Test func headersCount() {
        let lists: [[(name: String, value: String?)]] = [
            [], [("content-type", "application/json")], [("content-type", "application/cloudevents+json")], [("content-type", nil)],
            [("content-type", "")], [("", "content-type")], [("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")], [("a", "1b2")],
            [("ab", "12")],
        ]
        #expect(Set(lists.map { hash([(0, 0, "a", "b", $0)]) }).count == lists.count)
        // Whose header it is counts too.
        let owners: [[Entry]] = [
            [(0, 0, "a", "b", [("h", "1")]), (1, 0, "a", "b", [])], [(0, 0, "a", "b", []), (1, 0, "a", "b", [("h", "1")])],
        ]
        #expect(hash(owners[0]) != hash(owners[1]))
        #expect(Set(lists.map { hash([(0, 0, "a", "b", $0)], coversHeaders: false) }).count == 1, "journals of format 1 know none")
    }

    @Test func aResetForgets() {
        let shared = RecordHash()
        let first = hash([(0, 5, "k", "v", [])], shared)
        _ = hash([(7, 8, "other", nil, [])], shared)
        #expect(hash([(0, 5, "k", "v", [])], shared) == first)
        #expect(shared.value == first, "reading it changes nothing")
    }

    /// The bytes are those of the journals that exist: another hash would stop every start.
    @Test func theHashIsForEver() {
        let records: [Entry] = [(41, 1_772_357_400_000, "key", #"{"a":1}"#, [("ce_type", "x"), ("h", nil)]), (43, -1, nil, nil, [])]
        #expect(String(hash(records, coversHeaders: false), radix: 16) == "cd8c5b69d30e8315")
        #expect(String(hash(records), radix: 16) == "e5b155e2d89d7679")
    }
}
