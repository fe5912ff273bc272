// What people bring from other languages, and what it is called here: the one table of the forms that an expression does not have. The
// lexer looks up characters and signs in it, the parser words, the checker names. In hints {left}, {right}, {ending} and {lower} stand
// for what was written: the sides of an operator, the right one also as the end of a pattern, or in lower case.

enum ForeignForms {
    // MARK: Characters

    static let comment = Mistake("an expression has no comments", hint: "the label of the activity is the place for them")

    /// Signs that stand before names elsewhere.
    static func isPrefix(_ scalar: Unicode.Scalar) -> Bool { "@$#".unicodeScalars.contains(scalar) }

    static func prefix(_ scalar: Unicode.Scalar) -> Mistake {
        Mistake("a name has no \(quoted(String(scalar))) before it", hint: "a name stands by itself, as in country = 'FR'")
    }

    static func unexpected(_ scalar: Unicode.Scalar) -> Mistake {
        let isShown = scalar.properties.generalCategory != .format && scalar.properties.generalCategory != .control
        if isShown { return Mistake("unexpected character \(quoted(String(scalar)))", hint: "take it out, or put it into a text: 'text'") }
        let number = String(scalar.value, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: max(0, 4 - number.count)) + number
        return Mistake("unexpected character U+\(code), which nobody sees", hint: "take it out")
    }

    /// The sign that ends what an opening one begins.
    static func closing(of opening: Unicode.Scalar) -> Unicode.Scalar? { closings[opening] }

    private static let closings: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "`": "`", "\u{2018}": "\u{2019}", "\u{2019}": "\u{2019}", "\u{201A}": "\u{2018}", "\u{201B}": "\u{2019}",
        "\u{201C}": "\u{201D}",
        "\u{201D}": "\u{201D}", "\u{201E}": "\u{201C}", "«": "»", "»": "«", "\u{B4}": "\u{B4}", "\u{2032}": "\u{2032}", "{": "}",
    ]

    private static let quotesOfTexts = Set("\u{2018}\u{2019}\u{201A}\u{201B}\u{B4}\u{2032}".unicodeScalars)

    /// How something in foreign quotes is read.
    static func quotation(_ opening: Unicode.Scalar, _ content: String) -> (Token.Kind, Mistake) {
        let short = content.cut(toBytes: 80)
        let text = "'\(short.replacing("'", with: "''"))'"
        if opening == "{" {
            return (.unclear, Mistake("braces mean nothing in an expression", hint: "a list stands in parentheses: IN ('FR', 'DE')"))
        }
        if opening == "`" {
            return (.unclear, Mistake("a name does not stand in backticks", hint: "in brackets, or by itself: [\(short)]"))
        }
        let message = "a text stands in straight single quotes, not in \(opening)"
        if quotesOfTexts.contains(opening) { return (.text, Mistake(message, hint: "write \(text)")) }
        return (.unclear, Mistake(message, hint: "write \(text); a name stands in brackets: [\(short)]"))
    }

    /// Letters right behind a number.
    static func number(_ digits: String, _ whole: String) -> Mistake {
        let rest = whole.dropFirst(digits.count).lowercased()
        let message = "\(quoted(whole)) is not a number"
        if rest.first == "e", let value = Double(whole), value.isFinite {
            return Mistake(
                message,
                hint: "numbers have no exponent: \(value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "write all digits")")
        }
        if rest.first == "_" { return Mistake(message, hint: "\(digits)\(rest.replacing("_", with: ""))") }
        if let unit = unit(rest) { return Mistake(message, hint: "a time that lies back is \(unit)Ago(\(digits))") }
        return Mistake(message, hint: "a text stands in single quotes: '\(whole.cut(toBytes: 80))'")
    }

    // MARK: Signs

    static func beginsSign(_ scalar: Unicode.Scalar) -> Bool { signs[scalar] != nil }

    /// The longest foreign sign here, the word it means, and what is wrong with it; nil where the parser says so.
    static func sign(at scalars: ArraySlice<Unicode.Scalar>) -> (sign: String, word: String, mistake: Mistake?)? {
        guard let first = scalars.first, let candidates = signs[first] else { return nil }
        guard let found = candidates.first(where: { scalars.starts(with: $0.sign.unicodeScalars) }), !ours.contains(found.sign) else {
            return nil
        }
        guard found.isCorrected else { return (found.sign, found.word, nil) }
        return (found.sign, found.word, Mistake("\(quoted(found.sign)) is not a sign of expressions", hint: "write \(found.word)"))
    }

    /// Signs of our own that begin like foreign ones.
    private static let ours: Set<String> = ["!=", "||", "<=", ">=", "<>", "="]

    private static let signs: [Unicode.Scalar: [(sign: String, word: String, isCorrected: Bool)]] = {
        let corrected = [
            ("=", ["==", "===", "<=>", ":="]), ("!=", ["!==", "≠", "><", "^="]), ("AND", ["&&", "&", "∧"]), ("OR", ["|", "∨"]),
            ("NOT", ["!", "¬"]),
            (">=", ["=>", "≥"]), ("<=", ["=<", "≤"]), ("-", ["−", "–", "—"]), ("*", ["×"]), ("/", ["÷"]), (".", ["?.", "->", "->>"]),
            ("IN", ["∈"]),
        ].flatMap { word, signs in signs.map { ($0, word, true) } }
        let told = ["?", "??", "?:", ":", "::", ";", "^", "**", "~", "~*", "~~", "~~*", "!~", "!~*", "=~"].map { ($0, $0, false) }
        let known = ours.map { ($0, $0, false) }
        return Dictionary(grouping: (corrected + told + known).map { (sign: $0.0, word: $0.1, isCorrected: $0.2) }) {
            $0.sign.unicodeScalars.first!
        }
        .mapValues { $0.sorted { ($0.sign.unicodeScalars.count, $1.sign) > ($1.sign.unicodeScalars.count, $0.sign) } }
    }()

    // MARK: Operators

    /// A word or sign between two values.
    struct Operator {
        enum Meaning {
            case compares(Comparison)
            /// A condition that has no other name here.
            case tests
            /// Something that gives a value.
            case computes
        }

        var words: [String]
        var meaning: Meaning
        var hint: String
    }

    static func operators(beginningWith word: String) -> [Operator] { operatorsByWord[word] ?? [] }

    private static let operatorsByWord = Dictionary(grouping: operators) { $0.words[0] }.mapValues {
        $0.sorted { $0.words.count > $1.words.count }
    }

    private static let operators: [Operator] = {
        func all(_ meaning: Operator.Meaning, _ hint: String, _ forms: String...) -> [Operator] {
            forms.map { Operator(words: $0.split(separator: " ").map(String.init), meaning: meaning, hint: hint) }
        }
        return all(.tests, "Lower({left}) LIKE {lower}", "ILIKE", "~~*")
            + all(
                .tests, "{left} LIKE {right}, where % is any text and _ one character; for any case Lower({left}) LIKE {lower}",
                "SIMILAR TO", "REGEXP", "REGEXP_LIKE", "RLIKE", "MATCHES", "MATCH", "GLOB", "~", "~*", "~~", "!~", "!~*", "=~")
            + all(.tests, "{left} LIKE {ending}", "ENDS WITH", "ENDSWITH", "ENDS_WITH", "ENDS")
            + all(.tests, "{left} STARTS WITH {right}", "STARTSWITH", "STARTS_WITH", "BEGINS WITH", "BEGINSWITH", "BEGINS")
            + all(.tests, "{left} CONTAINS {right}", "INCLUDES", "HAS", "CONTAINING", "CONTAIN")
            + all(.compares(.equal), "{left} = {right}", "EQUALS", "EQUAL", "EQ", "IS EQUAL TO")
            + all(.compares(.notEqual), "{left} != {right}", "NE", "NEQ", "IS DISTINCT FROM")
            + all(.compares(.less), "{left} < {right}", "LT", "IS LESS THAN")
            + all(.compares(.lessOrEqual), "{left} <= {right}", "LE", "LTE")
            + all(.compares(.greater), "{left} > {right}", "GT", "IS GREATER THAN")
            + all(.compares(.greaterOrEqual), "{left} >= {right}", "GE", "GTE")
            + all(.computes, "{left} % {right}", "MOD") + all(.computes, "Floor({left} / {right})", "DIV")
            + all(.computes, "ToTimeZone({left}, {right})", "AT TIME ZONE") + all(.computes, "Coalesce({left}, {right})", "??", "?:")
            + all(.computes, "multiply instead: there are no powers", "^", "**") + all(.computes, "texts compare by their bytes", "COLLATE")
            + all(.computes, "% is any text and _ one character; nothing escapes them", "ESCAPE")
    }()

    /// What stands where a condition has ended.
    static let connectors: [String: String] = [
        "||": "between conditions stands OR", ",": "between conditions stands AND or OR",
        ";": "a filter is one condition and has no ; at its end",
        "XOR": "a XOR b is (a AND NOT b) OR (b AND NOT a)", "ANDALSO": "between conditions stands AND",
        "ORELSE": "between conditions stands OR",
        "ORDER": "a filter is a condition and has no order", "GROUP": "conditions on groups are aggregates, as in COUNT(purchases) > 3",
        "HAVING": "conditions on groups are aggregates, as in COUNT(purchases) > 3", "LIMIT": "a filter is a condition and has no limit",
        "ISNULL": "write IS NULL", "NOTNULL": "write IS NOT NULL",
        "AS": "values have no other names in an expression", "FROM": "a filter is about the records of its dimension",
        "ON": "links join, by their names",
        "JOIN": "links join, by their names: household.city = 'Lyon'", "IF": "Iif(condition, then, else)",
        "WHERE": "a filter begins with its condition",
    ]

    // MARK: Names

    /// The functions of other languages; the checker has those of our own with other spellings.
    static func function(_ name: String) -> String? { functions[name.lowercased()] }

    private static let functions: [String: String] = table(
        """
        datediff date_diff timestampdiff dateDiffInDays days_between months_between age: use DaysDiff(end, start), or \
        MonthsDiff, YearsDiff …
        dateadd date_add date_sub adddate subdate timestampadd add_months dateSub dateAdd: use AddDays(moment, 30) or \
        SubDays(moment, 30); from the clock DaysAgo(30)
        current_timestamp currenttimestamp getutcdate sysdate sysdatetime systimestamp localtimestamp utc_timestamp now_utc \
        clock_timestamp: use NOW()
        current_date currentdate curdate today utc_date: use DateOnly(NOW())
        current_time curtime localtime: use Hour(NOW()) and Minute(NOW())
        date to_date parsedate str_to_date makedate datefromparts date_from_parts: write DATE '2026-01-31', or ToDate(text)
        datetime timestamp to_timestamp parsedatetime from_unixtime to_datetime: write DATETIME '2026-01-31T09:30:00Z', or \
        ToDateTime(text)
        date_trunc datetrunc last_day eomonth: use TruncDate, TruncWeek, TruncMonth, TruncQuarter or TruncYear
        datepart date_part extract datename to_char date_format strftime: use Year, Month, Day, Hour, Minute, Second or WeekDay
        dayofweek weekday_name dow isodow day_of_week: use WeekDay(moment), where 1 is Monday
        doy: use DayOfYear(moment)
        dayofmonth: use Day(moment)
        if iff ifelse when cond: use Iif(condition, then, else)
        ifnull nvl nvl2 zeroifnull default: use Coalesce(value, other)
        isnull is_null isnotnull isna isblank isempty is_empty: write value IS NULL, or use Coalesce(value, other)
        nullif: use Iif(a = b, NULL, a)
        concat concat_ws textjoin string_concat concatenate: join texts with ||: a || b
        len char_length character_length datalength strlen size: use Length(text)
        substr mid slice substring_index split_part: use Substring(text, start, length), where 1 is the first character
        ucase touppercase to_upper strtoupper: use Upper(text)
        lcase tolowercase to_lower strtolower: use Lower(text)
        initcap proper capitalize titlecase: use Smart(text)
        strip btrim alltrim: use Trim(text)
        instr strpos position locate indexof patindex find: use Charindex(text, part), which is 0 if there is none
        contains includes string_contains: write text CONTAINS 'part'
        startswith starts_with beginswith: write text STARTS WITH 'part'
        endswith ends_with: write text LIKE '%part'
        like ilike matches regexp_like regexp_matches regexmatch rlike: write text LIKE 'pattern'; % is any text and _ one \
        character
        ceiling roundup: use Ceil(number)
        truncate int rounddown fix: use Trunc(number)
        percentage: use Percent(part, whole)
        power pow: multiply: there are no powers
        cast convert try_cast try_convert safe_cast parse: use ToInteger, ToDouble, ToString, ToDate or ToDateTime
        toint to_int parseint: use ToInteger(value)
        to_number tonumber tofloat parsefloat val number: use ToDouble(value)
        str totext tostr string text: use ToString(value)
        md5: use Md5Digest(text)
        sha2 sha256 hashbytes: use Sha256Digest(text)
        convert_timezone convert_tz from_utc_timestamp to_utc_timestamp: use ToTimeZone(moment, 'Europe/Paris')
        translate regexp_replace replaceall substitute: use Replace(text, from, to)
        countif countifs count_if length_of: write COUNT(purchases WHERE condition)
        sumif sumifs total: write SUM(purchases.amount WHERE condition)
        average mean averageif: write AVG(purchases.amount)
        switch choose: use Decode(value, key, result, …, default)
        countdistinct approx_count_distinct uniq count_unique: write COUNT_DISTINCT(purchases.category)
        any some all every none filter: write EXISTS(purchases WHERE condition)
        and or not xor: combine conditions with AND, OR and NOT
        random rand newid uuid: expressions are not random: split draws samples
        domain emaildomain email_domain: use GetEmailDomain(text)
        st_distance geodistance haversine: use Distance(lonA, latA, lonB, latB), in kilometres
        """)

    /// Words that stand for values elsewhere.
    static func constant(_ name: String) -> String? { constants[name.lowercased()] }

    private static let constants: [String: String] = table(
        """
        now getdate current_timestamp sysdate localtimestamp systimestamp sysdatetime: the clock is NOW()
        today current_date curdate: today is DateOnly(NOW())
        yesterday: yesterday is DateOnly(DaysAgo(1))
        tomorrow: tomorrow is DateOnly(DaysAgo(-1))
        nil none undefined missing na: without a value is IS NULL
        yes on: write TRUE
        no off: write FALSE
        """)

    /// What `value.name()` is called here; {left} is the value.
    static func method(_ name: String) -> String? { methods[name.lowercased()] }

    private static let methods: [String: String] = table(
        """
        endswith ends_with: {left} LIKE {ending}
        startswith starts_with: {left} STARTS WITH {right}
        includes contains indexof has: {left} CONTAINS {right}
        tolowercase lower tolower downcase lowercase: Lower({left})
        touppercase upper toupper upcase uppercase: Upper({left})
        trim strip: Trim({left})
        length size len count: Length({left}); of a collection COUNT({left})
        substring substr slice charat: Substring({left}, start, length)
        replace replaceall: Replace({left}, from, to)
        equals eq: {left} = {right}
        equalsignorecase localecompare casecmp: Lower({left}) = {lower}
        matches match test search: {left} LIKE 'pattern'
        isempty isblank empty blank: {left} IS EMPTY
        isnull nil: {left} IS NULL
        tostring: ToString({left})
        some any filter find where anymatch exists: EXISTS({left} WHERE condition)
        every all allmatch none: NOT EXISTS({left} WHERE NOT (condition))
        sum reduce: SUM({left}.field)
        max last: MAX({left}.field)
        min first: MIN({left}.field)
        avg average: AVG({left}.field)
        getfullyear year: Year({left})
        getmonth month: Month({left})
        getdate day: Day({left})
        gethours hour: Hour({left})
        getday dayofweek weekday: WeekDay({left})
        in isin: {left} IN (values)
        """)

    /// The singular and plural names of a unit to the one in the names of functions; nil of other words.
    static func unit(_ word: String) -> String? { units[word.lowercased()] }

    private static let units: [String: String] = table(
        """
        s ss sec secs second seconds: Seconds
        mi n min mins minute minutes: Minutes
        h hh hr hour hours: Hours
        d dd day days: Days
        w wk ww week weeks: Weeks
        m mm mon month months: Months
        q qq quarter quarters: Quarters
        y yy yyyy yr year years: Years
        """)

    /// A length of time such as `30 days`, in the units that functions have; nil of anything else.
    static func length(_ text: String) -> (count: Int64, unit: String)? {
        let words = text.split(separator: " ")
        guard words.count == 2, let count = Int64(words[0]), abs(count) < 1 << 32, let unit = unit(String(words[1])) else { return nil }
        return unit == "Weeks" ? (count * 7, "Days") : unit == "Quarters" ? (count * 3, "Months") : (count, unit)
    }

    /// Words that mean something only as an argument of foreign functions: units, and the types of CAST.
    static func isArgumentWord(_ word: String) -> Bool { units[word.lowercased()] != nil || conversion(word) != nil }

    /// The function that converts to a type of other languages.
    static func conversion(_ type: String) -> String? { conversions[type.lowercased()] }

    private static let conversions: [String: String] = table(
        """
        int integer bigint smallint tinyint int4 int8 int64 long signed unsigned number: ToInteger
        double float real decimal numeric float8 float64 money: ToDouble
        text string varchar char nvarchar nchar: ToString
        date: ToDate
        datetime timestamp timestamptz datetime2: ToDateTime
        """)

    /// Words after IS, but NULL and EMPTY.
    static let statesAfterIs: [String: String] = table(
        """
        UNDEFINED UNKNOWN NIL NONE MISSING ABSENT NA: IS NULL
        BLANK WHITESPACE: IS EMPTY
        DEFINED PRESENT SET: IS NOT NULL
        """)

    /// Lines of words, a colon, and what they all mean; by lower-case word.
    private static func table(_ text: String) -> [String: String] {
        var table: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { preconditionFailure("a line of a table has a colon") }
            let meaning = String(line[colon...].dropFirst(2))
            for word in line[..<colon].split(separator: " ") { table[word.lowercased()] = meaning }
        }
        return table
    }
}
