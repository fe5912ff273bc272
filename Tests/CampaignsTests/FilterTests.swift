// Goal: filters are text or group trees, and each problem names its leaf. Method: trees are read about customers of the shop.

import Testing

@testable import Campaigns

@Suite struct FilterTests {
    private func read(_ filter: JSON) throws -> (Expression?, [Problem]) {
        let catalog = try catalog(Samples.shop)
        let problems = ProblemList()
        var reader = FilterReader(
            shape: Shape(dimension: try #require(catalog.schema(named: "customers"))), catalog: catalog, zone: "UTC",
            timeZones: TimeZoneNames(names: [], isKnown: { _ in true }), problems: problems)
        return (reader.read(filter, path: "activities[1].filter"), problems.problems)
    }

    @Test func trees() throws {
        let (expression, problems) = try read(try JSON(#"{"and": ["active", {"or": ["active", null]}, {"except": ["active", "NULL"]}]}"#))
        let active = try readCustomer("active")
        #expect(problems.isEmpty)
        #expect(
            expression == .and([active, .or([active, .literal(.boolean(true))]), .except([active, .literal(.null)])]))
    }

    @Test func problemsNameTheirLeaf() throws {
        let tree =
            #"{"and": [{"or": ["active", "age", "agee > 1"]}, {"xor": ["active"]}, {"and": []}, 5, {"or": ["active"], "and": ["active"]}]}"#
        let (expression, problems) = try read(try JSON(tree))
        #expect(expression == nil)
        let base = "activities[1].filter.and"
        #expect(problems.map(\.path) == ["\(base)[0].or[1]", "\(base)[0].or[2]", "\(base)[1]", "\(base)[2]", "\(base)[3]", "\(base)[4]"])
        #expect(problems[1].hint == "did you mean age?")
    }

    /// One text of a tree may handle the nulls of another.
    @Test func warningsKnowTheWholeTree() throws {
        let not = "!= is not true of records in which country has no value, in 'country != 'FR''"
        #expect(try Dialects.warnings(ofTree: #"{"or": ["country != 'FR'", "age > 5"]}"#) == ["activities[0].filter.or[0]: \(not)"])
        #expect(try Dialects.warnings(ofTree: #"{"or": ["country != 'FR'", {"and": ["age > 5", "country IS NULL"]}]}"#).isEmpty)
        #expect(try Dialects.warnings(ofTree: #"{"except": ["country IS NOT NULL", "NOT (country = 'FR')"]}"#).isEmpty)
        #expect(
            try Dialects.warnings(ofTree: #"{"and": ["age = NULL", "tier = 'x'"]}"#) == [
                "activities[0].filter.and[0]: a comparison with NULL is never true, in 'age = NULL'",
                "activities[0].filter.and[1]: 'x' is not a value of tier, in 'tier = 'x''",
            ])
        #expect(try Dialects.warnings(ofTree: "null") == ["activities[0].filter: there is no filter: every record is in"])
    }

    @Test func depthIsBounded() throws {
        var tree = JSON.string("active")
        for _ in 0..<5000 { tree = .object([JSON.Member("and", .array([tree]))]) }
        let (expression, problems) = try read(tree)
        #expect(expression == nil)
        #expect(problems.count == 1)
    }
}
