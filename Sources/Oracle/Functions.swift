// The functions of semantics §3 on values that are not null, as the page and decisions 16–25 say them.
import Campaigns

extension Evaluator {
    /// "A function with a null argument is null"; what cannot be computed is null too. The arguments are of the types that the checker
    /// saw to.
    func call(_ function: Function, _ arguments: [Datum], in calendar: PlainCalendar) -> Datum? {
        let first = arguments[0]
        func adding(_ unit: CalendarUnit) -> Datum? { calendar.adding(arguments[1].integer, unit, to: first) }
        func difference(_ unit: CalendarUnit) -> Datum? { calendar.difference(unit, end: first, start: arguments[1]).map(Datum.integer) }
        /// Of the wall time's day, and of its millisecond.
        func part(_ part: (Int64, Int64) -> Datum?) -> Datum? {
            guard let wall = calendar.wall(first) else { return nil }
            let (day, millisecond) = PlainCalendar.split(wall)
            return part(day, millisecond)
        }
        switch function {
        case .addSeconds: return adding(.seconds)
        case .addMinutes: return adding(.minutes)
        case .addHours: return adding(.hours)
        case .addDays: return adding(.days)
        case .addMonths: return adding(.months)
        case .addYears: return adding(.years)
        case .secondsDiff: return difference(.seconds)
        case .minutesDiff: return difference(.minutes)
        case .hoursDiff: return difference(.hours)
        case .daysDiff: return difference(.days)
        case .monthsDiff: return difference(.months)
        case .yearsDiff: return difference(.years)
        case .year: return part { day, _ in .integer(PlainCalendar.date(ofDay: day).year) }
        case .month: return part { day, _ in .integer(PlainCalendar.date(ofDay: day).month) }
        case .day: return part { day, _ in .integer(PlainCalendar.date(ofDay: day).day) }
        case .dayOfYear: return part { day, _ in .integer(day - PlainCalendar.beginning(ofMonths: 12, with: day) + 1) }
        case .hour: return part { _, millisecond in .integer(millisecond / 3_600_000) }
        case .minute: return part { _, millisecond in .integer(millisecond / 60_000 % 60) }
        case .second: return part { _, millisecond in .integer(millisecond / 1000 % 60) }
        case .weekDay: return part { day, _ in .integer(PlainCalendar.weekday(ofDay: day)) }
        case .toDate:
            if case .text = first { return PlainText.day(first.string).map { .date(Int32($0)) } }
            return part { day, _ in .date(Int32(day)) }
        case .dateOnly: return part { day, _ in .date(Int32(day)) }
        case .toDateTime:
            if case .text = first { return PlainText.instant(first.string).map(Datum.instant) }
            return calendar.instant(first).map(Datum.instant)
        case .wallTime: return calendar.wall(first).map(Datum.instant)
        case .toTimeZone:
            guard case .instant(let wall) = first else { return nil }
            return calendar.instant(ofWall: wall).map(Datum.instant)
        case .truncDate: return calendar.beginning(of: first) { $0 }
        case .truncWeek: return calendar.beginning(of: first, PlainCalendar.monday(ofWeekWith:))
        case .truncMonth: return calendar.beginning(of: first) { PlainCalendar.beginning(ofMonths: 1, with: $0) }
        case .truncQuarter: return calendar.beginning(of: first) { PlainCalendar.beginning(ofMonths: 3, with: $0) }
        case .truncYear: return calendar.beginning(of: first) { PlainCalendar.beginning(ofMonths: 12, with: $0) }
        case .oldest, .least: return arguments.min { $0.order($1) < 0 }
        case .newest, .greatest: return arguments.max { $0.order($1) < 0 }
        default: return callOnNumbers(function, arguments)
        }
    }

    private func callOnNumbers(_ function: Function, _ arguments: [Datum]) -> Datum? {
        let first = arguments[0]
        switch function {
        case .abs:
            guard case .integer(let value) = first else { return .finite(abs(first.double)) }
            return value == .min ? nil : .integer(abs(value))
        case .ceil: return first.asDouble { $0.rounded(.up) }
        case .floor: return first.asDouble { $0.rounded(.down) }
        case .sign: return .integer(Int64(first.order(.integer(0))))
        case .modulo: return Self.result(.remainder, first, arguments[1])
        case .round, .trunc: return first.scaled(by: arguments.count > 1 ? arguments[1].integer : 0, isRounded: function == .round)
        case .percent: return arguments[1].double == 0 ? nil : .finite(first.double * 100 / arguments[1].double)
        case .toDoubleValue:
            if case .text = first { return PlainText.double(first.string).map(Datum.double) }
            return .double(first.double)
        case .toInteger:
            switch first {
            case .text: return PlainText.integer(first.string).map(Datum.integer)
            case .double(let value): return Int64(exactly: value.rounded(.towardZero)).map(Datum.integer)
            default: return first
            }
        case .distance: return .finite(Datum.distance(arguments.map(\.double)))
        default: return callOnTexts(function, arguments)
        }
    }

    private func callOnTexts(_ function: Function, _ arguments: [Datum]) -> Datum? {
        let first = arguments[0]
        switch function {
        case .lower: return .text(first.characters.map(\.properties.lowercaseMapping).joined())
        case .upper: return .text(first.characters.map(\.properties.uppercaseMapping).joined())
        case .smart: return .text(Characters.smart(first.characters))
        case .length: return .integer(Int64(first.characters.count))
        case .left: return .text(Characters.part(first.characters, from: 1, length: arguments[1].integer))
        case .right:
            let skipped = Int128(first.characters.count) - Int128(max(arguments[1].integer, 0))
            return .text(Characters.part(first.characters, from: skipped + 1))
        case .substring:
            let length = arguments.count > 2 ? arguments[2].integer : nil
            return .text(Characters.part(first.characters, from: Int128(arguments[1].integer), length: length))
        case .replace: return .bounded(Characters.replacing(first.characters, arguments[1].characters, arguments[2].characters))
        case .trim: return .text(Characters.trimmed(first.characters, left: true, right: true))
        case .leftTrim: return .text(Characters.trimmed(first.characters, left: true, right: false))
        case .rightTrim: return .text(Characters.trimmed(first.characters, left: false, right: true))
        case .leftPad, .rightPad:
            let fill = arguments.count > 2 ? arguments[2].characters : [" "]
            return Characters.padded(first.characters, arguments[1].integer, fill, isLeft: function == .leftPad).flatMap(Datum.bounded)
        case .charIndex: return .integer(Int64(Characters.places(of: arguments[1].characters, in: first.characters).first ?? -1) + 1)
        case .emailDomain:
            guard let at = first.characters.lastIndex(of: "@") else { return nil }
            return .text(first.characters[(at + 1)...])
        case .md5Digest: return .text(PlainDigests.md5(first.bytes))
        case .sha256Digest: return .text(PlainDigests.sha256(first.bytes))
        case .toText: return .text(PlainText.text(first))
        case .hash: return .integer(Int64(bitPattern: PlainDigests.h(first.bytes)))
        default: preconditionFailure("\(function) is a function of moments or numbers")
        }
    }
}
