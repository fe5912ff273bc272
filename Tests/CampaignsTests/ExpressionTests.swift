// Goal: expressions have the meaning of semantics §3. Method: small texts are read and compared with the tree that the engine gets; the
// lists of refused and accepted texts are those of the conformance suite.

import Testing

@testable import Campaigns

@Suite struct ExpressionTests {
    private func field(_ name: String, _ type: ValueType) throws -> Expression {
        let schema = try #require(try catalog([Samples.values]).schema(named: "t"))
        return .field(FieldPath(steps: [], schema: "t", field: try #require(schema.field(named: name)), type: type))
    }

    private let paris = "Europe/Paris"

    @Test func literals() throws {
        #expect(try readValues("'it''s'") == .literal(.string("it's")))
        #expect(try readValues("12") == .literal(.integer(12)))
        #expect(try readValues("9223372036854775807") == .literal(.integer(.max)))
        #expect(try readValues("1.5") == .literal(.double(1.5)))
        #expect(try readValues("- - 3") == .literal(.integer(3)))
        #expect(try readValues("-0.5") == .literal(.double(-0.5)))
        #expect(try readValues("true") == .literal(.boolean(true)))
        #expect(try readValues("Null") == .literal(.null))
        #expect(try readValues("date '1970-01-02'") == .literal(.date(1)))
        #expect(try readValues("DATETIME '1970-01-01T02:00:00.2509+02:00'") == .literal(.instant(250)))
    }

    @Test func namesAndPaths() throws {
        #expect(try readValues("[my-field] = 3") == .compare(.equal, field("my-field", .integer), .literal(.integer(3))))
        #expect(try readValues("[s] <> e") == .compare(.notEqual, field("s", .string), field("e", .string)))
        #expect(try readValues("b") == field("b", .boolean))
        let city = FieldPath(steps: [LinkStep(schema: "customers", link: 0)], schema: "households", field: 1, type: .string)
        #expect(try readCustomer("household.city IS NOT NULL") == .not(.isNull(.field(city))))
        let deep = try read("customer.household.income > 3", about: "purchases", in: Samples.shop)
        let income = FieldPath(
            steps: [LinkStep(schema: "purchases", link: 0), LinkStep(schema: "customers", link: 0)], schema: "households", field: 2,
            type: .integer)
        #expect(deep == .compare(.greater, .field(income), .literal(.integer(3))))
    }

    @Test func sugarIsWrittenOut() throws {
        let (s, i) = (try field("s", .string), try field("i", .integer))
        #expect(try readValues("s IS EMPTY") == .or([.isNull(s), .compare(.equal, s, .literal(.string("")))]))
        #expect(try readValues("i IS NOT EMPTY") == .not(.isNull(i)))
        #expect(
            try readValues("i NOT BETWEEN 1 AND 4")
                == .not(.and([.compare(.greaterOrEqual, i, .literal(.integer(1))), .compare(.lessOrEqual, i, .literal(.integer(4)))])))
        #expect(try readValues("i NOT IN (1, NULL)") == .not(.isOneOf(i, [.literal(.integer(1)), .literal(.null)])))
        #expect(try readValues("i IN (1.5, j)") == .isOneOf(i, [.literal(.double(1.5)), field("j", .integer)]))
    }

    @Test func precedence() throws {
        let (b, yes) = (try field("b", .boolean), Expression.literal(.boolean(true)))
        #expect(try readValues("b OR b AND TRUE") == .or([b, .and([b, yes])]))
        #expect(try readValues("(b OR b) AND TRUE") == .and([.or([b, b]), yes]))
        #expect(try readValues("not b = b and b") == .and([.not(.compare(.equal, b, b)), b]))
        let i = try field("i", .integer)
        let between = Expression.and([
            .compare(.greaterOrEqual, i, .literal(.integer(1))), .compare(.lessOrEqual, i, .literal(.integer(9))),
        ])
        #expect(try readValues("i BETWEEN 1 AND 9 AND b") == .and([between, b]))
    }

    @Test func dateBesideInstantIsItsMidnight() throws {
        let (d, at) = (try field("d", .date), try field("at", .datetime))
        let midnight = Expression.midnight(d, zone: paris)
        #expect(try readValues("at = d") == .compare(.equal, at, midnight))
        #expect(try readValues("d < at") == .compare(.less, midnight, at))
        #expect(try readValues("d IN (at)") == .isOneOf(midnight, [at]))
        #expect(try readValues("at IN (d, at)") == .isOneOf(at, [midnight, at]))
        #expect(try readValues("at >= DATE '2026-07-01'") == .compare(.greaterOrEqual, at, .midnight(.literal(.date(20635)), zone: paris)))
        // Dates compare as dates even beside instants in the same list.
        #expect(try readValues("d IN (d2, at)") == .or([.isOneOf(d, [field("d2", .date)]), .isOneOf(midnight, [at])]))
    }

    @Test func clock() throws {
        let at = try field("at", .datetime)
        func compared(_ offset: Int64, _ unit: CalendarUnit) -> Expression {
            .compare(.greaterOrEqual, at, .clock(offset: offset, unit: unit, zone: paris))
        }
        #expect(try readValues("at >= NOW()") == compared(0, .seconds))
        #expect(try readValues("at >= getdate()") == compared(0, .seconds))
        #expect(try readValues("at >= DaysAgo(30)") == compared(-30, .days))
        #expect(try readValues("at >= DaysAgo(-30)") == compared(30, .days))
        #expect(try readValues("at >= MonthsAgo(0)") == compared(0, .months))
        #expect(try readValues("at >= AddSeconds(NOW(), 5)") == compared(5, .seconds))
        #expect(try readValues("at >= SubYears(GetDate(), 18)") == compared(-18, .years))
        #expect(try readValues("at >= HoursAgo(9223372036854775807)") == compared(-.max, .hours))
        let d = try field("d", .date)
        #expect(
            try readValues("d <= SubYears(NOW(), 18)")
                == .compare(.lessOrEqual, .midnight(d, zone: paris), .clock(offset: -18, unit: .years, zone: paris)))
    }

    @Test func aggregates() throws {
        let purchases = LinkStep(schema: "purchases", link: 0)
        let category = Expression.field(FieldPath(steps: [], schema: "purchases", field: 5, type: .string))
        let shoes = Expression.compare(.equal, category, .literal(.string("shoes")))
        let back = [AggregateStep(link: purchases, isForward: false)]
        let count = Aggregate(function: .count, steps: back, filter: shoes, field: nil, type: .integer)
        #expect(try readCustomer("COUNT(purchases WHERE category = 'shoes')") == .aggregate(count))
        #expect(
            try readCustomer("EXISTS(purchases WHERE category = 'shoes')")
                == .compare(.greaterOrEqual, .aggregate(count), .literal(.integer(1))))
        let sum = Aggregate(function: .sum, steps: back, filter: nil, field: 3, type: .double)
        #expect(try readCustomer("sum(purchases.amount)") == .aggregate(sum))
        #expect(try readCustomer("SUM(purchases.qty)").type == .integer)
        let longest = Aggregate(function: .maximum, steps: back, filter: nil, field: 6, type: .datetime)
        #expect(try readCustomer("MAX(purchases.at)") == .aggregate(longest))
        #expect(try readCustomer("MIN(purchases.sku)").type == .string)
        #expect(try readCustomer("AVG(purchases.qty)").type == .double)
        #expect(try readCustomer("COUNT_DISTINCT(purchases.at)").type == .integer)
        // Inside WHERE paths start at the linked record, and aggregates nest.
        _ = try read("EXISTS(sales WHERE product.price > 1 AND customer.age > 3)", about: "products", in: Samples.shop)
        _ = try read("EXISTS(customers WHERE COUNT(purchases WHERE at >= DaysAgo(3)) > 2)", about: "households", in: Samples.shop)
    }

    @Test(arguments: [
        "s = 1", "i = '1'", "b = 1", "d = '2026-01-01'", "at = '2026-01-01T00:00:00Z'", "i IN (1, 'x')", "s BETWEEN 1 AND s2", "b = 'true'",
        "s + 1 = 2", "i || 'x' = 'x'", "i AND b", "NOT s", "at + 1 > at", "-s = 1", "at = i", "-TRUE",
        "S = 'x'", "nope = 1", "s = 'x", "s = ", "(s = 'x'", "s = 'x')", "d = DATE '2023-02-29'", "i = 99999999999999999999", "s ~ 'x'",
        "AND", "", "[]", "[s", "us.n = 1", "EXISTS(s)", "EXISTS(us WHERE n)", "SUM(us.s) = 1", "SUM(us) = 1", "COUNT(nobody) = 1", "i IS",
        "IN (1)",
        "s IN ()", "EXISTS us", "at > DaysAgo()", "at > DaysAgo('1')", "at > AddDays(3, 3)", "at > NOW(1)", "COUNT(us, us)", "s.i = 1",
        "DATETIME '2026-01-01T00:00:00'", "i = 1 2",
    ])
    func refused(_ source: String) throws {
        let mistake = try #require(try mistake(source))
        #expect(!mistake.message.contains("not supported yet"), "\(mistake.message)")
    }

    @Test(arguments: ["i = 1.5", "d = at", "e = s", "s = NULL", "d BETWEEN at AND at2", "NULL IN (1)", "NULL", "i IN (1.0, 2.5)", "s > e"])
    func accepted(_ source: String) throws {
        #expect(try mistake(source) == nil)
    }

    @Test(arguments: [
        "at >= DaysAgo(30)", "DaysAgo(30) <= at", "d <= SubYears(NOW(), 18)", "(at >= NOW()) = b", "at BETWEEN DaysAgo(9) AND DaysAgo(3)",
        "NOT (at IN (NOW(), at2))", "NOW() > DATETIME '2026-01-01T00:00:00Z'", "EXISTS(us WHERE s = 'x') AND at > NOW()",
        "NOW() > DaysAgo(2)",
    ])
    func acceptedClock(_ source: String) throws {
        #expect(try mistake(source) == nil)
    }

    @Test(arguments: [
        "AddDays(NOW(), i) > at", "DaysAgo(i) < at", "DaysDiff(at, NOW()) > 3", "DaysDiff(NOW(), at) > i", "DaysOld(at) > j + 1",
        "DaysOld(AddDays(at, 1)) > 3", "NOW() IS NULL", "Coalesce(at, NOW()) > at2", "Iif(b, NOW(), at) > at2",
        "ToString(NOW()) LIKE '2026%'",
        "DaysOld(at) % 7 = 0", "DaysOld(at) = DaysOld(at2)", "at BETWEEN at2 AND AddDays(NOW(), i)", "Decode(Hour(NOW()), 1, TRUE, FALSE)",
        "NOW()", "EXISTS(us WHERE DaysAgo(3) IS NULL)",
    ])
    func refusedClock(_ source: String) throws {
        let mistake = try #require(try mistake(source))
        #expect(mistake.message.contains("clock"))
        #expect(mistake.hint?.contains("at >= DaysAgo(30)") == true)
    }

    @Test func aggregatesOverSeveralLinks() throws {
        func step(_ schema: String, _ link: Int, _ isForward: Bool) -> AggregateStep {
            AggregateStep(link: LinkStep(schema: schema, link: link), isForward: isForward)
        }
        func steps(_ source: String, about name: String) throws -> [AggregateStep]? {
            switch try read(source, about: name, in: Samples.shop) {
            case .aggregate(let aggregate): aggregate.steps
            case .compare(.greaterOrEqual, .aggregate(let aggregate), .literal(.integer(1))): aggregate.steps
            default: nil
            }
        }
        #expect(
            try steps("SUM(customers.purchases.amount)", about: "households") == [
                step("customers", 0, false), step("purchases", 0, false),
            ])
        #expect(
            try steps("SUM(purchases.product.price)", about: "customers") == [
                step("purchases", 0, false), step("purchases", 1, true),
            ])
        #expect(
            try steps("EXISTS(customer.purchases)", about: "purchases") == [
                step("purchases", 0, true), step("purchases", 0, false),
            ])
        #expect(
            try steps("COUNT(purchases.product.sales)", about: "customers") == [
                step("purchases", 0, false), step("purchases", 1, true), step("purchases", 1, false),
            ])
    }

    /// By its reverse name a unique link leads to one record, not to a collection.
    @Test func uniqueLinksTheOtherWay() throws {
        let card = LinkStep(schema: "cards", link: 0, isReversed: true)
        #expect(try readCustomer("card.points") == .field(FieldPath(steps: [card], schema: "cards", field: 1, type: .integer)))
        guard case .aggregate(let sum) = try read("SUM(customers.card.points)", about: "households", in: Samples.shop) else {
            Issue.record("SUM is an aggregate")
            return
        }
        #expect(sum.steps.map(\.isForward) == [false, true] && sum.steps[1].link == card)
        #expect(try reading("EXISTS(card)", about: "customers", in: Samples.shop).mistakes.count == 1)
    }

    @Test(arguments: [
        ("Lowr(s) = 'x'", "Lower"), ("DayAgo(3) < at", "DaysAgo"), ("s = Loower('X')", "Lower"), ("Coalesc(s, 'x') = 'x'", "Coalesce"),
        ("Substrin(s, 1) = 'x'", "Substring"), ("attt = at", "at?"),
    ])
    func unknownNamesHaveAHint(_ source: String, _ near: String) throws {
        let mistake = try #require(try mistake(source))
        #expect(mistake.message.hasPrefix("unknown"))
        #expect(mistake.hint?.contains(near) == true)
    }

    @Test func boundsOfHostileText() throws {
        func nested(_ depth: Int) -> String { String(repeating: "(", count: depth) + "b" + String(repeating: ")", count: depth) }
        #expect(try mistake(nested(100)) == nil)
        #expect(try mistake(nested(101))?.message.contains("levels deep") == true)
        #expect(try mistake(String(repeating: "(", count: 60_000)) != nil)
        #expect(try mistake(String(repeating: "NOT ", count: 15_000) + "b") != nil)
        #expect(try mistake(String(repeating: "- ", count: 30_000) + "1") != nil)
        #expect(try mistake("i = 1" + String(repeating: " + 1", count: 16_000)) != nil)
        #expect(try mistake("b" + String(repeating: " ", count: 65_536))?.message.contains("65536 bytes") == true)
        let members = [String](repeating: "1", count: 10_000).joined(separator: ",")
        #expect(try mistake("i IN (\(members))") == nil)
        #expect(try mistake("i IN (\(members),1)")?.message.contains("at most 10000") == true)
        #expect(try mistake([String](repeating: "b", count: 10_000).joined(separator: " OR ")) == nil)
        // Sugar that repeats its left side must not explode when it is nested.
        let exploding = String(repeating: "(", count: 60) + "b" + String(repeating: " BETWEEN b AND b)", count: 60)
        #expect(try mistake(exploding)?.message.contains("too large") == true)
        // A comparison in a comparison is looked at once.
        #expect(try mistake(String(repeating: "(", count: 90) + "b" + String(repeating: " = b)", count: 90)) == nil)
    }
}
