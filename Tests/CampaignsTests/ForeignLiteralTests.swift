// Goal: texts, numbers, dates and names are told as they are written here (contract §2).
// Method: ten forms of each kind and more; what is wrong is compared with the exact messages and hints.

import Testing

@testable import Campaigns

@Suite struct ForeignLiteralTests {
    /// Quotes that are none.
    @Test(
        arguments: [
            (#"country = "FR""#, [#"a text stands in straight single quotes, not in " → write 'FR'; a name stands in brackets: [FR]"#]),
            (
                #"country = "it's""#,
                [#"a text stands in straight single quotes, not in " → write 'it''s'; a name stands in brackets: [it's]"#]
            ),
            (
                #"country IN ("FR", "DE")"#,
                [
                    #"a text stands in straight single quotes, not in " → write 'FR'; a name stands in brackets: [FR]"#,
                    #"a text stands in straight single quotes, not in " → write 'DE'; a name stands in brackets: [DE]"#,
                ]
            ),
            (
                #""country" = 'FR'"#,
                [
                    #"a text stands in straight single quotes, not in " → write 'country'; a name stands in brackets: [country]"#
                ]
            ),
            (#""age" > 5"#, [#"a text stands in straight single quotes, not in " → write 'age'; a name stands in brackets: [age]"#]),
            (
                #"born > DATE "2026-01-01""#,
                [
                    #"a text stands in straight single quotes, not in " → write '2026-01-01'; a name stands in brackets: [2026-01-01]"#
                ]
            ),
            ("country = ‘FR’", ["a text stands in straight single quotes, not in ‘ → write 'FR'"]),
            ("country = “FR”", ["a text stands in straight single quotes, not in “ → write 'FR'; a name stands in brackets: [FR]"]),
            ("country = «FR»", ["a text stands in straight single quotes, not in « → write 'FR'; a name stands in brackets: [FR]"]),
            ("country = „FR“", ["a text stands in straight single quotes, not in „ → write 'FR'; a name stands in brackets: [FR]"]),
            ("`country` = 'FR'", ["a name does not stand in backticks → in brackets, or by itself: [country]"]),
            ("country = 'it's'", ["a quote inside a text ends it → it is written twice: 'it''s'"]),
            ("country = 'FR", ["a text has no closing quote → a quote inside a text is written twice: 'it''s'"]),
            (#"country = "FR"#, [#"a text stands in straight single quotes, not in " → write 'FR'; a name stands in brackets: [FR]"#]),
            ("(country = 'FR AND age > 5", ["a text has no closing quote → a quote inside a text is written twice: 'it''s'"]),
        ] as [Form])
    func quotes(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Numbers of other languages.
    @Test(
        arguments: [
            ("age > 1e5", ["'1e5' is not a number → numbers have no exponent: 100000"]),
            ("age > 1,000", ["unexpected ',' → numbers have no separators: 1000"]),
            ("age > 1_000", ["'1_000' is not a number → 1000"]),
            ("age > .5", ["expected a value before '.' → 0.5"]),
            ("age > 5.", ["unexpected '.' after '5' → a number has one point, and digits on both sides of it"]),
            ("age > 5.5.5", ["unexpected '.' after '5.5' → a number has one point, and digits on both sides of it"]),
            ("age > 0x1F", ["'0x1F' is not a number → a text stands in single quotes: '0x1F'"]),
            ("age > 10k", ["'10k' is not a number → a text stands in single quotes: '10k'"]),
            ("age > 30d", ["'30d' is not a number → a time that lies back is DaysAgo(30)"]),
            ("age > 99999999999999999999", ["'99999999999999999999' is too large for an integer → the largest is 9223372036854775807"]),
        ] as [Form])
    func numbers(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// A date or an instant that is written as something else.
    @Test(
        arguments: [
            (
                "seen > '2026-01-01'",
                [
                    "cannot compare datetime with string → DATETIME '2026-01-01T00:00:00Z', or DATE '2026-01-01', its midnight in "
                        + "the campaign's time zone"
                ]
            ),
            ("seen > '2026-01-01 10:30'", ["cannot compare datetime with string → DATETIME '2026-01-01T10:30:00Z'"]),
            ("seen > '2026-01-01T10:30:00'", ["cannot compare datetime with string → DATETIME '2026-01-01T10:30:00Z'"]),
            ("seen > 'yesterday'", ["cannot compare datetime with string → an instant is written DATETIME '2026-01-31T09:30:00Z'"]),
            ("born = '2026-01-01'", ["cannot compare date with string → DATE '2026-01-01'"]),
            ("born = '2026/01/31'", ["cannot compare date with string → DATE '2026-01-31'"]),
            ("born = '20260131'", ["cannot compare date with string → DATE '2026-01-31'"]),
            ("born > 2026-01-01", ["cannot compare date with integer → DATE '2026-01-01'"]),
            ("born = 20260101", ["cannot compare date with integer → DATE '2026-01-01'"]),
            ("seen > 1767225600", ["cannot compare datetime with integer → DATETIME '2026-01-01T00:00:00.000Z'"]),
            ("seen > 1767225600000", ["cannot compare datetime with integer → DATETIME '2026-01-01T00:00:00.000Z'"]),
            (
                "seen > 30",
                [
                    "cannot compare datetime with integer → a length of time is DaysDiff(end, start); one that lies back is DaysAgo(30)"
                ]
            ),
            ("seen > TIMESTAMP '2026-01-01 00:00:00'", ["there is no TIMESTAMP → DATETIME '2026-01-01T00:00:00Z'"]),
            (
                "seen > DATETIME '2026-01-01'",
                [
                    "'2026-01-01' is not an instant → DATETIME '2026-01-01T00:00:00Z', or DATE '2026-01-01', its midnight in the "
                        + "campaign's time zone"
                ]
            ),
            ("born > DATE '01/02/2026'", ["'01/02/2026' is not a date → a date is written DATE '2026-01-31'"]),
            ("born > date('2026-01-01')", ["unknown function 'date' → DATE '2026-01-01'"]),
            (
                "seen BETWEEN '2026-01-01' AND '2026-02-01'",
                [
                    "cannot compare datetime with string → DATETIME '2026-01-01T00:00:00Z', or DATE '2026-01-01', its midnight in "
                        + "the campaign's time zone",
                    "cannot compare datetime with string → DATETIME '2026-02-01T00:00:00Z', or DATE '2026-02-01', its midnight in "
                        + "the campaign's time zone",
                ]
            ),
        ] as [Form])
    func dates(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// A literal of another type than the field.
    @Test(
        arguments: [
            ("age > '5'", ["cannot compare integer with string → 5"]),
            ("age > 'five'", ["cannot compare integer with string → a number is written without quotes"]),
            ("score = '1.5'", ["cannot compare double with string → 1.5"]),
            ("active = 'true'", ["cannot compare boolean with string → TRUE"]),
            ("active = 'no'", ["cannot compare boolean with string → FALSE"]),
            ("active = 1", ["cannot compare boolean with integer → TRUE"]),
            ("country = 5", ["cannot compare string with integer → '5'"]),
            ("country = 1.5", ["cannot compare string with double → '1.5'"]),
            ("country = TRUE", ["cannot compare string with boolean → 'true'"]),
            ("country = DATE '2026-01-31'", ["cannot compare string with date → '2026-01-31'"]),
            ("age IN (1, '2', 3)", ["cannot compare integer with string → 2"]),
            ("age BETWEEN '1' AND '5'", ["cannot compare integer with string → 1", "cannot compare integer with string → 5"]),
            ("born = country", ["cannot compare date with string → convert the text: ToDate(text)"]),
            ("age = country", ["cannot compare integer with string → convert the text: ToInteger(text)"]),
            ("CASE WHEN active THEN 1 ELSE 'x' END = 1", ["CASE mixes integer and string → a number is written without quotes"]),
            ("Decode(age, '1', 2, 3) = 2", ["cannot compare integer with string → 1"]),
            ("Round('5') = 5", ["argument 1 of Round must be integer or double, not string → 5"]),
            ("DaysAgo('30') < seen", ["argument 1 of DaysAgo must be integer, not string → 30"]),
            ("AddDays('2026-01-01', 3) > seen", ["argument 1 of AddDays must be date or datetime, not string → DATE '2026-01-01'"]),
        ] as [Form])
    func types(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Names that need brackets.
    @Test(
        arguments: [
            ("first-name = 'x'", ["unknown field 'first' of customers → a name with a sign stands in brackets: [first-name]"]),
            ("Lower(first-name) = 'x'", ["unknown field 'first' of customers → a name with a sign stands in brackets: [first-name]"]),
            ("first-nam = 'x'", ["unknown field 'first-nam' of customers → did you mean [first-name]?"]),
            ("end = 'x'", ["'end' is a word of the grammar → as a name it stands in brackets: [end]"]),
            ("end IS NULL", ["'end' is a word of the grammar → as a name it stands in brackets: [end]"]),
            ("case = 'x'", ["'case' is a word of the grammar → as a name it stands in brackets: [case]"]),
            ("like = 'x'", ["'like' is a word of the grammar → as a name it stands in brackets: [like]"]),
            ("exists = 1", ["'exists' is a word of the grammar → as a name it stands in brackets: [exists]"]),
            ("end-date > 3", ["'end' is a word of the grammar → as a name it stands in brackets: [end-date]"]),
            (
                "order date > DATE '2026-01-01'",
                [
                    "unexpected 'date' after 'order' → a name with blanks stands in brackets: [order date]; between conditions "
                        + "stands AND or OR"
                ]
            ),
            ("prénom = 'x'", ["'prénom' has letters other than A to Z → such a name stands in brackets: [prénom]"]),
        ] as [Form])
    func brackets(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }

    /// Names with signs before them.
    @Test(
        arguments: [
            ("@country = 'FR'", ["a name has no '@' before it → a name stands by itself, as in country = 'FR'"]),
            ("$country = 'FR'", ["a name has no '$' before it → a name stands by itself, as in country = 'FR'"]),
            ("#country = 'FR'", ["a name has no '#' before it → a name stands by itself, as in country = 'FR'"]),
            (":country = 'FR'", ["an expression has no placeholders → the value itself stands in it"]),
            ("{{country}} = 'FR'", ["braces mean nothing in an expression → a list stands in parentheses: IN ('FR', 'DE')"]),
            ("${country} = 'FR'", ["braces mean nothing in an expression → a list stands in parentheses: IN ('FR', 'DE')"]),
            ("country = ?", ["an expression has no placeholders → the value itself stands in it"]),
            ("country = $1", ["a name has no '$' before it → a name stands by itself, as in country = 'FR'"]),
            (
                "customers.country = 'FR'",
                [
                    "unknown link 'customers' of customers → the fields of customers stand by themselves, without its name"
                ]
            ),
            ("age > 5 § active", ["unexpected character '§' → take it out, or put it into a text: 'text'"]),
        ] as [Form])
    func variables(_ source: String, _ expected: [String]) throws { #expect(try Dialects.problems(source) == expected) }
}
