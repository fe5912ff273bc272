// The tables and campaigns of a run. Every campaign mirrors what holds now, so that the plain evaluator can say at any commit who is in.
import Campaigns
import Daemon
import Wire

struct Definitions {
    struct Table {
        var name: String
        var fields: [String]
        var definition: JSON
    }

    static let customers = Table(
        name: "customers", fields: ["id", "email", "country", "n"],
        definition: json(
            #"{"name":"customers","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"country","type":"string"},{"name":"n","type":"integer"}]}"#
        ))
    static let purchases = Table(
        name: "purchases", fields: ["id", "customer_id", "at", "amount"],
        definition: json(
            #"{"name":"purchases","primaryKey":["id"],"fields":[{"name":"id","type":"string"},{"name":"customer_id","type":"string"},{"name":"at","type":"datetime"},{"name":"amount","type":"integer"}],"links":[{"name":"customer","to":"customers","on":{"customer_id":"id"},"reverse":"purchases"}]}"#
        ))
    static let campaigns = 6

    private var catalog = Catalog()
    private var registry = AudienceRegistry()
    private var published: Set<Int> = []

    static func json(_ text: String) -> JSON {
        let padded = Array(text.utf8) + [UInt8](repeating: 0, count: 64)
        guard let tree = padded.withUnsafeBytes({ JSONReader().tree(UnsafeRawBufferPointer(rebasing: $0.dropLast(64))) }) else {
            preconditionFailure("no JSON: \(text)")
        }
        return tree
    }

    mutating func publish(_ table: Table) -> Schema {
        guard let schema = catalog.publish(table.definition).schema else { preconditionFailure("\(table.name) is a schema") }
        return schema
    }

    /// A version of a campaign; nil when what it reads is not there.
    mutating func campaign(_ number: Int, _ course: Course) -> (definition: JSON, campaign: Campaign)? {
        let days = course.number(1...3)
        let country = course.pick(["FR", "DE", "IT"])
        var attributes = #"{"source":"n","name":"n"}"#
        var from = "b"
        let activities: String
        switch number {
        case 0:
            activities =
                #"{"id":"b","type":"build-audience","dimension":"customers","filter":"n > \#(course.number(0...6)) OR country = '\#(country)'"}"#
        case 1:
            activities =
                #"{"id":"b","type":"build-audience","dimension":"customers","filter":"EXISTS(purchases WHERE at >= DaysAgo(\#(days)))"}"#
        case 2:
            activities =
                #"{"id":"b","type":"build-audience","dimension":"customers"},{"id":"e","type":"enrichment","from":"b","columns":[{"name":"spent","value":"SUM(purchases.amount WHERE at >= DaysAgo(\#(days)))"}]},{"id":"t","type":"split","from":"e","subsets":[{"name":"top","limit":{"count":\#(course.number(1...5))},"sort":{"by":"spent","order":"desc"}}]}"#
            from = "t.top"
            attributes = #"{"source":"spent","name":"spent"}"#
        case 3:
            activities = #"{"id":"b","type":"read-audience","audience":"a0","dimension":"customers","identityField":"email"}"#
        case 4:
            let operation = course.pick(["union", "intersection", "exclusion"])
            activities =
                #"{"id":"x","type":"build-audience","dimension":"customers","filter":"country = '\#(country)'"},{"id":"y","type":"build-audience","dimension":"customers","filter":"EXISTS(purchases WHERE at >= DaysAgo(\#(days)) AND amount > 20)"},{"id":"b","type":"combine","operation":"\#(operation)","from":["x","y"],"by":"key"}"#
        default:
            activities =
                #"{"id":"x","type":"build-audience","dimension":"customers","filter":"n >= \#(course.number(0...4))"},{"id":"b","type":"deduplication","from":"x","fields":["country"],"keep":\#(course.number(1...3)),"method":{"highest":"n"}}"#
        }
        let save =
            #"{"id":"s","type":"save-audience","from":"\#(from)","audience":{"id":"a\#(number)","label":"\#(number)"},"identity":{"field":"email","namespace":"Email"},"attributes":[\#(attributes)]}"#
        let definition = Definitions.json(#"{"id":"c\#(number)","activities":[\#(activities),\#(save)]}"#)
        let read = readCampaign(definition, catalog: catalog, audiences: registry, zones: { $0 == "UTC" ? .utc : nil })
        guard let campaign = read.campaign else { return nil }
        registry.take(campaign)
        published.insert(number)
        return (definition, campaign)
    }

    /// Whether there was such a campaign.
    mutating func delete(_ number: Int) -> Bool {
        guard published.remove(number) != nil else { return false }
        registry.delete(campaign: "c\(number)")
        return true
    }
}
