// A change of what is published, and how the API is asked for it.
import Campaigns
import HTTP
import Storage
import Wire

struct PublishedChange {
    /// "campaign recent-buyers"
    let name: String
    /// What becomes of it: "published".
    let verb: String
    let method: Method
    let path: String
    let body: [UInt8]?
    var isOfSchema = false
    /// What is published of a campaign.
    var campaign: (id: String, definition: JSON)?

    static func publish(schema: JSON) -> PublishedChange { publish(schema, "schema", named: "name") }
    static func publish(campaign: JSON) -> PublishedChange {
        var change = publish(campaign, "campaign", named: "id")
        change.campaign = (campaign.text("id") ?? "", campaign)
        return change
    }

    private static func publish(_ definition: JSON, _ kind: String, named name: String) -> PublishedChange {
        PublishedChange(
            name: "\(kind) \(printable(definition.text(name) ?? "without a readable \(name)"))", verb: "published", method: .post,
            path: DaemonClient.path(kind + "s"), body: Array(definition.line.utf8), isOfSchema: kind == "schema")
    }

    static func stop(campaign: String) -> PublishedChange {
        PublishedChange(
            name: "campaign \(printable(campaign))", verb: "stopped", method: .post,
            path: DaemonClient.path("campaigns", campaign) + ":stop",
            body: nil)
    }

    static func delete(campaign: String) -> PublishedChange {
        PublishedChange(
            name: "campaign \(printable(campaign))", verb: "deleted", method: .delete, path: DaemonClient.path("campaigns", campaign),
            body: nil)
    }

    /// The campaigns that the files publish, in their order; all else is refused.
    static func campaigns(in files: [String]) throws(CommandFailure) -> [JSON] {
        var campaigns: [JSON] = []
        for change in try all(in: files) {
            guard let campaign = change.campaign else {
                let hint = change.isOfSchema ? " — schemas only add, so publish them before" : ""
                throw CommandFailure(.refused, "a plan is made of campaigns, and the files have \(change.name), \(change.verb)\(hint)")
            }
            campaigns.append(campaign.definition)
        }
        return campaigns
    }

    /// What the files ask for: schemas first, then the others in their order.
    /// - Throws: every file that cannot be read, or else everything in them that is no definition.
    static func all(in files: [String]) throws(CommandFailure) -> [PublishedChange] {
        let definitions = try GivenDefinition.all(in: files)
        let control = ControlDecoder()
        var (schemas, others) = ([PublishedChange](), [PublishedChange]())
        var refusals: [String] = []
        for definition in definitions {
            func refuse(_ reason: String) {
                refusals.append("\(definition.file)\(definition.line.map { ":\($0)" } ?? ""): \(printable(reason))")
            }
            switch definition.content {
            case .schema(let schema): schemas.append(.publish(schema: schema))
            case .campaign(let campaign): others.append(.publish(campaign: campaign))
            case .unknown(let problem): refuse(problem.message + (problem.hint.map { " — \($0)" } ?? ""))
            case .malformed(let reason, let fault):
                refuse(fault.map { "malformed JSON at byte \($0.byte): \($0.message)" } ?? reason)
            case .event(let event):
                do throws(ControlRefusal) {
                    switch try control.read(event["data"] ?? event) {
                    case .schemaPublished(let schema): schemas.append(.publish(schema: schema))
                    case .campaignPublished(let campaign): others.append(.publish(campaign: campaign))
                    case .campaignStopped(let id): others.append(.stop(campaign: id))
                    case .campaignDeleted(let id): others.append(.delete(campaign: id))
                    case .barrierRequested, .clockAdvanced: refuse("it publishes, stops or deletes nothing")
                    }
                } catch {
                    switch error {
                    case .unreadable(let refusal): refuse(refusal.reason)
                    case .rejected(_, _, let problems):
                        for problem in problems { refuse("\(problem.path): \(problem.message)\(problem.hint.map { " — \($0)" } ?? "")") }
                    }
                }
            }
        }
        guard refusals.isEmpty else {
            throw CommandFailure(.refused, (refusals + ["nothing was published"]).joined(separator: "\n"))
        }
        return schemas + others
    }
}
