// Goal: the campaigns of Config/examples are right, and do what their pages say. Method: each is validated, and replayed over the rows of
// its story (ActivityExamples.swift, CampaignExamples.swift); members, requests and alerts are compared whole, and pages with files.

import Testing

@testable import Campaigns
@testable import Daemon
@testable import Storage

/// One campaign of Config/examples, what happens to it, and what must come of it.
struct Example: CustomTestStringConvertible {
    /// Below Config/examples, without its ending.
    var name: String
    /// Lines in the order of time, those of one time as a commit: `2026-03-01 09:00 table {row}` writes a row, `-table` deletes one;
    /// `publish` publishes the campaign, or the one that is named; `tick` lets the time come.
    var input: String
    /// `+` enters an audience, `~` is changed, `-` leaves; `>` is a request of a channel, `!` an alert. Many who do the same at one time
    /// are counted.
    var output: String

    var testDescription: String { name }
}

@Suite struct ExampleTests {
    private static let folder = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/Config/examples"

    /// The names of all examples of a folder.
    private func names(_ folder: String) throws -> [String] {
        try Folders.names(in: "\(Self.folder)/\(folder)").map { "\(folder)/\($0.dropLast(".json".count))" }.sorted()
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try OpenFile.reading("\(Self.folder)/\(name).json").read(maximumBytes: Int.max), as: UTF8.self)
    }

    @Test func allAreWithoutProblemsAndWarnings() throws {
        let names = try ["schemas"] + self.names("activities") + self.names("campaigns")
        let definitions = try names.flatMap { try DefinitionFileReader().read("\(Self.folder)/\($0).json") }
        let validation = Validation(of: definitions, zoneNames: TimeZones.system.names, zones: TimeZones.system.rules)
        #expect(validation.findings.map { "\($0.file): \($0.problem.path) \($0.problem.message)" } == [])
        #expect(validation.campaigns == names.count - 1 && validation.schemas == 8)
    }

    @Test func everyActivityHasOneAndEachHasAStory() throws {
        #expect(try names("activities") == ActivityType.allCases.map { "activities/\($0.rawValue)" }.sorted())
        #expect(try (names("activities") + names("campaigns")) == (Example.activities + Example.campaigns).map(\.name).sorted())
    }

    @Test(arguments: Example.activities + Example.campaigns) func itDoesWhatItShould(_ example: Example) throws {
        let (from, to) = (TemporaryFolder(), TemporaryFolder())
        try from.write("lines.ndjson", try lines(of: example).joined(separator: "\n") + "\n")
        var replay = try Replay(.init(input: from.path, output: to.path), zoneNames: TimeZones.system.names, zone: TimeZones.system.rules)
        _ = try replay.run(findingRuns: false)
        #expect(try to.read("dlq.ndjson") == "")
        let told = try story(of: to)
        #expect(told == example.output.split(separator: "\n").map(String.init))
        try expectTheSameFromACheckpoint(of: replay.machine)
        try expectTheSameFromGoldenCheckpoints(of: replay.machine, example: example.name)
    }

    /// Each activity has a page, and its example stands there as it does in the file.
    @Test(arguments: ActivityType.allCases) func aPageHasIt(_ type: ActivityType) throws {
        let pages = Self.folder + "/../../Sources/audienced/audienced.docc"
        let name = type.rawValue.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        func page(_ name: String) throws -> String {
            String(decoding: try OpenFile.reading("\(pages)/\(name).md").read(maximumBytes: Int.max), as: UTF8.self)
        }
        let text = try page("Activities/\(name)")
        #expect(text.hasPrefix("# \(type.rawValue)\n"))
        #expect(text.contains("```json\n\(try self.text("activities/\(type.rawValue)"))```\n"), "as in Config/examples")
        #expect(try page("audienced").contains("- <doc:\(name)>\n"))
    }

    // Into the replay.

    private func lines(of example: Example) throws -> [String] {
        let input = example.input.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 3).map(String.init) }
        let start = try #require(input.first.map(Self.time))
        guard case .array(let schemas) = json(try text("schemas")) else { return [] }
        let published = schemas.map { #"{"type":"schema.published","schema":\#(written($0)),"time":"\#(start)"}"# }
        var lines = published
        for (place, words) in input.enumerated() {
            if let line = try line(words, of: example) { lines.append(line) }
            let time = Self.time(words)
            if place + 1 < input.count, Self.time(input[place + 1]) == time { continue }
            // Control events go before the rows of their instant.
            lines.append(#"{"type":"barrier.requested","id":"\#(place)","time":"\#(time.replacing(":00Z", with: ":00.001Z"))"}"#)
        }
        return lines
    }

    private static func time(_ words: [String]) -> String { "\(words[0])T\(words[1]):00Z" }

    private func line(_ words: [String], of example: Example) throws -> String? {
        let time = Self.time(words)
        switch words[2] {
        case "publish":
            let campaign = json(try text(words.count > 3 ? words[3] : example.name))
            return Sample.publish(campaign: written(campaign)).dropLast() + #","time":"\#(time)"}"#
        case "tick": return nil
        case let table where table.hasPrefix("-"):
            return #"{"table":"\#(table.dropFirst())","op":"d","row":\#(words[3]),"time":"\#(time)"}"#
        default:
            return #"{"table":"\#(words[2])","op":"u","row":\#(words[3]),"time":"\#(time)"}"#
        }
    }

    // Out of it.

    /// Something that was said: a line of the story.
    private struct Event {
        var time: String
        /// What was done where, and by whom.
        var deed: String
        var who: String
    }

    private func story(of folder: TemporaryFolder) throws -> [String] {
        func values(_ file: String) throws -> [JSON] {
            try folder.read(file).split(separator: "\n").map { json(String($0))["value"] ?? .null }
        }
        let events =
            try values("audience-members.ndjson").compactMap(member) + values("channel-requests.ndjson").map(request)
            + values("audience-updated.ndjson").compactMap(alert)
        var lines: [String] = []
        for time in Set(events.map(\.time)).sorted() {
            let now = events.filter { $0.time == time }
            let deeds = now.map(\.deed).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            // What is done at one time stays in its order.
            let minute = time.prefix(16).replacing("T", with: " ")
            for deed in deeds {
                let many = now.filter { $0.deed == deed }.map(\.who)
                lines += many.count > 6 ? ["\(minute) \(deed): \(many.count)"] : many.map { "\(minute) \(deed) \($0)" }
            }
        }
        return lines
    }

    private func member(_ event: JSON) -> Event? {
        guard let status = event.text("status") else { return nil }
        let sign = ["realized": "+", "existing": "~", "exited": "-"][status] ?? "?"
        let attributes = event["attributes"].map { " " + written($0) } ?? ""
        return Event(
            time: event.text("time")!, deed: "\(sign) \(event.text("audience")!)", who: event.text("identity", "id")! + attributes)
    }

    private func request(_ event: JSON) -> Event {
        Event(
            time: event.text("time")!, deed: "> \(event.text("template")!)",
            who: "\(event.text("identity", "id")!) \(written(event["attributes"]!))")
    }

    private func alert(_ event: JSON) -> Event? {
        guard event.text("type") == "alert.raised" else { return nil }
        return Event(time: event.text("time")!, deed: "!", who: "\(event.text("title")!): \(written(event["rows"]!))")
    }
}
