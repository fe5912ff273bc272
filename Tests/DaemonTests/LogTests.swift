// Goal: what a log line looks like, that it holds no more than it may, that a level set for a while ends by itself, and that the catalogue
// of codes is that of the source. Method: lines written to a text; the sources read as words.

import Glibc
import Testing

@testable import Daemon
@testable import Storage
@testable import Wire

@Suite(.quiet) struct LogTests {
    private let line = LogText(
        milliseconds: 1_700_000_000_123, level: .warning, event: .topicWaits, message: "a \"topic\"\nwaits",
        fields: ["topic": "p.a b", "offset": "12", "reason": "", "audience": "12"])

    @Test func asText() {
        #expect(
            line.text(as: .text)
                == "2023-11-14T22:13:20.123Z warning a \"topic\"waits topic=\"p.a b\" offset=12 reason=\"\" audience=12\n")
    }

    /// Numbers are numbers where they are always ones: the id of an audience may look like one.
    @Test func asJSON() {
        let json =
            #"{"time":"2023-11-14T22:13:20.123Z","level":"warning","event":"topic-waits","message":"a \"topic\"\nwaits","topic":"p.a b","#
            + #""offset":12,"reason":"","audience":"12"}"# + "\n"
        #expect(line.text(as: .json) == json)
        #expect(line.text(as: .journal) == "<4>" + json)
    }

    @Test func whatOthersSayIsCut() {
        let long = String(repeating: "é", count: 1000)
        let text = LogText(milliseconds: 0, level: .error, event: .ready, message: long, fields: ["cause": long])
        for format in LogFormat.allCases { #expect(text.text(as: format).utf8.count < 1200, "\(format)") }
    }

    @Test func theJournalIsKnownByItsStream() {
        var status = stat()
        fstat(STDERR_FILENO, &status)
        #expect(LogFormat.isJournal("\(status.st_dev):\(status.st_ino)", STDERR_FILENO))
        for other in [nil, "", "1:1", "\(status.st_dev)"] { #expect(!LogFormat.isJournal(other, STDERR_FILENO)) }
    }

    /// Every code is said somewhere, and every line says one: the compiler sees to the second.
    @Test func theCatalogueIsThatOfTheSource() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        var said = ""
        func read(_ folder: String) throws {
            for name in try Folders.names(in: folder) {
                let path = "\(folder)/\(name)"
                if name.hasSuffix(".swift"), name != "LogEvent.swift" {
                    said += String(decoding: try OpenFile.reading(path).read(maximumBytes: .max), as: UTF8.self)
                } else if !name.contains(".") {
                    try read(path)
                }
            }
        }
        try read("\(root)/Sources/Daemon")
        let calls = said.matches(of: /Log\.(debug|information|warning|error|write)\(/)
        #expect(calls.count > 40, "a reader that finds nothing proves nothing")
        for event in LogEvent.allCases {
            #expect(said.contains(".\(event),"), "\(event) is said by nobody")
        }
        let codes = LogEvent.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count && codes.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil })
    }

    @Test func levelsHaveNames() {
        #expect(Log.Level.allCases.map { Log.Level("\($0)") } == Log.Level.allCases && Log.Level("loud") == nil)
    }

    @Test func deadLettersHaveALineForEachReason() {
        var lines = DeadLetterLines()
        let kind = CommitCounts.DeadLetterKind(topic: "t", reason: .malformed)
        let said = [3, 5, 1].flatMap { lines.take([kind: .init(count: $0, last: .init(partition: 0, offset: 9))]) }
        #expect(said.map(\.count) == [3], "the others wait for a minute")
    }
}
