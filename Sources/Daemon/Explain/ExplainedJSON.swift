// An explanation as JSON: what the API answers, and `--json` prints.
import Campaigns
import Engine

extension Explained {
    /// The whole of it.
    var json: JSON {
        var members = [
            JSON.Member("audience", .string(audience)), JSON.Member("sequence", .integer(gathered.sequence)),
            JSON.Member("clock", .instant(gathered.clock)),
        ]
        switch subject {
        case .identity(let namespace, let id):
            members.append(
                JSON.Member("subject", .object([JSON.Member("namespace", .string(namespace)), JSON.Member("id", .string(id))])))
        case .record(let key): members.append(JSON.Member("subject", .object([JSON.Member("key", .string(key))])))
        }
        members += [JSON.Member("member", .boolean(explanation.isMember)), JSON.Member("summary", .string(summary))]
        members += time
        members += [
            JSON.Member("contributions", .array(explanation.contributions.map(json))),
            JSON.Member(
                "rows", .array(explanation.contributions.flatMap { contribution in contribution.rows.map { json($0, of: contribution) } })),
            JSON.Member("toEnter", .array(remedies.map(json))), JSON.Member("truncated", .boolean(explanation.isTruncated)),
        ]
        return .object(members)
    }

    /// `validUntil` of a member, and what happens by time alone.
    private var time: [JSON.Member] {
        let isMember = explanation.isMember
        switch byTime {
        case .changes(let instant):
            return [
                JSON.Member("validUntil", isMember ? .instant(instant) : .null),
                JSON.Member("byTime", .object([JSON.Member("changes", .boolean(true)), JSON.Member("at", .instant(instant))])),
            ]
        case .stays:
            return [JSON.Member("validUntil", .null), JSON.Member("byTime", .object([JSON.Member("changes", .boolean(false))]))]
        case .unknown(let reason):
            return [
                JSON.Member("validUntil", .null), JSON.Member("validUntilReason", .string(reason)),
                JSON.Member("byTime", .object([JSON.Member("changes", .null)])),
            ]
        }
    }

    private func json(_ contribution: Explanation.Contribution) -> JSON {
        .object([
            JSON.Member("campaign", .string(contribution.campaign)), JSON.Member("version", .integer(Int64(contribution.version))),
            JSON.Member("activity", .string(contribution.activity)), JSON.Member("standing", .string(contribution.standing.rawValue)),
            JSON.Member("member", .boolean(contribution.isMember)),
        ])
    }

    private func json(_ name: Explanation.Name) -> JSON {
        .object([JSON.Member("schema", .string(name.schema)), JSON.Member("key", name.key.map(JSON.string) ?? .null)])
    }

    private func json(_ row: Explanation.Row, of contribution: Explanation.Contribution) -> JSON {
        .object([
            JSON.Member("campaign", .string(contribution.campaign)), JSON.Member("schema", .string(row.name.schema)),
            JSON.Member("key", row.name.key.map(JSON.string) ?? .null), JSON.Member("at", .string(row.transition.text)),
            JSON.Member("in", .boolean(row.isIn)), JSON.Member("steps", .array(row.steps.map(json))),
        ])
    }

    private func json(_ step: Explanation.Step) -> JSON {
        var members = [
            JSON.Member("activity", .string(step.activity.id)), JSON.Member("type", .string(step.activity.type)),
            JSON.Member("result", .string(step.result.rawValue)),
        ]
        for detail in step.details { members += json(detail) }
        for (name, part) in step.conditions {
            var condition = json(part)
            if case .object(let inner) = condition { condition = .object([JSON.Member("path", .string(name))] + inner) }
            members.append(JSON.Member("condition", condition))
        }
        if step.conditions.count > 1 {
            members.removeAll { $0.name == "condition" }
            members.append(
                JSON.Member(
                    "conditions",
                    .array(
                        step.conditions.map { name, part in
                            guard case .object(let inner) = json(part) else { return .null }
                            return .object([JSON.Member("path", .string(name))] + inner)
                        })))
        }
        return .object(members)
    }

    private func json(_ detail: Explanation.Detail) -> [JSON.Member] {
        func integer(_ value: Int) -> JSON { .integer(Int64(value)) }
        switch detail {
        case .inbounds(let inbounds):
            return [
                JSON.Member(
                    "inbounds",
                    .array(
                        inbounds.map { inbound in
                            .object([
                                JSON.Member("from", .string(inbound.transition.text)), JSON.Member("hasRow", .boolean(inbound.hasRow)),
                            ])
                        }))
            ]
        case .outputs(let outputs): return [JSON.Member("outputs", .array(outputs.map(JSON.string)))]
        case .draw(let subset, let draw, let below):
            return [
                JSON.Member(
                    "sample",
                    .object([
                        JSON.Member("subset", .string(subset)), JSON.Member("draw", .double(Double(draw) / 10_000)),
                        JSON.Member("below", .double(Double(below) / 10_000)),
                    ]))
            ]
        case .rank(let place, let count, let stays, let boundary, let first):
            return [
                JSON.Member(
                    "rank",
                    .object([
                        JSON.Member("place", integer(place)), JSON.Member("of", integer(count)), JSON.Member("stays", integer(stays)),
                        JSON.Member("last", boundary.map(json) ?? .null), JSON.Member("first", first.map(json) ?? .null),
                    ]))
            ]
        case .group(let values): return [JSON.Member("group", json(values))]
        case .waitsUntil(let instant): return [JSON.Member("waitsUntil", instant.map(JSON.instant) ?? .null)]
        case .gate(let isOpen, let count):
            return [JSON.Member("gate", .object([JSON.Member("open", .boolean(isOpen)), JSON.Member("recCount", integer(count))]))]
        case .record(let name, let isAmbiguous):
            return [JSON.Member("record", json(name)), JSON.Member("ambiguous", .boolean(isAmbiguous))]
        case .audience(let id): return [JSON.Member("audience", .string(id))]
        case .identity(let id): return [JSON.Member("identity", id.map(JSON.string) ?? .null)]
        }
    }

    private func json(_ values: [(expression: Expression, value: Literal)]) -> JSON {
        .object(values.map { JSON.Member(writer.text(of: $0.expression), $0.value.json) })
    }

    private func json(_ part: Explanation.Part) -> JSON {
        var members = [JSON.Member("text", .string(writer.text(of: part.expression)))]
        if let words = writer.words(of: part.expression) { members.append(JSON.Member("words", .string(words))) }
        members += [
            JSON.Member("value", part.value.map(JSON.boolean) ?? .null), JSON.Member("deciding", .boolean(part.isDeciding)),
        ]
        if let junction = part.expression.junction { members.append(JSON.Member("operator", .string(junction))) }
        if !part.parts.isEmpty { members.append(JSON.Member("parts", .array(part.parts.map(json)))) }
        if !part.values.isEmpty { members.append(JSON.Member("values", json(part.values))) }
        if !part.clock.isEmpty { members.append(JSON.Member("clock", json(part.clock))) }
        if !part.collections.isEmpty { members.append(JSON.Member("collections", .array(part.collections.map(json)))) }
        return .object(members)
    }

    private func json(_ collection: Explanation.Collection) -> JSON {
        .object([
            JSON.Member("schema", .string(collection.schema)), JSON.Member("text", .string(writer.collection(collection.aggregate))),
            JSON.Member("actual", collection.actual.json), JSON.Member("of", .integer(Int64(collection.of))),
            JSON.Member("counting", .integer(Int64(collection.counting))),
            JSON.Member(
                "records",
                .array(
                    collection.records.map { record in
                        .object([
                            JSON.Member("schema", .string(record.name.schema)),
                            JSON.Member("key", record.name.key.map(JSON.string) ?? .null),
                            JSON.Member("values", json(record.values)), JSON.Member("counts", .boolean(record.counts)),
                        ])
                    })), JSON.Member("truncated", .boolean(collection.isTruncated)),
        ])
    }

    private func json(_ remedy: Remedy) -> JSON {
        .object([
            JSON.Member("activity", .string(remedy.activity)), JSON.Member("record", json(remedy.row)),
            JSON.Member(
                "changes",
                .array(
                    remedy.changes.map { change in
                        let text = writer.text(of: change.part.expression)
                        var members = [JSON.Member("text", .string(text)), JSON.Member("needed", .boolean(change.needed))]
                        if let words = writer.words(of: change.part.expression) { members.append(JSON.Member("words", .string(words))) }
                        if let records = change.records {
                            members += [
                                JSON.Member("schema", .string(change.part.collections[0].schema)),
                                JSON.Member(records > 0 ? "add" : "remove", .integer(abs(records))),
                                JSON.Member("collection", .string(writer.collection(change.part.collections[0].aggregate))),
                            ]
                        } else if !change.part.values.isEmpty {
                            members.append(JSON.Member("values", json(change.part.values)))
                        }
                        return .object(members)
                    })),
        ])
    }
}

extension JSON {
    /// An instant as a text.
    static func instant(_ milliseconds: Int64) -> JSON { .string(InstantText.text(of: milliseconds)) }
}

extension Expression {
    /// What joins its parts, where they are told one by one.
    var junction: String? {
        switch self {
        case .and: "and"
        case .or: "or"
        case .not: "not"
        case .except: "except"
        default: nil
        }
    }
}

extension Literal {
    /// As a value of JSON: dates and instants as texts.
    var json: JSON {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .date(let value): .string(CivilDate.text(of: value))
        case .instant(let value): .instant(value)
        }
    }
}
