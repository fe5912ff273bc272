// The functions of the rule builder (semantics §3), by name: which of them read the clock, and which this version understands.

enum FunctionNames {
    static let units: [(name: String, unit: CalendarUnit)] = [
        ("Seconds", .seconds), ("Minutes", .minutes), ("Hours", .hours), ("Days", .days), ("Months", .months), ("Years", .years),
    ]

    /// Every function, as the page writes it.
    static let all: [String] =
        [
            "GetDate", "NOW", "DateOnly", "ToDate", "ToDateTime", "ToTimeZone", "TruncDate", "TruncWeek", "TruncMonth", "TruncQuarter",
            "TruncYear", "Year", "Month", "Day", "DayOfYear", "Hour", "Minute", "Second", "WeekDay", "DaysOld", "MonthsOld", "YearsOld",
            "Oldest", "Newest", "Abs", "Ceil", "Floor", "Sign", "Greatest", "Least", "Mod", "Round", "Trunc", "Percent", "ToDouble",
            "ToInteger", "Lower", "Upper", "Smart", "Length", "Left", "Right", "Substring", "Replace", "Trim", "Ltrim", "Rtrim", "LPad",
            "RPad", "Charindex", "GetEmailDomain", "Md5Digest", "Sha256Digest", "ToString", "Coalesce", "NoNull", "Iif", "Decode",
            "IsEmptyString", "Hash", "Distance",
        ] + units.flatMap { ["Add\($0.name)", "Sub\($0.name)", "\($0.name)Diff"] } + agoUnits.map { "\($0.name)Ago" }

    /// The units of `…Ago`: there is no SecondsAgo.
    private static var agoUnits: ArraySlice<(name: String, unit: CalendarUnit)> { units.dropFirst() }

    /// The function's name as the page writes it; nil when there is none of that name.
    static func known(_ name: String) -> String? {
        byLowerCase[name.lowercased()]
    }

    private static let byLowerCase = Dictionary(uniqueKeysWithValues: all.map { ($0.lowercased(), $0) })

    /// Functions whose value depends on the clock. By known name.
    static let readingTheClock: Set<String> = Set(
        ["GetDate", "NOW", "DaysOld", "MonthsOld", "YearsOld"] + agoUnits.map { "\($0.name)Ago" })

    /// A function that this version makes a clock of: the clock itself, or so many units from it.
    enum ClockFunction {
        case now
        /// `DaysAgo(n)`
        case ago(CalendarUnit)
        /// `AddDays(NOW(), n)`, `SubDays(NOW(), n)`
        case shifted(CalendarUnit, isBackward: Bool)
    }

    static func clockFunction(_ known: String) -> ClockFunction? {
        if known == "NOW" || known == "GetDate" { return .now }
        for (name, unit) in units {
            if known == "\(name)Ago" { return .ago(unit) }
            if known == "Add\(name)" { return .shifted(unit, isBackward: false) }
            if known == "Sub\(name)" { return .shifted(unit, isBackward: true) }
        }
        return nil
    }

    /// Of `XDiff` and `XOld`: whether the clock is its first argument (`XDiff(NOW(), path)`) or understood (`XOld(path)`).
    enum AgeFunction {
        case difference, old
    }

    static func ageFunction(_ known: String) -> AgeFunction? {
        if known.hasSuffix("Old") { return .old }
        return known.hasSuffix("Diff") ? .difference : nil
    }
}
