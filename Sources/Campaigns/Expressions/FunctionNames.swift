// The functions of the rule builder (semantics §3), by name: what they take, what they give, and which of them read the clock.

/// What one argument of a function may be.
enum Parameter {
    case text, integer, number, moment, any
    /// Of the functions that also read texts.
    case textOrNumber, textOrMoment

    /// As hints show it.
    var written: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .number: "number"
        case .moment: "moment"
        case .any, .textOrNumber, .textOrMoment: "value"
        }
    }

    var types: [ValueType] {
        switch self {
        case .text: [.string]
        case .integer: [.integer]
        case .number: [.integer, .double]
        case .moment: [.date, .datetime]
        case .any: [.string, .integer, .double, .boolean, .date, .datetime]
        case .textOrNumber: [.string, .integer, .double]
        case .textOrMoment: [.string, .date, .datetime]
        }
    }
}

/// What a function takes.
struct Parameters {
    var list: [Parameter]
    /// How many at the end may be left out.
    var optional = 0
    /// The last may stand again and again.
    var isOpen = false

    /// Arguments of one call at most.
    static let most = 99

    var least: Int { list.count - optional }
    var most: Int { isOpen ? Self.most : list.count }

    subscript(position: Int) -> Parameter { list[min(position, list.count - 1)] }

    /// As hints show them, with those in brackets that may be left out.
    var written: String {
        let names = list.enumerated().map { $0 < least ? $1.written : "[\($1.written)]" }
        return (isOpen ? names + ["…"] : names).joined(separator: ", ")
    }
}

enum FunctionNames {
    /// How a call becomes an expression.
    enum Form {
        /// `NOW()`, `GetDate()`.
        case now
        /// `DaysAgo(n)`.
        case ago(CalendarUnit)
        /// `AddDays(x, n)`, `SubDays(x, n)`.
        case shifted(CalendarUnit, isBackward: Bool)
        /// `DaysDiff(end, start)`.
        case difference(CalendarUnit)
        /// `DaysOld(x)` = `DaysDiff(NOW(), x)`.
        case old(CalendarUnit)
        case timeZone
        case coalesce, noNull, choice, decode, isEmpty
        case plain(Function, Parameters, Result)
    }

    enum Result {
        case type(ValueType)
        /// The type of the first argument.
        case first
        /// The one type of all arguments.
        case same
    }

    static let units: [(name: String, unit: CalendarUnit)] = [
        ("Seconds", .seconds), ("Minutes", .minutes), ("Hours", .hours), ("Days", .days), ("Months", .months), ("Years", .years),
    ]

    /// Every function, as the page writes it.
    static let all: [String] = forms.map(\.name)

    /// The function's name as the page writes it; nil when there is none of that name.
    static func known(_ name: String) -> String? {
        byLowerCase[name.lowercased()]?.name
    }

    static func form(_ name: String) -> (name: String, form: Form)? {
        byLowerCase[name.lowercased()]
    }

    /// What a function is called; of one that counts units the name that adds.
    static func name(of function: Function) -> String { names[function] ?? "\(function)" }

    private static let names: [Function: String] = {
        var names: [Function: String] = [:]
        for (name, form) in forms {
            switch form {
            case .shifted(let unit, isBackward: false): names[.adding(unit)] = name
            case .difference(let unit): names[.difference(in: unit)] = name
            case .plain(let function, _, _): names[function] = name
            default: break
            }
        }
        return names
    }()

    private static let byLowerCase = Dictionary(uniqueKeysWithValues: forms.map { ($0.name.lowercased(), $0) })

    private static let forms: [(name: String, form: Form)] =
        [("GetDate", .now), ("NOW", .now), ("ToTimeZone", .timeZone)] + ofUnits + dates + numbers + texts + others

    /// There is no SecondsAgo; only days, months and years have an Old.
    private static let ofUnits: [(name: String, form: Form)] =
        units.flatMap { name, unit in
            [
                ("Add\(name)", .shifted(unit, isBackward: false)), ("Sub\(name)", .shifted(unit, isBackward: true)),
                ("\(name)Diff", .difference(unit)),
            ]
        } + units.dropFirst().map { ("\($0.name)Ago", .ago($0.unit)) } + units.suffix(3).map { ("\($0.name)Old", .old($0.unit)) }

    private static func plain(
        _ function: Function, _ parameters: [Parameter], optional: Int = 0, isOpen: Bool = false, _ result: Result
    ) -> Form {
        .plain(function, Parameters(list: parameters, optional: optional, isOpen: isOpen), result)
    }

    private static let dates: [(name: String, form: Form)] = [
        ("DateOnly", plain(.dateOnly, [.moment], .type(.date))), ("ToDate", plain(.toDate, [.textOrMoment], .type(.date))),
        ("ToDateTime", plain(.toDateTime, [.textOrMoment], .type(.datetime))), ("TruncDate", plain(.truncDate, [.moment], .first)),
        ("TruncWeek", plain(.truncWeek, [.moment], .first)), ("TruncMonth", plain(.truncMonth, [.moment], .first)),
        ("TruncQuarter", plain(.truncQuarter, [.moment], .first)), ("TruncYear", plain(.truncYear, [.moment], .first)),
        ("Year", plain(.year, [.moment], .type(.integer))), ("Month", plain(.month, [.moment], .type(.integer))),
        ("Day", plain(.day, [.moment], .type(.integer))), ("DayOfYear", plain(.dayOfYear, [.moment], .type(.integer))),
        ("Hour", plain(.hour, [.moment], .type(.integer))), ("Minute", plain(.minute, [.moment], .type(.integer))),
        ("Second", plain(.second, [.moment], .type(.integer))), ("WeekDay", plain(.weekDay, [.moment], .type(.integer))),
        ("Oldest", plain(.oldest, [.moment, .moment], isOpen: true, .same)),
        ("Newest", plain(.newest, [.moment, .moment], isOpen: true, .same)),
    ]

    private static let numbers: [(name: String, form: Form)] = [
        ("Abs", plain(.abs, [.number], .first)), ("Ceil", plain(.ceil, [.number], .first)), ("Floor", plain(.floor, [.number], .first)),
        ("Sign", plain(.sign, [.number], .type(.integer))), ("Greatest", plain(.greatest, [.any, .any], isOpen: true, .same)),
        ("Least", plain(.least, [.any, .any], isOpen: true, .same)), ("Mod", plain(.modulo, [.number, .number], .same)),
        ("Round", plain(.round, [.number, .integer], optional: 1, .first)),
        ("Trunc", plain(.trunc, [.number, .integer], optional: 1, .first)),
        ("Percent", plain(.percent, [.number, .number], .type(.double))),
        ("ToDouble", plain(.toDoubleValue, [.textOrNumber], .type(.double))),
        ("ToInteger", plain(.toInteger, [.textOrNumber], .type(.integer))),
    ]

    private static let texts: [(name: String, form: Form)] = [
        ("Lower", plain(.lower, [.text], .type(.string))), ("Upper", plain(.upper, [.text], .type(.string))),
        ("Smart", plain(.smart, [.text], .type(.string))), ("Length", plain(.length, [.text], .type(.integer))),
        ("Left", plain(.left, [.text, .integer], .type(.string))), ("Right", plain(.right, [.text, .integer], .type(.string))),
        ("Substring", plain(.substring, [.text, .integer, .integer], optional: 1, .type(.string))),
        ("Replace", plain(.replace, [.text, .text, .text], .type(.string))), ("Trim", plain(.trim, [.text], .type(.string))),
        ("Ltrim", plain(.leftTrim, [.text], .type(.string))), ("Rtrim", plain(.rightTrim, [.text], .type(.string))),
        ("LPad", plain(.leftPad, [.text, .integer, .text], optional: 1, .type(.string))),
        ("RPad", plain(.rightPad, [.text, .integer, .text], optional: 1, .type(.string))),
        ("Charindex", plain(.charIndex, [.text, .text], .type(.integer))),
        ("GetEmailDomain", plain(.emailDomain, [.text], .type(.string))), ("Md5Digest", plain(.md5Digest, [.text], .type(.string))),
        ("Sha256Digest", plain(.sha256Digest, [.text], .type(.string))), ("ToString", plain(.toText, [.any], .type(.string))),
    ]

    private static let others: [(name: String, form: Form)] = [
        ("Coalesce", .coalesce), ("NoNull", .noNull), ("Iif", .choice), ("Decode", .decode), ("IsEmptyString", .isEmpty),
        ("Hash", plain(.hash, [.text], .type(.integer))),
        ("Distance", plain(.distance, [.number, .number, .number, .number], .type(.double))),
    ]
}

extension FunctionNames.Form {
    /// Whether the value depends on the clock whatever the arguments.
    var readsTheClock: Bool {
        switch self {
        case .now, .ago, .old: true
        default: false
        }
    }
}

extension Function {
    static func adding(_ unit: CalendarUnit) -> Function {
        switch unit {
        case .seconds: .addSeconds
        case .minutes: .addMinutes
        case .hours: .addHours
        case .days: .addDays
        case .months: .addMonths
        case .years: .addYears
        }
    }

    static func difference(in unit: CalendarUnit) -> Function {
        switch unit {
        case .seconds: .secondsDiff
        case .minutes: .minutesDiff
        case .hours: .hoursDiff
        case .days: .daysDiff
        case .months: .monthsDiff
        case .years: .yearsDiff
        }
    }
}
