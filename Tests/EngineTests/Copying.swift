// An image that is copied between commits, beside what it would be if it had been copied at once.
import Campaigns

@testable import Engine

struct Copying {
    private let facts: EngineFacts
    private let texts: [(place: TextPlace, count: Int)]
    /// Each dictionary, then each group of rows, then each list that activities remember.
    private let expected: [[UInt8]]
    private var groups: [(table: Int, rows: Range<Int>)] = []
    private var next = 0

    private static let rowsOfGroup = 64

    init(of engine: inout Engine) {
        facts = engine.facts().copied(inGroupsOf: Copying.rowsOfGroup)
        texts = engine.texts(of: facts)
        for (table, held) in facts.tables.enumerated() {
            for first in stride(from: 0, to: held.rows, by: Copying.rowsOfGroup) {
                groups.append((table, first..<min(first + Copying.rowsOfGroup, held.rows)))
            }
        }
        var copies: [[UInt8]] = []
        engine.beginCopying(facts)
        for number in 0..<texts.count + groups.count + facts.liveLists.count {
            copies.append(Copying.copy(number, of: &engine, facts, texts, groups))
        }
        expected = copies
        engine.beginCopying(facts)
    }

    private static func copy(
        _ number: Int, of engine: inout Engine, _ facts: EngineFacts, _ texts: [(place: TextPlace, count: Int)],
        _ groups: [(table: Int, rows: Range<Int>)]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        if number < texts.count {
            let (place, count) = texts[number]
            var code = 0
            while code < count { code = engine.append(place, of: facts, from: code, count: count, bytes: 100, to: &bytes) }
        } else if number < texts.count + groups.count {
            engine.copy(table: groups[number - texts.count].table, rows: groups[number - texts.count].rows, to: &bytes)
        } else {
            engine.entries(of: facts.liveLists[number - texts.count - groups.count]).forEachPiece(bytes: 100) { piece, _ in bytes += piece }
        }
        return bytes
    }

    /// Copies the next piece. nil: it was the last. False: it is another than it was.
    mutating func goOn(_ engine: inout Engine) -> Bool? {
        if next == expected.count { return nil }
        defer { next += 1 }
        return Copying.copy(next, of: &engine, facts, texts, groups) == expected[next]
    }
}
