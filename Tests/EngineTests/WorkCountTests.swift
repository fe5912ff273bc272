// What a change, a tick and a publish cost, in the engine's own counts: they follow what is concerned, never what is there.
import Campaigns
import Testing

@testable import Engine

@Suite struct WorkCountTests {
    private static let day = Shop.day
    private static let start = Shop.start

    private static let isFrench = Expression.compare(.equal, Shop.field("customers", 2, .string), .literal(.string("FR")))
    private static let seenLately = Expression.compare(
        .greaterOrEqual, Shop.field("customers", 3, .datetime), .clock(offset: -30, unit: .days, zone: "UTC"))

    private static func purchases(atLeast count: Int64, where filter: Expression?) -> Expression {
        let link = LinkStep(schema: "purchases", link: 0)
        let aggregate = Expression.aggregate(
            Aggregate(function: .count, steps: [AggregateStep(link: link, isForward: false)], filter: filter, field: nil, type: .integer))
        return .compare(.greaterOrEqual, aggregate, .literal(.integer(count)))
    }

    private static let isLarge = Expression.compare(.greater, Shop.field("purchases", 2, .double), .literal(.double(5)))

    /// So many times a split in two and their union, each half with a code that later halves read.
    private static func diamonds(_ count: Int) -> [Activity] {
        (0..<count).flatMap { (number: Int) -> [Activity] in
            let from = Transition(activity: number == 0 ? "build" : "union\(number - 1)")
            let columns = Enrichment.Column(
                name: "note", value: number == 0 ? Shop.field("customers", 4, .string) : .carried("note", type: .string))
            let isAbove = Expression.compare(.greater, .carried("note", type: .string), .literal(.string("\(number % 10)")))
            let (split, fork) = ("split\(number)", "fork\(number)")
            return [
                .enrichment(Enrichment(id: "column\(number)", from: from, columns: [columns])),
                .split(
                    Split(
                        id: split, from: Transition(activity: "column\(number)"), subsets: [.init(name: "above", filter: isAbove)],
                        hasComplement: true, seed: "")),
                .fork(Fork(id: fork, from: Transition(activity: split, output: Split.complement), outputs: ["left", "right"])),
                .combine(
                    Combine(
                        id: "union\(number)", operation: .union,
                        from: [
                            Transition(activity: split, output: "above"), Transition(activity: fork, output: "left"),
                            Transition(activity: fork, output: "right"),
                        ])),
            ]
        }
    }

    @Test func aChainOfSplitsForksAndUnionsCostsLinearWork() {
        func conditions(diamonds count: Int) -> Int {
            let shop = Shop()
            for number in 0..<10 { shop.customer(number, note: "\(number)") }
            shop.commit()
            let code = Attribute(name: "code", source: .carried(Split.codeColumn, type: .string))
            shop.publish(Self.isFrench, Self.diamonds(count), attributes: [code])
            #expect(shop.engine.audience(0).size == 10)
            return shop.counts {
                for number in 0..<10 { shop.customer(number, country: number % 2 == 0 ? "FR" : "DE", note: "\(9 - number)") }
                shop.commit()
                #expect(shop.engine.audience(0).size == 5)
            }.conditions
        }
        let (ten, forty) = (conditions(diamonds: 10), conditions(diamonds: 40))
        #expect(ten > 0)
        #expect(forty <= 5 * ten)
    }

    /// Each campaign is about people of two countries, or who bought more than others.
    @Test func aUnionIsFoundByItsParts() {
        func conditions(campaigns: Int) -> Int {
            let shop = Shop()
            for number in 0..<campaigns {
                let countries = ["A\(number)", "B\(number)"].map {
                    Expression.compare(.equal, Shop.field("customers", 2, .string), .literal(.string($0)))
                }
                shop.publish(.or(countries + [Self.purchases(atLeast: Int64(100 + number), where: nil)]), as: number)
            }
            return shop.counts {
                for number in 0..<20 { shop.customer(number, country: "\(number % 2 == 0 ? "A" : "B")\(number % 10)") }
                shop.commit()
                #expect(shop.engine.audience(0).size == 2)
            }.conditions
        }
        let ten = conditions(campaigns: 10)
        #expect(ten > 0)
        #expect(conditions(campaigns: 1000) == ten)
    }

    @Test func aGraphThatCampaignsShareIsEvaluatedOnce() {
        func conditions(campaigns: Int) -> Int {
            let shop = Shop()
            for number in 0..<campaigns { shop.publish(Self.isFrench, as: number, Self.diamonds(3)) }
            return shop.counts {
                for number in 0..<20 { shop.customer(number, country: number % 2 == 0 ? "FR" : "DE", note: "\(number)") }
                shop.commit()
                for number in 0..<20 { shop.customer(number, country: number % 3 == 0 ? "FR" : "DE", note: "\(number % 7)") }
                shop.commit()
            }.conditions
        }
        let one = conditions(campaigns: 1)
        #expect(one > 0)
        #expect(conditions(campaigns: 100) == one)
    }

    /// Each column is made of the one before, more than once, so that the ways through them double.
    private static func columns(_ count: Int, first: Expression, next: (Expression) -> Expression) -> [Activity] {
        var value = first
        return (0..<count).map { number in
            let column = Enrichment.Column(name: "x", value: value)
            value = next(.carried("x", type: first.type))
            return .enrichment(
                Enrichment(
                    id: "column\(number)", from: Transition(activity: number == 0 ? "build" : "column\(number - 1)"), columns: [column]))
        }
    }

    private func attributes(of column: [Activity], _ type: ValueType, notes: [String]) -> [String] {
        let shop = Shop()
        shop.publish(nil, column, attributes: [Attribute(name: "x", source: .carried("x", type: type))])
        return notes.map { note in
            shop.customer(1, note: note)
            shop.commit()
            return shop.difference.members.map { shop.difference.withTexts(of: $0) { String(decoding: $1, as: UTF8.self) } }.joined()
        }
    }

    @Test func columnsMadeOfColumnsAreFoundOnce() {
        let note = Shop.field("customers", 4, .string)
        let length = Expression.call(.length, [note], type: .integer, zone: "UTC")
        let differences = Self.columns(60, first: length) { .arithmetic(.subtract, $0, .arithmetic(.subtract, $0, $0)) }
        #expect(attributes(of: differences, .integer, notes: ["abc", "wxyz"]) == [#"{"x":3}"#, #"{"x":4}"#])
        let choices = Self.columns(60, first: length) {
            .choose([Choice(condition: .compare(.greater, $0, .literal(.integer(3))), result: $0)], otherwise: $0, type: .integer)
        }
        #expect(attributes(of: choices, .integer, notes: ["abc", "wxyz"]) == [#"{"x":3}"#, #"{"x":4}"#])
        let texts = Self.columns(60, first: note) {
            .call(.substring, [.concatenate($0, $0), .literal(.integer(2)), .literal(.integer(3))], type: .string, zone: "UTC")
        }
        // 59 turns of a text of three: two to the left.
        #expect(attributes(of: texts, .string, notes: ["abc", "xyz"]) == [#"{"x":"cab"}"#, #"{"x":"zxy"}"#])
    }

    @Test func changeOfAFieldNobodyReadsEvaluatesNothing() {
        let shop = Shop()
        for number in 0..<10 { shop.customer(number) }
        shop.commit()
        shop.publish(.and([Self.isFrench, Self.seenLately]))
        let counts = shop.counts {
            shop.customer(3, note: "new")
            shop.commit()
        }
        #expect(counts == (0, 0, 0))
        #expect(shop.difference.isEmpty)
    }

    @Test func equalFiltersAreEvaluatedOnceForAllCampaigns() {
        func conditions(campaigns: Int) -> Int {
            let shop = Shop()
            for number in 0..<campaigns { shop.publish(.and([Self.isFrench, Self.seenLately]), as: number) }
            return shop.counts {
                for number in 0..<20 { shop.customer(number, country: number % 2 == 0 ? "FR" : "DE", seen: Self.start) }
                shop.commit()
                for number in 0..<20 { shop.customer(number, country: number % 3 == 0 ? "FR" : "DE", seen: Self.start) }
                shop.commit()
            }.conditions
        }
        let one = conditions(campaigns: 1)
        #expect(one > 0)
        #expect(conditions(campaigns: 100) == one)
    }

    @Test func constantsThatDifferAreFoundByTheValueOfTheField() {
        func conditions(campaigns: Int) -> Int {
            let shop = Shop()
            for number in 0..<campaigns {
                let isThere = Expression.compare(
                    .equal, Shop.field("customers", 2, .string), .literal(.string(number == 0 ? "FR" : "F\(number)")))
                shop.publish(isThere, as: number)
            }
            return shop.counts {
                for number in 0..<20 { shop.customer(number) }
                shop.commit()
            }.conditions
        }
        #expect(conditions(campaigns: 100) == conditions(campaigns: 1))
    }

    /// Versions that were replaced leave nothing behind that a change or a tick would walk over.
    @Test func versionsThatWereReplacedCostNothing() {
        func conditions(versions: Int) -> Int {
            let shop = Shop()
            for version in 0..<versions {
                let days = Expression.clock(offset: Int64(-30 - version), unit: .days, zone: "UTC")
                shop.publish(
                    .and([Self.isFrench, .compare(.greaterOrEqual, Shop.field("customers", 3, .datetime), days)]), as: 0)
            }
            #expect(shop.engine.plan.terms.live.count == 1)
            #expect(shop.engine.plan.windows.live.count == 1)
            #expect(shop.engine.audiences.open.count == 1)
            return shop.counts {
                for number in 0..<20 { shop.customer(number, country: "FR", seen: Self.start) }
                shop.commit()
                #expect(shop.engine.audience(0).size == 20)
            }.conditions
        }
        let one = conditions(versions: 1)
        #expect(one > 0)
        #expect(conditions(versions: 300) == one)
    }

    @Test func tickInWhichNothingIsDueVisitsNoRow() {
        let shop = Shop()
        for number in 0..<100 { shop.customer(number, seen: Self.start - Int64(number % 7) * Self.day) }
        shop.commit()
        shop.publish(Self.seenLately)
        let counts = shop.counts {
            shop.engine.advance(to: Self.start + Self.day)
            shop.commit()
        }
        #expect(counts == (0, 0, 0))
        #expect(shop.difference.isEmpty)
    }

    @Test func windowEdgeVisitsOnlyTheRowsThatCrossIt() {
        let shop = Shop()
        for number in 0..<1000 { shop.customer(number, seen: Self.start - Int64(number) * Self.day / 100) }
        shop.commit()
        shop.publish(Self.seenLately)
        #expect(shop.engine.audience(0).size == 1000)
        // Those seen more than 9 days ago fall out: numbers 901 and on.
        let counts = shop.counts {
            shop.engine.advance(to: Self.start + 21 * Self.day)
            shop.commit()
        }
        #expect(counts.byTime == 99)
        #expect(shop.difference.members.count == 99)
        #expect(shop.engine.audience(0).size == 901)
    }

    @Test func newLinkedRowCostsTheSameWithMoreSiblings() {
        func conditions(siblings: Int) -> Int {
            let shop = Shop()
            shop.customer(1)
            shop.commit()
            shop.publish(Self.purchases(atLeast: 2, where: Self.isLarge))
            shop.publish(.and([Self.isFrench, Self.purchases(atLeast: 1, where: nil)]), as: 1)
            for number in 0..<siblings { shop.purchase(number, of: 1) }
            shop.commit()
            return shop.counts {
                shop.purchase(siblings, of: 1)
                shop.commit()
            }.conditions
        }
        #expect(conditions(siblings: 10) == conditions(siblings: 10_000))
    }

    @Test func publishWithAccumulatorsThatExistVisitsNoLinkedRow() {
        let shop = Shop()
        for number in 0..<10 { shop.customer(number, country: number % 2 == 0 ? "FR" : "DE") }
        for number in 0..<500 { shop.purchase(number, of: number % 10) }
        shop.commit()
        let first = shop.counts { shop.publish(Self.purchases(atLeast: 3, where: Self.isLarge)) }
        #expect(first.byPublish >= 500)
        let second = shop.counts {
            shop.publish(.and([Self.isFrench, Self.purchases(atLeast: 3, where: Self.isLarge)]), as: 1)
        }
        #expect(second.byPublish <= 10)
        #expect(shop.engine.audience(1).size == 5)
    }
}
