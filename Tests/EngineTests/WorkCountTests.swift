// What a change, a tick and a publish cost, in the engine's own counts: they follow what is concerned, never what is there.
import Campaigns
import Testing

@testable import Engine

@Suite struct WorkCountTests {
    private static let day: Int64 = 86_400_000
    private static let start: Int64 = 1_780_000_000_000

    /// Customers with purchases, written with a few words.
    private final class Shop {
        var engine = Engine()
        let batch = ChangeBatch()
        let difference = Difference()

        init() {
            let customers = Schema(
                name: "customers",
                fields: [
                    Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "country", type: .string),
                    Field(name: "seen", type: .datetime), Field(name: "note", type: .string),
                ], primaryKey: [0], version: nil, identities: [Identity(field: 1, namespace: "Email")], links: [])
            let purchases = Schema(
                name: "purchases",
                fields: [
                    Field(name: "id", type: .string), Field(name: "customer", type: .string), Field(name: "amount", type: .double),
                    Field(name: "at", type: .datetime),
                ], primaryKey: [0], version: nil, identities: [],
                links: [
                    Link(
                        name: "customer", target: "customers", on: [Link.Pair(source: "customer", target: "id")], reverse: "purchases",
                        isUnique: false)
                ])
            engine.advance(to: WorkCountTests.start)
            engine.publish(schema: customers)
            engine.publish(schema: purchases)
        }

        private func text(_ cell: Int, _ text: String) {
            Array(text.utf8).withUnsafeBytes { batch.setText(cell, $0) }
        }

        func customer(_ number: Int, country: String = "FR", seen: Int64? = nil, note: String = "") {
            let first = batch.begin(cellCount: 5)
            text(first, "c\(number)")
            text(first + 1, "\(number)@x.fr")
            text(first + 2, country)
            if let seen { batch.set(first + 3, .instant(seen)) }
            text(first + 4, note)
            batch.end(table: 0, isDelete: false, firstCell: first)
        }

        func purchase(_ number: Int, of customer: Int, amount: Double = 10, at: Int64 = WorkCountTests.start) {
            let first = batch.begin(cellCount: 4)
            text(first, "p\(number)")
            text(first + 1, "c\(customer)")
            batch.set(first + 2, .double(amount))
            batch.set(first + 3, .instant(at))
            batch.end(table: 1, isDelete: false, firstCell: first)
        }

        func commit() {
            engine.apply(batch)
            batch.removeAll()
            engine.commit(into: difference)
        }

        func publish(_ filter: Expression?, as number: Int = 0, _ more: [Activity] = [], attributes: [Attribute] = []) {
            let build = Activity.build(BuildAudience(id: "build", dimension: "customers", filter: filter))
            let save = SaveAudience(
                id: "save", position: 1, from: Transition(activity: more.last?.id ?? "build"), audience: "audience\(number)",
                label: "\(number)", identity: WorkCountTests.field("customers", 1, .string), namespace: "Email", attributes: attributes)
            let campaign = Campaign(id: "campaign\(number)", name: "", timezone: "UTC", activities: [build] + more + [.save(save)])
            _ = engine.publish(campaign, zone: .utc, into: difference)
        }

        /// What the work adds to the counts.
        func counts(_ work: () -> Void) -> (conditions: Int, byTime: Int, byPublish: Int) {
            let before = engine.statistics
            work()
            let after = engine.statistics
            return (
                after.conditionsEvaluated - before.conditionsEvaluated, after.rowsVisitedByTime - before.rowsVisitedByTime,
                after.rowsVisitedByPublish - before.rowsVisitedByPublish
            )
        }
    }

    private static func field(_ schema: String, _ number: Int, _ type: ValueType) -> Expression {
        .field(FieldPath(steps: [], schema: schema, field: number, type: type))
    }

    private static let isFrench = Expression.compare(.equal, field("customers", 2, .string), .literal(.string("FR")))
    private static let seenLately = Expression.compare(
        .greaterOrEqual, field("customers", 3, .datetime), .clock(offset: -30, unit: .days, zone: "UTC"))

    private static func purchases(atLeast count: Int64, where filter: Expression?) -> Expression {
        let link = LinkStep(schema: "purchases", link: 0)
        let aggregate = Expression.aggregate(
            Aggregate(function: .count, steps: [AggregateStep(link: link, isForward: false)], filter: filter, field: nil, type: .integer))
        return .compare(.greaterOrEqual, aggregate, .literal(.integer(count)))
    }

    private static let isLarge = Expression.compare(.greater, field("purchases", 2, .double), .literal(.double(5)))

    /// So many times a split in two and their union, each half with a code that later halves read.
    private static func diamonds(_ count: Int) -> [Activity] {
        (0..<count).flatMap { (number: Int) -> [Activity] in
            let from = Transition(activity: number == 0 ? "build" : "union\(number - 1)")
            let columns = Enrichment.Column(
                name: "note", value: number == 0 ? field("customers", 4, .string) : .carried("note", type: .string))
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
                    Expression.compare(.equal, Self.field("customers", 2, .string), .literal(.string($0)))
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
        let note = Self.field("customers", 4, .string)
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
                    .equal, Self.field("customers", 2, .string), .literal(.string(number == 0 ? "FR" : "F\(number)")))
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
                    .and([Self.isFrench, .compare(.greaterOrEqual, Self.field("customers", 3, .datetime), days)]), as: 0)
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
