// Goal: schemas are read, numbered, extended and refused as contract §2.1 says. Method: definitions of the conformance suite are
// published, and the paths of problems and the numbers of fields compared.

import Testing

@testable import Campaigns

@Suite struct CatalogTests {
    private let a = """
        {"name": "a", "fields": [{"name": "id", "type": "string"}, {"name": "b_id", "type": "integer"}], "primaryKey": ["id"],
         "identities": [{"field": "id", "namespace": "A"}],
         "links": [{"name": "b", "to": "b", "on": {"b_id": "id"}, "reverse": "as"}]}
        """
    private let b =
        #"{"name": "b", "fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}], "primaryKey": ["id"]}"#

    private func paths(_ catalog: inout Catalog, _ definition: String) throws -> Set<String> {
        Set(catalog.publish(try JSON(definition)).problems.map(\.path))
    }

    @Test func readsASchema() throws {
        var catalog = Catalog()
        let definition = """
            {"name": "p", "fields": [{"name": "id", "type": "string"}, {"name": "at", "type": "datetime", "unit": "seconds"},
             {"name": "e", "type": "enum", "values": ["x", "y", "x"]}, {"name": "v", "type": "integer"}], "primaryKey": ["e", "id"],
              "version": "v",
             "identities": [{"field": "id", "namespace": "P"}], "links": [{"name": "up", "to": "p", "on": {"e": "e", "id": "id"},
              "unique": true}]}
            """
        let schema = try #require(catalog.publish(try JSON(definition)).schema)
        #expect(schema.fields.map(\.name) == ["id", "at", "e", "v"])
        #expect(schema.fields[1].unit == .seconds)
        #expect(schema.fields[2].values == ["x", "y"])
        #expect(schema.primaryKey == [2, 0])
        #expect(schema.version == 3)
        #expect(schema.identities == [Identity(field: 0, namespace: "P")])
        #expect(schema.links[0].isUnique)
        #expect(catalog.schemas == [schema])
        #expect(catalog.schema(named: "p") == schema)
    }

    @Test func linkResolvesWhenItsTargetArrives() throws {
        var catalog = Catalog()
        #expect(try paths(&catalog, a) == [])
        let early = try #require(catalog.schema(named: "a"))
        func isRead(_ catalog: Catalog) -> Bool {
            readExpression("b.name = 'n'", about: early, catalog: catalog, zone: "UTC", isTimeZone: { _ in true }).expression != nil
        }
        #expect(!isRead(catalog))
        #expect(try paths(&catalog, b) == [])
        #expect(isRead(catalog))
        #expect(catalog.schemas.map(\.name) == ["a", "b"])
    }

    @Test func targetThatDoesNotFitALinkIsRefused() throws {
        var catalog = try catalog([a])
        #expect(
            try paths(&catalog, #"{"name": "b", "fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}"#) == ["links[0].on"])
        let taken = #"{"name": "b", "fields": [{"name": "id", "type": "integer"}, {"name": "as", "type": "string"}], "primaryKey": ["id"]}"#
        #expect(try paths(&catalog, taken) == ["links[0].reverse"])
        #expect(catalog.schemas.map(\.name) == ["a"])
    }

    /// Whatever is published and extended, the problems of links are those that a look at all links of all schemas finds, in their order.
    @Test(arguments: 0..<40)
    func linksAreCheckedAsByAWalk(seed: Int) throws {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15
        func number(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var catalog = Catalog()
        var live: [(name: String, links: [(name: String, target: String, reverse: String)])] = []
        for _ in 0..<30 {
            let name = "s\(number(6))"
            let place = live.firstIndex { $0.name == name }
            var links = place.map { live[$0].links } ?? []
            for _ in 0..<number(3) { links.append(("l\(links.count)", "s\(number(6))", "r\(number(4))")) }
            let texts = links.map { #"{"name": "\#($0.name)", "to": "\#($0.target)", "on": {"id": "id"}, "reverse": "\#($0.reverse)"}"# }
            let definition = """
                {"name": "\(name)", "fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"],
                 "links": [\(texts.joined(separator: ","))]}
                """
            var changed = live
            if let place { changed[place].links = links } else { changed.append((name, links)) }
            let all = changed.flatMap(\.links)
            let taken = changed.flatMap { schema in
                schema.links.enumerated().filter { _, link in
                    changed.contains { $0.name == link.target } && all.count { $0.target == link.target && $0.reverse == link.reverse } > 1
                }.map { "links[\($0.offset)].reverse: \(schema.name)" }
            }
            let problems = catalog.publish(try JSON(definition)).problems
            #expect(problems.map { "\($0.path): \($0.message.split(separator: " of ")[1].prefix(2))" } == taken)
            if taken.isEmpty { live = changed }
            #expect(catalog.schemas.map(\.name) == live.map(\.name))
        }
        #expect(!live.isEmpty)
    }

    @Test func extensionKeepsNumbers() throws {
        var catalog = try catalog([a, b])
        let more = """
            {"name": "a", "fields": [{"name": "extra", "type": "enum", "values": ["x"]}, {"name": "b_id", "type": "integer"},
             {"name": "id", "type": "string"}],
             "primaryKey": ["id"], "identities": [{"field": "extra2", "namespace": "X"}, {"field": "id", "namespace": "A"}],
             "links": [{"name": "again", "to": "b", "on": {"b_id": "id"}}, {"name": "b", "to": "b", "on": {"b_id": "id"}, "reverse": "as"}]}
            """
        #expect(try paths(&catalog, more) == ["identities[0].field"])
        let fine = more.replacing("extra2", with: "id")
        #expect(try paths(&catalog, fine) == [])
        let schema = try #require(catalog.schema(named: "a"))
        #expect(schema.fields.map(\.name) == ["id", "b_id", "extra"])
        #expect(schema.links.map(\.name) == ["b", "again"])
        #expect(schema.identities == [Identity(field: 0, namespace: "A"), Identity(field: 0, namespace: "X")])
        #expect(schema.primaryKey == [0])
        #expect(try paths(&catalog, fine.replacing(#"["x"]"#, with: #"["y", "x"]"#)) == [])
        #expect(catalog.schema(named: "a")?.fields[2].values == ["x", "y"])
        #expect(catalog.schemas.map(\.name) == ["a", "b"])
    }

    @Test func labelsAndSchemaReferences() throws {
        func problems(_ top: String, _ field: String = "") throws -> Set<String> {
            var catalog = Catalog()
            return try paths(
                &catalog, #"{"name": "a", "primaryKey": ["id"], "fields": [{"name": "id", "type": "string"\#(field)}]\#(top)}"#)
        }
        let long = String(repeating: "l", count: Limits.labelBytes)
        #expect(try problems(#", "$schema": "https://example.org/schema.json", "label": "A""#, #", "label": "The id""#) == [])
        #expect(try problems(#", "$schema": null, "label": null"#, #", "label": null"#) == [])
        #expect(try problems(#", "label": "\#(long)""#, #", "label": "\#(long)""#) == [])
        let longer = #", "label": "\#(long)x""#
        #expect(try problems(longer + #", "$schema": 5"#, longer) == ["label", "$schema", "fields[0].label"])
        #expect(try problems(#", "label": 5"#, #", "label": {}, "$schema": "x""#) == ["label", "fields[0].label", "fields[0].$schema"])
        var catalog = try catalog([b])
        #expect(try paths(&catalog, b.replacing(#""fields""#, with: #""label": "B", "fields""#)) == [], "a label may change")
    }

    @Test func changesOfFieldsSayFromWhatToWhat() throws {
        let was = #"{"name": "a", "primaryKey": ["id"], "fields": [{"name": "id", "type": "string"}, FIELD]}"#
        func message(_ before: String, _ after: String) throws -> String? {
            var catalog = try catalog([was.replacing("FIELD", with: before)])
            return catalog.publish(try JSON(was.replacing("FIELD", with: after))).problems.first?.message
        }
        let age = #"{"name": "age", "type": "integer"}"#
        #expect(try message(age, #"{"name": "age", "type": "string"}"#) == "field 'age' cannot change from integer to string")
        #expect(try message(age, #"{"name": "old", "type": "integer"}"#) == "field 'age' cannot go away")
        #expect(
            try message(#"{"name": "at", "type": "datetime"}"#, #"{"name": "at", "type": "datetime", "unit": "seconds"}"#)
                == "field 'at' cannot change its unit from milliseconds to seconds")
        #expect(
            try message(#"{"name": "e", "type": "enum", "values": ["a", "b", "c"]}"#, #"{"name": "e", "type": "enum", "values": ["a"]}"#)
                == "field 'e' cannot lose the value 'b' and 1 more")
    }

    @Test func otherChangesAreRefused() throws {
        var catalog = try catalog([a, b])
        let before = catalog.schemas
        #expect(try paths(&catalog, b.replacing(#", {"name": "name", "type": "string"}"#, with: "")) == ["fields"])
        #expect(try paths(&catalog, b.replacing(#"["id"]"#, with: #"["id", "name"]"#)) == ["primaryKey"])
        #expect(try paths(&catalog, b.replacing(#""fields""#, with: #""version": "id", "fields""#)) == ["version"])
        #expect(try paths(&catalog, a.replacing(#""namespace": "A""#, with: #""namespace": "B""#)) == ["identities"])
        #expect(try paths(&catalog, a.replacing(#""reverse": "as""#, with: #""reverse": "others""#)) == ["links"])
        #expect(catalog.schemas == before)
    }

    @Test func everyProblemIsReported() throws {
        var catalog = try catalog([a, b])
        let bad = """
            {"name": "bad", "fields": [{"name": "id", "type": "text"}, {"name": "e", "type": "enum"}, {"name": "n", "type": "integer",
             "unit": "seconds"},
             {"name": "n", "type": "datetime", "unit": "hours"}, {"name": "1x", "type": "string", "color": 1}, 7],
             "primaryKey": ["nope"], "version": "id", "identities": [{"field": "n", "namespace": "N"}, {"field": "id",
              "namespace": "1"}], "extra": 1,
             "links": [{"name": "n", "to": "b", "on": {"zz": "id", "n": 4}, "unique": "yes", "reverse": "a b"}, {}]}
            """
        #expect(
            try paths(&catalog, bad) == [
                "fields[0].type", "fields[1].values", "fields[2].unit", "fields[3].name", "fields[3].unit", "fields[4].name",
                "fields[4].color",
                "fields[5]", "primaryKey[0]", "version", "identities[0].field", "identities[1].namespace", "extra", "links[0].on",
                "links[0].name",
                "links[0].unique", "links[0].reverse", "links[1].name", "links[1].to", "links[1].on",
            ])
        #expect(try paths(&catalog, "[]") == [""])
        #expect(try paths(&catalog, "{}") == ["name", "fields", "primaryKey"])
        let mismatch = """
            {"name": "c", "fields": [{"name": "id", "type": "string"}, {"name": "b_id", "type": "string"}], "primaryKey": ["id"],
             "links": [{"name": "b", "to": "b", "on": {"b_id": "id"}}]}
            """
        #expect(try paths(&catalog, mismatch) == ["links[0].on"])
    }
}
