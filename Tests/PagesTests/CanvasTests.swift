// Goal: the same definition gives the same picture, whatever the numbers in it are; all activities stand in it, each once, as links.
// Method: campaigns of 12, 100 and 500 activities, drawn twice, and with other numbers.
import Campaigns
import Testing

@testable import Pages

@Suite struct CanvasTests {
    /// Splits, the branches of each enriched, all put together at the end.
    private static func definition(_ count: Int) -> JSON {
        func activity(_ id: String, _ type: String, _ more: JSON.Member...) -> JSON {
            .object([JSON.Member("id", .string(id)), JSON.Member("type", .string(type))] + more)
        }
        func from(_ transition: String) -> JSON.Member { JSON.Member("from", .string(transition)) }
        var all = [activity("all", "build-audience", JSON.Member("dimension", .string("customers")))]
        var ends: [JSON] = []
        for number in 0..<(count - 3) / 2 {
            let source = number < 4 ? "all" : "s\(number / 4).b"
            let subsets = JSON.Member("subsets", .array([.object([JSON.Member("name", .string("b"))])]))
            all.append(activity("s\(number)", "split", from(source), subsets))
            all.append(activity("e\(number)", "enrichment", from("s\(number).complement")))
            ends.append(.string("e\(number)"))
        }
        all.append(activity("together", "combine", JSON.Member("from", .array(ends))))
        while all.count < count { all.append(activity("save\(all.count)", "save-audience", from("together"))) }
        return .object([JSON.Member("id", .string("c")), JSON.Member("activities", .array(all))])
    }

    private static func counts(_ graph: CampaignGraph, _ rows: (Int) -> Int64) -> JSON {
        let names = graph.activities.indices.flatMap { place in
            graph.outputs(of: place, counted: []).map { graph.transition(place, $0) }
        }
        return .object(names.enumerated().map { JSON.Member($1, .object([JSON.Member("rows", .integer(rows($0)))])) })
    }

    private static func picture(_ definition: JSON, _ rows: (Int) -> Int64) -> String {
        let graph = CampaignGraph(definition)
        return String(decoding: Canvas("c", graph, transitions: counts(graph, rows)).html.bytes, as: UTF8.self)
    }

    /// Without what stands between markup: numbers and names.
    private static func shape(_ picture: String) -> [Substring] {
        picture.split(separator: "<").map { $0.prefix { $0 != ">" } }
    }

    @Test(arguments: [12, 100, 500]) func theSameDefinitionGivesTheSamePicture(count: Int) {
        let definition = Self.definition(count)
        let first = Self.picture(definition) { Int64($0) }
        #expect(first == Self.picture(definition) { Int64($0) })
        let other = Self.picture(definition) { Int64($0 * 7919 + 1) }
        #expect(other != first && Self.shape(other) == Self.shape(first), "numbers move nothing")
        let links = first.split(separator: "<a href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(links.count == count && Set(links).count == count && links.allSatisfy { $0.hasPrefix("/campaigns/c/activities/") })
    }
}
