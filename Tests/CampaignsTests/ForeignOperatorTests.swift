// Goal: what people write between values is told as what it is called here (contract §2).
// Method: ten forms of each kind and more; what is wrong is compared with the exact messages and hints.

import Testing

@testable import Campaigns

@Suite struct ForeignOperatorTests {
    /// `==` and other signs of equality and order.
    @Test(
        arguments: [
            ("country == 'FR'", ["'==' is not a sign of expressions → write ="]),
            ("age === 5", ["'===' is not a sign of expressions → write ="]),
            ("country !== 'FR'", ["'!==' is not a sign of expressions → write !="]),
            ("age => 5", ["'=>' is not a sign of expressions → write >="]),
            ("age =< 5", ["'=<' is not a sign of expressions → write <="]),
            ("age >< 5", ["'><' is not a sign of expressions → write !="]),
            ("age := 5", ["':=' is not a sign of expressions → write ="]),
            ("age <=> 5", ["'<=>' is not a sign of expressions → write ="]),
            ("age ≥ 5", ["'≥' is not a sign of expressions → write >="]),
            ("age ≠ 5", ["'≠' is not a sign of expressions → write !="]),
            ("age ^ 2 > 4", ["there is no ^ → multiply instead: there are no powers"]),
            ("age ** 2 > 4", ["there is no ** → multiply instead: there are no powers"]),
        ] as [Form])
    func signs(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// `&&`, `||` and `!`.
    @Test(
        arguments: [
            ("age > 5 && country = 'FR'", ["'&&' is not a sign of expressions → write AND"]),
            ("age > 5 & active", ["'&' is not a sign of expressions → write AND"]),
            ("age > 5 | active", ["'|' is not a sign of expressions → write OR"]),
            ("! active", ["'!' is not a sign of expressions → write NOT"]),
            ("!active AND !(age > 5)", ["'!' is not a sign of expressions → write NOT"]),
            ("country = 'FR' || country = 'DE'", ["|| joins texts → between conditions stands OR"]),
            ("country LIKE 'a%' || email LIKE 'b%' || age > 5", ["|| joins texts → between conditions stands OR"]),
            ("(country = 'FR') || (country = 'DE')", ["|| needs texts, not boolean and boolean → between conditions stands OR"]),
            ("country = 'FR' || active", ["|| needs texts, not string and boolean → between conditions stands OR"]),
            ("EXISTS(purchases) || active", ["|| needs texts, not boolean and boolean → between conditions stands OR"]),
            ("country IN ('FR') || active", ["|| joins texts → between conditions stands OR"]),
            ("country IS NULL || NOT active", ["|| joins texts → between conditions stands OR"]),
            ("country = 'FR' || NOT active", ["|| joins texts → between conditions stands OR"]),
            ("country = 'FR' XOR active", ["unexpected 'XOR' → a XOR b is (a AND NOT b) OR (b AND NOT a)"]),
        ] as [Form])
    func conjunctions(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// ILIKE and the other tests of texts.
    @Test(
        arguments: [
            ("email ILIKE '%X%'", ["there is no ILIKE → Lower(email) LIKE '%x%'"]),
            (
                "email SIMILAR TO 'x'",
                [
                    "there is no SIMILAR TO → email LIKE 'x', where % is any text and _ one character; for any case Lower(email) LIKE 'x'"
                ]
            ),
            (
                "email REGEXP 'x'",
                [
                    "there is no REGEXP → email LIKE 'x', where % is any text and _ one character; for any case Lower(email) LIKE 'x'"
                ]
            ),
            (
                "email RLIKE 'x'",
                [
                    "there is no RLIKE → email LIKE 'x', where % is any text and _ one character; for any case Lower(email) LIKE 'x'"
                ]
            ),
            (
                "email ~ 'x'",
                ["there is no ~ → email LIKE 'x', where % is any text and _ one character; for any case Lower(email) LIKE 'x'"]
            ),
            (
                "email !~* 'x'",
                [
                    "there is no !~* → email LIKE 'x', where % is any text and _ one character; for any case Lower(email) LIKE 'x'"
                ]
            ),
            (
                "email GLOB 'x'",
                [
                    "there is no GLOB → email LIKE 'x', where % is any text and _ one character; for any case Lower(email) LIKE 'x'"
                ]
            ),
            ("email ENDS WITH '.fr'", ["there is no ENDS WITH → email LIKE '%.fr'"]),
            ("email NOT ENDS WITH '.fr'", ["there is no ENDS WITH → NOT email LIKE '%.fr'"]),
            ("email ENDSWITH country", ["there is no ENDSWITH → email LIKE '%' || country"]),
            ("email BEGINS WITH 'a'", ["there is no BEGINS WITH → email STARTS WITH 'a'"]),
            ("email STARTSWITH 'a'", ["there is no STARTSWITH → email STARTS WITH 'a'"]),
            ("email STARTS 'a'", ["expected WITH before 'a' → STARTS WITH"]),
            ("email INCLUDES 'a'", ["there is no INCLUDES → email CONTAINS 'a'"]),
            ("email NOT INCLUDES 'a'", ["there is no INCLUDES → NOT email CONTAINS 'a'"]),
            ("email LIKE 'a_b' ESCAPE '/'", ["there is no ESCAPE → % is any text and _ one character; nothing escapes them"]),
            ("email COLLATE NOCASE = 'x'", ["there is no COLLATE → texts compare by their bytes"]),
        ] as [Form])
    func patterns(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Comparisons and arithmetic in words.
    @Test(
        arguments: [
            ("country equals 'FR'", ["there is no EQUALS → country = 'FR'"]),
            ("age GT 5", ["there is no GT → age > 5"]),
            ("age IS GREATER THAN 5", ["there is no IS GREATER THAN → age > 5"]),
            ("age IS DISTINCT FROM 5", ["there is no IS DISTINCT FROM → age != 5"]),
            ("age MOD 2 = 0", ["there is no MOD → age % 2"]),
            ("age DIV 2 > 4", ["there is no DIV → Floor(age / 2)"]),
            ("country ?? 'x' = 'x'", ["there is no ?? → Coalesce(country, 'x')"]),
            ("seen AT TIME ZONE 'Europe/Paris' > NOW()", ["there is no AT TIME ZONE → ToTimeZone(seen, 'Europe/Paris')"]),
            ("age NOT = 5", ["unexpected 'NOT' after 'age' → NOT stands before a condition, as in NOT age = 5"]),
            ("age NOT 5", ["unexpected 'NOT' after 'age' → NOT stands before a condition, as in NOT age = 5"]),
        ] as [Form])
    func words(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// IS before anything but NULL and EMPTY.
    @Test(
        arguments: [
            ("active IS TRUE", ["IS takes NULL or EMPTY, not 'TRUE' → active = TRUE"]),
            ("active IS NOT FALSE", ["IS takes NULL or EMPTY, not 'FALSE' → active != FALSE"]),
            ("country IS 'FR'", ["IS takes NULL or EMPTY, not 'FR' → country = 'FR'"]),
            ("country IS NOT 'FR'", ["IS takes NULL or EMPTY, not 'FR' → country != 'FR'"]),
            ("age IS 5", ["IS takes NULL or EMPTY, not '5' → age = 5"]),
            ("country IS UNDEFINED", ["IS takes NULL or EMPTY, not 'UNDEFINED' → country IS NULL"]),
            ("country IS NOT MISSING", ["IS takes NULL or EMPTY, not 'MISSING' → country IS NOT NULL"]),
            ("country IS BLANK", ["IS takes NULL or EMPTY, not 'BLANK' → country IS EMPTY"]),
            ("country IS IN ('FR')", ["IS stands before NULL and EMPTY alone → country IN …"]),
            ("country IS NOT IN ('FR')", ["IS stands before NULL and EMPTY alone → country NOT IN …"]),
            ("country IS LIKE 'x'", ["IS stands before NULL and EMPTY alone → country LIKE …"]),
            ("country IS", ["expected NULL or EMPTY before the end → country IS NULL"]),
            ("country IS NOT", ["expected NULL or EMPTY before the end → country IS NOT NULL"]),
            ("country ISNULL", ["unexpected 'ISNULL' → write IS NULL"]),
        ] as [Form])
    func states(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// BETWEEN without its AND, comparisons in a chain.
    @Test(
        arguments: [
            ("age BETWEEN 1, 5", ["expected AND before ',' → BETWEEN 1 AND 5"]),
            ("(age BETWEEN 1, 5) AND active", ["expected AND before ',' → BETWEEN 1 AND 5"]),
            ("age BETWEEN 1 TO 5", ["expected AND before 'TO' → BETWEEN 1 AND 5"]),
            ("age BETWEEN (1, 5)", ["expected ) before ',' → a list stands after IN"]),
            ("age BETWEEN (1 AND 5)", ["BETWEEN takes no parentheses around both values → BETWEEN low AND high"]),
            ("age BETWEEN 5", ["expected AND before the end → BETWEEN 5 AND …"]),
            (
                "age BETWEEN AND 5",
                [
                    "expected a value before 'AND' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"
                ]
            ),
            ("18 < age < 65", ["unexpected '<' after 'age' → two comparisons have AND between them, as in age >= 18 AND age < 65"]),
            (
                "age > 18 AND < 65",
                [
                    "expected a value before '<' → each condition has a value of its own before <, as in age > 18 AND age < 65"
                ]
            ),
            (
                "email LIKE '%x' AND LIKE '%y'",
                [
                    "expected a value before 'LIKE' → each condition has a value of its own before LIKE, as in age > 18 AND age < 65"
                ]
            ),
        ] as [Form])
    func ranges(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }
}
