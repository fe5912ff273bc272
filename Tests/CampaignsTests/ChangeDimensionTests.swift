// Goal: changes of dimension, and identities behind them, are read and refused as contract §2.2 and semantics §4 say. Method: definitions
// in tables, with what they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct ChangeDimensionTests {
    private static func change(_ link: String, from: String = "p") -> String {
        #"{"id": "d", "type": "change-dimension", "from": "\#(from)", "link": \#(link)}"#
    }

    private static let purchases = #"{"id": "p", "type": "build-audience", "dimension": "purchases"}"#

    @Test func aPathIsItsLinksOneAfterTheOther() throws {
        let read = try ActivityDefinitions(Self.purchases, Self.change(#""customer.household""#))
        let path = ["purchases", "customers"].map { AggregateStep(link: LinkStep(schema: $0, link: 0), isForward: true) }
        #expect(
            try read.activity("d")
                == .changeDimension(ChangeDimension(id: "d", from: Transition(activity: "p"), path: path, dimension: "households")))
    }

    /// Back to many, by a unique link's reverse name, and on to one, in any order.
    @Test func aPathMayMixLinksOfAllKinds() throws {
        let read = try ActivityDefinitions(Self.change(#""household.customers.card.owner.purchases""#, from: "all"))
        let household = LinkStep(schema: "customers", link: 0)
        let path = [
            AggregateStep(link: household, isForward: true), AggregateStep(link: household, isForward: false),
            AggregateStep(link: LinkStep(schema: "cards", link: 0, isReversed: true), isForward: true),
            AggregateStep(link: LinkStep(schema: "cards", link: 0), isForward: true),
            AggregateStep(link: LinkStep(schema: "purchases", link: 0), isForward: false),
        ]
        #expect(
            try read.activity("d")
                == .changeDimension(ChangeDimension(id: "d", from: Transition(activity: "all"), path: path, dimension: "purchases")))
    }

    @Test(arguments: [
        (#""custom""#, "unknown link of purchases 'custom'"), (#""customer.""#, "unknown link of customers ''"),
        (#""customer.amount""#, "unknown link of customers 'amount'"),
        (#""amount""#, "'amount' is a field of purchases, not a link"),
    ])
    func problems(_ link: String, _ message: String) throws {
        let read = try ActivityDefinitions(Self.purchases, Self.change(link))
        #expect(read.problems.map(\.path) == ["activities[2].link"])
        #expect(read.problems.map(\.message) == [message])
    }

    @Test func theMembersAreRequired() throws {
        #expect(
            try ActivityDefinitions(Self.purchases, #"{"id": "d", "type": "change-dimension"}"#).paths == [
                "activities[2].from", "activities[2].link",
            ])
        #expect(try ActivityDefinitions(Self.purchases, Self.change("5")).paths == ["activities[2].link"])
    }

    @Test func rowsHaveTheFieldsOfTheNewDimensionAndKeepTheirColumns() throws {
        let column = ActivityDefinitions.column("e", "k", "amount", from: "p")
        let change = Self.change(#""customer""#, from: "e")
        func paths(_ source: String) throws -> [String] {
            try ActivityDefinitions(Self.purchases, column, change, ActivityDefinitions.save(from: "d", source: source)).paths
        }
        #expect(try paths("k").isEmpty)
        #expect(try paths("household.city").isEmpty)
        #expect(try paths("amount") == ["activities[4].attributes[0].source"])
    }

    @Test func rowsThatWereLedThereCombineWithTheRecords() throws {
        let combine = #"{"id": "u", "type": "combine", "operation": "union", "from": ["all", "d"]}"#
        let save = ActivityDefinitions.save(from: "u", source: "household.city")
        #expect(try ActivityDefinitions(Self.purchases, Self.change(#""customer""#), combine, save).paths.isEmpty)
        let other = Self.change(#""customer.household""#)
        #expect(try ActivityDefinitions(Self.purchases, other, combine).paths == ["activities[3].from"])
    }

    @Test func anIdentityMayBeCarriedAndIsAText() throws {
        func paths(_ value: String) throws -> [String] {
            let save = ActivityDefinitions.save(from: "e", field: "k")
            return try ActivityDefinitions(ActivityDefinitions.column("e", "k", value), save).paths
        }
        #expect(try paths("'n' || id").isEmpty)
        #expect(try paths("NULL").isEmpty)
        #expect(try paths("age") == ["activities[2].identity.field"])
    }
}
