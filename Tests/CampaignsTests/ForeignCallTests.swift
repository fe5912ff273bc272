// Goal: functions, methods and queries are told as what they are called here (contract §2).
// Method: ten forms of each kind and more; what is wrong is compared with the exact messages and hints.

import Testing

@testable import Campaigns

@Suite struct ForeignCallTests {
    /// Functions by other names.
    @Test(
        arguments: [
            ("IF(age > 5, 1, 2) = 1", ["unknown function 'IF' → use Iif(condition, then, else)"]),
            ("IFNULL(country, 'FR') = 'FR'", ["unknown function 'IFNULL' → use Coalesce(value, other)"]),
            ("NVL(country, 'x') = 'x'", ["unknown function 'NVL' → use Coalesce(value, other)"]),
            ("ISNULL(country)", ["unknown function 'ISNULL' → write value IS NULL, or use Coalesce(value, other)"]),
            ("CONCAT(country, 'x') = 'x'", ["unknown function 'CONCAT' → join texts with ||: a || b"]),
            ("LEN(country) > 2", ["unknown function 'LEN' → use Length(text)"]),
            (
                "SUBSTR(country, 1) = 'F'",
                ["unknown function 'SUBSTR' → use Substring(text, start, length), where 1 is the first character"]
            ),
            ("UCASE(country) = 'F'", ["unknown function 'UCASE' → use Upper(text)"]),
            ("CAST(age AS VARCHAR) = '5'", ["unknown function 'CAST' → use ToInteger, ToDouble, ToString, ToDate or ToDateTime"]),
            ("CONVERT(int, country) = 5", ["unknown function 'CONVERT' → use ToInteger, ToDouble, ToString, ToDate or ToDateTime"]),
            ("EXTRACT(YEAR FROM seen) = 2026", ["unknown function 'EXTRACT' → use Year, Month, Day, Hour, Minute, Second or WeekDay"]),
            ("age::text = '5'", ["there is no :: → ToString(age)"]),
            ("AND(age > 5, active)", ["AND stands between conditions → condition AND condition"]),
            ("CONTAINS(email, 'x')", ["CONTAINS stands between values → email CONTAINS …"]),
            ("ENDSWITH(email, 'x')", ["unknown function 'ENDSWITH' → write text LIKE '%part'"]),
        ] as [Form])
    func functions(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// The clock by other names.
    @Test(
        arguments: [
            ("seen > CURRENT_TIMESTAMP", ["unknown field 'CURRENT_TIMESTAMP' of customers → the clock is NOW()"]),
            ("seen > NOW", ["unknown field 'NOW' of customers → the clock is NOW()"]),
            ("seen > CURRENT_TIMESTAMP()", ["unknown function 'CURRENT_TIMESTAMP' → use NOW()"]),
            ("seen > sysdate", ["unknown field 'sysdate' of customers → the clock is NOW()"]),
            ("born > today", ["unknown field 'today' of customers → today is DateOnly(NOW())"]),
            ("born > CURRENT_DATE", ["unknown field 'CURRENT_DATE' of customers → today is DateOnly(NOW())"]),
            ("born > TODAY()", ["unknown function 'TODAY' → use DateOnly(NOW())"]),
            ("born > CURDATE()", ["unknown function 'CURDATE' → use DateOnly(NOW())"]),
            ("born > yesterday", ["unknown field 'yesterday' of customers → yesterday is DateOnly(DaysAgo(1))"]),
            ("seen > today() - 30", ["unknown function 'today' → use DateOnly(NOW())"]),
        ] as [Form])
    func clocks(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Lengths of time.
    @Test(
        arguments: [
            ("seen > NOW() - INTERVAL '30 days'", ["there is no INTERVAL → DaysAgo(30)"]),
            ("seen > NOW() - INTERVAL 30 DAY", ["there is no INTERVAL → DaysAgo(30)"]),
            ("seen > NOW() - INTERVAL '2' WEEK", ["there is no INTERVAL → DaysAgo(14)"]),
            ("seen > CURRENT_TIMESTAMP - INTERVAL '1 month'", ["there is no INTERVAL → MonthsAgo(1)"]),
            ("seen + INTERVAL 1 MONTH > NOW()", ["there is no INTERVAL → AddMonths(seen, 1)"]),
            (
                "seen > NOW() - INTERVAL '1 year 2 months'",
                ["there is no INTERVAL → AddDays(moment, 30), SubDays(moment, 30), or DaysAgo(30)"]
            ),
            ("seen > NOW() - 30", ["- needs numbers, not datetime and integer → DaysAgo(30)"]),
            ("seen > NOW() - 30 days", ["a number has no unit, such as 'days' → DaysAgo(30)"]),
            ("seen > NOW() - '30 days'", ["- needs numbers, not datetime and string → DaysAgo(30)"]),
            ("seen - 30 > NOW()", ["- needs numbers, not datetime and integer → SubDays(seen, 30)"]),
            ("NOW() - seen > 30", ["- needs numbers, not datetime and datetime → the days between them are DaysDiff(NOW(), seen)"]),
            (
                "seen > DATEADD(day, -30, NOW())",
                [
                    "unknown function 'DATEADD' → use AddDays(moment, 30) or SubDays(moment, 30); from the clock DaysAgo(30)"
                ]
            ),
            ("DATEDIFF(NOW(), seen) > 30", ["unknown function 'DATEDIFF' → use DaysDiff(end, start), or MonthsDiff, YearsDiff …"]),
            ("DATEDIFF(day, seen, NOW()) > 30", ["unknown function 'DATEDIFF' → use DaysDiff(end, start), or MonthsDiff, YearsDiff …"]),
            (
                "DATE_SUB(NOW(), INTERVAL 30 DAY) < seen",
                [
                    "unknown function 'DATE_SUB' → use AddDays(moment, 30) or SubDays(moment, 30); from the clock DaysAgo(30)"
                ]
            ),
            (
                "seen >= DATE_ADD(NOW(), INTERVAL -30 DAY)",
                [
                    "unknown function 'DATE_ADD' → use AddDays(moment, 30) or SubDays(moment, 30); from the clock DaysAgo(30)"
                ]
            ),
            (
                "TIMESTAMPDIFF(DAY, seen, NOW()) > 30",
                [
                    "unknown function 'TIMESTAMPDIFF' → use DaysDiff(end, start), or MonthsDiff, YearsDiff …"
                ]
            ),
        ] as [Form])
    func spans(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Methods of values.
    @Test(
        arguments: [
            ("email.endsWith('.fr')", ["a value has no methods such as 'endsWith' → email LIKE '%.fr'"]),
            ("NOT email.startsWith('a')", ["a value has no methods such as 'startsWith' → email STARTS WITH 'a'"]),
            ("email.toLowerCase() = 'x'", ["a value has no methods such as 'toLowerCase' → Lower(email)"]),
            ("email.toLowerCase().endsWith('.fr')", ["a value has no methods such as 'toLowerCase' → Lower(email)"]),
            ("email.includes('x')", ["a value has no methods such as 'includes' → email CONTAINS 'x'"]),
            ("email.length > 5", ["'email' is a field of customers, not a link → Length(email); of a collection COUNT(email)"]),
            ("email.equals('x')", ["a value has no methods such as 'equals' → email = 'x'"]),
            ("email.substring(0, 3) = 'abc'", ["a value has no methods such as 'substring' → Substring(email, start, length)"]),
            ("seen.getFullYear() = 2026", ["a value has no methods such as 'getFullYear' → Year(seen)"]),
            ("email.foo()", ["a value has no methods such as 'foo' → functions stand before their arguments, as in Lower(email)"]),
            ("Lower(email).endsWith('.fr')", ["a value has no methods such as 'endsWith' → Lower(email) LIKE '%.fr'"]),
            ("'abc'.length = 3", ["a value has no methods such as 'length' → Length('abc'); of a collection COUNT('abc')"]),
            ("purchases.count() > 3", ["a value has no methods such as 'count' → Length(purchases); of a collection COUNT(purchases)"]),
            ("purchases.some(p => p.amount > 5)", ["a value has no methods such as 'some' → EXISTS(purchases WHERE condition)"]),
        ] as [Form])
    func methods(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// IN without parentheses.
    @Test(
        arguments: [
            ("country IN ['FR', 'DE']", ["IN takes its list in parentheses → IN ('FR', 'DE')"]),
            (#"country NOT IN ["FR"]"#, ["IN takes its list in parentheses → IN ('FR')"]),
            ("country IN {'FR', 'DE'}", ["braces mean nothing in an expression → a list stands in parentheses: IN ('FR', 'DE')"]),
            ("country IN 'FR'", ["IN takes its list in parentheses → IN ('FR')"]),
            ("country IN 'FR', 'DE'", ["IN takes its list in parentheses → IN ('FR', 'DE')"]),
            ("age IN 1, 2, 3", ["IN takes its list in parentheses → IN (1, 2, 3)"]),
            ("age IN [1", ["a name in brackets has no closing ] → as in [first-name]"]),
            ("country IN ('FR' 'DE')", ["unexpected 'DE' after 'FR' → between the items of a list stands a comma"]),
            (
                "age IN ()",
                ["expected a value before ')' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"]
            ),
            ("age IN", ["expected ( before the end → IN ('FR', 'DE')"]),
            ("age IN (1, 2", ["expected ) before the end → every ( has its )"]),
            ("email CONTAINS ('a', 'b')", ["expected ) before ',' → a list stands after IN"]),
        ] as [Form])
    func lists(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// EXISTS and the aggregates.
    @Test(
        arguments: [
            ("EXISTS purchases WHERE at > DaysAgo(3)", ["EXISTS takes parentheses → EXISTS(purchases WHERE …)"]),
            ("NOT EXISTS purchases", ["EXISTS takes parentheses → EXISTS(purchases)"]),
            ("EXISTS(purchases.at > DaysAgo(3))", ["expected WHERE or ) before '>' → EXISTS(purchases WHERE at > …)"]),
            (
                "EXISTS (SELECT id FROM purchases)",
                [
                    "there is no SELECT → EXISTS(purchases WHERE condition), COUNT(purchases), MAX(purchases.at) …"
                ]
            ),
            (
                "country IN (SELECT x FROM y)",
                ["there is no SELECT → EXISTS(purchases WHERE condition), COUNT(purchases), MAX(purchases.at) …"]
            ),
            ("COUNT(*) > 3", ["COUNT(*) does not say what it counts → COUNT(purchases)"]),
            ("COUNT(purchases.id) > 3", ["COUNT counts records, not the field 'id' → COUNT(purchases)"]),
            (
                "COUNT(purchases.amount) > 3",
                [
                    "COUNT counts records, not the field 'amount' → COUNT(purchases), or COUNT(purchases WHERE amount IS NOT NULL)"
                ]
            ),
            ("COUNT(DISTINCT purchases.id) > 3", ["COUNT takes no DISTINCT → COUNT_DISTINCT(purchases.id) counts different values"]),
            ("COUNT() > 3", ["expected a link before ')' → COUNT(purchases WHERE at >= DaysAgo(30))"]),
            ("SUM(amount) > 3", ["SUM(amount) needs a link to many records → SUM(purchases.amount)"]),
            ("SUM(purchases) > 3", ["SUM(purchases) needs a link to many records → SUM(purchases.field)"]),
            ("SUM(purchases.amount * 2) > 3", ["expected WHERE or ) before '*' → SUM(purchases.amount WHERE at >= DaysAgo(30))"]),
            ("SUM(CASE WHEN age > 3 THEN 1 END) > 3", ["expected a link before 'CASE' → SUM(purchases.amount WHERE at >= DaysAgo(30))"]),
            ("purchases > 3", ["'purchases' is a link of customers, not a field → EXISTS(purchases), COUNT(purchases) …"]),
            (
                "purchases.amount > 5",
                [
                    "'purchases.amount' goes through a collection → EXISTS(purchases WHERE amount …), or COUNT, SUM, AVG, MIN, MAX"
                ]
            ),
            (
                "EXISTS",
                ["expected a value before 'EXISTS' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"]
            ),
        ] as [Form])
    func collections(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Forms that no expression has.
    @Test(
        arguments: [
            ("age > 5 ? active : FALSE", ["there is no ? and : → Iif(condition, then, else)"]),
            (
                "IF age > 5 THEN TRUE ELSE FALSE END",
                [
                    "there is no IF → Iif(condition, then, else), or CASE WHEN condition THEN result ELSE other END"
                ]
            ),
            (
                "CASE age WHEN 5 THEN TRUE END",
                ["CASE begins with WHEN and a condition → CASE WHEN value = 1 THEN …, or Decode(value, 1, …)"]
            ),
            ("CASE WHEN age > 5 'x' END = 'x'", ["unexpected 'x' after '5' → between conditions stands AND or OR"]),
            ("country = 'FR' -- only French people", ["an expression has no comments → the label of the activity is the place for them"]),
            (
                "country = 'FR' /* French */ AND age > 3",
                ["an expression has no comments → the label of the activity is the place for them"]
            ),
            ("country = 'FR' // French", ["an expression has no comments → the label of the activity is the place for them"]),
            ("country = 'FR';", ["unexpected ';' → a filter is one condition and has no ; at its end"]),
            ("age > 5 LIMIT 10", ["unexpected 'LIMIT' → a filter is a condition and has no limit"]),
            ("country = 'FR' ORDER BY age", ["unexpected 'ORDER' → a filter is a condition and has no order"]),
            ("WHERE age > 5", ["expected a value before 'WHERE' → a filter begins with its condition"]),
            ("SELECT * FROM customers WHERE age > 5", ["there is no SELECT → a filter is the condition alone, what stands behind WHERE"]),
        ] as [Form])
    func forms(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }
}
