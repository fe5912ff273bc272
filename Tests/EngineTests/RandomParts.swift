// Random parts of activities: what rows are known by, orders, seeds, instants, durations and conditions on the number of rows.
@testable import Campaigns

extension RandomCampaign {
    // MARK: Of rows

    /// What rows may be known by: identities of their schema, and carried texts.
    func identities(_ shape: Shape) -> [(source: Expression, namespace: String)] {
        let fields = shape.dimension.identities.filter { shape.columns[shape.dimension.fields[$0.field].name] == nil }
        let carried = shape.columns.filter { $0.value == .string || $0.value == .null }.sorted { $0.key < $1.key }
        return fields.map { (.field(FieldPath(field: $0.field, of: shape.dimension)), $0.namespace) }
            + carried.map { (.carried($0.key, type: $0.value), "Email") }
    }

    mutating func attributes(_ shape: Shape, _ random: inout RandomNumbers) -> [Attribute] {
        var attributes: [Attribute] = []
        for name in ["one", "two \u{e9}\"", "three"].prefix(random.number(0...3)) {
            attributes.append(Attribute(name: name, source: expressions.attribute(shape, &random)))
        }
        return attributes
    }

    /// What rows may be equal on, of any type.
    mutating func side(_ shape: Shape, _ random: inout RandomNumbers) -> Expression {
        expressions.side(shape, of: random.pick(RandomExpressions.types), &random)
    }

    mutating func sort(_ shape: Shape, _ random: inout RandomNumbers) -> Sort {
        let by = random.chance(50) ? side(shape, &random) : expressions.attribute(shape, &random)
        return Sort(by: by, isDescending: random.chance(50))
    }

    func seed(_ random: inout RandomNumbers) -> String {
        random.pick(["shared", "shared", "other", "\(campaign.id)/\(newId)"])
    }

    // MARK: Of time

    /// Before the clock, at it, and where it will be or may leap over.
    func instant(_ random: inout RandomNumbers) -> Int64 {
        let day = RandomValues.day
        let jumps = [-day, -day, 0, 0, 900_000, 1_800_000, 3_600_000, day / 2, day, day, 2 * day, 3 * day, 30 * day]
        return min(clock + random.pick(jumps) + Int64(random.number(-1...1)), InstantText.maximum)
    }

    func duration(_ random: inout RandomNumbers) -> CalendarDuration {
        random.pick([
            CalendarDuration(milliseconds: 1), CalendarDuration(milliseconds: 900_000), CalendarDuration(milliseconds: 3_600_000),
            CalendarDuration(milliseconds: RandomValues.day), CalendarDuration(days: 1), CalendarDuration(days: 1),
            CalendarDuration(days: 3),
            CalendarDuration(days: 1, milliseconds: 1_800_000), CalendarDuration(months: 1), CalendarDuration(months: 12),
        ])
    }

    /// When it is live: mostly always.
    mutating func setValidity(_ random: inout RandomNumbers) {
        let (start, end) = (instant(&random), instant(&random))
        campaign.startAt = random.chance(7) ? start : nil
        campaign.endAt = random.chance(7) ? end : nil
        if let start = campaign.startAt, let end = campaign.endAt, end <= start { campaign.endAt = nil }
    }

    // MARK: Of numbers of rows

    /// Of few rows, since histories have few.
    func countCondition(_ random: inout RandomNumbers) -> Expression {
        let count = Expression.carried(RecordCount.name, type: .integer)
        func number(_ range: ClosedRange<Int>, _ random: inout RandomNumbers) -> Expression {
            .literal(.integer(Int64(random.number(range))))
        }
        let comparison: Comparison = random.pick([.greater, .greaterOrEqual, .less, .equal, .notEqual])
        let test = Expression.compare(comparison, count, number(0...5, &random))
        switch random.number(0...9) {
        case 0...5: return test
        case 6: return .compare(.equal, .arithmetic(.remainder, count, .literal(.integer(2))), number(0...1, &random))
        case 7: return .isOneOf(count, [number(0...2, &random), number(2...4, &random)])
        case 8:
            let hour = Expression.call(
                .hour, [.clock(offset: 0, unit: .seconds, zone: expressions.zone)], type: .integer, zone: expressions.zone)
            return .and([test, .compare(.greaterOrEqual, hour, number(6...18, &random))])
        default: return random.pick([.literal(.null), .literal(.boolean(true)), .not(test)])
        }
    }
}
