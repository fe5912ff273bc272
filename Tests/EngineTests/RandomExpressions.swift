// Random expressions, written as text and read as every other: whatever the checker can make of a text can come of it. Conditions and
// windows are here, values in RandomCalls.swift, fields and aggregates in RandomPaths.swift, constants in RandomLiterals.swift.
@testable import Campaigns

struct RandomExpressions {
    let catalog: Catalog
    let zone: String
    let values: RandomValues
    /// The types of the columns that the row at hand carries, by name.
    var columns: [String: ValueType] = [:]
    /// Every text that was read.
    private(set) var sources: [String] = []

    init(catalog: Catalog, zone: String, values: RandomValues) {
        self.catalog = catalog
        self.zone = zone
        self.values = values
    }

    /// What an expression may speak of.
    enum Scope {
        /// A record; the clock only in comparisons.
        case row(Schema)
        /// The clock and constants.
        case clock
        case constant

        var schema: Schema? { if case .row(let schema) = self { schema } else { nil } }
    }

    // MARK: Entrances

    /// A filter: a condition, or a group tree of them.
    mutating func filter(_ shape: Shape, depth: Int, _ random: inout RandomNumbers) -> Expression {
        guard depth > 0, random.chance(25) else {
            return read(shape, &random) { $0.condition(.row(shape.dimension), depth: depth, &$1) }
        }
        var parts: [Expression] = []
        for _ in 0..<random.number(1...3) { parts.append(filter(shape, depth: depth - 1, &random)) }
        switch random.number(0...2) {
        case 0: return .and(parts)
        case 1: return .or(parts)
        default: return .except(parts)
        }
    }

    /// A source of an attribute, or of a carried column; of a type, if one is given.
    mutating func attribute(_ shape: Shape, of type: ValueType? = nil, _ random: inout RandomNumbers) -> Expression {
        let schema = shape.dimension
        return read(shape, of: type, &random) { expressions, random in
            if let type { return expressions.value(type, .row(schema), depth: random.number(0...3), &random) }
            let type = random.pick(Self.types)
            switch random.number(0...19) {
            case 0...4: return expressions.anyField(schema, &random).text
            case 5...7:
                return expressions.aggregate(random.pick(Self.types), schema, depth: 1, &random)
                    ?? expressions.anyField(schema, &random).text
            case 8...9: return expressions.condition(.row(schema), depth: 1, &random)
            case 10: return expressions.window(schema, &random)
            case 11: return expressions.literal(type, &random)
            default: return expressions.value(type, .row(schema), depth: random.number(1...3), &random)
            }
        }
    }

    /// What is compared with others for equality: mostly a field of the record itself, so that some are equal.
    mutating func side(_ shape: Shape, of type: ValueType, _ random: inout RandomNumbers) -> Expression {
        read(shape, of: type, &random) { expressions, random in
            let own = shape.dimension.fields.filter { $0.valueType == type && shape.columns[$0.name] == nil }
            if !own.isEmpty, random.chance(60) { return random.pick(own).name }
            if random.chance(60), let field = expressions.field(of: type, shape.dimension, &random) { return field }
            return expressions.value(type, .row(shape.dimension), depth: random.number(0...1), &random)
        }
    }

    /// Expressions about rows of some shapes that compare: of one type, integers beside doubles, or dates as midnights beside instants.
    mutating func sides(_ shapes: [Shape], of type: ValueType? = nil, _ random: inout RandomNumbers) -> [Expression] {
        // Of a type that all have fields of, so that some are equal.
        let common = shapes.reduce(Set(Self.types)) { $0.intersection($1.dimension.fields.map(\.valueType)) }
        let type = type ?? random.pick(common.isEmpty || random.chance(10) ? Self.types : Self.types.filter(common.contains))
        var sides: [Expression] = []
        for shape in shapes { sides.append(side(shape, of: partner(of: type, &random), &random)) }
        return alike(sides)
    }

    /// A field, and an expression about rows of a shape that it compares with.
    mutating func side(_ shape: Shape, beside field: FieldPath, _ random: inout RandomNumbers) -> (Expression, field: Expression) {
        let sides = alike([side(shape, of: partner(of: field.type, &random), &random), .field(field)])
        return (sides[0], sides[1])
    }

    /// Dates beside instants as their midnights.
    private func alike(_ sides: [Expression]) -> [Expression] {
        guard sides.contains(where: { $0.type == .datetime }) else { return sides }
        return sides.map { $0.type == .date ? .midnight($0, zone: zone) : $0 }
    }

    /// The expression of a text, or of another one when it is no expression after all.
    private mutating func read(
        _ shape: Shape, of type: ValueType? = nil, _ random: inout RandomNumbers,
        _ write: (RandomExpressions, inout RandomNumbers) -> String
    ) -> Expression {
        columns = shape.columns
        defer { columns = [:] }
        let timeZones = TimeZoneNames(names: [], isKnown: { Zones.rules[$0] != nil })
        while true {
            let text = write(self, &random)
            let read = readExpression(text, about: shape, catalog: catalog, zone: zone, timeZones: timeZones)
            if let expression = read.expression {
                if let type, expression.type != type { continue }
                sources.append(text)
                return expression
            }
            precondition(read.mistakes.allSatisfy { $0.message.contains("NoNull of null") }, "\(read.mistakes)\n\(text)")
        }
    }

    // MARK: Conditions

    static let types: [ValueType] = [.boolean, .integer, .double, .string, .date, .datetime]
    private static let comparisons = ["=", "!=", "<>", "<", "<=", ">", ">="]

    func condition(_ scope: Scope, depth: Int, _ random: inout RandomNumbers) -> String {
        // A comparison with the clock inside a side that depends on the clock alone is refused.
        if case .clock = scope { return condition(.constant, depth: depth, &random) }
        if depth > 0, random.chance(40) {
            let parts = (0..<random.number(2...3)).map { _ in condition(scope, depth: depth - 1, &random) }
            switch random.number(0...9) {
            case 0...4: return "(" + parts.joined(separator: " AND ") + ")"
            case 5...7: return "(" + parts.joined(separator: " OR ") + ")"
            default: return "(NOT \(parts[0]))"
            }
        }
        guard let schema = scope.schema else { return test(scope, depth: depth, &random) }
        switch random.number(0...29) {
        case 0...4: return fieldWithConstant(schema, &random)
        case 5...6: return compared(anyField(schema, &random), &random) { field(of: $0, schema, &$1) }
        case 7...8: return oneOf(schema, &random)
        case 9...13: return aggregateTest(schema, depth: depth, &random)
        case 14...18: return window(schema, &random)
        case 19...20: return age(schema, &random)
        case 21: return flag(scope, depth: depth, &random)
        default: return test(scope, depth: depth, &random)
        }
    }

    private func comparison(_ a: String, _ b: String, _ random: inout RandomNumbers) -> String {
        let (left, right) = random.chance(80) ? (a, b) : (b, a)
        return "(\(left) \(random.pick(Self.comparisons)) \(right))"
    }

    /// A type that goes with another in a comparison.
    private func partner(of type: ValueType, _ random: inout RandomNumbers) -> ValueType {
        if random.chance(80) { return type }
        switch type {
        case .integer: return .double
        case .double: return .integer
        case .date: return .datetime
        case .datetime: return .date
        default: return type
        }
    }

    private func compared(
        _ value: (text: String, type: ValueType), _ random: inout RandomNumbers, with other: (ValueType, inout RandomNumbers) -> String?
    ) -> String {
        let type = partner(of: value.type, &random)
        return comparison(value.text, other(type, &random) ?? literal(type, &random), &random)
    }

    private func fieldWithConstant(_ schema: Schema, _ random: inout RandomNumbers) -> String {
        let field = anyField(schema, &random)
        // What most filters do: a field equals a constant.
        if random.chance(50) { return "\(field.text) = \(literal(field.type, &random))" }
        return compared(field, &random) { literal($0, &$1) }
    }

    private func oneOf(_ schema: Schema, _ random: inout RandomNumbers) -> String {
        let field = anyField(schema, &random)
        var items: [String] = []
        for _ in 0..<random.number(1...3) {
            if random.chance(12) { items.append("NULL") }
            if random.chance(8), let other = self.field(of: field.type, schema, &random) { items.append(other) }
            if field.type == .datetime || field.type == .date, random.chance(12) { items.append(clockInstant(&random)) }
            items.append(literal(partner(of: field.type, &random), &random))
        }
        return "\(field.text) \(random.chance(15) ? "NOT " : "")IN (\(items.joined(separator: ", ")))"
    }

    private func flag(_ scope: Scope, depth: Int, _ random: inout RandomNumbers) -> String {
        if let schema = scope.schema, random.chance(70), let field = field(of: .boolean, schema, &random) { return field }
        return random.chance(60) ? value(.boolean, scope, depth: depth, &random) : random.pick(["TRUE", "FALSE", "NULL"])
    }

    /// One test of the grammar on values that are computed.
    private func test(_ scope: Scope, depth: Int, _ random: inout RandomNumbers) -> String {
        let type = random.pick(Self.types)
        let a = value(type, scope, depth: depth, &random)
        func other(_ random: inout RandomNumbers) -> String {
            let scope = scope.schema != nil && random.chance(35) ? random.pick([Scope.clock, .constant]) : scope
            return value(partner(of: type, &random), scope, depth: random.number(0...max(depth - 1, 0)), &random)
        }
        func text(_ random: inout RandomNumbers) -> String { value(.string, scope, depth: depth, &random) }
        let not = random.chance(25) ? "NOT " : ""
        switch random.number(0...11) {
        case 0...3: return comparison(a, other(&random), &random)
        case 4: return "(\(a) \(not)BETWEEN \(other(&random)) AND \(other(&random)))"
        case 5: return "(\(a) \(not)IN (\((0..<random.number(1...3)).map { _ in other(&random) }.joined(separator: ", "))))"
        case 6: return "(\(a) IS \(not)NULL)"
        case 7: return random.chance(50) ? "(\(a) IS \(not)EMPTY)" : "(\(text(&random)) IS \(not)EMPTY)"
        case 8: return "(\(text(&random)) \(not)LIKE \(random.chance(80) ? pattern(&random) : text(&random)))"
        case 9: return "(\(text(&random)) \(not)CONTAINS \(text(&random)))"
        case 10: return "(\(text(&random)) \(not)STARTS WITH \(text(&random)))"
        default: return value(.boolean, scope, depth: depth, &random)
        }
    }

    private func aggregateTest(_ schema: Schema, depth: Int, _ random: inout RandomNumbers) -> String {
        let type: ValueType = random.chance(60) ? .integer : random.pick(Self.types)
        guard depth > 0, let aggregate = aggregate(type, schema, depth: depth, &random) else {
            return random.chance(50) ? fieldWithConstant(schema, &random) : window(schema, &random)
        }
        if type == .boolean { return random.chance(70) ? aggregate : "(NOT \(aggregate))" }
        switch random.number(0...11) {
        case 0...1 where type == .integer: return "\(aggregate) >= 1"
        case 2 where type == .integer: return "(NOT \(aggregate) >= 1)"
        case 3 where type == .integer: return "\(aggregate) = 0"
        case 4: return "\(aggregate) IS NULL"
        case 5:
            let items = (0..<random.number(1...2)).map { _ in literal(partner(of: type, &random), &random) }
            return "\(aggregate) IN (\(items.joined(separator: ", ")))"
        case 6: return "\(aggregate) BETWEEN \(literal(type, &random)) AND \(literal(type, &random))"
        case 7: return compared((aggregate, type), &random) { field(of: $0, schema, &$1) }
        case 8: return compared((aggregate, type), &random) { self.aggregate($0, schema, depth: depth - 1, &$1) }
        case 9 where type == .datetime || type == .date: return comparison(aggregate, clockInstant(&random), &random)
        default: return compared((aggregate, type), &random) { literal($0, &$1) }
        }
    }

    // MARK: The clock

    /// `DaysAgo(2)` and the like; also what lies out of the years 0001 to 9999, which is null.
    func clockInstant(_ random: inout RandomNumbers) -> String {
        func moved(_ unit: String, _ counts: [Int]) -> String {
            let count = random.pick(counts)
            if random.chance(50), unit != "Seconds" { return "\(unit)Ago(\(count))" }
            return random.chance(50) ? "Sub\(unit)(NOW(), \(count))" : "Add\(unit)(GetDate(), \(-count))"
        }
        switch random.number(0...13) {
        case 0...1: return random.pick(["NOW()", "GetDate()"])
        case 2: return moved("Seconds", [86_400, -3600, 1, -30])
        case 3: return moved("Minutes", [1440, -60, 30, -90])
        case 4...5: return moved("Hours", [24, 25, 1, -1, -48])
        case 6...9: return moved("Days", [1, 1, 2, 3, 0, -1, -2, 30])
        case 10...11: return moved("Months", [1, -1, 2, 0, 13])
        case 12: return moved("Years", [1, 0, 18])
        default: return random.pick(["YearsAgo(9000)", "AddDays(NOW(), 9223372036854775807)", "SubMonths(NOW(), NULL)"])
        }
    }

    func window(_ schema: Schema, _ random: inout RandomNumbers) -> String {
        if random.chance(12) {
            return comparison(
                clockInstant(&random), random.chance(50) ? clockInstant(&random) : literal(partner(of: .datetime, &random), &random),
                &random)
        }
        let type: ValueType = random.chance(65) ? .datetime : .date
        guard let field = field(of: type, schema, &random) ?? field(of: .datetime, schema, &random) else {
            return fieldWithConstant(schema, &random)
        }
        if random.chance(35) { return "\(field) >= \(clockInstant(&random))" }
        if random.chance(20) { return "\(field) BETWEEN \(clockInstant(&random)) AND \(clockInstant(&random))" }
        if random.chance(20) { return comparison(field, value(partner(of: type, &random), .clock, depth: 2, &random), &random) }
        return comparison(field, clockInstant(&random), &random)
    }

    /// `XDiff(NOW(), path) ⋈ constant`, `XOld(path) ⋈ constant`.
    private func age(_ schema: Schema, _ random: inout RandomNumbers) -> String {
        guard let path = field(of: random.chance(50) ? .datetime : .date, schema, &random) else {
            return fieldWithConstant(schema, &random)
        }
        let (unit, counts): (String, [Int]) = random.pick([
            ("Seconds", [0, 1, -1, 86_400]), ("Minutes", [0, 1, -30, 1440]), ("Hours", [0, 1, -1, 24, 25, 47]),
            ("Days", [0, 1, 2, 3, -1, 30]),
            ("Months", [0, 1, -1, 12]), ("Years", [0, 1, -1, 17, 18]),
        ])
        func constant(_ random: inout RandomNumbers) -> String {
            if random.chance(10) { return value(random.pick([.integer, .double]), .constant, depth: 1, &random) }
            let count = random.pick(counts)
            return random.pick([
                "\(count)", "\(count)", "\(count)", "\(count).5", "(\(count) + 1)", "(\(count) / 2)", "NULL", "-9223372036854775807",
            ])
        }
        let isOld = ["Days", "Months", "Years"].contains(unit) && random.chance(50)
        let age = isOld ? "\(unit)Old(\(path))" : "\(unit)Diff(\(random.pick(["NOW", "getdate"]))(), \(path))"
        switch random.number(0...5) {
        case 0: return "\(age) BETWEEN \(constant(&random)) AND \(constant(&random))"
        case 1: return "\(age) \(random.chance(25) ? "NOT " : "")IN (\(constant(&random)), \(constant(&random)))"
        default: return comparison(age, constant(&random), &random)
        }
    }
}
