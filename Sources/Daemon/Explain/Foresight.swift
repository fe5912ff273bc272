// When membership changes by itself, if nothing is written: of rows that are in or out by their own values and the clock. A copy of what
// those read is evaluated by the plain evaluator, at each instant at which one of their comparisons with the clock becomes another, until
// the answer is another. What other rows decide, or what is remembered, is not foreseen. It needs nothing but what was gathered.
import Campaigns
import Engine
import Oracle

struct Foresight {
    /// What is known of it.
    enum Answer: Equatable, Sendable {
        /// At that instant somebody leaves, or enters.
        case changes(at: Int64)
        /// Never.
        case stays
        case unknown(because: String)
    }

    /// Instants that are looked at.
    private static let mostInstants = 200
    /// The last instant that has a date: the end of the year 9999.
    private static let horizon: Int64 = 253_402_300_799_999

    private var evaluators: [(evaluator: Evaluator, key: Key)] = []
    private var edges: Set<Int64> = []
    private let clock: Int64

    /// The answer, of what was gathered.
    static func answer(_ gathered: ForeseenRows.Gathered) -> Answer {
        switch gathered {
        case .known(let answer): return answer
        case .rows(let rows):
            var foresight = Foresight(clock: rows.clock)
            return foresight.look(rows)
        }
    }

    private init(clock: Int64) { self.clock = clock }

    private mutating func look(_ rows: ForeseenRows) -> Answer {
        var comparisons: [ClockComparison] = []
        for decision in rows.way.way.activities.compactMap(\.rowDecision) {
            for expression in decision.expressions { note(expression, &comparisons) }
        }
        if comparisons.contains(where: { $0.isUnclear }) { return .unknown(because: "it hangs on the clock in a way that repeats itself") }
        guard let found = rows.records else { return .unknown(because: "there is too much to look at") }
        let zones = Dictionary(uniqueKeysWithValues: rows.zones.map { ($0.name, $0) })
        var schemas = ReferenceTables()
        for schema in rows.schemas { schemas.publish(schema) }
        for records in found {
            var tables = schemas
            for record in records { _ = tables.upsert(record.values.map(Datum.init), into: record.schema) }
            let key = tables.schemas[rows.way.schema]!.primaryKey.map { Datum(records[0].values[$0])! }
            let evaluator = Evaluator(tables: tables, clock: clock, zones: zones)
            evaluators.append((evaluator, key))
            for comparison in comparisons { noteEdges(of: comparison, evaluator, zones) }
        }
        // Then its members stay as they are.
        if let end = rows.endAt { edges = edges.filter { $0 < end } }
        return firstChange(rows.way, zones, now: rows.isMember)
    }

    /// The first instant at which somebody is in or out other than now.
    private func firstChange(_ way: AuditedSave, _ zones: [String: TimeZoneRules], now: Bool) -> Answer {
        guard isMember(at: clock, way, zones) == now else { return .unknown(because: "it depends on other rows") }
        if edges.count > Self.mostInstants { return .unknown(because: "there are too many instants to look at") }
        for edge in edges.sorted() where isMember(at: edge, way, zones) != now { return .changes(at: edge) }
        return .stays
    }

    private func isMember(at instant: Int64, _ way: AuditedSave, _ zones: [String: TimeZoneRules]) -> Bool {
        evaluators.contains { evaluator, key in
            let later = Evaluator(tables: evaluator.tables, clock: instant, zones: zones)
            return !later.saved(key, by: way.save, of: way.way).members.isEmpty
        }
    }

    // Where something may change.

    /// A comparison of which one side is of the clock alone.
    private struct ClockComparison {
        /// The other side.
        var value: Expression
        var clock: Expression
        /// It cannot be said when it becomes another.
        var isUnclear: Bool
    }

    private func note(_ expression: Expression, _ found: inout [ClockComparison]) {
        switch expression {
        case .compare(_, let left, let right):
            note(left, right, &found)
            note(right, left, &found)
        case .isOneOf(let value, let items):
            for item in items {
                note(value, item, &found)
                note(item, value, &found)
            }
        case .aggregate(let aggregate): if let filter = aggregate.filter { note(filter, &found) }
        default: break
        }
        for part in expression.parts { note(part, &found) }
    }

    private func note(_ value: Expression, _ clock: Expression, _ found: inout [ClockComparison]) {
        guard clock.hasClock, !clock.hasRow else { return }
        found.append(ClockComparison(value: value, clock: clock, isUnclear: !clock.isGrowing || value.hasClock || value.isCarried))
    }

    /// The instants after the clock at which a comparison of a record's value becomes another: where the clock's side comes to the value,
    /// and where it passes it.
    private mutating func noteEdges(of comparison: ClockComparison, _ evaluator: Evaluator, _ zones: [String: TimeZoneRules]) {
        guard let last = lastInstant(of: comparison.clock, zones) else { return }
        for value in values(of: comparison.value, evaluator) where edges.count <= Self.mostInstants {
            for sign in [Comparison.greaterOrEqual, .greater] {
                let condition = Expression.compare(sign, comparison.clock, .literal(value.literal))
                func holds(_ instant: Int64) -> Bool {
                    Evaluator(tables: ReferenceTables(), clock: instant, zones: zones).passes(condition, key: nil, row: [])
                }
                guard !holds(clock), holds(last) else { continue }
                var (before, after) = (clock, last)
                while before + 1 < after {
                    let middle = before + (after - before) / 2
                    if holds(middle) { after = middle } else { before = middle }
                }
                edges.insert(after)
            }
        }
    }

    /// The last instant at which what is said of the clock has a value: at the end of the year 9999 there is none in zones that are ahead
    /// of UTC, nor of what lies some days behind the clock. nil: it has none now.
    private func lastInstant(of expression: Expression, _ zones: [String: TimeZoneRules]) -> Int64? {
        func isKnown(_ instant: Int64) -> Bool {
            Evaluator(tables: ReferenceTables(), clock: instant, zones: zones).value(expression, key: nil, row: []) != nil
        }
        guard isKnown(clock) else { return nil }
        if isKnown(Self.horizon) { return Self.horizon }
        var (before, after) = (clock, Self.horizon)
        while before + 1 < after {
            let middle = before + (after - before) / 2
            if isKnown(middle) { before = middle } else { after = middle }
        }
        return before
    }

    /// What an expression is on the records that it is about, as far as they were copied.
    private func values(of expression: Expression, _ evaluator: Evaluator) -> Set<Datum> {
        guard expression.hasRow else { return evaluator.value(expression, key: nil, row: []).map { [$0] } ?? [] }
        guard let home = expression.home(evaluator.tables.schemas) else { return [] }
        var values: Set<Datum> = []
        for (key, row) in evaluator.tables.rows[home] ?? [:] {
            if let found = evaluator.value(expression, key: key, row: row) { values.insert(found) }
        }
        return values
    }
}

extension Expression {
    fileprivate var hasRow: Bool {
        switch self {
        case .field, .carried, .aggregate: true
        default: parts.contains(where: \.hasRow)
        }
    }

    fileprivate var hasClock: Bool {
        switch self {
        case .clock, .ageThreshold: true
        case .aggregate(let aggregate): aggregate.filter?.hasClock ?? false
        default: parts.contains(where: \.hasClock)
        }
    }

    fileprivate var isCarried: Bool {
        if case .carried = self { return true }
        return parts.contains(where: \.isCarried)
    }

    /// Whether it never goes back while the clock moves on.
    fileprivate var isGrowing: Bool {
        switch self {
        case .clock, .literal: return true
        case .midnight(let day, _): return day.isGrowing
        case .ageThreshold(let number, _, _, _, _): return !number.hasClock
        case .call(let function, let arguments, _, _):
            switch function {
            case .dateOnly, .toDate, .toDateTime, .wallTime, .toTimeZone, .truncDate, .truncWeek, .truncMonth, .truncQuarter, .truncYear,
                .addSeconds, .addMinutes, .addHours, .addDays, .addMonths, .addYears:
                return arguments[0].isGrowing && !arguments.dropFirst().contains(where: \.hasClock)
            default: return false
            }
        default: return false
        }
    }

    /// The schema of the records that it is about.
    fileprivate func home(_ schemas: [String: Schema]) -> String? {
        func start(_ link: LinkStep, isForward: Bool) -> String? {
            isForward ? link.schema : schemas[link.schema]?.links[link.link].target
        }
        switch self {
        case .field(let path): return path.steps.first.map { start($0, isForward: !$0.isReversed) } ?? path.schema
        case .aggregate(let aggregate):
            return aggregate.steps.first.flatMap { start($0.link, isForward: $0.isForward && !$0.link.isReversed) }
        default: return parts.lazy.compactMap { $0.home(schemas) }.first
        }
    }
}

extension Datum {
    fileprivate var literal: Literal {
        switch self {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .double(let value): .double(value)
        case .text(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .date(let value): .date(value)
        case .instant(let value): .instant(value)
        }
    }
}
