// Random values of a type: constants, fields, operators, aggregates, and every function that the language names, with arguments of every
// type that it takes.
@testable import Campaigns

extension RandomExpressions {
    /// The names of functions by the type they can give.
    private static let calls: [ValueType: [String]] = {
        var found: [ValueType: [String]] = [:]
        for name in FunctionNames.all {
            for type in types where results(FunctionNames.form(name)!.form).contains(type) { found[type, default: []].append(name) }
        }
        return found
    }()

    private static func results(_ form: FunctionNames.Form) -> [ValueType] {
        switch form {
        case .now, .ago, .timeZone: [.datetime]
        case .shifted(let unit, _): isExact(unit) ? [.datetime] : [.date, .datetime]
        case .difference, .old: [.integer]
        case .coalesce, .choice, .decode: types
        case .noNull: [.boolean, .integer, .double, .string]
        case .isEmpty: [.boolean]
        case .plain(_, let parameters, let result):
            switch result {
            case .type(let type): [type]
            case .first, .same: parameters[0].types
            }
        }
    }

    private static func isExact(_ unit: CalendarUnit) -> Bool {
        unit == .seconds || unit == .minutes || unit == .hours
    }

    func value(_ type: ValueType, _ scope: Scope, depth: Int, _ random: inout RandomNumbers) -> String {
        guard depth > 0 else { return leaf(type, scope, &random) }
        func part(_ type: ValueType, _ random: inout RandomNumbers) -> String {
            value(type, scope, depth: depth - random.number(1...2), &random)
        }
        switch random.number(0...19) {
        case 0...3: return leaf(type, scope, &random)
        case 4...5:
            if let schema = scope.schema, let aggregate = aggregate(type, schema, depth: depth - 1, &random) { return aggregate }
            return leaf(type, scope, &random)
        case 6...8: return computed(type, &random, part)
        case 9:
            let whens = (0..<random.number(1...2)).map { _ in
                "WHEN \(condition(scope, depth: depth - 1, &random)) THEN \(part(type, &random))"
            }
            return "CASE \(whens.joined(separator: " "))\(random.chance(70) ? " ELSE \(part(type, &random))" : "") END"
        default: return call(type, scope, depth: depth, &random, part)
        }
    }

    private func leaf(_ type: ValueType, _ scope: Scope, _ random: inout RandomNumbers) -> String {
        switch scope {
        case .row(let schema):
            if random.chance(80), let field = field(of: type, schema, &random) { return field }
        case .clock:
            if type == .datetime, random.chance(85) { return clockInstant(&random) }
            if type == .date, random.chance(60) { return "DateOnly(\(clockInstant(&random)))" }
            if type == .integer, random.chance(40) {
                return "\(random.pick(["Hour", "Minute", "Day", "WeekDay", "Month"]))(\(clockInstant(&random)))"
            }
        case .constant: break
        }
        return literal(type, &random)
    }

    /// By an operator, where the type has one.
    private func computed(_ type: ValueType, _ random: inout RandomNumbers, _ part: (ValueType, inout RandomNumbers) -> String) -> String {
        switch type {
        case .integer:
            if random.chance(20) { return "-\(part(.integer, &random))" }
            return "(\(part(.integer, &random)) \(random.pick(["+", "-", "*", "%"])) \(part(.integer, &random)))"
        case .double:
            if random.chance(20) { return "-\(part(.double, &random))" }
            let (a, b): (ValueType, ValueType) = random.pick([
                (.double, .double), (.integer, .double), (.double, .integer), (.integer, .integer),
            ])
            let operation = a == b && a == .integer ? "/" : random.pick(["+", "-", "*", "/", "%"])
            return "(\(part(a, &random)) \(operation) \(part(b, &random)))"
        case .string: return "(\(part(.string, &random)) || \(part(.string, &random)))"
        default: return part(type, &random)
        }
    }

    private func call(
        _ type: ValueType, _ scope: Scope, depth: Int, _ random: inout RandomNumbers, _ part: (ValueType, inout RandomNumbers) -> String
    ) -> String {
        let name = random.pick(Self.calls[type]!)
        let form = FunctionNames.form(name)!.form
        if case .clock = scope {} else if form.readsTheClock { return leaf(type, scope, &random) }
        func moment(_ random: inout RandomNumbers) -> String { part(random.pick([.date, .datetime]), &random) }
        /// Of a double also an integer, as long as one of them is none.
        func alike(_ random: inout RandomNumbers) -> String { part(type == .double && random.chance(25) ? .integer : type, &random) }
        var arguments: [String] = []
        switch form {
        case .now: break
        case .ago, .old: arguments = [random.chance(50) ? part(.integer, &random) : literal(.integer, &random)]
        case .shifted(let unit, _):
            arguments = [
                Self.isExact(unit) ? moment(&random) : part(type, &random),
                random.chance(50) ? part(.integer, &random) : literal(.integer, &random),
            ]
        case .difference: arguments = [moment(&random), moment(&random)]
        case .timeZone: arguments = [moment(&random), "'\(random.pick(Zones.names))'"]
        case .coalesce: arguments = [part(type, &random)] + (0..<random.number(0...2)).map { _ in alike(&random) }
        case .noNull: arguments = [part(type, &random)]
        case .choice: arguments = [condition(scope, depth: depth - 1, &random), part(type, &random), alike(&random)]
        case .decode:
            let key = random.pick(Self.types)
            arguments = [part(key, &random)]
            for _ in 0..<random.number(1...2) {
                arguments += [random.chance(50) ? literal(key, &random) : part(key, &random), part(type, &random)]
            }
            if random.chance(60) { arguments.append(alike(&random)) }
        case .isEmpty: arguments = [part(random.pick([.string, .string, .integer, .date]), &random)]
        case .plain(_, let parameters, let result):
            let count = random.number(parameters.least...(parameters.isOpen ? parameters.least + 2 : parameters.most))
            for position in 0..<count {
                switch result {
                case .first where position == 0, .same where position == 0: arguments.append(part(type, &random))
                case .same: arguments.append(alike(&random))
                default: arguments.append(argument(of: name, random.pick(parameters[position].types), &random, part))
                }
            }
        }
        if case .old = form { arguments = [moment(&random)] }
        return "\(name)(\(arguments.joined(separator: ", ")))"
    }

    /// Texts are often of the kind that the function reads, and counts small.
    private func argument(
        of name: String, _ type: ValueType, _ random: inout RandomNumbers, _ part: (ValueType, inout RandomNumbers) -> String
    ) -> String {
        // Also around the blocks of digests.
        if type == .integer, random.chance(5) { return "\(random.pick([55, 56, 63, 64, 65, 119, 120, 300]))" }
        if type == .integer, random.chance(40) { return literal(.integer, &random) }
        guard type == .string, random.chance(60) else { return part(type, &random) }
        switch name {
        case "ToDate":
            return Self.quoted(
                random.pick(["2026-02-28", "2024-02-29", "2026-02-29", "0000-01-01", "2026-1-01", "9999-12-31", "2026-13-01"]))
        case "ToDateTime":
            return Self.quoted(
                random.pick([
                    "2026-03-29T02:30:00+01:00", "2026-03-29t02:30:00.1239z", "2026-03-29T24:00:00Z", "2026-03-29T02:30:00",
                    "0001-01-01T00:00:00+00:01",
                    "9999-12-31T23:59:59.999-00:01", "2026-02-29T00:00:00Z", "2026-03-29T02:30:00.Z", "2026-03-29T02:30:60Z",
                    "2026-03-29T02:30:00.5-23:59",
                ]))
        case "ToInteger":
            return Self.quoted(
                random.pick([
                    "12", "-7", "007", "+1", "1.0", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-", " 1",
                ]))
        case "ToDouble":
            return Self.quoted(random.pick(["12", "-0", "1.5e3", "1e400", "-1E-400", "0.1", "1.", ".5", "1e", "NaN", "0x1", "4.9e-324"]))
        default: return part(type, &random)
        }
    }
}
