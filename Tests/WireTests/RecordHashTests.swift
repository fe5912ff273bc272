// Goal: the hash by which the journal recognises input records depends on all that a record is, and on nothing else. Method: lists of records
// that differ in one respect each; all their hashes must differ, and the same list must give the same hash again.

import Testing

@testable import Wire

@Suite struct RecordHashTests {
    private typealias Entry = (offset: Int64, timestamp: Int64, key: String?, value: String?)

    private func hash(_ entries: [Entry], _ hash: RecordHash = RecordHash()) -> UInt64 {
        hash.reset()
        for entry in entries {
            withRecord(offset: entry.offset, timestamp: entry.timestamp, key: entry.key, value: entry.value) { record in
                hash.update(offset: record.offset, timestamp: record.timestamp, key: record.key, value: record.value)
            }
        }
        return hash.value
    }

    @Test func everythingCounts() {
        let lists: [[Entry]] = [
            [], [(0, 0, "a", "b")], [(1, 0, "a", "b")], [(0, 1, "a", "b")], [(0, 0, "ab", "")], [(0, 0, "", "ab")], [(0, 0, nil, "ab")],
            [(0, 0, "ab", nil)], [(0, 0, nil, nil)], [(0, 0, "", "")], [(0, 0, "", nil)], [(0, 0, nil, "")], [(0, 0, "b", "a")],
            [(0, 0, "a", "B")], [(0, -1, "a", "b")], [(0, 0, "a", "b"), (1, 0, "c", "d")], [(1, 0, "c", "d"), (0, 0, "a", "b")],
            [(0, 0, "a", "b"), (1, 0, nil, nil)], [(0, 0, "a", "b"), (0, 0, "a", "b")], [(0, 0, "a", "bc"), (1, 0, "", "d")],
        ]
        let hashes = lists.map { hash($0) }
        #expect(Set(hashes).count == lists.count)
        #expect(lists.map { hash($0) } == hashes)
    }

    @Test func aResetForgets() {
        let shared = RecordHash()
        let first = hash([(0, 5, "k", "v")], shared)
        _ = hash([(7, 8, "other", nil)], shared)
        #expect(hash([(0, 5, "k", "v")], shared) == first)
        #expect(shared.value == first, "reading it changes nothing")
    }

    /// The bytes are those of the journals that exist: another hash would stop every start.
    @Test func theHashIsForEver() {
        let value = hash([(41, 1_772_357_400_000, "key", #"{"a":1}"#), (43, -1, nil, nil)])
        #expect(String(value, radix: 16) == "cd8c5b69d30e8315")
    }
}
