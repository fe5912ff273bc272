// Expressions walked as they are, on one record at one clock (semantics §3). Nothing is kept between two evaluations.
public import Campaigns

public struct Evaluator {
    let tables: ReferenceTables
    let clock: Int64
    let zones: [String: TimeZoneRules]

    /// - Parameter zones: the rules of every zone that expressions name, by IANA name.
    public init(tables: ReferenceTables, clock: Int64, zones: [String: TimeZoneRules]) {
        self.tables = tables
        self.clock = clock
        self.zones = zones
    }

    /// The value of an expression about a row; nil is null, and of a condition unknown.
    public func value(_ expression: Expression, key: Key, row: Row) -> Datum? {
        switch expression {
        case .literal(let literal):
            return Datum(literal)
        case .field(let path):
            return field(path, row)
        case .clock(let offset, let unit, let zone):
            return Calendar.adding(offset, unit, to: clock, in: rules(zone)).map(Datum.instant)
        case .midnight(let day, let zone):
            guard case .date(let days) = value(day, key: key, row: row) else { return nil }
            return Calendar.midnight(ofDay: days, in: rules(zone)).map(Datum.instant)
        case .aggregate(let aggregate):
            return self.aggregate(aggregate, key)
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
        case .except(let operands):
            return .boolean(truth(operands[0], key, row) == true && !operands.dropFirst().contains { truth($0, key, row) == true })
        }
    }

    /// Whether a row passes: "a row passes only on true".
    public func passes(_ condition: Expression?, key: Key, row: Row) -> Bool {
        condition.map { truth($0, key, row) == true } ?? true
    }

    private func truth(_ condition: Expression, _ key: Key, _ row: Row) -> Bool? {
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
    private func field(_ path: FieldPath, _ row: Row) -> Datum? {
        var record = row
        for step in path.steps {
            guard let key = tables.linkedKey(step, of: record), let next = tables.rows[target(step)]?[key] else { return nil }
            record = next
        }
        return record.value(path.field)
    }

    /// Every record of the linked table whose link names this one and that passes the filter. "Aggregates skip nulls."
    private func aggregate(_ aggregate: Aggregate, _ key: Key) -> Datum? {
        let linked = tables.rows[aggregate.link.schema, default: [:]].filter { linkedKey, linkedRow in
            tables.linkedKey(aggregate.link, of: linkedRow) == key && passes(aggregate.filter, key: linkedKey, row: linkedRow)
        }
        guard aggregate.function == .sum else { return .integer(Int64(linked.count)) }
        let values = linked.values.compactMap { $0.value(aggregate.field!) }
        if values.isEmpty { return nil }
        if aggregate.type == .integer {
            var sum: Int128 = 0
            for case .integer(let value) in values { sum += Int128(value) }
            return Int64(exactly: sum).map(Datum.integer)
        }
        var sum = ExactTotal()
        for case .double(let value) in values { sum.add(value) }
        return sum.rounded.map(Datum.double)
    }

    private func target(_ step: LinkStep) -> String {
        tables.schema(step.schema).links[step.link].target
    }

    private func rules(_ zone: String) -> TimeZoneRules {
        guard let rules = zones[zone] else { preconditionFailure("time zone \(zone) was given") }
        return rules
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
