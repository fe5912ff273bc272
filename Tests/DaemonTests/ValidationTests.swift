// Goal: `validate` finds what a publish would refuse, wherever a definition stands, and says where (contract §6). Method: files of the test
// in; problems in short, and the report at two widths.

import Campaigns
import Testing

@testable import Daemon

@Suite struct ValidationTests {
    private let folder = TemporaryFolder()

    /// Problems in short: `b.json:2 campaign c activities[0].filter`.
    private func validate(_ files: [(name: String, text: String)]) throws -> (short: [String], validation: Validation) {
        let reader = DefinitionFileReader()
        var definitions: [GivenDefinition] = []
        for (name, text) in files {
            try folder.write(name, text)
            definitions += try reader.read("\(folder.path)/\(name)")
        }
        let validation = Validation(of: definitions, zones: zones)
        let short = validation.problems.map { found in
            let line = found.line.map { ":\($0)" } ?? ""
            let words = [found.kind, found.definition, found.fault.map { "\($0.column)/\($0.byte)" } ?? found.problem.path]
            return "\(found.file.dropFirst(folder.path.count + 1))\(line) " + words.compactMap(\.self).joined(separator: " ")
        }
        return (short, validation)
    }

    private let good = Sample.campaign("c", audience: "vip")

    @Test func theFirstCampaignOfTheReadmeIsWithoutMistakes() throws {
        let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Config/first-campaign.ndjson"
        let definitions = try DefinitionFileReader().read(path)
        #expect(definitions.count == 3)
        #expect(Validation(of: definitions, zones: zones).problems.isEmpty)
    }

    @Test func aByteOrderMarkAtTheStartOfAFileIsSkipped() throws {
        #expect(try validate([("s.json", "\u{feff}" + Sample.schema), ("a.json", "\u{feff}" + good)]).short.isEmpty)
        #expect(try validate([("twice.json", "\u{feff}\u{feff}" + Sample.schema)]).short.count == 1)
    }

    @Test func everyFormAndOrder() throws {
        let forms = [
            [("a.json", good), ("s.json", Sample.schema)],
            [("a.json", "[\(good),\n\(Sample.publish())]")],
            [("a.json", Sample.publish(campaign: good) + "\n" + Sample.publish() + "\n\n")],
            [("a.ndjson", "\n\(good)\r\n"), ("s.ndjson", Sample.schema)],
            [("a.json", Sample.schema.replacing(",", with: ",\n")), ("b.json", good.replacing("{", with: "{\n"))],
        ]
        for files in forms {
            let (short, validation) = try validate(files)
            #expect(short == [] && validation.schemas == 1 && validation.campaigns == 1, "\(files)")
        }
    }

    @Test func problemsOfEveryFileInOrder() throws {
        let files = [
            ("b.json", Sample.campaign("c", audience: "bad id", filter: "m > 0")), ("e.json", "  \n"), ("s.json", Sample.schema),
            ("n.json", "[]"),
            ("o.json", "[1, {\"x\": 1}]"), ("t.json", #"{"type": "campaign.dropped"}"#), ("u.json", #"{"name": "t"}"#),
        ]
        #expect(
            try validate(files).short == [
                "b.json campaign c activities[0].filter", "b.json campaign c activities[1].audience.id", "e.json ", "n.json ", "o.json ",
                "o.json ",
                "t.json ", "u.json schema t fields", "u.json schema t primaryKey",
            ])
    }

    @Test func conflictsBetweenCampaigns() throws {
        func lines(_ between: String) -> [(String, String)] {
            let second = Sample.campaign("d", audience: "vip"), third = Sample.campaign("e", audience: "other", label: "vip")
            return [("s.json", Sample.schema), ("a.ndjson", [good, between, second, third].joined(separator: "\n"))]
        }
        #expect(
            try validate(lines("")).short == [
                "a.ndjson:3 campaign d activities[1].audience.id", "a.ndjson:4 campaign e activities[1].audience.label",
            ])
        // A new version is no conflict with the one before; what was stopped is free.
        #expect(try validate(lines(good)).short.count == 2)
        #expect(
            try validate(lines(#"{"type":"campaign.deleted","campaignId":"c"}"#)).short == [
                "a.ndjson:4 campaign e activities[1].audience.label"
            ])
        #expect(try validate(lines(#"{"type":"campaign.stopped","campaignId":"x"}"#)).short.first == "a.ndjson:2 x campaignId")
    }

    @Test func malformedTextHasAPlace() throws {
        let texts: [(String, String)] = [
            ("{\n  \"id\": \"a\"\n  \"name\": 1\n}\n", "f.json:3 3/16"), ("{\"id\": \"a\",}", "f.json:1 12/11"),
            ("{\"id\": 01}", "f.json:1 8/7"),
            ("{\"id\": \"a\\x\"}", "f.json:1 11/10"), ("{\"id\": \"a\n\"}", "f.json:1 10/9"), ("[1, 2", "f.json:1 6/5"),
            ("{'id': 1}", "f.json:1 2/1"),
            ("{\"a\": tru}", "f.json:1 7/6"), ("{\"a\": 1} {", "f.json:1 10/9"), ("nul", "f.json:1 1/0"), ("{\"a\": \"b", "f.json:1 7/6"),
            (good + "\n{\"id\": }\n" + good, "f.json:2 8/\(good.utf8.count + 8)"),
        ]
        for (text, place) in texts {
            let short = try validate([("s.json", Sample.schema), ("f.json", text)]).short
            #expect(short == [place], "\(text)")
        }
    }

    @Test func theReportFitsTheTerminal() throws {
        let files = [("s.json", Sample.schema), ("b.json", Sample.campaign("c", audience: "bad id", filter: "m > 0 AND UNHEARD(n) = 5"))]
        let validation = try validate(files).validation
        for columns in [60, 80, 140] {
            let lines = ProblemReport(columns: columns).text(of: validation, files: 2).split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0].hasSuffix("/b.json: campaign c"))
            #expect(lines.dropFirst().allSatisfy { $0.count <= columns })
            #expect(lines.suffix(2) == ["3 problems in 1 of 1 campaign (2 files)", ""])
        }
        let none = try validate([files[0]]).validation
        #expect(ProblemReport(columns: 80).text(of: none, files: 1) == "no problems in 1 schema (1 file)\n")
    }

    @Test func warningsAreNoProblems() throws {
        let (short, validation) = try validate([
            ("s.json", Sample.schema), ("c.json", Sample.campaign("c", audience: "vip", filter: "n != 5")),
        ])
        #expect(short.isEmpty && validation.problems.isEmpty && validation.wrongCampaigns == 0)
        #expect(validation.warnings.map(\.problem.path) == ["activities[0].filter"])
        let json = try #require(validation.findings.first).json
        #expect(json["severity"] == .string("warning") && json["path"] == .string("activities[0].filter"))
        let lines = ProblemReport(columns: nil).text(of: validation, files: 2).split(separator: "\n")
        #expect(lines.contains { $0.contains("warning: != is not true of records in which n has no value") })
        #expect(lines.last == "no problems in 1 schema and 1 campaign (2 files), 1 warning")
        let wrong = try validate([("s.json", Sample.schema), ("c.json", Sample.campaign("c", audience: "vip", filter: "m != 5"))])
            .validation
        #expect(try #require(wrong.findings.first).json["severity"] == .string("error") && wrong.warnings.isEmpty)
    }
}
