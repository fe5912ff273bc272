// Goal: what the populations of one campaign may cost is bounded where it is published (Limits). Method: campaigns at a bound and beyond.

import Testing

@testable import Campaigns

@Suite struct PopulationBoundsTests {
    private static func problems(_ activities: [String]) throws -> [String] {
        let all = #"{"id": "all", "type": "build-audience", "dimension": "customers", "filter": "TRUE"}"#
        let text = #"{"id": "c", "activities": [\#(([all] + activities).joined(separator: ", "))]}"#
        return readCampaign(try JSON(text), catalog: try catalog(Samples.shop), zones: zone).problems.map { "\($0.path): \($0.message)" }
    }

    private static func chain(_ count: Int, sum terms: Int) -> [String] {
        (0..<count).map { number in
            let value = number == 0 ? "age" : (["x"] + [String](repeating: "1", count: terms)).joined(separator: " + ")
            return ActivityDefinitions.column("e\(number)", "x", value, from: number == 0 ? "all" : "e\(number - 1)")
        }
    }

    @Test func columnsMayStandOnOneAnotherThisDeep() throws {
        // Three levels are below the first sum: the condition of the rows, which the column of the first activity does not reach.
        let terms = 100
        let deepest = (Limits.populationLevels - 3) / terms
        #expect(try Self.problems(Self.chain(deepest + 1, sum: terms)) == [])
        let beyond = try Self.problems(Self.chain(deepest + 3, sum: terms))
        #expect(beyond == ["activities[\(deepest + 2)]: conditions and columns of activities stand on one another 1000 levels deep"])
    }

    @Test func conditionsMayStandOnOneAnotherThisDeep() throws {
        let waits = (0..<Limits.activities - 1).map { (number: Int) -> String in
            let from = number == 0 ? "all" : "w\(number - 1)"
            return #"{"id": "w\#(number)", "type": "wait", "from": "\#(from)", "until": "2026-01-01T00:00:00Z"}"#
        }
        #expect(try Self.problems(waits) == [])
    }

    private static func split(_ subsets: Int) -> String {
        let list = (0..<subsets).map { #"{"name": "s\#($0)"}"# }.joined(separator: ", ")
        return #"{"id": "s", "type": "split", "from": "all", "subsets": [\#(list)]}"#
    }

    @Test func aSplitHasThisManySubsets() throws {
        #expect(try Self.problems([Self.split(990)]) == [])
        #expect(try Self.problems([Self.split(1001)]).count == 1)
    }

    @Test func aCombineHasThisManyColumns() throws {
        let columns = (0..<1000).map { #"{"name": "x\#($0)", "value": "age"}"# }.joined(separator: ", ")
        let from = [String](repeating: #""e""#, count: 1001).joined(separator: ", ")
        let problems = try Self.problems([
            #"{"id": "e", "type": "enrichment", "from": "all", "columns": [\#(columns)]}"#,
            #"{"id": "u", "type": "combine", "operation": "union", "from": [\#(from)]}"#,
        ])
        #expect(problems.count == 1 && problems[0].hasPrefix("activities[2]: the campaign is too large"))
    }
}
