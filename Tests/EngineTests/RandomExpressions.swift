// Random expressions of the supported subset, built the way the checker builds them: a date beside an instant is its midnight, EXISTS
// a count that is at least 1.
import Campaigns
import Oracle

struct RandomExpressions {
    let schemas: [String: Schema]
    let zone: String
    let values: RandomValues

    // MARK: Conditions

    func condition(_ table: String, depth: Int, _ random: inout RandomNumbers, inTree: Bool = false) -> Expression {
        if depth > 0, random.chance(50) {
            let operands = { (random: inout RandomNumbers, inTree: Bool) in
                (0..<random.number(2...3)).map { _ in condition(table, depth: depth - 1, &random, inTree: inTree) }
            }
            switch random.number(0...9) {
            case 0...4: return .and(operands(&random, inTree))
            case 5...7: return .or(operands(&random, inTree))
            case 8 where inTree: return .except(operands(&random, true))
            default: return .not(condition(table, depth: depth - 1, &random))
            }
        }
        return atom(table, depth: depth, &random)
    }

    private func atom(_ table: String, depth: Int, _ random: inout RandomNumbers) -> Expression {
        switch random.number(0...21) {
        case 20: return computed(table, &random)
        case 21:
            let choice = Choice(condition: fieldWithConstant(table, &random), result: window(table, &random))
            return .choose([choice], otherwise: fieldWithConstant(table, &random), type: .boolean)
        case 0...3: return fieldWithConstant(table, &random)
        case 4...5: return fieldWithField(table, &random)
        case 6...7: return oneOf(table, &random)
        case 8: return .isNull(anyField(table, &random))
        case 9: return flag(table, &random)
        case 10...15: return aggregateTest(table, depth: depth, &random)
        default: return window(table, &random)
        }
    }

    private func comparison(_ random: inout RandomNumbers) -> Comparison {
        random.pick([.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
    }

    private func compare(_ a: Expression, _ b: Expression, _ random: inout RandomNumbers) -> Expression {
        let (first, second) = random.chance(80) ? (a, b) : (b, a)
        switch (first.type, second.type) {
        case (.date, .datetime): return .compare(comparison(&random), .midnight(first, zone: zone), second)
        case (.datetime, .date): return .compare(comparison(&random), first, .midnight(second, zone: zone))
        default: return .compare(comparison(&random), first, second)
        }
    }

    private func fieldWithConstant(_ table: String, _ random: inout RandomNumbers) -> Expression {
        let field = anyField(table, &random)
        let constant = constant(besides: field.type, &random)
        // What most filters do: a field equals a constant.
        if random.chance(50), field.type == constant.type || field.type.isNumber { return .compare(.equal, field, constant) }
        return compare(field, constant, &random)
    }

    private func fieldWithField(_ table: String, _ random: inout RandomNumbers) -> Expression {
        let field = anyField(table, &random)
        for _ in 0..<8 {
            let other = anyField(table, &random)
            let types = [field.type, other.type]
            if types[0] == types[1] || types.allSatisfy(\.isNumber) || Set(types) == [.date, .datetime] {
                return compare(field, other, &random)
            }
        }
        return compare(field, field, &random)
    }

    private func oneOf(_ table: String, _ random: inout RandomNumbers) -> Expression {
        let field = anyField(table, &random)
        var (direct, besideMidnight): ([Expression], [Expression]) = ([], [])
        for _ in 0..<random.number(1...3) {
            var item = random.chance(12) ? .literal(.null) : constant(besides: field.type, &random)
            if random.chance(8), let found = fieldOfType(field.type, table, &random) { item = found }
            if field.type == .datetime, random.chance(15) { item = clock(&random) }
            switch (field.type, item.type) {
            case (.date, .datetime): besideMidnight.append(item)
            case (.datetime, .date): direct.append(.midnight(item, zone: zone))
            default: direct.append(item)
            }
        }
        var parts: [Expression] = []
        if !direct.isEmpty { parts.append(.isOneOf(field, direct)) }
        if !besideMidnight.isEmpty { parts.append(.isOneOf(.midnight(field, zone: zone), besideMidnight)) }
        let test = parts.count == 1 ? parts[0] : .or(parts)
        return random.chance(15) ? .not(test) : test
    }

    private func flag(_ table: String, _ random: inout RandomNumbers) -> Expression {
        if random.chance(85), let field = fieldOfType(.boolean, table, &random) { return field }
        return random.pick([.literal(.boolean(true)), .literal(.boolean(false)), .literal(.null)])
    }

    // MARK: The clock

    private func clock(_ random: inout RandomNumbers) -> Expression {
        if random.chance(20) { return .clock(offset: 0, unit: .seconds, zone: zone) }
        switch random.number(0...11) {
        case 0: return .clock(offset: Int64(random.pick([-86_400, 3600, -1, 30])), unit: .seconds, zone: zone)
        case 1: return .clock(offset: Int64(random.pick([-1440, 60, -30, 90])), unit: .minutes, zone: zone)
        case 2...3: return .clock(offset: Int64(random.pick([-24, -25, -1, 1, 48])), unit: .hours, zone: zone)
        case 4...7: return .clock(offset: Int64(random.pick([-1, -1, -2, -3, 0, 1, 2, -30])), unit: .days, zone: zone)
        case 8...9: return .clock(offset: Int64(random.pick([-1, 1, -2, 0, -13])), unit: .months, zone: zone)
        case 10: return .clock(offset: Int64(random.pick([-1, 0, -18])), unit: .years, zone: zone)
        // Out of the years 0001 to 9999: null.
        default: return random.chance(50) ? .clock(offset: -9000, unit: .years, zone: zone) : .clock(offset: .max, unit: .days, zone: zone)
        }
    }

    private func window(_ table: String, _ random: inout RandomNumbers) -> Expression {
        if random.chance(12) {
            switch random.number(0...2) {
            case 0: return .compare(comparison(&random), clock(&random), clock(&random))
            case 1: return compare(clock(&random), .literal(.date(values.day(&random))), &random)
            default: return compare(clock(&random), .literal(.instant(values.instant(&random))), &random)
            }
        }
        let type: ValueType = random.chance(65) ? .datetime : .date
        guard let field = fieldOfType(type, table, &random) ?? fieldOfType(.datetime, table, &random) else {
            return fieldWithConstant(table, &random)
        }
        if random.chance(35) {
            let since = Expression.compare(.greaterOrEqual, field.type == .date ? .midnight(field, zone: zone) : field, clock(&random))
            return since
        }
        return compare(field, clock(&random), &random)
    }

    /// Numbers computed from fields, aggregates and constants, compared with each other or with the clock.
    private func computed(_ table: String, _ random: inout RandomNumbers) -> Expression {
        func number(_ random: inout RandomNumbers) -> Expression {
            let found = random.chance(50) ? anyAggregate(table, depth: 1, &random) : fieldOfType(random.chance(50) ? .integer : .double, table, &random)
            guard let found, found.type.isNumber else { return .literal(.integer(Int64(random.number(-2...3)))) }
            return found
        }
        func sameType(_ a: Expression, _ b: Expression) -> (Expression, Expression) {
            if a.type == b.type { return (a, b) }
            return (a.type == .integer ? .toDouble(a) : a, b.type == .integer ? .toDouble(b) : b)
        }
        let (a, b) = sameType(number(&random), number(&random))
        let value: Expression
        switch random.number(0...3) {
        case 0: value = .arithmetic(random.pick([.add, .subtract, .multiply, .remainder]), a, b)
        case 1: value = .negate(a)
        case 2: value = .coalesce([a, b], type: a.type)
        default: value = .choose([Choice(condition: .isNull(a), result: b)], otherwise: a, type: a.type)
        }
        return compare(value, number(&random), &random)
    }

    // MARK: Aggregates

    private func reverseLinks(_ table: String) -> [LinkStep] {
        schemas.keys.sorted().flatMap { name in
            schemas[name]!.links.indices.filter { schemas[name]!.links[$0].target == table && !schemas[name]!.links[$0].isUnique }
                .map { LinkStep(schema: name, link: $0) }
        }
    }

    /// The links a record of a table leads on by.
    private func forwardLinks(_ table: String) -> [LinkStep] {
        schemas[table]!.links.indices.filter { schemas[schemas[table]!.links[$0].target] != nil }
            .map { LinkStep(schema: table, link: $0) }
    }

    /// An aggregate by one to three steps: perhaps on to a record, back once or twice, perhaps on again.
    private func aggregate(_ table: String, _ function: AggregateFunction, depth: Int, _ random: inout RandomNumbers) -> Expression? {
        var steps: [AggregateStep] = []
        var current = table
        func on() {
            let links = forwardLinks(current)
            guard !links.isEmpty else { return }
            let link = random.pick(links)
            steps.append(AggregateStep(link: link, isForward: true))
            current = schemas[current]!.links[link.link].target
        }
        if random.chance(8) { on() }
        for _ in 0..<(random.chance(15) ? 2 : 1) {
            let links = reverseLinks(current)
            guard !links.isEmpty else { break }
            let link = random.pick(links)
            steps.append(AggregateStep(link: link, isForward: false))
            current = link.schema
        }
        guard steps.contains(where: { !$0.isForward }) else { return nil }
        if random.chance(12) { on() }
        let filter = random.chance(25) ? nil : condition(current, depth: max(depth - 1, 0), &random)
        func made(_ field: Int?, _ type: ValueType) -> Expression {
            .aggregate(Aggregate(function: function, steps: steps, filter: filter, field: field, type: type))
        }
        let fields = schemas[current]!.fields
        switch function {
        case .count: return made(nil, .integer)
        case .countDistinct: return made(random.number(0...fields.count - 1), .integer)
        case .minimum, .maximum:
            let field = random.number(0...fields.count - 1)
            return made(field, fields[field].valueType)
        case .sum, .average:
            let numbers = fields.indices.filter { fields[$0].valueType.isNumber }
            guard !numbers.isEmpty else { return nil }
            let field = random.pick(numbers)
            return made(field, function == .average ? .double : fields[field].valueType)
        }
    }

    private func anyAggregate(_ table: String, depth: Int, _ random: inout RandomNumbers) -> Expression? {
        let functions: [AggregateFunction] = [.count, .count, .count, .sum, .sum, .average, .minimum, .maximum, .countDistinct]
        return aggregate(table, random.pick(functions), depth: depth, &random)
    }

    private func aggregateTest(_ table: String, depth: Int, _ random: inout RandomNumbers) -> Expression {
        guard depth > 0, let aggregate = anyAggregate(table, depth: depth, &random) else {
            return random.chance(50) ? fieldWithConstant(table, &random) : window(table, &random)
        }
        guard case .aggregate(let definition) = aggregate else { preconditionFailure() }
        let isCount = definition.function == .count || definition.function == .countDistinct
        switch random.number(0...11) {
        case 0...3 where isCount: return .compare(.greaterOrEqual, aggregate, .literal(.integer(1)))
        case 4 where isCount: return .not(.compare(.greaterOrEqual, aggregate, .literal(.integer(1))))
        case 5 where isCount: return .compare(.equal, aggregate, .literal(.integer(0)))
        case 6: return .isNull(aggregate)
        case 7:
            let items = (0..<random.number(1...2)).map { _ in constant(besides: aggregate.type, &random) }
            return .isOneOf(aggregate, items)
        case 8:
            let type: ValueType = aggregate.type.isNumber ? (random.chance(50) ? .integer : .double) : aggregate.type
            let other = random.chance(50) ? anyAggregate(table, depth: depth - 1, &random) : fieldOfType(type, table, &random)
            if let other, other.type == aggregate.type || other.type.isNumber && aggregate.type.isNumber {
                return compare(aggregate, other, &random)
            }
            return compare(aggregate, constant(besides: aggregate.type, &random), &random)
        default:
            if isCount, random.chance(70) { return compare(aggregate, .literal(.integer(Int64(random.number(-1...3)))), &random) }
            return compare(aggregate, constant(besides: aggregate.type, &random), &random)
        }
    }

    // MARK: Values

    /// A source of an attribute.
    func attribute(_ table: String, _ random: inout RandomNumbers) -> Expression {
        switch random.number(0...9) {
        case 0...4: anyField(table, &random)
        case 5...6: anyAggregate(table, depth: 1, &random) ?? anyField(table, &random)
        case 7: condition(table, depth: 1, &random)
        case 8: window(table, &random)
        default: constant(besides: random.pick([.string, .integer, .double, .boolean, .date, .datetime]), &random)
        }
    }

    private func constant(besides type: ValueType, _ random: inout RandomNumbers) -> Expression {
        if random.chance(4) { return .literal(.null) }
        switch type {
        case .null: return .literal(.null)
        case .boolean: return .literal(.boolean(random.chance(50)))
        case .integer, .double:
            let isInteger = (type == .integer) == random.chance(85)
            return .literal(isInteger ? .integer(values.integer(&random)) : .double(values.double(&random)))
        case .string:
            guard case .text(let bytes) = values.value(of: .string, isKey: random.chance(40), enumeration: [], &random) else {
                preconditionFailure()
            }
            return .literal(.string(random.chance(25) ? random.pick(["e1", "e2", "x@a"]) : String(decoding: bytes, as: UTF8.self)))
        case .date: return random.chance(85) ? .literal(.date(values.day(&random))) : .literal(.instant(values.instant(&random)))
        case .datetime: return random.chance(85) ? .literal(.instant(values.instant(&random))) : .literal(.date(values.day(&random)))
        }
    }

    private func anyField(_ table: String, _ random: inout RandomNumbers) -> Expression {
        let (steps, schema) = steps(table, &random)
        return field(random.number(0...schema.fields.count - 1), of: schema, steps)
    }

    private func fieldOfType(_ type: ValueType, _ table: String, _ random: inout RandomNumbers) -> Expression? {
        for _ in 0..<3 {
            let (steps, schema) = steps(table, &random)
            let fields = schema.fields.indices.filter { schema.fields[$0].valueType == type }
            if !fields.isEmpty { return field(random.pick(fields), of: schema, steps) }
        }
        return nil
    }

    private func field(_ number: Int, of schema: Schema, _ steps: [LinkStep]) -> Expression {
        .field(FieldPath(steps: steps, schema: schema.name, field: number, type: schema.fields[number].valueType))
    }

    /// No link, or one or two that lead to schemas that are there.
    private func steps(_ table: String, _ random: inout RandomNumbers) -> ([LinkStep], Schema) {
        var steps: [LinkStep] = []
        var schema = schemas[table]!
        let wanted = random.chance(65) ? 0 : random.chance(60) ? 1 : 2
        while steps.count < wanted {
            let links = schema.links.indices.filter { schemas[schema.links[$0].target] != nil }
            guard !links.isEmpty else { break }
            let link = random.pick(links)
            steps.append(LinkStep(schema: schema.name, link: link))
            schema = schemas[schema.links[link].target]!
        }
        return (steps, schema)
    }
}
