// Goal: problems stand at their lines, versions show what differs, definitions are written as one reads them. Method: small texts.
import Campaigns
import Testing

@testable import Pages

@Suite struct DefinitionTextTests {
    private let text = """
        {
          "id": "x", "name": "a \\"quoted\\" {name}",
          "activities": [
            {"id": "b", "type": "build-audience"},
            {"id": "s",
             "identity": {
               "field": "emial"
             }, "list": [1, 2,
               3]}
          ]
        }
        """

    @Test(arguments: [
        ("id", 2), ("activities[1].identity.field", 7), ("activities[1].list[2]", 9), ("activities[1].gone.field", 5), ("activities[7]", 3),
        ("", 1), ("unknown", 1), ("activities[0].type", 4),
    ])
    func linesOfPaths(path: String, line: Int) {
        #expect(DefinitionLines(text).line(of: path) == line)
    }

    @Test(arguments: ["", "{", "[", "{\"a\"", "{\"a\":", "[1,", "\"", "{]", "[}", "{\"a\" 1}", "\\"])
    func halfTextsEnd(text: String) {
        #expect(DefinitionLines(text).line(of: "a") == 1)
    }

    @Test func differences() {
        let lines = LineDifference(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"]).lines
        #expect(lines == [.same("a"), .removed("b"), .added("x"), .same("c"), .same("d"), .added("e")])
        #expect(LineDifference([], ["a"]).lines == [.added("a")])
        #expect(LineDifference(["a"], ["a"]).lines == [.same("a")])
        // What was before and what is after can be read from it.
        for seed in 0..<200 {
            let (old, new) = (words(seed), words(seed &* 7 + 3))
            let lines = LineDifference(old, new).lines
            #expect(lines.compactMap { if case .added = $0 { nil } else { content($0) } } == old)
            #expect(lines.compactMap { if case .removed = $0 { nil } else { content($0) } } == new)
        }
    }

    private func words(_ seed: Int) -> [String] { (0..<seed % 9).map { "\((seed / ($0 + 1)) % 4)" } }

    private func content(_ line: LineDifference.Line) -> String {
        switch line {
        case .same(let text), .removed(let text), .added(let text): text
        }
    }

    @Test func whatFitsOnALineStandsOnOne() {
        let short = JSON.object([.init("a", .array([.integer(1), .null])), .init("b", .string("x"))])
        #expect(PrettyJSON.text(short) == #"{"a": [1, null], "b": "x"}"#)
        let long = JSON.object([.init("a", .string(String(repeating: "y", count: 100))), .init("b", short)])
        #expect(
            PrettyJSON.lines(long) == [
                "{", "  \"a\": \"\(String(repeating: "y", count: 100))\",", #"  "b": {"a": [1, null], "b": "x"}"#, "}",
            ])
    }

    @Test func valuesInWords() {
        #expect(Words.signed(-1204) == "−1,204" && Words.signed(3) == "+3" && Words.signed(0) == "0")
        #expect(Words.instant(1_774_000_804_000) == "20 Mar 2026 10:00:04 UTC" && Words.instant(-1) == "31 Dec 1969 23:59:59 UTC")
        #expect(Words.size(1536) == "1.5 KiB" && Words.size(12) == "12 B")
        #expect(Words.decimal(2.04, 1) == "2.0" && Words.decimal(-0.26, 1) == "−0.3" && Words.decimal(9.996, 2) == "10.00")
        #expect(
            [9, 1500, 59_000, 240_000, 7_200_000, 172_800_000].map { Words.duration(milliseconds: $0) } == [
                "9 ms", "1.5 s", "59 s", "4 min", "2 h", "2 d",
            ])
    }
}
