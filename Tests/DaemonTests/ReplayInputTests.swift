// Goal: the lines of several files come in one order (contract §6, decision 5), whatever the order within them. Method: seeded random
// files, whose order is compared with a sort of all lines by (time, control first, file, line); and small files for each rule.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage
@testable import Wire

@Suite struct ReplayInputTests {
    /// Reads files as `replay` does and gives the numbers of file and line, `0:3`; nil when they are found out of order.
    private func order(_ files: [(String, String)], findingRuns: Bool) throws -> [String]? {
        let folder = TemporaryFolder()
        for (name, text) in files { try folder.write(name, text) }
        let reader = ReplayLineReader(changes: ChangeDecoder(), control: ControlDecoder())
        let inputs = try files.map { (name: $0.0, file: try LineFile(path: "\(folder.path)/\($0.0)")) }
        var input = ReplayInput(files: inputs, reader: reader, findingRuns: findingRuns)
        var found: [String] = []
        do {
            try input.forEachLine { _, position, _ in
                found.append("\(position.file):\(position.line)")
                return true
            }
        } catch is ReplayInput.Disorder {
            return nil
        }
        return found
    }

    private func control(_ time: Int64?) -> String { #"{"type":"x"\#(time.map { ",\"time\":\($0)" } ?? "")}"# }
    private func change(_ time: Int64?) -> String { #"{"table":"t"\#(time.map { ",\"time\":\($0)" } ?? "")}"# }

    /// What the contract says, by sorting everything.
    private func sorted(_ files: [[(text: String, time: Int64?, isControl: Bool)]]) -> [String] {
        var all: [(ReplayInput.Position, String)] = []
        for (file, lines) in files.enumerated() {
            var time: Int64 = 0
            for (number, line) in lines.enumerated() where !line.text.allSatisfy({ $0 == " " || $0 == "\t" || $0 == "\r" }) {
                time = line.time ?? time
                all.append((ReplayInput.Position(time: time, rank: line.isControl ? 0 : 1, file: file, line: number), "\(file):\(number)"))
            }
        }
        return all.sorted { $0.0 < $1.0 }.map(\.1)
    }

    @Test(arguments: 1...60) func randomFiles(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let disorder = Int64.random(in: 0...6, using: &random)
        var files: [[(text: String, time: Int64?, isControl: Bool)]] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            var time: Int64 = 0
            var lines: [(text: String, time: Int64?, isControl: Bool)] = []
            for _ in 0..<Int.random(in: 0...25, using: &random) {
                time += Int64.random(in: 0...2, using: &random)
                let stamp = max(0, time - Int64.random(in: 0...disorder, using: &random))
                switch Int.random(in: 0...9, using: &random) {
                case 0: lines.append((["", "  ", "\t", "\r"].randomElement(using: &random)!, nil, false))
                case 1: lines.append(("{broken", nil, false))
                case 2: lines.append((control(nil), nil, true))
                case 3, 4: lines.append((control(stamp), stamp, true))
                case 5: lines.append((#"{"time":"when?"}"#, nil, false))
                default: lines.append((change(stamp), stamp, false))
                }
            }
            files.append(lines)
        }
        let ending = Bool.random(using: &random) ? "\n" : ""
        let texts = files.enumerated().map { ("\($0).ndjson", $1.map(\.text).joined(separator: "\n") + ending) }
        let expected = sorted(files)
        #expect(try order(texts, findingRuns: true) == expected)
        // Taken on trust, the order is the same, or found to be broken; never silently another.
        if let trusted = try order(texts, findingRuns: false) { #expect(trusted == expected) }
        let inOrder = files.indices.allSatisfy { file in
            let own = sorted([files[file]]).map { Int($0.dropFirst(2))! }
            return own == own.sorted()
        }
        #expect(try (order(texts, findingRuns: false) != nil) == inOrder)
    }

    private func both(_ files: [String]) throws -> [String] {
        let named = files.enumerated().map { ("\($0).ndjson", $1) }
        let found = try order(named, findingRuns: true)!
        #expect(try order(named, findingRuns: false) == found)
        return found
    }

    @Test func tiesGoToControlThenFileThenLine() throws {
        #expect(try both(["\(change(5))\n\(change(5))", "\(control(5))\n\(change(5))"]) == ["1:0", "0:0", "0:1", "1:1"])
        #expect(try both(["\(control(5))\n\(control(5))", "\(control(5))"]) == ["0:0", "0:1", "1:0"])
    }

    @Test func controlBehindAChangeOfTheSameTimeIsDisorder() throws {
        let files = [("0.ndjson", "\(change(5))\n\(control(5))")]
        #expect(try order(files, findingRuns: false) == nil)
        #expect(try order(files, findingRuns: true) == ["0:1", "0:0"])
    }

    @Test func linesWithoutTimeStandAtTheLineBefore() throws {
        #expect(try both(["\(change(5))\n\(change(nil))\n{broken\n\(change(9))", "\(change(7))"]) == ["0:0", "0:1", "0:2", "1:0", "0:3"])
        // Without a line before it: at 0.
        #expect(try both(["\(change(1))", "\(change(nil))\n\(change(2))"]) == ["1:0", "0:0", "1:1"])
    }

    @Test func aMovedLineTakesThoseWithoutTimeAlong() throws {
        let files = [("0.ndjson", "\(change(9))\n\(change(2))\n\(change(nil))\n\(change(8))\n\(change(nil))")]
        #expect(try order(files, findingRuns: true) == ["0:1", "0:2", "0:3", "0:4", "0:0"])
    }

    @Test func timesOfEveryForm() throws {
        let lines = [
            #"{"table":"t","time":"1970-01-01T00:00:00.003Z"}"#, #"{"time":2,"table":"t"}"#, #"{"table":"t","time":7,"time":1}"#,
            #"{"topic":"a","key":null,"value":{"time":0},"time":"1970-01-01T01:00:00.004+01:00"}"#,
        ]
        #expect(try order([("0.ndjson", lines.joined(separator: "\n"))], findingRuns: true) == ["0:2", "0:1", "0:0", "0:3"])
        // A time that is none is inherited.
        for time in ["1.5", "1e3", "null", #""5""#, "253402300800000", "true"] {
            #expect(try both(["\(change(5))\n{\"table\":\"t\",\"time\":\(time)}", "\(change(6))"]) == ["0:0", "0:1", "1:0"], "\(time)")
        }
    }

    @Test func whatIsControl() throws {
        // At one time control goes first: so its place tells what a line is.
        func isControl(_ line: String) throws -> Bool {
            try order([("0.ndjson", change(5)), ("1.ndjson", line)], findingRuns: true)!.first == "1:0"
        }
        for line in [
            #"{"type":"campaign.stopped","time":5}"#, #"{"type":"nothing known","time":5}"#,
            #"{"topic":"campaign-publish","value":{},"time":5}"#,
            #"{"topic":"campaign-publish","value":null,"time":5}"#, #"{"specversion":"1.0","data":{"type":"x"},"time":5}"#,
        ] { #expect(try isControl(line), "\(line)") }
        for line in [
            #"{"topic":"other","value":{"type":"x"},"time":5}"#, #"{"table":"t","type":"x","time":5}"#, #"{"op":"u","type":"x","time":5}"#,
            #"{"type":5,"time":5}"#, #"{"time":5}"#, #"{"topic":5,"value":{},"type":"x","time":5}"#,
            #"{"specversion":"1.0","data":{"type":"x","table":"t"},"time":5}"#,
        ] { #expect(try !isControl(line), "\(line)") }
    }

    @Test func emptyAndBlankFiles() throws {
        #expect(try both(["", "\n\n", "  \r\n\t", "\(change(1))\r\n\r\n\(change(2))\r\n"]) == ["3:0", "3:2"])
        #expect(try both([]) == [])
    }

    @Test func theBodyMayEndIt() throws {
        let folder = TemporaryFolder()
        try folder.write("a", "\(change(1))\n\(change(2))\n\(change(3))")
        let reader = ReplayLineReader(changes: ChangeDecoder(), control: ControlDecoder())
        var input = ReplayInput(files: [("a", try LineFile(path: "\(folder.path)/a"))], reader: reader, findingRuns: false)
        var seen = 0
        try input.forEachLine { _, _, _ in
            seen += 1
            return seen < 2
        }
        #expect(seen == 2)
    }
}
