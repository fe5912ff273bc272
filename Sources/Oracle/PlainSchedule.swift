// Durations and schedules counted out (decisions 11–13).
import Campaigns

extension PlainCalendar {
    /// The instant so many durations later: "calendar part first, then the exact part"; nil is never.
    func after(_ start: Int64, _ duration: CalendarDuration, times: Int64 = 1) -> Int64? {
        var moment: Datum? = .instant(start)
        if duration.months > 0 { moment = moment.flatMap { adding(duration.months * times, .months, to: $0) } }
        if duration.days > 0 { moment = moment.flatMap { adding(duration.days * times, .days, to: $0) } }
        guard case .instant(let moved)? = moment else { return nil }
        return Self.within(moved + duration.milliseconds * times)
    }

    /// Whether an instant of the schedule lies after one instant and not after another.
    func isDue(_ schedule: Schedule, published: Int64, after seen: Int64, until clock: Int64) -> Bool {
        switch schedule.times {
        case .every(let duration):
            let isExact = duration.months == 0 && duration.days == 0
            var times = isExact ? (seen - published) / duration.milliseconds + 1 : 1
            while let next = after(published, duration, times: times), next <= seen { times += 1 }
            return after(published, duration, times: times).map { $0 <= clock } ?? false
        case .cron(let expression):
            // What a gap moves forward may have been of the day before.
            let days = [seen, clock].map { Self.split($0 + zone.offset(at: $0)).day }
            return (days[0] - 1...days[1]).contains { day in
                expression.isOn(day)
                    && expression.times.contains { time in
                        instant(ofWall: day * Self.millisecondsPerDay + time).map { seen < $0 && $0 <= clock } ?? false
                    }
            }
        }
    }
}

extension CronExpression {
    fileprivate func isOn(_ day: Int64) -> Bool {
        func has(_ bits: UInt64, _ place: Int64) -> Bool { bits >> UInt64(place) & 1 == 1 }
        let date = PlainCalendar.date(ofDay: day)
        let (byDay, byWeek) = (has(days, date.day), has(weekdays, PlainCalendar.weekday(ofDay: day) % 7))
        return has(months, date.month) && (isEitherDay ? byDay || byWeek : byDay && byWeek)
    }

    /// Milliseconds after midnight.
    fileprivate var times: [Int64] {
        func set(_ bits: UInt64, below count: Int64) -> [Int64] { (0..<count).filter { bits >> UInt64($0) & 1 == 1 } }
        let minutesOfHour = set(minutes, below: 60)
        return set(hours, below: 24).flatMap { hour in minutesOfHour.map { minute in (hour * 60 + minute) * 60_000 } }
    }
}
