// Expressions walked as they are, on one record at one clock (semantics §3). Nothing of what they come to is kept between two evaluations.
public import Campaigns

/// Evaluates expressions as plainly as they can be said.
public struct Evaluator {
    /// What it reads.
    public let tables: ReferenceTables
    /// Milliseconds since the Unix epoch.
    public let clock: Int64
    let zones: [String: TimeZoneRules]
    private let backlinks = Backlinks()
    /// Those that the row at hand carries.
    private var columns: Columns = [:]

    /// - Parameter zones: the rules of every zone that expressions name, by IANA name.
    public init(tables: ReferenceTables, clock: Int64, zones: [String: TimeZoneRules]) {
        self.tables = tables
        self.clock = clock
        self.zones = zones
    }

    /// The same about a row that carries columns.
    func carrying(_ columns: Columns) -> Evaluator {
        var evaluator = self
        evaluator.columns = columns
        return evaluator
    }

    /// The value of an expression about a record; nil is null, and of a condition unknown. Without a key there is no record.
    public func value(_ expression: Expression, key: Key?, row: Row) -> Datum? {
        switch expression {
        case .literal(let literal):
            return Datum(literal)
        case .field(let path):
            return field(path, key, row)
        case .carried(let name, _):
            guard let value = columns[name] else { preconditionFailure("the row carries \(name)") }
            return value
        case .clock(let offset, let unit, let zone):
            return calendar(zone).adding(offset, unit, to: .instant(clock))
        case .ageThreshold(let number, let isAbove, let unit, let isDate, let zone):
            return value(number, key: key, row: row).flatMap { age in
                calendar(zone).ageThreshold(age, isAbove: isAbove, unit, isDate: isDate, now: clock)
            }
        case .midnight(let day, let zone):
            return value(day, key: key, row: row).flatMap { calendar(zone).instant($0) }.map(Datum.instant)
        case .aggregate(let aggregate):
            return self.aggregate(aggregate, key, row)
        case .isNull(let operand):
            return .boolean(value(operand, key: key, row: row) == nil)
        case .compare(let comparison, let left, let right):
            guard let left = value(left, key: key, row: row), let right = value(right, key: key, row: row) else { return nil }
            return .boolean(comparison.holds(left.order(right)))
        case .isOneOf(let value, let items):
            guard let value = self.value(value, key: key, row: row) else { return nil }
            return any(items.map { item in self.value(item, key: key, row: row).map { value.order($0) == 0 } })
        case .not(let operand):
            return truth(operand, key, row).map { .boolean(!$0) }
        case .and(let operands):
            // Not all = any is not.
            return any(operands.map { truth($0, key, row).map { !$0 } }).map { .boolean($0 == .boolean(false)) }
        case .or(let operands):
            return any(operands.map { truth($0, key, row) })
        case .coalesce(let operands, _):
            return operands.lazy.compactMap { value($0, key: key, row: row) }.first
        case .choose(let choices, let otherwise, _):
            let chosen = choices.first { truth($0.condition, key, row) == true }
            return value(chosen?.result ?? otherwise, key: key, row: row)
        case .negate(let operand):
            switch value(operand, key: key, row: row) {
            case .integer(let value): return value == .min ? nil : .integer(-value)
            case .double(let value): return .double(-value)
            default: return nil
            }
        case .toDouble(let operand):
            guard case .integer(let value) = value(operand, key: key, row: row) else { return nil }
            return .double(Double(value))
        case .arithmetic(let operation, let left, let right):
            guard let left = value(left, key: key, row: row), let right = value(right, key: key, row: row) else { return nil }
            return Evaluator.result(operation, left, right)
        case .concatenate(let left, let right):
            guard let left = value(left, key: key, row: row), let right = value(right, key: key, row: row) else { return nil }
            return .bounded(left.characters + right.characters)
        case .textTest(let test, let left, let right):
            guard let left = value(left, key: key, row: row), let right = value(right, key: key, row: row) else { return nil }
            if test == .like, right.bytes.count > Limits.likePatternBytes { return nil }
            return .boolean(test.isMet(left.characters, right.characters))
        case .call(let function, let arguments, _, let zone):
            let values = arguments.compactMap { value($0, key: key, row: row) }
            return values.count < arguments.count ? nil : call(function, values, in: calendar(zone))
        case .except(let operands):
            return .boolean(truth(operands[0], key, row) == true && !operands.dropFirst().contains { truth($0, key, row) == true })
        }
    }

    /// Whether a row passes: "a row passes only on true".
    public func passes(_ condition: Expression?, key: Key?, row: Row) -> Bool {
        condition.map { truth($0, key, row) == true } ?? true
    }

    private func truth(_ condition: Expression, _ key: Key?, _ row: Row) -> Bool? {
        switch value(condition, key: key, row: row) {
        case .boolean(let truth): truth
        case nil: nil
        default: preconditionFailure("the checker lets only conditions stand here")
        }
    }

    /// True when one is; otherwise unknown when one is; otherwise false.
    private func any(_ truths: [Bool?]) -> Datum? {
        if truths.contains(true) { return .boolean(true) }
        return truths.contains(nil) ? nil : .boolean(false)
    }

    /// "A missing linked record has null attributes."
    private func field(_ path: FieldPath, _ key: Key?, _ row: Row) -> Datum? {
        var (key, record) = (key, row)
        for step in path.steps {
            guard let here = key, let next = next(step, here, record) else { return nil }
            (key, record) = next
        }
        return record.value(path.field)
    }

    /// Of the records that the steps lead to, and that pass the filter. "Aggregates skip nulls."
    private func aggregate(_ aggregate: Aggregate, _ key: Key?, _ row: Row) -> Datum? {
        let records = records(along: aggregate.steps, key, row).filter { passes(aggregate.filter, key: $0.key, row: $0.row) }
        if aggregate.function == .count { return .integer(Int64(records.count)) }
        let values = records.compactMap { $0.row.value(aggregate.field!) }
        switch aggregate.function {
        case .count, .countDistinct: return .integer(Int64(Set(values).count))
        case .minimum: return values.min { $0.order($1) < 0 }
        case .maximum: return values.max { $0.order($1) < 0 }
        case .sum, .average: return total(values, isAverage: aggregate.function == .average)
        }
    }

    /// The records that steps lead to, each as often as there are ways to it.
    func records(along steps: [AggregateStep], _ key: Key?, _ row: Row) -> [(key: Key, row: Row)] {
        steps.reduce(key.map { [(key: $0, row: row)] } ?? []) { records, step in records.flatMap { follow(step, $0.key, $0.row) } }
    }

    func follow(_ step: AggregateStep, _ key: Key, _ row: Row) -> [(key: Key, row: Row)] {
        step.isForward ? next(step.link, key, row).map { [$0] } ?? [] : sources(step.link, key)
    }

    /// The one record that a link leads to.
    func next(_ step: LinkStep, _ key: Key, _ row: Row) -> (key: Key, row: Row)? {
        // "A unique link that has several records leads to the lowest key" (decision 36).
        if step.isReversed {
            return sources(step, key).min { PopulationRow.text($0.key).lexicographicallyPrecedes(PopulationRow.text($1.key)) }
        }
        guard let next = tables.linkedKey(step, of: row), let record = tables.rows[target(step)]?[next] else { return nil }
        return (next, record)
    }

    /// The records whose link leads to a key.
    private func sources(_ step: LinkStep, _ key: Key) -> [(key: Key, row: Row)] {
        backlinks.sources(step, key, in: tables)
    }

    private func total(_ values: [Datum], isAverage: Bool) -> Datum? {
        if values.isEmpty { return nil }
        var exact = ExactTotal()
        var whole: Int128 = 0
        var isInteger = false
        for value in values {
            if case .integer(let value) = value {
                isInteger = true
                whole += Int128(value)
                exact.add(integer: value)
            } else if case .double(let value) = value {
                exact.add(value)
            }
        }
        if isAverage { return exact.divided(by: UInt32(values.count)).map(Datum.double) }
        return isInteger ? Int64(exactly: whole).map(Datum.integer) : exact.rounded.map(Datum.double)
    }

    private func target(_ step: LinkStep) -> String {
        tables.schema(step.schema).links[step.link].target
    }

    /// The schema that a step leads to.
    func destination(_ step: AggregateStep) -> String {
        step.isForward && !step.link.isReversed ? target(step.link) : step.link.schema
    }

    func calendar(_ zone: String) -> PlainCalendar {
        guard let rules = zones[zone] else { preconditionFailure("time zone \(zone) was given") }
        return PlainCalendar(zone: rules)
    }
}

extension Comparison {
    /// Whether it holds between two values of that order.
    fileprivate func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}
