// Goal: a definition costs no more than its size, however wrong it is, and what is said of it fits in one event (Limits). Method:
// large definitions, of which each takes minutes where something in them meets everything else, and hours when it is as large as a record
// may be.

import Testing

@testable import Campaigns

@Suite struct HostileDefinitionTests {
    private func object(_ members: (String, JSON)...) -> JSON { .object(members.map { JSON.Member($0, $1) }) }

    private func field(_ number: Int) -> JSON { object(("name", .string("field\(number)")), ("type", .string("string"))) }

    private func schema(fields: Int, key: [JSON] = [.string("field0")], _ more: (String, JSON)...) -> JSON {
        .object(
            [
                JSON.Member("name", .string("wide")), JSON.Member("fields", .array((0..<fields).map(field))),
                JSON.Member("primaryKey", .array(key)),
            ] + more.map { JSON.Member($0, $1) })
    }

    private func problems(_ schema: JSON) -> [Problem] {
        var catalog = Catalog()
        return catalog.publish(schema).problems
    }

    private func campaign(filter: JSON) -> [Problem] {
        var catalog = Catalog()
        #expect(catalog.publish(schema(fields: 200)).problems.isEmpty)
        let build = object(
            ("id", .string("b")), ("type", .string("build-audience")), ("dimension", .string("wide")), ("filter", filter))
        return readCampaign(object(("id", .string("c")), ("activities", .array([build]))), catalog: catalog, zones: { _ in nil }).problems
    }

    /// They are told in as many bytes as fit, and that there are more.
    private func expectMore(_ problems: [Problem], first: Problem) {
        #expect(problems.first == first)
        #expect(problems.last == Problem(path: "", message: "there are more problems than are told", hint: "fix these first"))
        let bytes = problems.dropLast().reduce(0) { $0 + $1.path.utf8.count + $1.message.utf8.count + ($1.hint?.utf8.count ?? 0) }
        #expect(bytes <= Limits.problemBytes && bytes > Limits.problemBytes - 3 * Limits.problemTextBytes)
    }

    @Test func manyUnknownMembers() {
        let members = (0..<50_000).map { JSON.Member("member\($0)", .null) }
        expectMore(
            problems(.object(members + [JSON.Member("x", .boolean(true))])).filter { $0.hint != nil },
            first: Problem(
                path: "member0", message: "unknown member", hint: "known: fields, identities, label, links, name, primaryKey, version"))
    }

    @Test func unknownNamesBesideManyKnownOnes() {
        let key = (0..<Limits.fields).map { JSON.string("failed\($0)") }
        expectMore(
            problems(schema(fields: 200, key: key)),
            first: Problem(path: "primaryKey[0]", message: "unknown field 'failed0'", hint: "did you mean field0?"))
        expectMore(
            campaign(filter: object(("or", .array((0..<50_000).map { _ in .string("failed = 1") })))),
            first: Problem(
                path: "activities[0].filter.or[0]", message: "unknown field 'failed' of wide, in 'failed = 1'", hint: "did you mean field0?"
            ))
    }

    @Test func moreThanASchemaHas() {
        #expect(problems(schema(fields: Limits.fields)).isEmpty)
        #expect(problems(schema(fields: 50_000)).map(\.path) == ["fields"])
        let link = { (number: Int) in
            self.object(
                ("name", .string("link\(number)")), ("to", .string("other")), ("on", self.object(("field0", .string("id")))),
                ("reverse", .string("reverse\(number)")))
        }
        #expect(problems(schema(fields: 1, ("links", .array((0..<Limits.links).map(link))))).isEmpty)
        #expect(problems(schema(fields: 1, ("links", .array((0..<20_000).map(link))))).map(\.path) == ["links"])
        let values = { (count: Int) in
            let type = self.object(
                ("name", .string("e")), ("type", .string("enum")), ("values", .array((0..<count).map { .string("value\($0)") })))
            return self.problems(self.object(("name", .string("t")), ("fields", .array([type])), ("primaryKey", .array([.string("e")]))))
                .map(\.path)
        }
        #expect(values(Limits.enumValues).isEmpty)
        #expect(values(50_000) == ["fields[0].values"])
    }

    @Test func textsOfProblemsAreCut() {
        let name = String(repeating: "é", count: 1_000_000)
        let found = problems(
            object(("name", .string("t")), ("fields", .array([field(0)])), ("primaryKey", .array([.string(name)])), (name, .null)))
        #expect(found.map(\.message) == ["unknown field '\(String(repeating: "é", count: 80))…'", "unknown member"])
        #expect(found[1].path == String(repeating: "é", count: (Limits.problemTextBytes - 3) / 2) + "…")
    }

    @Test func labelsAreShort() throws {
        func paths(_ label: String) throws -> [String] {
            let text = """
                {"id": "c", "activities": [{"id": "b", "type": "build-audience", "dimension": "customers"},
                 {"id": "s", "type": "save-audience", "from": "b", "audience": {"id": "a", "label": "\(label)"},
                  "identity": {"field": "email", "namespace": "Email"}}]}
                """
            return readCampaign(try JSON(text), catalog: try catalog(Samples.shop), zones: zone).problems.map(\.path)
        }
        #expect(try paths(String(repeating: "l", count: Limits.labelBytes)) == [])
        #expect(try paths(String(repeating: "l", count: Limits.labelBytes + 1)) == ["activities[1].audience.label"])
    }

    @Test(arguments: [
        ("", 4, ""), ("abcd", 4, "abcd"), ("abcde", 4, "a…"), ("éé", 4, "éé"), ("ééa", 4, "…"), ("aéa€", 6, "aé…"), ("😀😀", 7, "😀…"),
        ("😀😀", 6, "…"), ("e\u{301}e\u{301}", 5, "e…"),
    ])
    func cut(_ text: String, _ most: Int, _ expected: String) {
        #expect(Array(text.cut(toBytes: most).unicodeScalars) == Array(expected.unicodeScalars))
    }
}
