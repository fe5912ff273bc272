// Functions of dates and instants, by the wall time of the zone (semantics §3, decisions 7–10 and 24).
import Campaigns

extension FunctionEvaluator {
    /// - Parameter second: the count of an Add, the start of a Diff; else null.
    static func moment(_ function: Function, _ first: Value, _ second: Value, _ zone: TimeZoneRules) -> Value {
        switch function {
        case .toDate where first.kind == .text: return CivilDate.day(of: first.text).map(Value.date) ?? .null
        case .toDateTime where first.kind == .text: return InstantText.milliseconds(of: first.text).map(Value.instant) ?? .null
        case .toTimeZone: return Calendar.instant(ofWallTime: first.integer, in: zone).map(Value.instant) ?? .null
        default: break
        }
        let moment = Moment(first)
        switch function {
        case .addSeconds: return sum(moment, second, .seconds, zone)
        case .addMinutes: return sum(moment, second, .minutes, zone)
        case .addHours: return sum(moment, second, .hours, zone)
        case .addDays: return sum(moment, second, .days, zone)
        case .addMonths: return sum(moment, second, .months, zone)
        case .addYears: return sum(moment, second, .years, zone)
        case .secondsDiff: return difference(moment, second, .seconds, zone)
        case .minutesDiff: return difference(moment, second, .minutes, zone)
        case .hoursDiff: return difference(moment, second, .hours, zone)
        case .daysDiff: return difference(moment, second, .days, zone)
        case .monthsDiff: return difference(moment, second, .months, zone)
        case .yearsDiff: return difference(moment, second, .years, zone)
        case .toDateTime: return Calendar.instant(of: moment, in: zone).map(Value.instant) ?? .null
        case .wallTime: return Calendar.wallTime(of: moment, in: zone).map(Value.instant) ?? .null
        case .truncDate: return Value(Calendar.start(of: .day, of: moment, in: zone))
        case .truncWeek: return Value(Calendar.start(of: .week, of: moment, in: zone))
        case .truncMonth: return Value(Calendar.start(of: .month, of: moment, in: zone))
        case .truncQuarter: return Value(Calendar.start(of: .quarter, of: moment, in: zone))
        case .truncYear: return Value(Calendar.start(of: .year, of: moment, in: zone))
        default: return Calendar.wallTime(of: moment, in: zone).map { part(function, of: $0) } ?? .null
        }
    }

    private static func part(_ function: Function, of wall: Int64) -> Value {
        let day = Calendar.day(ofWallTime: wall)
        let seconds = (wall - Int64(day) * 86_400_000) / 1000
        switch function {
        case .dateOnly, .toDate: return .date(day)
        case .year: return .integer(CivilDate.components(ofDay: Int64(day)).year)
        case .month: return .integer(CivilDate.components(ofDay: Int64(day)).month)
        case .day: return .integer(CivilDate.components(ofDay: Int64(day)).day)
        case .dayOfYear: return .integer(CivilDate.dayOfYear(of: day))
        case .weekDay: return .integer(CivilDate.weekday(of: day))
        case .hour: return .integer(seconds / 3600)
        case .minute: return .integer(seconds / 60 % 60)
        case .second: return .integer(seconds % 60)
        default: preconditionFailure("\(function) is no part of a date")
        }
    }

    private static func sum(_ start: Moment, _ count: Value, _ unit: CalendarUnit, _ zone: TimeZoneRules) -> Value {
        Value(Calendar.adding(count.integer, unit, to: start, in: zone))
    }

    private static func difference(_ end: Moment, _ start: Value, _ unit: CalendarUnit, _ zone: TimeZoneRules) -> Value {
        Calendar.difference(unit, from: Moment(start), to: end, in: zone).map(Value.integer) ?? .null
    }

    /// The value of `Expression.ageThreshold` at an instant.
    static func ageThreshold(
        _ number: Value, isAbove: Bool, unit: CalendarUnit, isDate: Bool, now: Int64, zone: TimeZoneRules
    ) -> Value {
        let count: Int64
        switch number.kind {
        case .null: return .null
        case .integer: count = isAbove && number.integer < .max ? number.integer + 1 : number.integer
        default:
            // No age is beyond 2^60.
            let bounded = min(max(number.double, -0x1p60), 0x1p60)
            count = isAbove ? Int64(bounded.rounded(.down)) + 1 : Int64(bounded.rounded(.up))
        }
        guard let threshold = Calendar.ageThreshold(count, unit, isDate: isDate, now: now, in: zone) else { return .null }
        return isDate ? .date(Int32(truncatingIfNeeded: threshold)) : .instant(threshold)
    }
}

extension Moment {
    fileprivate init(_ value: Value) {
        self = value.kind == .date ? .date(Int32(truncatingIfNeeded: value.integer)) : .instant(value.integer)
    }
}

extension Value {
    fileprivate init(_ moment: Moment?) {
        switch moment {
        case nil: self = .null
        case .date(let day): self = .date(day)
        case .instant(let instant): self = .instant(instant)
        }
    }
}
