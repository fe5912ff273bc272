// What the tests of the activities' readers share: campaigns of a few activities about the shop of the conformance suite.

import Testing

@testable import Campaigns

/// A campaign of activities over all customers, called `all`, which comes first.
struct ActivityDefinitions {
    var campaign: Campaign?
    var problems: [Problem]

    /// The paths of problems, in order.
    var paths: [String] { problems.map(\.path).sorted() }

    init(_ activities: String...) throws {
        let all = #"{"id": "all", "type": "build-audience", "dimension": "customers", "filter": "TRUE"}"#
        let text = #"{"id": "c", "activities": [\#(([all] + activities).joined(separator: ", "))]}"#
        let read = readCampaign(try JSON(text), catalog: try catalog(Samples.shop), zones: zone)
        #expect((read.campaign == nil) == !read.problems.isEmpty)
        (campaign, problems) = (read.campaign, read.problems)
    }

    /// The activity of an id.
    func activity(_ id: String) throws -> Activity {
        try #require(campaign?.activities.first { $0.id == id }, "\(problems)")
    }

    static func save(_ id: String = "save", from: String, source: String = "email", field: String = "email") -> String {
        #"""
        {"id": "\#(id)", "type": "save-audience", "from": "\#(from)", "audience": {"id": "\#(id)"},
         "identity": {"field": "\#(field)", "namespace": "Email"}, "attributes": [{"name": "value", "source": "\#(source)"}]}
        """#
    }

    /// A column that customers carry.
    static func column(_ id: String, _ name: String, _ value: String, from: String = "all") -> String {
        #"{"id": "\#(id)", "type": "enrichment", "from": "\#(from)", "columns": [{"name": "\#(name)", "value": "\#(value)"}]}"#
    }
}
