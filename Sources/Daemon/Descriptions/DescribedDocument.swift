// The documents that describe what goes in and what comes out: served by the daemon, and the same bytes in `Config`.
import Campaigns
import HTTP

/// One document.
struct DescribedDocument: Sendable {
    /// Its path below the API's root, and below `Config`.
    let path: String
    /// Of its route.
    let name: String
    /// One sentence for the description of the API.
    let summary: String
    let document: JSON

    /// All but that of the API itself, which is made from the table of routes.
    static let all = [
        DescribedDocument(path: "asyncapi.json", name: "asyncapi", summary: "The topics: AsyncAPI 3.", document: AsyncAPI.document),
        schema("campaign", "campaigns", CampaignDescription.document),
        schema("schema", "schemas of rows", SchemaDescription.document),
        schema("event", "control events", EventDescription.document),
        schema("configuration", "the configuration", ConfigurationDescription.document),
    ]

    private static func schema(_ name: String, _ what: String, _ document: JSON) -> DescribedDocument {
        DescribedDocument(path: "schemas/\(name).json", name: "json-schema-\(name)", summary: "JSON Schema of \(what).", document: document)
    }

    /// Serves it.
    var route: Route {
        let response = Response(document: document)
        return Route(.get, "\(Resources.root)/\(path)", name: name, summary: summary, role: .observe) { _, responder in
            responder.answer(response)
        }
    }
}
