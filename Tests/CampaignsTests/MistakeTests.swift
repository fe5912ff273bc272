// Goal: every mistake of an expression is told, and told once (contract §2).
// Method: ten forms of each kind and more; what is wrong is compared with the exact messages and hints.

import Testing

@testable import Campaigns

@Suite struct MistakeTests {
    /// Unknown names, with the nearest one; the clock among their arguments is no second mistake.
    @Test(
        arguments: [
            ("Foo(seen, NOW()) > 3", ["unknown function 'Foo' → did you mean NOW?"]),
            ("sen > DaysAgo(30)", ["unknown field 'sen' of customers → did you mean seen?"]),
            ("contry = 'FR'", ["unknown field 'contry' of customers → did you mean country?"]),
            ("Lenght(email) > 3", ["unknown function 'Lenght' → did you mean Length?"]),
            ("DaysOld(sen) > 3", ["unknown field 'sen' of customers → did you mean seen?"]),
            ("Hour(NOW()) + agee > Hour(seen)", ["unknown field 'agee' of customers → did you mean age?"]),
            (
                "AddDays(sen, 3) > NOW() AND Foo(NOW()) = 1",
                [
                    "unknown field 'sen' of customers → did you mean seen?",
                    "unknown function 'Foo' → did you mean NOW?",
                ]
            ),
            ("EXISTS(purchase WHERE amout > 3)", ["unknown link 'purchase' of customers → did you mean purchases?"]),
            ("EXISTS(purchases WHERE customer.ag > 3)", ["unknown field 'ag' of customers → did you mean age?"]),
            (
                "household.city = 'x'",
                [
                    "unknown link 'household' of customers → known: active, age, born, country, email, end, first-name, id, "
                        + "purchases, score, seen, tier"
                ]
            ),
            (
                "country = FR",
                [
                    "unknown field 'FR' of customers → known: active, age, born, country, email, end, first-name, id, purchases, "
                        + "score, seen, tier; a text stands in quotes: 'FR'"
                ]
            ),
            ("Abs(agee) - 1 > seen", ["unknown field 'agee' of customers → did you mean age?"]),
        ] as [Form])
    func unknownNames(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Three mistakes are three problems.
    @Test(
        arguments: [
            (
                "sen > DaysAgo(30) AND contry = 'FR' AND Foo(age) = 1",
                [
                    "unknown field 'sen' of customers → did you mean seen?",
                    "unknown field 'contry' of customers → did you mean country?",
                    "unknown function 'Foo' → did you mean NOW?",
                ]
            ),
            (
                #"age == 5 AND country = "FR" AND sen > NOW()"#,
                [
                    "unknown field 'sen' of customers → did you mean seen?",
                    "'==' is not a sign of expressions → write =",
                    #"a text stands in straight single quotes, not in " → write 'FR'; a name stands in brackets: [FR]"#,
                ]
            ),
            (
                "age > '5' OR active = 'yes' OR born > '2026-01-01'",
                [
                    "cannot compare integer with string → 5",
                    "cannot compare boolean with string → TRUE",
                    "cannot compare date with string → DATE '2026-01-01'",
                ]
            ),
            (
                "agee = 1 AND age => 2 AND COUNT(*) > 3",
                [
                    "unknown field 'agee' of customers → did you mean age?",
                    "'=>' is not a sign of expressions → write >=",
                    "COUNT(*) does not say what it counts → COUNT(purchases)",
                ]
            ),
            (
                "country IN ['FR'] AND email ENDS WITH 'x' AND Hour(seen) = Hour(NOW()) + age",
                [
                    "IN takes its list in parentheses → IN ('FR')",
                    "there is no ENDS WITH → email LIKE '%x'",
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()",
                ]
            ),
            (
                "NOT (contry = 'FR' OR emial LIKE 'x') AND agee > 3",
                [
                    "unknown field 'contry' of customers → did you mean country?",
                    "unknown field 'emial' of customers → did you mean email?",
                    "unknown field 'agee' of customers → did you mean age?",
                ]
            ),
            (
                "Foo(Bar(agee)) = 1",
                [
                    "unknown function 'Foo' → did you mean NOW?",
                    "unknown function 'Bar' → did you mean Year?",
                    "unknown field 'agee' of customers → did you mean age?",
                ]
            ),
            (
                "COUNT(purchases WHERE amout > 3 AND att > DaysAgo(3) AND idd = 'x') > 3",
                [
                    "unknown field 'amout' of purchases → did you mean amount?",
                    "unknown field 'att' of purchases → did you mean at?",
                    "unknown field 'idd' of purchases → did you mean id?",
                ]
            ),
            (
                "Lower(age) = Upper(seen) AND Round(country) = 5",
                [
                    "argument 1 of Lower must be string, not integer → convert it with ToString",
                    "argument 1 of Upper must be string, not datetime → convert it with ToString",
                    "argument 1 of Round must be integer or double, not string → convert it with ToDouble",
                ]
            ),
            (
                "country = 'FR' AND (age > AND active == TRUE) AND sen > 3",
                [
                    "unknown field 'sen' of customers → did you mean seen?",
                    "expected a value before 'AND' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values",
                    "'==' is not a sign of expressions → write =",
                ]
            ),
        ] as [Form])
    func several(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Something is missing, or there is too much.
    @Test(
        arguments: [
            (
                "country = AND age > 5",
                [
                    "expected a value before 'AND' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"
                ]
            ),
            (
                "age > 5 AND",
                [
                    "expected a value before the end → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"
                ]
            ),
            ("AND", ["expected a value before 'AND' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"]),
            ("()", ["expected a value before ')' → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"]),
            ("", ["expected a value before the end → a value is a field, 'text', 12, TRUE, DATE '2026-01-31', or a function of values"]),
            ("(age > 5", ["expected ) before the end → every ( has its )"]),
            ("age > 5))", ["unexpected ')' → there is no ( before it"]),
            ("((age > 5) AND (country = 'FR'", ["expected ) before the end → every ( has its )"]),
            ("country = 'FR' age > 5", ["unexpected 'age' after 'FR' → between conditions stands AND or OR"]),
            ("country 'FR'", ["unexpected 'FR' after 'country' → a comparison has a sign, as in country = 'FR'"]),
            ("country = 'FR', age > 5", ["unexpected ',' → between conditions stands AND or OR"]),
            ("Iif(age > 5, 1) = 1", ["Iif takes 3 arguments, not 2 → Iif(condition, then, else)"]),
            ("Iif(age > 5; 1; 2) = 1", ["a list has no ; → between its items stands a comma"]),
            ("Left(email) = 'x'", ["Left takes 2 arguments, not 1 → Left(text, integer)"]),
            ("age = = 5", ["expected a value before '=' → each condition has a value of its own before =, as in age > 18 AND age < 65"]),
            (
                "Lower email = 'x'",
                [
                    "unexpected 'email' after 'Lower' → a name with blanks stands in brackets: [Lower email]; between conditions "
                        + "stands AND or OR"
                ]
            ),
        ] as [Form])
    func missing(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Values where conditions stand.
    @Test(
        arguments: [
            ("age", ["a filter must be a condition, not integer → a condition compares, as in country = 'FR'"]),
            ("country", ["a filter must be a condition, not string → a condition compares, as in country = 'FR'"]),
            ("age AND active", ["each side of AND must be a condition, not integer → compare it, as in age > 0, or age IS NOT NULL"]),
            (
                "NOT country",
                ["what follows NOT must be a condition, not string → compare it, as in country = 'text', or country IS NOT EMPTY"]
            ),
            ("email = 'a' OR 'b'", ["each side of OR must be a condition, not string → a condition compares, as in country = 'FR'"]),
            (
                "EXISTS(purchases WHERE amount)",
                ["WHERE must be a condition, not double → compare it, as in amount > 0, or amount IS NOT NULL"]
            ),
            ("CASE WHEN age THEN 1 END = 1", ["WHEN must be a condition, not integer → compare it, as in age > 0, or age IS NOT NULL"]),
            (
                "seen OR active",
                [
                    "each side of OR must be a condition, not datetime → compare it, as in seen >= DaysAgo(30), or seen IS NOT NULL"
                ]
            ),
            ("-active", ["- needs a number, not boolean → the opposite of a condition is NOT"]),
            ("email || 5 = 'x'", ["|| needs texts, not string and integer → use ToString"]),
            ("email + 'x' = 'y'", ["+ needs numbers, not string and string → || joins texts; ToInteger and ToDouble read numbers"]),
            ("age + '5' = 6", ["+ needs numbers, not integer and string → 5"]),
        ] as [Form])
    func conditions(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// The clock where it may not be.
    @Test(
        arguments: [
            (
                "Hour(seen) = Hour(NOW()) + age",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "NOW()",
                [
                    "the clock is used outside a comparison → compare one side that depends on the clock alone with the field, as in "
                        + "at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "NOW() IS NULL",
                [
                    "the clock is used outside a comparison → compare one side that depends on the clock alone with the field, as in "
                        + "at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "DaysOld(seen) = DaysOld(born)",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "DaysAgo(age) < seen",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "EXISTS(purchases WHERE NOW() IS NULL)",
                [
                    "the clock is used outside a comparison → compare one side that depends on the clock alone with the field, as in "
                        + "at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "Coalesce(seen, NOW()) > born",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "DaysOld(seen) % 7 = 0",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "AddDays(NOW(), age) > seen",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
            (
                "seen BETWEEN born AND AddDays(NOW(), age)",
                [
                    "both the clock and the row are on one side of a comparison → compare one side that depends on the clock alone "
                        + "with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"
                ]
            ),
        ] as [Form])
    func clock(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }
}
