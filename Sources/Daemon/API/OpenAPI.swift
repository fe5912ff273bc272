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
        let parameters = route.path.split(separator: "/").compactMap(pathParameter) + route.query.map(parameter) + conditions(of: route)
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let content = route.content {
            let schema = bodies[route.name] ?? .anything
            let types = content.types.map { ($0, object([("schema", schema.json)])) }
            members.append(("requestBody", object([("required", .boolean(true)), ("content", object(types))])))
        }
        members.append(("responses", responses(of: route)))
        return object(members)
    }

    /// What bodies must be. Others may be any JSON, `{}` for one: what a page cannot send is the type.
    private static let bodies = [
        "publish-campaign": JSONSchema.component("campaign"), "publish-schema": .component("schema"),
        "plan-campaigns": .any(of: [
            .component("campaign"), .list(of: .component("campaign"), atLeast: 1, atMost: PlannedCampaigns.mostCampaigns),
        ]),
        "log-level": JSONSchema.object([
            .required("level", .word(of: Log.Level.allCases.map { "\($0)" }), "The least that is logged."),
            .optional("for", .text(), "For how long, from a second to a day.", default: .string("PT15M")),
        ]).with("additionalProperties", .boolean(false)),
    ]

    /// Of `{id}` and of `{id}:stop`.
    private static func pathParameter(_ segment: Substring) -> JSON? {
        guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return nil }
        let name = String(segment[segment.index(after: segment.startIndex)..<end])
        let schema: JSONSchema =
            switch name {
            case "identity", "key", "from": .text(atLeast: 1, pattern: #"^[^\u0000]+$"#)
            case "offset", "sequence", "n": .integer(from: 0)
            case "file": .word(of: Resources.snapshotFileNames)
            default: DefinitionParts.identifier
            }
        return object([
            ("name", .string(name)), ("in", .string("path")), ("required", .boolean(true)), ("schema", schema.json),
        ])
    }

    /// "`If-Match: "3"`: only over version 3; `If-None-Match: *`: only if new."
    private static func conditions(of route: Route) -> [JSON] {
        guard route.role == .publish, route.name.hasSuffix("campaign") else { return [] }
        return [
            (name: "If-Match", help: "Only over this version of the campaign.", example: #""3""#),
            (name: "If-None-Match", help: "*: only if the campaign is new.", example: "*"),
        ].map {
            object([
                ("name", .string($0.name)), ("in", .string("header")), ("required", .boolean(false)), ("description", .string($0.help)),
                ("schema", JSONSchema.text().json), ("example", .string($0.example)),
            ])
        }
    }

    private static func parameter(_ parameter: QueryParameter) -> JSON {
        var schema: [(String, JSON)]
        switch parameter.kind {
        case .text(let maximumBytes): schema = JSONSchema.text(atMost: maximumBytes, pattern: #"^[^\u0000]*$"#).members
        case .integer(let range):
            schema = [
                ("type", .string("integer")), ("format", .string("int64")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .choice(let words): schema = [("type", .string("string")), ("enum", .array(words.map(JSON.string)))]
        case .flag: schema = [("type", .string("string")), ("enum", .array(["1", "true", "0", "false"].map(JSON.string)))]
        case .instant: schema = DefinitionParts.instant.members
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
        func answer(_ description: String, _ schema: JSONSchema) -> JSON {
            let media = route.answers.map { type in
                (type, object([("schema", (type == "application/json" ? schema : .text()).json)]))
            }
            let sequence = object([
                ("description", .string("The commit that is shown.")), ("schema", object([("type", .string("string"))])),
            ])
            return object([
                ("description", .string(description)), ("headers", object([("Audienced-Sequence", sequence)])), ("content", object(media)),
            ])
        }
        var responses: [(String, JSON)]
        if route.role == .publish, route.method != .put {
            let publication = AnswerDescription.publication
            responses = [("201", answer("Committed.", publication)), ("202", answer("Written; not committed yet.", publication))]
        } else {
            responses = [("200", answer("The answer.", AnswerDescription.schema(of: route.name)))]
            if route.method == .get { responses.append(("304", object([("description", .string("As it was."))]))) }
        }
        if route.answers.contains("application/octet-stream") { responses.append(("206", answer("A part.", .text()))) }
        for status in Set(refusals(of: route).map(\.status)).sorted() {
            responses.append((String(status), object([("$ref", .string("#/components/responses/\(status)"))])))
        }
        return object(responses)
    }

    /// The problems by their status.
    private static let problems = Dictionary(grouping: ProblemCode.allCases, by: \.status).sorted { $0.key < $1.key }.map { status, codes in
        let titles = codes.map { "\($0.rawValue): \($0.title)." }.joined(separator: " ")
        let content = object([("application/problem+json", object([("schema", JSONSchema.component("Problem").json)]))])
        return (String(status), object([("description", .string(titles)), ("content", content)]))
    }

    /// What a route may refuse with.
    private static func refusals(of route: Route) -> [ProblemCode] {
        var codes: [ProblemCode] = [
            .requestMalformed, .headersRepeated, .pathMalformed, .queryMalformed, .queryUnknown, .queryRepeated, .queryInvalid,
            .tokenUnknown,
            .notAcceptable, .bodyTooLong, .targetTooLong, .hostForeign, .headTooLong, .fault, .stopping,
        ]
        if route.role != nil { codes += [.tokenNeeded, .roleTooSmall] }
        if route.path.contains("{") { codes.append(.notFound) }
        if route.query.contains(where: { $0.name == "after" }) { codes.append(.cursorInvalid) }
        // What shows or changes committed state.
        if route.query.contains(where: { $0.name == "atLeast" }) { codes.append(.sequenceNotReached) }
        if !route.query.isEmpty || route.content != nil { codes += [.starting, .fenced, .tooBusy, .answerTooLate] }
        if route.method != .get { codes += [.originForeign, .contentTypeUnknown, .bodyMalformed, .bodyTooSlow] }
        if route.role == .publish { codes += [.versionDiffers, .definitionInvalid, .kafkaUnreachable] }
        if route.name == "plan-campaigns" { codes.append(.definitionInvalid) }
        if route.answers.contains("application/octet-stream") { codes.append(.rangeBeyondEnd) }
        if route.answers.contains("text/event-stream") { codes.append(.tooManyStreams) }
        return codes
    }

    private static let components = object([
        (
            "securitySchemes",
            object([
                ("bearer", object([("type", .string("http")), ("scheme", .string("bearer"))])),
                ("basic", object([("type", .string("http")), ("scheme", .string("basic"))])),
            ])
        ),
        ("responses", object(problems)),
        (
            "schemas",
            object(
                OutputMessages.parts.map { ($0.name, $0.schema.json) }
                    + SchemaComponents.components(of: CampaignDescription.document, as: "campaign")
                    + SchemaComponents.components(of: SchemaDescription.document, as: "schema")
                    + [("Problem", AnswerDescription.problem.json)])
        ),
    ])
}
