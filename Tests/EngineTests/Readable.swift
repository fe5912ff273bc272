// How a history reads. Each activity says how it does itself (Activities).
import Campaigns
import Oracle

struct Readable {
    private(set) var schemas: [String: Schema] = [:]

    mutating func text(_ step: Step) -> String {
        switch step {
        case .schema(let schema):
            schemas[schema.name] = schema
            let fields = schema.fields.enumerated().map { number, field in
                let marks = (schema.primaryKey.contains(number) ? "*" : "") + (schema.version == number ? " version" : "")
                return "\(field.name)\(marks) \(field.type)"
            }
            let links = schema.links.map { link in
                let pairs = link.on.map { "\($0.source) = \($0.target)" }.joined(separator: ", ")
                return "\(link.name) (\(pairs)) -> \(link.target)\(link.isUnique ? " unique" : "")"
            }
            return "schema \(schema.name): \(fields.joined(separator: ", ")); links \(links)"
        case .publish(let campaign):
            let start = campaign.startAt.map { " from \(InstantText.text(of: $0))" } ?? ""
            let end = campaign.endAt.map { " until \(InstantText.text(of: $0))" } ?? ""
            return "publish \(campaign.id) (\(campaign.timezone))\(start)\(end)"
                + campaign.activities.map { "\n    \($0.id): \($0.random.text(self))" }.joined()
        case .stop(let id): return "stop \(id)"
        case .delete(let id): return "delete \(id)"
        case .advance(let instant): return "clock \(InstantText.text(of: instant))"
        case .upsert(let table, let row): return "upsert \(table) \(text(row, of: table))"
        case .move(let table, let key, let row): return "move \(table) \(key.map(text).joined(separator: "|")) to \(text(row, of: table))"
        case .truncate(let table): return "truncate \(table)"
        case .remove(let table, let key, let version):
            return "remove \(table) \(key.map(text).joined(separator: "|"))\(version.map { " version \(text($0))" } ?? "")"
        case .commit: return "commit"
        }
    }

    func text(_ columns: [Enrichment.Column]) -> String { columns.map { "\($0.name): \(text($0.value))" }.joined(separator: "; ") }

    func text(_ attributes: [Attribute]) -> String { attributes.map { "\($0.name): \(text($0.source))" }.joined(separator: "; ") }

    func text(_ sort: Sort?) -> String { sort.map { " sorted \($0.isDescending ? "down" : "up") by \(text($0.by))" } ?? "" }

    func text(_ path: [AggregateStep]) -> String {
        path.map { step in
            let name = schemas[step.link.schema]!.links[step.link.link].name
            return step.isForward && !step.link.isReversed ? name : "\(step.link.schema) by \(name)"
        }.joined(separator: " . ")
    }

    func text(_ transition: Transition) -> String { "\(transition.activity).\(transition.output)" }

    private func text(_ row: Row, of table: String) -> String {
        zip(schemas[table]!.fields, row).compactMap { field, value in value.map { "\(field.name)=\(text($0))" } }.joined(separator: " ")
    }

    private func text(_ value: Datum) -> String {
        switch value {
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        case .text(let bytes): text(String(decoding: bytes, as: UTF8.self))
        case .date(let day): "\(Readable.date(day))"
        case .instant(let instant): InstantText.text(of: instant)
        }
    }

    private func text(_ value: String) -> String {
        value.utf8.count > 20
            ? "'\(value.utf8.count) bytes'"
            : "'\(value.unicodeScalars.map { $0.isASCII ? "\($0)" : "\\u{\(String($0.value, radix: 16))}" }.joined())'"
    }

    private static func date(_ day: Int32) -> String {
        var bytes: [UInt8] = []
        CivilDate.append(day, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func text(_ steps: [LinkStep]) -> String {
        steps.map {
            $0.isReversed ? "(\($0.schema) by \(schemas[$0.schema]!.links[$0.link].name))." : "\(schemas[$0.schema]!.links[$0.link].name)."
        }.joined()
    }

    func text(_ expression: Expression) -> String {
        switch expression {
        case .literal(let literal): return Datum(literal).map(text) ?? "NULL"
        case .field(let path): return text(path.steps) + schemas[path.schema]!.fields[path.field].name
        case .carried(let name, _): return "carried [\(name)]"
        case .clock(let offset, let unit, _):
            return offset == 0 && unit == .seconds ? "NOW" : "NOW\(offset < 0 ? "" : "+")\(offset) \(unit)"
        case .midnight(let day, _): return "midnight(\(text(day)))"
        case .compare(let comparison, let a, let b):
            let sign = ["=", "!=", "<", "<=", ">", ">="][Int(comparison.rawValue)]
            return "\(text(a)) \(sign) \(text(b))"
        case .isOneOf(let value, let items): return "\(text(value)) IN (\(items.map(text).joined(separator: ", ")))"
        case .isNull(let value): return "\(text(value)) IS NULL"
        case .not(let value): return "NOT (\(text(value)))"
        case .and(let parts): return "(" + parts.map(text).joined(separator: " AND ") + ")"
        case .or(let parts): return "(" + parts.map(text).joined(separator: " OR ") + ")"
        case .except(let parts): return "EXCEPT(\(parts.map(text).joined(separator: "; ")))"
        case .negate(let value): return "-(\(text(value)))"
        case .toDouble(let value): return text(value)
        case .arithmetic(let operation, let a, let b):
            return "(\(text(a)) \(["+", "-", "*", "/", "%"][Int(operation.rawValue)]) \(text(b)))"
        case .coalesce(let parts, _): return "Coalesce(\(parts.map(text).joined(separator: ", ")))"
        case .choose(let choices, let otherwise, _):
            let whens = choices.map { "WHEN \(text($0.condition)) THEN \(text($0.result))" }.joined(separator: " ")
            return "CASE \(whens) ELSE \(text(otherwise)) END"
        case .ageThreshold(let number, let isAbove, let unit, let isDate, _):
            return "last \(isDate ? "day" : "instant") \(isAbove ? "more than " : "")\(text(number)) \(unit) old"
        case .concatenate(let a, let b): return "(\(text(a)) || \(text(b)))"
        case .textTest(let test, let a, let b): return "\(text(a)) \(test) \(text(b))"
        case .call(let function, let arguments, _, let zone):
            let isOfZone = function == .wallTime || function == .toTimeZone
            return "\(function)(\(arguments.map(text).joined(separator: ", "))\(isOfZone ? " in \(zone)" : ""))"
        case .aggregate(let aggregate):
            let field = aggregate.field.map { " field \($0)" } ?? ""
            return
                "\(aggregate.function)(\(text(aggregate.steps))\(field)"
                + (aggregate.filter.map { " WHERE " + text($0) } ?? "") + ")"
        }
    }
}
