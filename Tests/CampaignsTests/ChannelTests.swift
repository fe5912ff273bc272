// Goal: channels are read and refused as contract §2.2 and semantics §4 say. Method: definitions in tables, with what they come to or the
// paths of their problems.

import Testing

@testable import Campaigns

@Suite struct ChannelTests {
    private static let whole =
        #""channel": "email", "identity": {"field": "email", "namespace": "Email"}, "address": "Lower(email)""#

    private func channel(_ members: String, from: String = "all") -> String {
        #"{"id": "c", "type": "channel", "from": "\#(from)", \#(members)}"#
    }

    @Test func whole() throws {
        let more = #"""
            , "category": "transactional", "template": "hello", "repeat": "every-entry", "cooldown": "P1DT1H",
            "attributes": [{"name": "a", "source": "age"}, {"name": "b", "source": "'x'"}]
            """#
        guard case .channel(let channel) = try ActivityDefinitions(channel(Self.whole + more)).activity("c") else { fatalError() }
        #expect(channel.channel == .email && channel.category == .transactional && channel.repeats == .everyEntry)
        #expect(channel.namespace == "Email" && channel.template == "hello" && channel.dimension == "customers")
        #expect(channel.cooldown == CalendarDuration(days: 1, milliseconds: 3_600_000) && channel.timezone == "UTC")
        #expect(channel.attributes.map(\.name) == ["a", "b"] && channel.address.type == .string)
    }

    @Test func defaults() throws {
        guard case .channel(let channel) = try ActivityDefinitions(channel(Self.whole)).activity("c") else { fatalError() }
        #expect(channel.category == .marketing && channel.repeats == .once && channel.cooldown == nil && channel.template == nil)
        #expect(channel.attributes.isEmpty, "the primary key is of save-audience alone")
    }

    @Test(arguments: [
        ("sms", Channel.Kind.sms), ("push", .push), ("direct-mail", .directMail), ("email", .email), ("mail", nil), ("Email", nil),
    ])
    func kinds(_ word: String, _ kind: Channel.Kind?) throws {
        let read = try ActivityDefinitions(channel(Self.whole.replacing(#""email", "id"#, with: #""\#(word)", "id"#)))
        #expect(read.paths == (kind == nil ? ["activities[1].channel"] : []))
        guard let kind, case .channel(let channel) = try read.activity("c") else { return }
        #expect(channel.channel == kind)
    }

    @Test(
        arguments: [
            (#""template": 5"#, ["template"]), (#""repeat": "twice""#, ["repeat"]), (#""category": "spam""#, ["category"]),
            (#""cooldown": "1 day""#, ["cooldown"]), (#""cooldown": 5"#, ["cooldown"]), (#""cooldown": "PT0S""#, []),
            (#""cooldown": null"#, []),
            (#""more": 1"#, ["more"]),
            (
                #""attributes": [{"name": "a", "source": "x"}, {"name": "a", "source": "age"}]"#,
                ["attributes[0].source", "attributes[1].name"]
            ),
            (#""attributes": []"#, []), (#""attributes": 5"#, ["attributes"]),
        ] as [(String, [String])])
    func problems(_ members: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(channel("\(Self.whole), \(members)")).paths == paths.map { "activities[1].\($0)" })
    }

    @Test func whatIsMissing() throws {
        #expect(
            try ActivityDefinitions(channel(#""label": "x""#)).paths == ["address", "channel", "identity"].map { "activities[1].\($0)" })
        let wrong = #""channel": "email", "identity": {"field": "country", "namespace": "Email", "x": 1}, "address": "age""#
        #expect(
            try ActivityDefinitions(channel(wrong)).paths == ["address", "identity.field", "identity.x"].map { "activities[1].\($0)" })
        #expect(try ActivityDefinitions(channel(Self.whole, from: "nobody")).paths == ["activities[1].from"])
        #expect(
            try ActivityDefinitions(channel(#""channel": "sms", "identity": {"field": "k", "namespace": "no good"}, "address": "NULL""#))
                .paths
                == ["activities[1].identity.namespace"])
    }

    @Test func theOutputIsTheInbound() throws {
        let column = ActivityDefinitions.column("e", "k", "ToString(age)")
        let carried = #""channel": "sms", "identity": {"field": "k", "namespace": "Any"}, "address": "k""#
        let read = try ActivityDefinitions(column, channel(carried, from: "e"), ActivityDefinitions.save(from: "c", source: "k"))
        #expect(read.paths == [])
        guard case .channel(let channel) = try read.activity("c") else { fatalError() }
        #expect(channel.identity == .carried("k", type: .string) && channel.namespace == "Any")
    }

    @Test func atMostTenOfThem() throws {
        func paths(_ count: Int) throws -> [String] {
            let channels = (0..<count).map { #"{"id": "c\#($0)", "type": "channel", "from": "b", \#(Self.whole)}"# }
            let text =
                #"{"id": "c", "activities": [{"id": "b", "type": "build-audience", "dimension": "customers"}, \#(channels.joined(separator: ", "))]}"#
            return readCampaign(try JSON(text), catalog: try catalog(Samples.shop), zones: zone).problems.map(\.path)
        }
        #expect(try paths(10) == [] && paths(11) == ["activities"])
    }
}
