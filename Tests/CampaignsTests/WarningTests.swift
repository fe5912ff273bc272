// Goal: what is accepted but hardly meant has a warning (contract §2).
// Method: ten forms of each kind and more; what is warned of is compared with the exact messages and hints.

import Testing

@testable import Campaigns

@Suite struct WarningTests {
    /// A comparison with NULL.
    @Test(
        arguments: [
            ("country = NULL", ["a comparison with NULL is never true → country IS NULL"]),
            ("country != NULL", ["a comparison with NULL is never true → country IS NOT NULL"]),
            ("NULL = country", ["a comparison with NULL is never true → country IS NULL"]),
            ("age < NULL", ["a comparison with NULL is never true → age IS NOT NULL"]),
            ("age >= (NULL)", ["a comparison with NULL is never true → age IS NOT NULL"]),
            ("country IN ('FR', NULL)", ["NULL in a list finds nothing → leave it out, and add OR country IS NULL"]),
            ("age NOT IN (1, NULL)", ["NOT IN is never true when NULL is in the list → leave it out, and add AND age IS NOT NULL"]),
            ("age BETWEEN NULL AND 5", ["a comparison with NULL is never true → compare with one side: age >= … or age <= …"]),
            ("age NOT BETWEEN 1 AND NULL", ["a comparison with NULL is never true → compare with one side: age >= … or age <= …"]),
            ("EXISTS(purchases WHERE amount = NULL)", ["a comparison with NULL is never true → amount IS NULL"]),
            ("CASE WHEN age = NULL THEN TRUE ELSE FALSE END", ["a comparison with NULL is never true → age IS NULL"]),
            ("country IS NULL", []),
            ("Coalesce(age, NULL) = 5", []),
        ] as [Form])
    func nulls(_ source: String, _ expected: [String]) throws { #expect(try Dialects.warnings(source) == expected) }

    /// A text that is not a value of an enum.
    @Test(
        arguments: [
            ("tier = 'platinum'", ["'platinum' is not a value of tier → known: gold, silver"]),
            ("tier = 'silver'", []),
            ("'Gold' = tier", ["'Gold' is not a value of tier → did you mean gold?"]),
            ("tier != 'bronze' OR tier IS NULL", ["'bronze' is not a value of tier → known: gold, silver"]),
            ("tier IN ('gold', 'bronze')", ["'bronze' is not a value of tier → known: gold, silver"]),
            ("tier NOT IN ('gold', 'bronze') OR tier IS NULL", ["'bronze' is not a value of tier → known: gold, silver"]),
            ("CASE WHEN tier = 'silber' THEN TRUE ELSE FALSE END", ["'silber' is not a value of tier → did you mean silver?"]),
            ("Decode(tier, 'x', 1, 2) = 1", ["'x' is not a value of tier → known: gold, silver"]),
            ("tier BETWEEN 'a' AND 'gold'", ["'a' is not a value of tier → known: gold, silver"]),
            ("Iif(tier = 'god', 1, 2) = 1", ["'god' is not a value of tier → did you mean gold?"]),
            ("tier LIKE 'g%'", []),
            ("tier = country", []),
        ] as [Form])
    func enums(_ source: String, _ expected: [String]) throws { #expect(try Dialects.warnings(source) == expected) }

    /// A BETWEEN in which nothing is.
    @Test(
        arguments: [
            ("age BETWEEN 5 AND 1", ["BETWEEN is never true when the first value is above the second → BETWEEN 1 AND 5"]),
            ("age BETWEEN 5 AND 5", []),
            ("age BETWEEN 1.5 AND 1", ["BETWEEN is never true when the first value is above the second → BETWEEN 1 AND 1.5"]),
            ("score BETWEEN -1 AND -2", ["BETWEEN is never true when the first value is above the second → BETWEEN -2 AND -1"]),
            ("country BETWEEN 'b' AND 'a'", ["BETWEEN is never true when the first value is above the second → BETWEEN 'a' AND 'b'"]),
            (
                "born BETWEEN DATE '2026-02-01' AND DATE '2026-01-01'",
                [
                    "BETWEEN is never true when the first value is above the second → BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'"
                ]
            ),
            (
                "seen BETWEEN DATETIME '2026-02-01T00:00:00Z' AND DATETIME '2026-01-01T00:00:00Z'",
                [
                    "BETWEEN is never true when the first value is above the second → BETWEEN DATETIME '2026-01-01T00:00:00.000Z' "
                        + "AND DATETIME '2026-02-01T00:00:00.000Z'"
                ]
            ),
            (
                "seen BETWEEN NOW() AND DaysAgo(30)",
                [
                    "BETWEEN is never true when the first value is above the second → BETWEEN DaysAgo(30) AND NOW()"
                ]
            ),
            (
                "seen BETWEEN DaysAgo(3) AND DaysAgo(30)",
                [
                    "BETWEEN is never true when the first value is above the second → BETWEEN DaysAgo(30) AND DaysAgo(3)"
                ]
            ),
            ("seen BETWEEN DaysAgo(30) AND NOW()", []),
            (
                "EXISTS(purchases WHERE amount BETWEEN 9 AND 1)",
                [
                    "BETWEEN is never true when the first value is above the second → BETWEEN 1 AND 9"
                ]
            ),
        ] as [Form])
    func ranges(_ source: String, _ expected: [String]) throws { #expect(try Dialects.warnings(source) == expected) }

    /// Negations that leave out records without a value, and how to say that this is meant.
    @Test(
        arguments: [
            (
                "country != 'FR'",
                [
                    "!= is not true of records in which country has no value → add OR country IS NULL to have them, or AND country "
                        + "IS NOT NULL to say that they are left out"
                ]
            ),
            (
                "country <> 'FR'",
                [
                    "!= is not true of records in which country has no value → add OR country IS NULL to have them, or AND country "
                        + "IS NOT NULL to say that they are left out"
                ]
            ),
            ("country != 'FR' OR country IS NULL", []),
            ("country != 'FR' AND country IS NOT NULL", []),
            (
                "country NOT IN ('FR', 'DE')",
                [
                    "NOT IN is not true of records in which country has no value → add OR country IS NULL to have them, or AND "
                        + "country IS NOT NULL to say that they are left out"
                ]
            ),
            (
                "NOT (country = 'FR')",
                [
                    "NOT is not true of records in which country has no value → add OR country IS NULL to have them, or AND country "
                        + "IS NOT NULL to say that they are left out"
                ]
            ),
            (
                "NOT (country = 'FR' AND age > 3)",
                [
                    "NOT is not true of records in which country has no value → add OR country IS NULL to have them, or AND country "
                        + "IS NOT NULL to say that they are left out",
                    "NOT is not true of records in which age has no value → add OR age IS NULL to have them, or AND age IS NOT NULL "
                        + "to say that they are left out",
                ]
            ),
            (
                "NOT active",
                [
                    "NOT is not true of records in which active has no value → add OR active IS NULL to have them, or AND active IS "
                        + "NOT NULL to say that they are left out"
                ]
            ),
            (
                "email NOT LIKE '%x'",
                [
                    "NOT LIKE is not true of records in which email has no value → add OR email IS NULL to have them, or AND email "
                        + "IS NOT NULL to say that they are left out"
                ]
            ),
            (
                "age NOT BETWEEN 1 AND 5",
                [
                    "NOT BETWEEN is not true of records in which age has no value → add OR age IS NULL to have them, or AND age IS "
                        + "NOT NULL to say that they are left out"
                ]
            ),
            (
                "email NOT CONTAINS 'x'",
                [
                    "NOT CONTAINS is not true of records in which email has no value → add OR email IS NULL to have them, or AND "
                        + "email IS NOT NULL to say that they are left out"
                ]
            ),
            (
                "email NOT STARTS WITH 'x'",
                [
                    "NOT STARTS WITH is not true of records in which email has no value → add OR email IS NULL to have them, or AND "
                        + "email IS NOT NULL to say that they are left out"
                ]
            ),
            ("NOT (country IS NULL OR country = 'FR')", []),
            ("country != 'FR' AND country IS NOT EMPTY", []),
            ("Coalesce(country, '') != 'FR'", []),
            ("NoNull(age) != 5", []),
            ("id != 'x'", []),
            (
                "EXISTS(purchases WHERE amount != 3)",
                [
                    "!= is not true of records in which amount has no value → add OR amount IS NULL to have them, or AND amount IS "
                        + "NOT NULL to say that they are left out"
                ]
            ),
            ("NOT EXISTS(purchases WHERE amount > 3)", []),
            (
                "EXISTS(purchases WHERE customer.id != 'x')",
                [
                    "!= is not true of records in which customer.id has no value → add OR customer.id IS NULL to have them, or AND "
                        + "customer.id IS NOT NULL to say that they are left out"
                ]
            ),
            ("Decode(country, 'FR', TRUE, FALSE) != TRUE", []),
        ] as [Form])
    func negations(_ source: String, _ expected: [String]) throws { #expect(try Dialects.warnings(source) == expected) }
}
