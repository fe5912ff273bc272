// One step of a history, and how it reads.
import Campaigns
import Oracle

enum Step {
    case schema(Schema)
    case publish(Campaign)
    case stop(String)
    case delete(String)
    case advance(Int64)
    case upsert(table: String, row: Row)
    case remove(table: String, key: Key, version: Datum?)
    /// An update that may move a row to another key.
    case move(table: String, from: Key, to: Row)
    case truncate(String)
    case commit
}

/// Readable text of what histories are made of.
struct Readable {
    var schemas: [String: Schema] = [:]

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
                + campaign.activities.map { "\n    \($0.id): \(text($0))" }.joined()
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

    private func text(_ activity: Activity) -> String {
        switch activity {
        case .build(let build): return "\(build.dimension)\(build.filter.map { " where " + text($0) } ?? "")"
        case .fork(let fork): return "fork of \(text(fork.from)) as \(fork.outputs.joined(separator: ", "))"
        case .split(let split):
            let subsets = split.subsets.map { subset in
                let draws = subset.draws.map { " \($0) draws" } ?? ""
                let limit = subset.limit.map { " at most \($0)" } ?? ""
                return
                    "\(subset.name) '\(subset.code)'\(draws)\(limit)\(text(subset.sort))\(subset.filter.map { " where " + text($0) } ?? "")"
            }
            let options = (split.overlaps ? " overlapping" : "") + (split.hasComplement ? " with complement" : "")
            return "split\(options) of \(text(split.from)) seed \(split.seed): \(subsets.joined(separator: "; "))"
        case .combine(let combine):
            let inbounds = combine.from.enumerated().map { place, from in
                let by = combine.by.map { " by " + $0[place].map(text).joined(separator: ", ") } ?? ""
                let match = place > 0 ? combine.matches[place - 1] : nil
                let pairs = match.map { $0.map { "\(text($0.primary)) = \(text($0.other))" }.joined(separator: ", ") }
                return text(from) + by + (pairs.map { " match \($0)" } ?? "")
            }
            return "\(combine.operation)\(combine.hasComplement ? " with complement" : "") of \(inbounds.joined(separator: "; "))"
        case .enrichment(let enrichment):
            let parts = [text(enrichment.columns)] + enrichment.collections.map(text) + enrichment.joins.map(text)
            return "\(text(enrichment.from)) with " + parts.filter { !$0.isEmpty }.joined(separator: "; ")
        case .changeDimension(let change):
            return "\(text(change.from)) as \(change.dimension) by \(text(change.path))"
        case .deduplication(let deduplication):
            let method =
                switch deduplication.method {
                case .random: "random"
                case .lowest(let value): "lowest \(text(value))"
                case .highest(let value): "highest \(text(value))"
                case .nonEmpty(let value): "non-empty \(text(value))"
                case .values(let value, let order): "\(text(value)) in order \(order.map { text(.literal($0)) })"
                }
            let options = " nulls \(deduplication.nulls)" + (deduplication.hasComplement ? " with complement" : "")
            return
                "first \(deduplication.keep.map { "\($0)" } ?? "all") of \(text(deduplication.from))\(options) seed \(deduplication.seed) "
                + "each \(deduplication.fields.map(text).joined(separator: ", ")): \(method)"
        case .reconciliation(let reconciliation):
            let rules = reconciliation.rules.map { "\(text($0.source)) = \(text($0.target))" }.joined(separator: ", ")
            let options =
                (reconciliation.keepsUnreconciled ? " keeping all" : "") + (reconciliation.hasComplement ? " with complement" : "")
            return "\(text(reconciliation.from)) as \(reconciliation.dimension)\(options) where \(rules)"
                + "\(reconciliation.filter.map { " and " + text($0) } ?? "") carrying \(text(reconciliation.columns))"
        case .wait(let wait): return "\(text(wait.from)) from \(wait.period)"
        case .save(let save):
            let attributes = save.attributes.map { "\($0.name): \(text($0.source))" }.joined(separator: "; ")
            let mode = save.mode == .mirror ? "" : " \(save.mode)"
            return "save \(save.audience)\(mode) from \(text(save.from)) by \(text(save.identity)) in \(save.namespace) {\(attributes)}"
        case .read(let read): return "\(read.dimension) by [\(read.identityField)] in \(read.audience), with \(read.columns.map(\.name))"
        case .andJoin(let join): return "\(text(join.from[0])) while all of \(join.from.map(text).joined(separator: ", "))"
        case .test(let test):
            let conditions = test.conditions.map { "\($0.name) when \(text($0.when))" }.joined(separator: "; ")
            return "test of \(text(test.from)): \(conditions)\(test.hasDefault ? "; default" : "")"
        case .alert(let alert): return "alert '\(alert.title ?? "")' of \(text(alert.from)) when \(text(alert.when))"
        case .channel(let channel):
            let attributes = channel.attributes.map { "\($0.name): \(text($0.source))" }.joined(separator: "; ")
            return "channel of \(text(channel.from)) by \(text(channel.identity)) in \(channel.namespace) to \(text(channel.address)) "
                + "\(channel.repeats) \(channel.cooldown.map { "after \($0)" } ?? "") {\(attributes)}"
        }
    }

    private func text(_ columns: [Enrichment.Column]) -> String { columns.map { "\($0.name): \(text($0.value))" }.joined(separator: "; ") }

    private func text(_ collection: Enrichment.Collection) -> String {
        let fields = collection.fields.map { schemas[collection.schema]!.fields[$0].name }.joined(separator: ", ")
        return "\(collection.lines) lines \(collection.alias) of \(fields) of \(text(collection.path))\(text(collection.sort))"
            + (collection.filter.map { " where " + text($0) } ?? "")
    }

    private func text(_ join: Enrichment.Join) -> String {
        let from =
            switch join.from {
            case .transition(let transition): text(transition)
            case .schema(let name): "all \(name)"
            }
        return "[\(text(join.columns))] of \(from) on \(join.on.map { "\(text($0.source)) = \(text($0.target))" }.joined(separator: ", "))"
    }

    private func text(_ sort: Sort?) -> String { sort.map { " sorted \($0.isDescending ? "down" : "up") by \(text($0.by))" } ?? "" }

    private func text(_ path: [AggregateStep]) -> String {
        path.map { step in
            let name = schemas[step.link.schema]!.links[step.link.link].name
            return step.isForward && !step.link.isReversed ? name : "\(step.link.schema) by \(name)"
        }.joined(separator: " . ")
    }

    private func text(_ transition: Transition) -> String { "\(transition.activity).\(transition.output)" }

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
