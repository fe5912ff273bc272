// Goal: what the tests of mistakes and warnings share. Method: a filter about customers is read as a publish reads it.

import Testing

@testable import Campaigns

/// A filter, and what is told of it: "message → hint" each.
typealias Form = (source: String, expected: [String])

enum Dialects {
    private static let schemas = [
        """
        {"name": "customers", "primaryKey": ["id"], "identities": [{"field": "email", "namespace": "Email"}],
         "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "country", "type": "string"},
                    {"name": "age", "type": "integer"}, {"name": "seen", "type": "datetime"}, {"name": "born", "type": "date"},
                    {"name": "active", "type": "boolean"}, {"name": "score", "type": "double"}, {"name": "first-name", "type": "string"},
                    {"name": "end", "type": "string"}, {"name": "tier", "type": "enum", "values": ["gold", "silver"]}]}
        """,
        """
        {"name": "purchases", "primaryKey": ["id"],
         "fields": [{"name": "id", "type": "string"}, {"name": "customer_id", "type": "string"}, {"name": "amount", "type": "double"},
                    {"name": "at", "type": "datetime"}],
         "links": [{"name": "customer", "to": "customers", "on": {"customer_id": "id"}, "reverse": "purchases"}]}
        """,
    ]

    private static func read(_ filter: JSON) throws -> (problems: [Problem], warnings: [Problem]) {
        let build = JSON.object([
            .init("id", .string("b")), .init("type", .string("build-audience")), .init("dimension", .string("customers")),
            .init("filter", filter),
        ])
        let campaign = JSON.object([.init("id", .string("c")), .init("activities", .array([build]))])
        let names = ["America/New_York", "Europe/Paris", "UTC"]
        let read = readCampaign(campaign, catalog: try catalog(schemas), zoneNames: names, zones: zone)
        return (read.problems, read.warnings)
    }

    /// What is wrong with a filter, all of it at the filter's path.
    static func problems(_ source: String) throws -> [String] {
        let found = try read(.string(source))
        #expect(found.warnings.isEmpty || found.problems.isEmpty, "nothing is warned of where something is wrong")
        return found.problems.map { text(of: $0, in: source) }
    }

    /// What is hardly meant in a filter that is accepted.
    static func warnings(_ source: String) throws -> [String] {
        let found = try read(.string(source))
        #expect(found.problems.isEmpty)
        return found.warnings.map { text(of: $0, in: source) }
    }

    /// What is told of a group tree, as "path: message".
    static func warnings(ofTree tree: String) throws -> [String] {
        try read(try JSON(tree)).warnings.map { "\($0.path): \($0.message)" }
    }

    private static func text(of problem: Problem, in source: String) -> String {
        #expect(problem.path == "activities[0].filter")
        let end = ", in \(quoted(source))"
        #expect(problem.message.hasSuffix(end))
        return "\(problem.message.dropLast(end.count)) → \(problem.hint ?? "nothing")"
    }
}
