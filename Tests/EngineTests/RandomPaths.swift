// Random paths and aggregates: links in both directions, up to three of them, and the fields they end in.
@testable import Campaigns

extension RandomExpressions {
    private func name(_ name: String, _ random: inout RandomNumbers) -> String {
        random.chance(5) || name.contains(" ") ? "[\(name)]" : name
    }

    /// A carried column, of a type if one is given; nil when there is none, and now and then when there is.
    private func column(of type: ValueType? = nil, _ random: inout RandomNumbers) -> (text: String, type: ValueType)? {
        let known = columns.filter { $0.value != .null && (type == nil || $0.value == type) }
        guard !known.isEmpty, random.chance(60) else { return nil }
        let column = random.pick(known.keys.sorted())
        return (name(column, &random), known[column]!)
    }

    /// The fields that a path may end in. "A carried column shadows a field of the same name."
    private func fields(behind prefix: String, of end: Schema) -> [Field] {
        prefix.isEmpty ? end.fields.filter { columns[$0.name] == nil } : end.fields
    }

    /// The links that a path may follow from a schema, each with where it leads.
    private func walks(from schema: Schema, many: Bool) -> [(name: String, destination: Schema)] {
        catalog.names(from: schema).dropFirst(schema.fields.count).compactMap { name in
            guard let walk = catalog.walk(from: schema, name: name), walk.isMany == many else { return nil }
            return (name, walk.destination)
        }
    }

    /// One link to one record each, or up to three; nil when there is none.
    func linkPath(from schema: Schema, _ random: inout RandomNumbers) -> (steps: [LinkStep], destination: Schema)? {
        var (steps, current) = ([LinkStep](), schema)
        for _ in 0..<random.pick([1, 1, 1, 2, 3]) {
            let links = walks(from: current, many: false)
            guard !links.isEmpty else { break }
            let walk = catalog.walk(from: current, name: random.pick(links).name)!
            steps.append(walk.step)
            current = walk.destination
        }
        return steps.isEmpty ? nil : (steps, current)
    }

    /// One link to four, in any direction, at least one of them back to many; nil when there is none.
    func manyPath(from schema: Schema, _ random: inout RandomNumbers) -> (steps: [AggregateStep], destination: Schema)? {
        var (steps, current) = ([AggregateStep](), schema)
        func step(many: Bool, _ percent: Int) {
            let links = walks(from: current, many: many)
            guard random.chance(percent), !links.isEmpty else { return }
            let walk = catalog.walk(from: current, name: random.pick(links).name)!
            steps.append(AggregateStep(link: walk.step, isForward: !walk.isMany))
            current = walk.destination
        }
        step(many: false, 15)
        step(many: true, 100)
        step(many: true, 15)
        step(many: false, 20)
        return steps.contains { !$0.isForward } ? (steps, current) : nil
    }

    /// No link, or up to three, one record behind each, to schemas that are there.
    private func path(_ schema: Schema, _ random: inout RandomNumbers) -> (prefix: String, schema: Schema) {
        var (prefix, current) = ("", schema)
        var wanted = random.chance(65) ? 0 : random.pick([1, 1, 2, 3])
        while wanted > 0 {
            let links = walks(from: current, many: false)
            guard !links.isEmpty else { break }
            let link = random.pick(links)
            prefix += name(link.name, &random) + "."
            current = link.destination
            wanted -= 1
        }
        return (prefix, current)
    }

    func anyField(_ schema: Schema, _ random: inout RandomNumbers) -> (text: String, type: ValueType) {
        if let column = column(&random) { return column }
        let (prefix, end) = path(schema, &random)
        let fields = fields(behind: prefix, of: end)
        // What a reconciliation carried may shadow all of them.
        guard !fields.isEmpty else { return (literal(.string, &random), .string) }
        let field = random.pick(fields)
        return (prefix + name(field.name, &random), field.valueType)
    }

    func field(of type: ValueType, _ schema: Schema, _ random: inout RandomNumbers) -> String? {
        if let column = column(of: type, &random) { return column.text }
        for _ in 0..<3 {
            let (prefix, end) = path(schema, &random)
            let fields = fields(behind: prefix, of: end).filter { $0.valueType == type }
            if !fields.isEmpty { return prefix + name(random.pick(fields).name, &random) }
        }
        return nil
    }

    /// An aggregate of a type over one to six links: perhaps on to a record, back to many up to three times, perhaps on again, and back
    /// again.
    func aggregate(_ type: ValueType, _ schema: Schema, depth: Int, _ random: inout RandomNumbers) -> String? {
        var names: [String] = []
        var (current, isMany) = (schema, false)
        func step(many: Bool, _ percent: Int) {
            let links = walks(from: current, many: many)
            guard random.chance(percent), !links.isEmpty else { return }
            let link = random.pick(links)
            names.append(name(link.name, &random))
            current = link.destination
            isMany = isMany || many
        }
        step(many: false, 10)
        step(many: true, 100)
        if random.chance(20) {
            step(many: true, 100)
            step(many: true, 30)
        }
        step(many: false, 15)
        step(many: true, 5)
        guard isMany, let word = word(type, &random) else { return nil }
        if !["EXISTS", "COUNT"].contains(word.uppercased()) {
            let fields = current.fields.filter { field in
                word == "COUNT_DISTINCT" || (word == "AVG" ? field.valueType.isNumber : field.valueType == type)
            }
            guard !fields.isEmpty else { return nil }
            names.append(name(random.pick(fields).name, &random))
        }
        // A linked record carries nothing.
        var linked = self
        linked.columns = [:]
        let filter = random.chance(30) ? "" : " WHERE " + linked.condition(.row(current), depth: max(depth - 1, 0), &random)
        return "\(word)(\(names.joined(separator: "."))\(filter))"
    }

    private func word(_ type: ValueType, _ random: inout RandomNumbers) -> String? {
        switch type {
        case .boolean: random.pick(["EXISTS", "EXISTS", "EXISTS", "Exists", "MIN", "MAX"])
        case .integer: random.pick(["COUNT", "COUNT", "COUNT", "SUM", "MIN", "MAX", "COUNT_DISTINCT"])
        case .double: random.pick(["SUM", "AVG", "AVG", "MIN", "MAX"])
        case .string, .date, .datetime: random.pick(["MIN", "MAX"])
        case .null: nil
        }
    }
}
