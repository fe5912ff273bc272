// Goal: what articles of the manual say of the program is so: every function has an example, which gives what stands there; every limit,
// alert, reason and event is told of, and nothing that is not there. Method: tables and headings of articles are compared with the
// program's own, both ways; examples are replayed.
import Campaigns
import Foundation
import HTTP
import Testing

@testable import Campaigns
@testable import Daemon
@testable import Pages

@Suite struct ManualTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func text(_ path: String) throws -> String { try String(contentsOfFile: "\(Self.root)/\(path)", encoding: .utf8) }

    private func article(_ name: String) throws -> Markdown { try Markdown(try text("Sources/audienced/audienced.docc/\(name).md")) }

    /// The rows of all tables of an article whose first columns have these names.
    private func rows(_ article: Markdown, _ names: String...) -> [[String]] {
        article.blocks.flatMap { _, block -> [[String]] in
            guard case .table(let rows, _) = block, rows[0].starts(with: names) else { return [] }
            return Array(rows.dropFirst())
        }
    }

    private func headings(_ article: Markdown, level: Int) -> [String] {
        article.blocks.compactMap { _, block in
            if case .heading(level, let text) = block { text } else { nil }
        }
    }

    private func code(_ cell: String) -> String { String(cell.dropFirst().dropLast()) }

    // Expressions.

    @Test func everyFunctionHasAnExample() throws {
        let rows = rows(try article("Expressions"), "function")
        #expect(rows.map { code($0[0]) }.sorted() == FunctionNames.all.sorted())
        for row in rows { #expect(row[2].contains("\(code(row[0]))("), "\(row)") }
    }

    @Test func everyExampleGivesWhatStandsThere() throws {
        let article = try article("Expressions")
        let examples =
            rows(article, "example").map { (code($0[0]), code($0[2])) } + rows(article, "function").map { (code($0[2]), code($0[3])) }
        #expect(examples.count > 90)
        let attributes = examples.enumerated().map { place, example in
            JSON.object([.init("source", .string(example.0)), .init("name", .string("v\(place)"))])
        }
        let (from, to) = (TemporaryFolder(), TemporaryFolder())
        let lines = article.blocks.compactMap { _, block in if case .code("json", let text) = block { text } else { nil } }
        try from.write("1.ndjson", Self.definitions(saving: written(.array(attributes))) + "\n")
        try from.write("2.ndjson", try #require(lines.first) + "\n")
        var replay = try Replay(
            .init(input: from.path, output: to.path, verifies: true), zoneNames: TimeZones.system.names, zone: TimeZones.system.rules)
        _ = try replay.run(findingRuns: false)
        #expect(try to.read("dlq.ndjson") == "")
        let member = json(try #require(try to.read("audience-members.ndjson").split(separator: "\n").last.map(String.init)))
        for (place, example) in examples.enumerated() {
            #expect(member["value"]?["attributes"]?["v\(place)"] == json(example.1), "\(example.0)")
        }
    }

    private static func definitions(saving attributes: String) -> String {
        #"{"time":"2026-03-02T12:00:00Z","type":"schema.published","schema":{"name":"people","primaryKey":["id"],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"city","type":"string"},{"name":"nickname","type":"string"},{"name":"points","type":"integer"},{"name":"born","type":"date"},{"name":"joined","type":"datetime"}],"identities":[{"field":"email","namespace":"Email"}]}}"#
            + "\n"
            + #"{"time":"2026-03-02T12:00:00Z","type":"schema.published","schema":{"name":"purchases","primaryKey":["id"],"fields":[{"name":"id","type":"string"},{"name":"person","type":"string"},{"name":"amount","type":"double"},{"name":"category","type":"string"},{"name":"at","type":"datetime"}],"links":[{"name":"buyer","to":"people","on":{"person":"id"},"reverse":"purchases"}]}}"#
            + "\n"
            + #"{"time":"2026-03-02T12:00:00Z","type":"campaign.published","campaign":{"id":"c","timezone":"Europe/Paris","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"TRUE"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"a"},"identity":{"field":"email","namespace":"Email"},"attributes":\#(attributes)}]}}"#
    }

    // Limits.

    /// The first words of each row of the article, the constant, and what must stand there.
    private static let limits: [(row: String, constant: String, most: String)] = [
        ("input record", "inputRecordBytes", size(Limits.inputRecordBytes)), ("levels of JSON", "jsonDepth", count(Limits.jsonDepth)),
        ("identity", "identityBytes", size(Limits.identityBytes)), ("key text", "keyTextBytes", size(Limits.keyTextBytes)),
        ("member event", "memberEventBytes", size(Limits.memberEventBytes)),
        ("what a topic of outputs", "smallestTopicBytes", size(Limits.smallestTopicBytes)),
        ("member events of one commit", "eventsPerCommit", count(Limits.eventsPerCommit)),
        ("rows that windows pass", "rowsPerEvent", count(Limits.rowsPerEvent)), ("reason", "reasonBytes", size(Limits.reasonBytes)),
        ("version of a deleted row", "deletedVersionMilliseconds", "\(Limits.deletedVersionMilliseconds / 86_400_000) days"),
        ("characters of an identifier", "identifierCharacters", count(Limits.identifierCharacters)),
        ("label", "labelBytes", size(Limits.labelBytes)), ("fields", "fields", count(Limits.fields)),
        ("links", "links", count(Limits.links)),
        ("values of an enum", "enumValues", count(Limits.enumValues)), ("activities", "activities", count(Limits.activities)),
        ("channel activities", "channelActivities", count(Limits.channelActivities)),
        ("levels of activities", "populationLevels", count(Limits.populationLevels)),
        ("inbounds, subsets", "populationParts", count(Limits.populationParts)),
        ("all problems", "problemBytes", size(Limits.problemBytes)),
        ("one text of a problem", "problemTextBytes", size(Limits.problemTextBytes)),
        ("text of an expression", "expressionBytes", size(Limits.expressionBytes)),
        ("depth of an expression", "expressionDepth", count(Limits.expressionDepth)),
        ("members of one IN", "membersOfIn", count(Limits.membersOfIn)),
        ("operators", "expressionOperators", count(Limits.expressionOperators)),
        ("parts of an expression", "expressionNodes", count(Limits.expressionNodes)),
        ("mistakes", "expressionMistakes", count(Limits.expressionMistakes)),
        ("text that an expression makes", "computedTextBytes", size(Limits.computedTextBytes)),
        ("pattern of LIKE", "likePatternBytes", size(Limits.likePatternBytes)),
    ]

    private static let bounds = ServerBounds()
    private static let ofTheAPI: [(row: String, most: String)] = [
        ("connections", count(bounds.connections)), ("event streams", count(bounds.streams)), ("head of a request", size(bounds.headBytes)),
        ("path with its query", size(bounds.targetBytes)), ("a head takes", "\(bounds.head.components.seconds) s"),
        ("a body takes", "\(bounds.body.components.seconds) s"), ("an answer takes", "\(bounds.answer.components.seconds) s"),
        ("body of a request", size(Route.Content().maximumBytes)), ("body with definitions", size(Route.Content.definitions.maximumBytes)),
    ]

    private static func size(_ bytes: Int) -> String { bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB" }
    private static func count(_ number: Int) -> String { grouped(Int64(number)) }

    @Test func limitsAreThoseOfTheCode() throws {
        let source = try text("Sources/Campaigns/Limits.swift")
        let constants = source.split(separator: " static let ").dropFirst().map { String($0.prefix { $0.isLetter }) }
        #expect(Self.limits.map(\.constant).sorted() == constants.sorted())
        let rows = rows(try article("Limits"), "what", "most")
        let expected = Self.limits.map { ($0.row, $0.most) } + Self.ofTheAPI
        #expect(rows.count == expected.count)
        for ((row, most), found) in zip(expected, rows) {
            #expect(found[0].hasPrefix(row) && found[1] == most, "\(found), \(row): \(most)")
        }
    }

    // What one is paged for.

    @Test func everyAlertAndReasonHasAChapter() throws {
        let chapters = headings(try article("Alerts"), level: 3).map { Article.anchor(of: $0) }
        let alerts = try text("Config/alerts.yaml").matches(of: /runbook: "([^"]*)"/).map { String($0.1) }
        #expect(alerts.count > 10 && alerts.allSatisfy { $0.hasPrefix("/manual/alerts#") })
        let reasons = HealthCheck.Reason.allCases.map { "/manual/alerts#\($0.rawValue)" }
        #expect(Set(chapters.map { "/manual/alerts#\($0)" }) == Set(alerts + reasons))
        let names = try text("Config/alerts.yaml").matches(of: /alert: (\w+)/).map { "`\($0.1)`" }
        let told = try rows(article("Alerts"), "alert").map { $0[0] }
        #expect(told.sorted() == names.sorted())
    }

    @Test(arguments: ProblemCode.allCases) func problemsLeadToArticles(code: ProblemCode) throws {
        guard let place = code.manual else { return }
        let parts = place.split(separator: "#")
        let article = try #require(Manual.articles.first { "/manual/\($0.name)" == parts[0] })
        #expect(parts.count == 1 || article.headings.contains { $0.anchor == parts[1] }, "\(place)")
    }

    // Others.

    @Test func everyTypeOfEventIsThere() throws {
        let described = try text("Config/asyncapi.json").matches(of: /"ce_type":\{"description":"[^"]*","const":"([a-z.]+)"/).map {
            String($0.1)
        }
        let told = try rows(article("Events"), "type").map { code($0[0]) }
        #expect(Set(told) == Set(described) && told.count == Set(told).count)
    }

    @Test func everyExitCodeIsThere() throws {
        let source = try text("Sources/Daemon/Commands/ExitCode.swift")
        let codes = source.matches(of: /case `?\w+`? = (\d+)/).map { String($0.1) }
        let told = try rows(article("Operations"), "exit code").map { $0[0] }
        #expect(codes.count > 8 && told == codes)
    }

    @Test(arguments: ["mirror.py", "members.sql"]) func programsToSaveAreThoseOfTheExamples(name: String) throws {
        let file = try text("Config/examples/downstream/\(name)")
        #expect(
            try text("Sources/audienced/audienced.docc/Downstream.md").contains(
                "as `\(name)`:\n\n```\(name.hasSuffix("py") ? "python" : "sql")\n\(file)```\n"))
    }

    /// A page for each type of activity, and none for another.
    @Test func activitiesAreThoseThereAre() throws {
        let pages = try #require(Manual.parts.first { $0.title == "The activities of a campaign" })
        #expect(pages.articles.map(\.title).sorted() == ActivityType.allCases.map(\.rawValue).sorted())
    }
}
