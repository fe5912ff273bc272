// The description of the API, OpenAPI 3.1, made from the table of routes: what is served and what is described cannot differ.
import Campaigns
import HTTP

enum OpenAPI {
    /// The document.
    static func document(of routes: [Route], version: String) -> JSON {
        var paths: [(path: String, operations: [JSON.Member])] = []
        for route in routes {
            let operation = JSON.Member(route.method.rawValue.lowercased(), self.operation(route))
            if let place = paths.firstIndex(where: { $0.path == route.path }) {
                paths[place].operations.append(operation)
            } else {
                paths.append((route.path, [operation]))
            }
        }
        return object([
            ("openapi", .string("3.1.0")),
            (
                "info",
                object([
                    ("title", .string("audienced")), ("version", .string(version)),
                    (
                        "description",
                        .string(
                            "Committed state of a deployment: audiences, members, campaigns, and why somebody is a member or is not. "
                                + "Every answer names its commit in Audienced-Sequence.")
                    ), ("license", object([("name", .string("see the repository"))])),
                ])
            ), ("servers", .array([object([("url", .string("/"))])])),
            ("paths", .object(paths.map { JSON.Member($0.path, .object($0.operations)) })), ("components", components),
        ])
    }

    private static func object(_ members: [(String, JSON)]) -> JSON { .object(members.map { JSON.Member($0.0, $0.1) }) }

    private static func operation(_ route: Route) -> JSON {
        var members: [(String, JSON)] = [("operationId", .string(route.name)), ("summary", .string(route.summary))]
        if let role = route.role {
            members.append(("description", .string("Role \(role.name).")))
            let token = [object([("bearer", .array([]))]), object([("basic", .array([]))])]
            members.append(("security", .array(role == .publish ? token : token + [object([])])))
        }
        let parameters = route.path.split(separator: "/").compactMap(pathParameter) + route.query.map(parameter)
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let content = route.content, content.maximumBytes > 1024 {
            let types = content.types.map { ($0, object([("schema", object([("type", .string("object"))]))])) }
            members.append(("requestBody", object([("required", .boolean(true)), ("content", object(types))])))
        } else if let content = route.content {
            let types = content.types.map { ($0, object([("schema", object([("type", .string("object"))]))])) }
            members.append(("requestBody", object([("required", .boolean(false)), ("content", object(types))])))
        }
        members.append(("responses", responses(of: route)))
        return object(members)
    }

    /// Of `{id}` and of `{id}:stop`.
    private static func pathParameter(_ segment: Substring) -> JSON? {
        guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return nil }
        let name = String(segment[segment.index(after: segment.startIndex)..<end])
        return object([
            ("name", .string(name)), ("in", .string("path")), ("required", .boolean(true)),
            ("schema", object([("type", .string("string"))])),
        ])
    }

    private static func parameter(_ parameter: QueryParameter) -> JSON {
        var schema: [(String, JSON)]
        switch parameter.kind {
        case .text(let maximumBytes): schema = [("type", .string("string")), ("maxLength", .integer(Int64(maximumBytes)))]
        case .integer(let range):
            schema = [
                ("type", .string("integer")), ("format", .string("int64")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .choice(let words): schema = [("type", .string("string")), ("enum", .array(words.map(JSON.string)))]
        case .flag: schema = [("type", .string("string")), ("enum", .array(["1", "true", "0", "false"].map(JSON.string)))]
        case .instant: schema = [("type", .string("string")), ("format", .string("date-time"))]
        }
        if let fallback = parameter.fallback {
            let isNumber = if case .integer = parameter.kind { true } else { false }
            schema.append(("default", isNumber ? Int64(fallback).map(JSON.integer) ?? .string(fallback) : .string(fallback)))
        }
        return object([
            ("name", .string(parameter.name)), ("in", .string("query")), ("required", .boolean(false)),
            ("description", .string(parameter.summary)), ("schema", object(schema)),
        ])
    }

    private static func responses(of route: Route) -> JSON {
        func answer(_ description: String) -> JSON {
            let media = route.answers.map { type in
                (type, object([("schema", object([("type", .string(type == "application/json" ? "object" : "string"))]))]))
            }
            let sequence = object([
                ("description", .string("The commit that is shown.")), ("schema", object([("type", .string("string"))])),
            ])
            return object([
                ("description", .string(description)), ("headers", object([("Audienced-Sequence", sequence)])), ("content", object(media)),
            ])
        }
        let problem = object([
            ("description", .string("A problem document.")),
            (
                "content",
                object([("application/problem+json", object([("schema", object([("$ref", .string("#/components/schemas/Problem"))]))]))])
            ),
        ])
        var responses: [(String, JSON)]
        if route.role == .publish, route.method != .put {
            responses = [("201", answer("Committed.")), ("202", answer("Written; not committed yet."))]
        } else {
            responses = [("200", answer("The answer."))]
            if route.method == .get { responses.append(("304", object([("description", .string("As it was."))]))) }
        }
        responses.append(("default", problem))
        return object(responses)
    }

    private static let components = object([
        (
            "securitySchemes",
            object([
                ("bearer", object([("type", .string("http")), ("scheme", .string("bearer"))])),
                ("basic", object([("type", .string("http")), ("scheme", .string("basic"))])),
            ])
        ),
        (
            "schemas",
            object([
                (
                    "Problem",
                    object([
                        ("type", .string("object")), ("description", .string("RFC 9457.")),
                        ("required", .array(["type", "code", "title", "status", "detail", "instance"].map(JSON.string))),
                        (
                            "properties",
                            object([
                                ("type", object([("type", .string("string"))])),
                                (
                                    "code",
                                    object([
                                        ("type", .string("string")), ("enum", .array(ProblemCode.allCases.map { .string($0.rawValue) })),
                                    ])
                                ), ("title", object([("type", .string("string"))])), ("status", object([("type", .string("integer"))])),
                                ("detail", object([("type", .string("string"))])), ("instance", object([("type", .string("string"))])),
                                ("hint", object([("type", .string("string"))])), ("sequence", object([("type", .string("integer"))])),
                                ("problems", object([("type", .string("array"))])),
                            ])
                        ),
                    ])
                )
            ])
        ),
    ])
}
