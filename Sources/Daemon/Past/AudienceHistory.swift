// How large each audience was, and how many entered and left, in steps of a minute, five minutes, an hour and a day: a function of the
// commits and their clocks, so that it is the same after a restart. Only steps in which something changed are kept; of the last 24 hours
// also why.
//
// At most 64 MiB: an audience takes 16 bytes for each of at most 120 + 288 + 168 + 30 points, and 96 for each of at most 24 hours of which
// it is known why. Where more audiences change than there is room for, the finest steps are given up for all of them, then the next; past
// that, audiences that come later have no history. It is said which steps are kept. Steps that were given up do not come back.
import Campaigns
import Engine

struct AudienceHistory: Equatable, Sendable {
    static let mostBytes = 64 << 20

    /// By the audience's id, for each of the kept steps, in the order of their numbers.
    private(set) var points: [String: [[HistoryPoint]]] = [:]
    /// By the audience's id, for each of the last hours in which somebody entered or left, in their order.
    private(set) var causes: [String: [HistoryCauses]] = [:]
    /// The clock of the first commit that was noted, milliseconds since the Unix epoch; nil: none was.
    private(set) var begin: Int64?
    /// The same of the first of which it was noted why: an older program notes no causes.
    private(set) var causesBegin: Int64?
    /// The same of the first day that is whole, where an older program kept no days; nil: days are known as long as all else.
    private(set) var daysBegin: Int64?
    /// From the finest that is kept on.
    private(set) var steps = HistoryStep.allCases
    private let mostBytes: Int

    init(mostBytes: Int = Self.mostBytes) { self.mostBytes = mostBytes }

    /// As an image has it.
    init(
        points: [String: [[HistoryPoint]]], causes: [String: [HistoryCauses]], begin: Int64?, causesBegin: Int64?, daysBegin: Int64?,
        steps: [HistoryStep]
    ) {
        self.init()
        (self.points, self.causes, self.begin, self.causesBegin, self.steps) = (points, causes, begin, causesBegin, steps)
        self.daysBegin = daysBegin
        if let place = steps.firstIndex(of: .hour), !steps.contains(.day) { addDays(ofHours: place) }
    }

    /// Of an image of before there were days: those that the hours tell of.
    private mutating func addDays(ofHours place: Int) {
        let hoursOfDay = UInt32(HistoryStep.day.milliseconds / HistoryStep.hour.milliseconds)
        steps.append(.day)
        // Hours before the oldest that any audience still has are not known; the day of it is not whole.
        let newest = points.values.compactMap { $0[place].last?.step }.max() ?? 0
        let oldest = Int64(newest) - HistoryStep.hour.kept + 1
        if let begin, HistoryStep.hour.number(of: begin) < oldest {
            daysBegin = (oldest + Int64(hoursOfDay) - 1) / Int64(hoursOfDay) * HistoryStep.day.milliseconds
        }
        for audience in points.keys {
            var days: [HistoryPoint] = []
            for hour in points[audience]![place] {
                let day = hour.step / hoursOfDay
                if days.last?.step != day { days.append(HistoryPoint(step: day, size: 0, entered: 0, left: 0)) }
                days[days.count - 1].size = hour.size
                let last = days.count - 1
                days[last].entered = UInt32(clamping: UInt64(days[last].entered) + UInt64(hour.entered))
                days[last].left = UInt32(clamping: UInt64(days[last].left) + UInt64(hour.left))
            }
            points[audience]!.append(days)
        }
    }

    /// A commit says this.
    mutating func note(_ difference: Difference, of engine: borrowing Engine) {
        if engine.clock == .min { return }
        if begin == nil { begin = engine.clock }
        if causesBegin == nil { causesBegin = engine.clock }
        for update in difference.updates {
            let state = engine.audience(update.audience)
            note(
                state.id, at: engine.clock, size: state.size - update.membersWaiting, entered: update.entered, left: update.exited)
        }
        // Members stand in the order of their audiences.
        var rest = difference.members[...]
        while let first = rest.first {
            let members = rest.prefix { $0.audience == first.audience }
            noteCauses(of: members, in: engine.audience(first.audience).id, at: engine.clock)
            rest = rest[members.endIndex...]
        }
    }

    private mutating func noteCauses(of members: ArraySlice<Difference.Member>, in audience: String, at clock: Int64) {
        guard points[audience] != nil, members.contains(where: { $0.status != .existing }) else { return }
        let hour = UInt32(clamping: HistoryStep.hour.number(of: clock))
        var all = causes.updateValue([], forKey: audience) ?? []
        if all.last?.hour != hour {
            all.removeAll { Int64($0.hour) <= Int64(hour) - HistoryCauses.keptHours }
            all.append(HistoryCauses(hour: hour))
        }
        all[all.count - 1].note(members)
        causes[audience] = all
    }

    /// An audience has so many members since a commit.
    mutating func note(_ audience: String, at clock: Int64, size: Int, entered: Int, left: Int) {
        if points[audience] == nil, !makeRoom(at: clock) { return }
        // In its place, so that only the points of this audience are ever copied.
        var all = points.updateValue([], forKey: audience) ?? steps.map { _ in [] }
        for (place, step) in steps.enumerated() {
            let number = UInt32(clamping: step.number(of: clock))
            if all[place].last?.step != number {
                all[place].removeAll { Int64($0.step) <= Int64(number) - step.kept }
                all[place].append(HistoryPoint(step: number, size: 0, entered: 0, left: 0))
            }
            let last = all[place].count - 1
            all[place][last].size = UInt32(clamping: size)
            all[place][last].entered = UInt32(clamping: Int(all[place][last].entered) + entered)
            all[place][last].left = UInt32(clamping: Int(all[place][last].left) + left)
        }
        points[audience] = all
    }

    /// Sees to it that one audience more has room; false: it has none.
    private mutating func makeRoom(at clock: Int64) -> Bool {
        if hasRoom { return true }
        forget(before: clock)
        while !hasRoom, steps.count > 1 {
            steps.removeFirst()
            for audience in points.keys { points[audience]?.removeFirst() }
        }
        return hasRoom
    }

    private var hasRoom: Bool {
        let bytes =
            steps.reduce(0) { $0 + Int($1.kept) } * MemoryLayout<HistoryPoint>.stride
            + Int(HistoryCauses.keptHours) * MemoryLayout<HistoryCauses>.stride
        return (points.count + 1) * bytes <= mostBytes
    }

    /// Audiences of which all is too old.
    private mutating func forget(before clock: Int64) {
        points = points.filter { _, all in
            zip(steps, all).contains { step, points in
                points.last.map { Int64($0.step) > step.number(of: clock) - step.kept } ?? false
            }
        }
        causes = causes.filter { points[$0.key] != nil }
    }

    /// How many entered an audience and left it in the last 24 hours, by cause, and from when on that is; nil where nothing was noted yet.
    func causes(of audience: String, now clock: Int64) -> (since: Int64, entered: SIMD8<UInt32>, left: SIMD8<UInt32>)? {
        guard let causesBegin else { return nil }
        let first = HistoryStep.hour.number(of: clock) - HistoryCauses.keptHours + 1
        let hours = (causes[audience] ?? []).filter { Int64($0.hour) >= first }
        return (
            max(causesBegin, first * HistoryStep.hour.milliseconds), hours.reduce(.zero) { $0 &+ $1.entered },
            hours.reduce(.zero) { $0 &+ $1.left }
        )
    }

    /// The steps of an audience between two instants, both included, each with its beginning (milliseconds since the Unix epoch): also
    /// those in which nothing changed. None from before the history begins, or of steps that are not kept any more.
    /// - Parameter size: of the audience now.
    func points(
        of audience: String, in step: HistoryStep, from: Int64, to: Int64, now clock: Int64, size: Int
    ) -> [(begin: Int64, point: HistoryPoint)] {
        guard let begin, let place = steps.firstIndex(of: step) else { return [] }
        let newest = step.number(of: clock)
        let firstKnown = step == .day ? max(begin, daysBegin ?? begin) : begin
        let first = max(step.number(of: from), newest - step.kept + 1, step.number(of: firstKnown), 0)
        let last = min(step.number(of: to), newest)
        guard first <= last else { return [] }
        let changes = points[audience]?[place] ?? []
        var next = changes.firstIndex { Int64($0.step) >= first } ?? changes.count
        // Before the first change since, it was what it was then.
        var known = next < changes.count ? changes[next].sizeBefore : changes.last.map { Int64($0.size) } ?? Int64(size)
        return (first...last).map { number in
            if next < changes.count, Int64(changes[next].step) == number {
                known = Int64(changes[next].size)
                next += 1
                return (number * step.milliseconds, changes[next - 1])
            }
            return (
                number * step.milliseconds,
                HistoryPoint(step: UInt32(clamping: number), size: UInt32(clamping: known), entered: 0, left: 0)
            )
        }
    }
}
