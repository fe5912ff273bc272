// Goal: the documents that describe what goes in and out are what is served, and say neither more nor less than the program reads. Method:
// golden files; the reader of campaigns is given every name there is; references and examples are looked up. That the schemas hold what the
// program accepts, and refuse nothing else, is tested with a validator in Tests/Descriptions.
import Campaigns
import Foundation
import Testing

@testable import Daemon

@Suite struct DescriptionTests {
    private static let house = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")

    @Test(arguments: DescribedDocument.all.map(\.path)) func theFileIsTheDocument(path: String) throws {
        let document = try #require(DescribedDocument.all.first { $0.path == path }).document
        var text = JSONText()
        text.append(document)
        let file = Self.house.appendingPathComponent("Config/\(path)")
        if ProcessInfo.processInfo.environment["AUDIENCED_GOLDEN"] != nil { try Data(text.bytes + [10]).write(to: file) }
        #expect(
            try Array(Data(contentsOf: file)) == text.bytes + [10], "AUDIENCED_GOLDEN=1 swift test --filter DescriptionTests writes it anew"
        )
        let isReadBack = JSON(text: text.bytes) == document
        #expect(isReadBack, "no member is there twice")
    }

    /// What each type of activity knows, from what the reader says of a member that it does not.
    @Test(arguments: ActivityType.allCases.map(\.rawValue)) func theMembersOfActivities(type: String) throws {
        let definitions = try #require(CampaignDescription.document["$defs"])
        func names(_ schema: JSON?) -> Set<String> {
            guard case .object(let members)? = schema?["properties"] else { return [] }
            return Set(members.map(\.name))
        }
        let common = names(definitions["activity"])
        let every = ActivityType.allCases.reduce(common) { $0.union(names(definitions[$1.rawValue])) }
        #expect(common.contains("label") && every.count > 40)
        var members = every.subtracting(["id", "type"]).sorted().map { JSON.Member($0, .null) }
        members += [JSON.Member("id", .string("a")), JSON.Member("type", .string(type))]
        let campaign = JSON.object([JSON.Member("id", .string("c")), JSON.Member("activities", .array([.object(members)]))])
        let problems = readCampaign(campaign, catalog: Catalog(), zones: { _ in nil }).problems
        let unknown = problems.filter { $0.message == "unknown member" }.map { String($0.path.dropFirst("activities[0].".count)) }
        #expect(every.subtracting(unknown) == common.union(names(definitions[type])))
    }

    /// References lead somewhere, within the document or to one beside it.
    @Test(arguments: DescribedDocument.all.map(\.path)) func references(path: String) throws {
        let document = try #require(DescribedDocument.all.first { $0.path == path }).document
        var references: Set<String> = []
        collect(document) { name, value in
            if name == "$ref", case .string(let place) = value { references.insert(place) }
        }
        for reference in references {
            let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let folder = path.contains("/") ? "schemas/" : ""
            let other = folder + parts[0].replacing("./", with: "")
            let target = parts[0].isEmpty ? document : DescribedDocument.all.first { $0.path == other }?.document
            let place = parts.count > 1 ? parts[1].split(separator: "/").map(String.init) : []
            #expect(place.reduce(target) { $0?[$1] } != nil, "\(reference)")
        }
        #expect(!references.isEmpty || path.hasSuffix("configuration.json"))
    }

    private func collect(_ value: JSON, _ body: (String, JSON) -> Void) {
        switch value {
        case .object(let members):
            for member in members {
                body(member.name, member.value)
                collect(member.value, body)
            }
        case .array(let items): for item in items { collect(item, body) }
        default: break
        }
    }

    @Test func theTopicsAreThoseOfTheStart() throws {
        let topics = Topics(Configuration(kafka: [:], data: ""))
        let described = try #require(AsyncAPI.document["channels"])
        guard case .object(let channels) = described else { return #expect(Bool(false), "no channels") }
        #expect(Set(channels.map(\.name)) == Set(topics.wanted.map(\.name)).subtracting([topics.journal]))
        #expect(
            described["audience-members"]?["bindings"]?["kafka"]?["topicConfiguration"]?["cleanup.policy"] == .array([.string("compact")]))
        #expect(described["campaign-publish"]?["bindings"]?["kafka"]?["partitions"] == .integer(1))
    }

    @Test func everyKeyOfTheConfigurationIsDescribed() throws {
        for (path, _) in ConfigurationKey.overridable {
            let described = path.reduce(ConfigurationDescription.document) { $0["properties"]?[$1] ?? .null }
            #expect(described["description"] != nil, "\(path)")
        }
    }
}
