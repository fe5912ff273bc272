// Goal: campaigns are read and refused as contract §2.2 says, with every problem at its path. Method: definitions about the shop of the
// conformance suite are read, and the campaign or the paths of problems compared.

import Testing

@testable import Campaigns

@Suite struct CampaignDefinitionTests {
    private func read(_ definition: String) throws -> (campaign: Campaign?, problems: [Problem], warnings: [Problem]) {
        let read = readCampaign(try JSON(definition), catalog: try catalog(Samples.shop), zones: zone)
        #expect((read.campaign == nil) == !read.problems.isEmpty)
        return read
    }

    private func paths(_ definition: String) throws -> Set<String> {
        Set(try read(definition).problems.map(\.path))
    }

    private func activities(_ list: String...) -> String {
        #"{"id": "c", "activities": [\#(list.joined(separator: ", "))]}"#
    }

    private let build = #"{"id": "b", "type": "build-audience", "dimension": "customers"}"#

    private func save(_ id: String = "s", _ more: String = "", from: String = #""b""#, audience: String = #"{"id": "a"}"#) -> String {
        #"""
        {"id": "\#(id)", "type": "save-audience", "from": \#(from), "audience": \#(audience),
         "identity": {"field": "email", "namespace": "Email"}\#(more)}
        """#
    }

    @Test func wholeCampaign() throws {
        let text = """
            {"id": "recent", "name": "Recent buyers", "timezone": "Europe/Paris", "activities": [
              {"id": "s", "type": "save-audience", "label": "Save", "from": "b.main", "audience": {"id": "recent", "label": "Recent",
               "description": "…"},
               "identity": {"field": "email", "namespace": "Email"}, "mode": "mirror", "ifExists": "fail",
               "attributes": [{"source": "household.city", "name": "city of residence"}, {"source": "COUNT(purchases)", "name": "n"}]},
              {"id": "unused", "type": "build-audience", "dimension": "products"},
              {"id": "b", "type": "build-audience", "label": "Buyers", "dimension": "customers",
               "filter": "EXISTS(purchases WHERE at >= DaysAgo(30))"}]}
            """
        let campaign = try #require(try read(text).campaign)
        #expect(campaign.id == "recent")
        #expect(campaign.name == "Recent buyers")
        #expect(campaign.timezone == "Europe/Paris")
        #expect(campaign.activities.map(\.id) == ["unused", "b", "s"])
        #expect(campaign.activities[0] == .build(BuildAudience(id: "unused", dimension: "products", filter: nil)))
        let filter = try readCustomer("EXISTS(purchases WHERE at >= DaysAgo(30))")
        #expect(campaign.activities[1] == .build(BuildAudience(id: "b", dimension: "customers", filter: filter)))
        let expected = SaveAudience(
            id: "s", position: 0, from: Transition(activity: "b"), audience: "recent", label: "Recent",
            identity: .field(FieldPath(steps: [], schema: "customers", field: 1, type: .string)),
            namespace: "Email",
            attributes: [
                Attribute(name: "city of residence", source: try readCustomer("household.city")),
                Attribute(name: "n", source: try readCustomer("COUNT(purchases)")),
            ])
        #expect(campaign.saves == [expected])
    }

    @Test func defaults() throws {
        let campaign = try #require(
            try read(activities(build, save(), save("t", #", "attributes": []"#, from: #"["b.main"]"#, audience: #"{"id": "z"}"#))).campaign
        )
        #expect(campaign.name == "c")
        #expect(campaign.timezone == "UTC")
        #expect(campaign.saves[0].label == "a")
        #expect(campaign.saves[0].attributes == [Attribute(name: "id", source: try readCustomer("id"))])
        #expect(campaign.saves[1].attributes == [])
    }

    @Test func everyProblemIsReported() throws {
        let many = """
            {"id": "many", "timezone": "Mars/Olympus", "color": "red", "startAt": "2026-01-01T00:00:00Z", "endAt": null, "activities": [
             {"id": "x", "type": "build-audience", "dimension": "customer", "filter": "age > 1"},
             {"id": "y", "type": "build-audience", "dimension": "customers", "filter": {"and": ["age > 1", {"or": ["agee > 1",
              "country = 1"]}]}, "limit": 5},
             {"id": "y", "type": "fork", "from": "y", "outputs": ["only"]},
             {"id": "z", "type": "teleport", "from": "y"},
             {"id": "w", "type": "wait", "from": "nobody"},
             {"id": "s", "type": "save-audience", "from": "x", "audience": {"id": "a b", "kind": 1}, "identity": {"field": "email",
              "namespace": "1"}}]}
            """
        #expect(
            try paths(many) == [
                "timezone", "color", "activities[0].dimension", "activities[1].filter.and[1].or[0]",
                "activities[1].filter.and[1].or[1]",
                "activities[1].limit", "activities[2].id", "activities[2].outputs", "activities[3].type", "activities[4]",
                "activities[4].from",
                "activities[5].audience.id", "activities[5].audience.kind", "activities[5].identity.namespace",
            ])
        #expect(try paths("{}") == ["id", "activities"])
        #expect(try paths("7") == [""])
        #expect(try paths(#"{"id": "c", "activities": [{}, 5]}"#) == ["activities[0].id", "activities[0].type", "activities[1]"])
    }

    @Test func schemaReferenceAndTimeZone() throws {
        func problems(_ members: String) throws -> [Problem] { try read(#"{"id": "c", \#(members), "activities": [\#(build)]}"#).problems }
        #expect(try problems(#""$schema": "x""#).isEmpty && problems(#""$schema": null"#).isEmpty)
        #expect(try problems(#""$schema": 5"#).map(\.path) == ["$schema"])
        let inside = activities(build.replacing(#""id": "b""#, with: #""id": "b", "$schema": "x""#))
        #expect(try paths(inside) == ["activities[0].$schema"], "it is known at the top only")
        for zone in ["", "europe/paris", "Paris", "Europe/Paris/"] {
            #expect(try problems(#""timezone": "\#(zone)""#).map(\.path) == ["timezone"])
        }
    }

    @Test func aMissingFilterIsAWarning() throws {
        #expect(try read(activities(build)).warnings.map(\.path) == ["activities[0].filter"])
        #expect(try read(activities(build.replacing("customers\"", with: "customers\", \"filter\": \"TRUE\""))).warnings.isEmpty)
        // What an attribute says of nulls leaves nobody out.
        let attributes = #", "attributes": [{"name": "x", "source": "country != 'FR'"}, {"name": "y", "source": "age = NULL"}]"#
        let warnings = try read(activities(build, save("s", attributes))).warnings
        #expect(warnings.map(\.path) == ["activities[0].filter", "activities[1].attributes[1].source"])
    }

    @Test func graph() throws {
        #expect(try paths(activities(build, save(from: #""nobody""#))) == ["activities[1].from"])
        #expect(try read(activities(build, save(from: #""bb""#))).problems.first?.hint == "did you mean b?")
        #expect(try paths(activities(build, save(from: #""b.complement""#))) == ["activities[1].from"])
        #expect(try paths(activities(build, save(from: #"["b", "b"]"#))) == ["activities[1].from"])
        #expect(try paths(activities(build, save(from: "[]"))) == ["activities[1].from"])
        #expect(try paths(activities(build, save(from: "5"))) == ["activities[1].from"])
        #expect(try paths(activities(build, save(), save("t", from: #""s""#, audience: #"{"id": "z"}"#))) == ["activities[2].from"])
        #expect(
            try paths(activities(#"{"id": "b", "type": "build-audience", "dimension": "customers", "from": "b"}"#)) == [
                "activities[0].from"
            ])
        let loop = activities(
            #"{"id": "x", "type": "fork", "from": "y.a"}"#, #"{"id": "y", "type": "fork", "from": "x.a"}"#, save(from: #""x.a""#))
        #expect(Set(try paths(loop)).isSuperset(of: ["activities[0].from", "activities[1].from", "activities[2].from"]))
    }

    @Test func sizeIsBounded() throws {
        let builds = (0..<501).map { #"{"id": "b\#($0)", "type": "build-audience", "dimension": "customers"}"# }
        #expect(try paths(#"{"id": "c", "activities": [\#(builds.joined(separator: ","))]}"#) == ["activities"])
        #expect(try paths(#"{"id": "c", "activities": [\#(builds.dropLast().joined(separator: ","))]}"#) == [])
        let channels = (0..<11).map { #"{"id": "m\#($0)", "type": "channel", "from": "b"}"# }
        #expect(try paths(#"{"id": "c", "activities": [\#(build), \#(channels.joined(separator: ","))]}"#).contains("activities"))
    }

    @Test func identity() throws {
        func identity(_ text: String) throws -> Set<String> {
            try paths(
                activities(build, #"{"id": "s", "type": "save-audience", "from": "b", "audience": {"id": "a"}, "identity": \#(text)}"#))
        }
        #expect(try identity(#"{"field": "phone", "namespace": "Phone"}"#) == [])
        #expect(try identity(#"{"field": "email", "namespace": "Phone"}"#) == ["activities[1].identity.field"])
        #expect(try identity(#"{"field": "emial", "namespace": "Email"}"#) == ["activities[1].identity.field"])
        #expect(try identity(#"{"field": "tier", "namespace": "Email"}"#) == ["activities[1].identity.field"])
        #expect(try identity(#"{"field": "email", "namespace": "E-Mail:1"}"#) == ["activities[1].identity.namespace"])
        #expect(try identity(#"{}"#) == ["activities[1].identity.field", "activities[1].identity.namespace"])
        #expect(try identity("null") == ["activities[1].identity"])
    }

    @Test func attributes() throws {
        let attributes = """
            , "attributes": [{"source": "country", "name": "x"}, {"source": "country", "name": "x"}, {"source": "NOW()", "name": "t"},
                             {"source": "Hour(ToTimeZone(seen, 'Mars/Olympus'))", "name": "l"}, {"name": "m"},
                             {"source": "seen > DaysAgo(3)", "name": "fine", "more": 1}]
            """
        let base = "activities[1].attributes"
        #expect(
            try paths(activities(build, save("s", attributes))) == [
                "\(base)[1].name", "\(base)[2].source", "\(base)[3].source", "\(base)[4].source", "\(base)[5].more",
            ])
    }

    @Test func idsAndLabelsAreUnique() throws {
        #expect(try paths(activities(build, save(), save("t"))) == ["activities[2].audience.id"])
        let labels = activities(
            build, save("s", audience: #"{"id": "x", "label": "Best"}"#), save("t", audience: #"{"id": "y"}"#),
            save("u", audience: #"{"id": "z", "label": "Best"}"#), save("v", audience: #"{"id": "w", "label": "y"}"#))
        #expect(try paths(labels) == ["activities[3].audience.label", "activities[4].audience.label"])
        // Every event of an audience names its label.
        for (count, wanted) in [(1024, []), (1025, ["activities[1].audience.label"])] as [(Int, Set<String>)] {
            let label = String(repeating: "x", count: count)
            #expect(try paths(activities(build, save("s", audience: #"{"id": "x", "label": "\#(label)"}"#))) == wanted)
        }
    }
}
