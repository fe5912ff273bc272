// Goal: LIKE, Contains and StartsWith are those of semantics §3, also for texts and patterns that make slow ways very slow. Method: rows of
// texts, and random ones against one comparison of characters after the other.

import Campaigns
import Testing

@testable import Engine

@Suite struct LikeAndContainsTests {
    private func value(_ text: String?, _ texts: inout TextArena) -> Value { text.map { texts.text(Array($0.utf8)) } ?? .null }

    @Test(arguments: [
        ("abc", "a_c", true), ("a\nc", "a_c", true), ("aéc", "a_c", true), ("ab.c", "a_c", false), ("ab.c", "a%c", true), ("", "", true),
        ("", "%", true),
        ("", "_", false), ("abc", "abc", true), ("ABC", "abc", false), ("abc", "%b%", true), ("abc", "%c%c", false), ("a%c", "%%c", true),
        ("abc", "a%bc%c", false), ("aXbXc", "a%X%X%c", true), ("aXc", "a%X%X%c", false), ("😀é", "__", true), ("😀é", "%_é", true),
        ("é", "_%_", false),
        ("aab", "%a_", true), ("abab", "%_b%_b", true), ("ab", "abc%", false), ("ab", "%abc", false), ("aa", "a%a%a", false),
        ("xayaz", "%a_a%", true),
    ])
    func like(_ text: String, _ pattern: String, _ isMet: Bool) {
        var texts = TextArena()
        #expect(FunctionEvaluator.textTest(.like, value(text, &texts), value(pattern, &texts)) == (isMet ? .yes : .no))
    }

    @Test func otherTextTests() {
        var texts = TextArena()
        func test(_ test: TextTest, _ a: String?, _ b: String?) -> Truth {
            FunctionEvaluator.textTest(test, value(a, &texts), value(b, &texts))
        }
        #expect(test(.contains, "abc", "b") == .yes)
        #expect(test(.contains, "abc", "") == .yes)
        #expect(test(.contains, "", "") == .yes)
        #expect(test(.contains, "ab", "abc") == .no)
        #expect(test(.contains, "abc", nil) == .unknown)
        #expect(test(.like, nil, "%") == .unknown)
        #expect(test(.startsWith, "abc", "ab") == .yes)
        #expect(test(.startsWith, "", "a") == .no)
        #expect(test(.startsWith, "", "") == .yes)
        // Parts too long to be compared anew at each place.
        let part = String(repeating: "ab", count: 12) + "c"
        #expect(test(.contains, String(repeating: "ab", count: 30) + "c", part) == .yes)
        #expect(test(.contains, String(repeating: "ab", count: 30), part) == .no)
        #expect(test(.like, String(repeating: "a", count: 200_000), "%" + String(repeating: "a", count: 50_000) + "b%") == .no)
        #expect(test(.like, String(repeating: "a", count: 100_000), String(repeating: "%a", count: 20_000) + "%b") == .no)
        // A piece with wildcards that nearly fits everywhere, and a pattern that is longer than one may be.
        let wild = "%" + String(repeating: "_a", count: 10_000)
        #expect(test(.like, String(repeating: "a", count: 200_000), wild + "b%") == .no)
        #expect(test(.like, String(repeating: "é", count: 10_000) + String(repeating: "xa", count: 10_000) + "bé", wild + "b%") == .yes)
        let longest = String(repeating: "_", count: Limits.likePatternBytes)
        #expect(test(.like, longest, longest) == .yes)
        #expect(test(.like, longest + "_", longest + "_") == .unknown)
    }

    /// Against one comparison of characters after the other, with pieces around the lengths that are found in other ways.
    @Test(arguments: [1, 5, 31, 32, 33, 63, 64, 65, 130]) func likeWithWildcards(length: Int) {
        var random = RandomNumbers(seed: UInt64(length))
        var texts = TextArena()
        let letters: [Unicode.Scalar] = ["a", "b", "é", "😀"]
        for _ in 0..<200 {
            let piece = (0..<length).map { _ in random.chance(30) ? "_" : random.pick(letters) }
            var text = (0..<random.number(0...80)).map { _ in random.pick(letters) }
            if random.chance(80) { text += piece.map { $0 == "_" ? random.pick(letters) : $0 } }
            if random.chance(50) { text += (0..<random.number(0...3)).map { _ in random.pick(letters) } }
            let isThere =
                text.count >= length
                && (0...text.count - length).contains { start in
                    zip(piece, text[start...]).allSatisfy { $0 == "_" || $0 == $1 }
                }
            func string(_ scalars: [Unicode.Scalar]) -> String { scalars.map { "\($0)" }.joined() }
            let found = FunctionEvaluator.textTest(.like, value(string(text), &texts), value("%\(string(piece))%", &texts))
            #expect((found == .yes) == isThere, "\(string(text)) LIKE %\(string(piece))%")
        }
    }
}
