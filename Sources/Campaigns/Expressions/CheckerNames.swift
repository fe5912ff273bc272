// Paths and aggregates: names resolved against the catalog (semantics §3).

extension Checker {
    private mutating func refuseUnknown(_ what: String, _ name: String, from schema: Schema, of names: ArraySlice<String>) {
        if mistakes.isFull { return }
        let message = "unknown \(what) \(quoted(name)) of \(schema.name)"
        let isFirst = names.startIndex == 0 && names.first == name
        if what == "link", schema.field(named: name) != nil {
            refuse("\(quoted(name)) is a field of \(schema.name), not a link", hint: memberHint(names, after: name))
        } else if isFirst, names.count > 1, name == schema.name {
            refuse(unknownName: message, hint: "the fields of \(schema.name) stand by themselves, without its name")
        } else if isFirst, names.count == 1, let constant = ForeignForms.constant(name) {
            refuse(unknownName: message, hint: constant)
        } else {
            let known = catalog.names(from: schema) + (isFirst ? columns.keys.sorted() : [])
            refuse(
                unknownName: message,
                hint: nameHint(name, among: known, isAlone: isFirst && names.count == 1 && what == "field"))
        }
    }

    private func memberHint(_ names: ArraySlice<String>, after name: String) -> String? {
        guard let place = names.firstIndex(of: name) else { return nil }
        let value = Syntax.written(Array(names[...place]))
        let member = place + 1 < names.endIndex ? ForeignForms.method(names[place + 1]) : nil
        return member?.replacing("{left}", with: value) ?? "a path is links and then one field"
    }

    /// A word by itself may have been meant as a text.
    private func nameHint(_ name: String, among known: [String], isAlone: Bool) -> String {
        let hint = NearestName.hint(for: name, among: known)
        return isAlone && !hint.hasPrefix("did you mean") ? "\(hint); a text stands in quotes: \(quoted(name))" : hint
    }

    private mutating func field(_ name: String, of schema: Schema, in names: ArraySlice<String>) -> Int? {
        if let field = schema.field(named: name) { return field }
        if catalog.walk(from: schema, name: name) != nil {
            let whole = Syntax.written(Array(names))
            let isMany = catalog.walk(from: schema, name: name)!.isMany
            refuse(
                "\(quoted(name)) is a link of \(schema.name), not a field",
                hint: isMany ? "EXISTS(\(whole)), COUNT(\(whole)) …" : "a path ends in a field: \(whole).field")
        } else {
            refuseUnknown("field", name, from: schema, of: names)
        }
        return nil
    }

    /// Links to one record, any number of them, and a field.
    mutating func path(_ names: [String]) -> Expression {
        guard let name = names.last else { return unknown() }
        // "A carried column shadows a field of the same name."
        if names.count == 1, let type = columns[name] {
            dependence.onRow = true
            return .carried(name, type: type)
        }
        guard let (walks, destination) = walk(names.dropLast(), whole: names) else { return unknown() }
        if walks.contains(where: \.isMany) {
            let records = Syntax.written(names.dropLast())
            let isField = destination.field(named: name) != nil
            let example =
                isField
                ? "EXISTS(\(records) WHERE \(Syntax.written([name])) …), or COUNT, SUM, AVG, MIN, MAX"
                : "EXISTS(\(records) WHERE …), or COUNT(\(records))"
            return refused("\(quoted(names.joined(separator: "."))) goes through a collection", hint: example)
        }
        guard let number = field(name, of: destination, in: names[...]) else { return unknown() }
        dependence.onRow = true
        let path = FieldPath(steps: walks.map(\.step), schema: destination.name, field: number, type: destination.fields[number].valueType)
        if !walks.isEmpty || !destination.primaryKey.contains(number) { nulls.read(path, Syntax.written(names)) }
        return .field(path)
    }

    /// The links at the beginning of a path of names, one after the other, and the schema they end in; nil, and told, where one is unknown.
    private mutating func walk(_ links: ArraySlice<String>, whole names: [String]) -> (walks: [Catalog.Walk], destination: Schema)? {
        var destination = schema
        var walks: [Catalog.Walk] = []
        for name in links {
            guard let walk = catalog.walk(from: destination, name: name) else {
                refuseUnknown("link", name, from: destination, of: names[...])
                return nil
            }
            walks.append(walk)
            destination = walk.destination
        }
        return (walks, destination)
    }

    /// Whether the names lead anywhere, be it a link or a field: of what is no path, but begins with one.
    mutating func checkNames(_ names: [String]) {
        if names.count == 1, columns[names[0]] != nil { return }
        guard let name = names.last, let (_, destination) = walk(names.dropLast(), whole: names) else { return }
        if catalog.walk(from: destination, name: name) == nil { _ = field(name, of: destination, in: names[...]) }
    }

    /// `first-name`, read as a difference: the field of that name, told that it stands in brackets. nil when there is none.
    mutating func nameWithSigns(_ first: Syntax, _ rest: [(operation: Syntax.Arithmetic, operand: Syntax)]) -> Expression? {
        guard case .path(let names) = first, let last = names.last,
            names.count > 1 || schema.field(named: last) == nil && columns[last] == nil
        else { return nil }
        var whole = last
        for (operation, operand) in rest {
            guard operation == .minus else { return nil }
            switch operand {
            case .path(let part) where part.count == 1: whole += "-\(part[0])"
            case .literal(.integer(let number)): whole += "-\(number)"
            default: return nil
            }
            if whole.utf8.count > Limits.identifierCharacters { return nil }
        }
        var destination = schema
        for name in names.dropLast() {
            guard let walk = catalog.walk(from: destination, name: name) else { return nil }
            destination = walk.destination
        }
        guard destination.field(named: last) == nil else { return nil }
        if destination.field(named: whole) == nil {
            // Misspelt besides: only where it is near to a name with signs.
            let signed = destination.fields.map(\.name).filter { $0.utf8.contains(UInt8(ascii: "-")) }
            guard !mistakes.isFull, let (near, distance) = NearestName.nearest(to: whole, among: signed), distance <= 2 else { return nil }
            refuse(
                unknownName: "unknown field \(quoted(whole)) of \(destination.name)",
                hint: "did you mean \(Syntax.written(names.dropLast() + [near]))?")
            return unknown()
        }
        let written = Array(names.dropLast()) + [whole]
        refuse(
            unknownName: "unknown field \(quoted(last)) of \(destination.name)",
            hint: "a name with a sign stands in brackets: \(Syntax.written(written))")
        return path(written)
    }

    // MARK: Aggregates

    /// Aggregates over any number of links, at least one of them 1-N. "All conditions of one WHERE are about the same linked record";
    /// each path to a record counts (decision 26).
    mutating func aggregate(_ word: Syntax.AggregateWord, _ names: [String], _ filter: Syntax?) -> Expression {
        guard !names.isEmpty else {
            return refusedAggregate("\(word.rawValue)(*) does not say what it counts", filter, hint: collectionHint(word, field: nil))
        }
        guard let (walks, linked) = walk(word.countsRecords ? names[...] : names.dropLast(), of: word, names) else {
            return refusedAggregate(nil, filter)
        }
        guard walks.contains(where: \.isMany) else {
            let message = "\(word.rawValue)(\(names.joined(separator: "."))) needs a link to many records"
            return refusedAggregate(message, filter, hint: collectionHint(word, field: names.last))
        }
        var number: Int?
        if !word.countsRecords {
            number = field(names[names.count - 1], of: linked, in: names[...])
            if number == nil { return refusedAggregate(nil, filter, about: linked) }
        }
        let type = number.map { linked.fields[$0].valueType } ?? .integer
        if word == .sum || word == .average, !type.isNumber {
            return refusedAggregate("\(word.rawValue) needs a number, not \(type)", filter, about: linked)
        }
        let (function, result) = word.function(of: type)
        let aggregate = Expression.aggregate(
            Aggregate(
                function: function, steps: walks.map { AggregateStep(link: $0.step, isForward: !$0.isMany) },
                filter: linkedCondition(filter, about: linked), field: number, type: result))
        dependence.onRow = true
        guard word == .exists else { return aggregate }
        count(2)
        return .compare(.greaterOrEqual, aggregate, .literal(.integer(1)))
    }

    /// As `walk`; a field where COUNT and EXISTS take links is a mistake of its own.
    private mutating func walk(
        _ links: ArraySlice<String>, of word: Syntax.AggregateWord, _ names: [String]
    ) -> (walks: [Catalog.Walk], destination: Schema)? {
        guard word.countsRecords, names.count > 1, let last = names.last else { return walk(links, whole: names) }
        guard let (walks, linked) = walk(names.dropLast(), whole: names) else { return nil }
        if let walk = catalog.walk(from: linked, name: last) { return (walks + [walk], walk.destination) }
        guard let number = linked.field(named: last) else {
            refuseUnknown("link", last, from: linked, of: names[...])
            return nil
        }
        let records = Syntax.written(names.dropLast())
        let isKey = linked.primaryKey.contains(number) || word == .exists
        let values = isKey ? "" : ", or \(word.rawValue)(\(records) WHERE \(Syntax.written([last])) IS NOT NULL)"
        refuse("\(word.rawValue) counts records, not the field \(quoted(last))", hint: "\(word.rawValue)(\(records))\(values)")
        return nil
    }

    /// An aggregate as it could be here.
    private func collectionHint(_ word: Syntax.AggregateWord, field: String?) -> String {
        let many = catalog.names(from: schema).filter { catalog.walk(from: schema, name: $0)?.isMany == true }
        let fitting = many.first { name in field.map { catalog.walk(from: schema, name: name)!.destination.field(named: $0) != nil } ?? true
        }
        guard let link = fitting ?? many.first else { return "no link leads from \(schema.name) to many records" }
        return "\(word.rawValue)(\(link)\(word.countsRecords ? "" : "." + (fitting == nil ? "field" : Syntax.written([field ?? "field"]))))"
    }

    /// What stands for an aggregate that is wrong; its condition is still looked at where it is known what it is about.
    private mutating func refusedAggregate(_ message: String?, _ filter: Syntax?, about linked: Schema? = nil, hint: String? = nil)
        -> Expression
    {
        if let message { refuse(message, hint: hint) }
        if let linked { _ = linkedCondition(filter, about: linked) }
        return unknown()
    }

    private mutating func linkedCondition(_ filter: Syntax?, about linked: Schema) -> Expression? {
        guard let filter else { return nil }
        let outer = (schema, columns, nulls)
        (schema, columns, nulls) = (linked, [:], NullHandling())
        let (found, dependence) = measuringDependence { $0.condition(filter, "WHERE") }
        checkClock(outsideOfComparisons: dependence)
        for warning in nulls.unhandled() { warnings.add(warning.message, hint: warning.hint) }
        (schema, columns, nulls) = outer
        return found
    }
}

extension Syntax {
    /// A path as an expression has it: brackets around names that are no bare words.
    static func written(_ names: [String]) -> String {
        names.map { name in
            let isBare =
                Identifier.isValid(name) && !name.utf8.contains(UInt8(ascii: "-")) && !Keywords.reserved.contains(name.uppercased())
            return isBare ? name : "[\(name)]"
        }.joined(separator: ".")
    }
}

extension Syntax.AggregateWord {
    /// What it computes of fields of a type, and the type of that.
    fileprivate func function(of type: ValueType) -> (AggregateFunction, ValueType) {
        switch self {
        case .exists, .count: (.count, .integer)
        case .sum: (.sum, type)
        case .average: (.average, .double)
        case .minimum: (.minimum, type)
        case .maximum: (.maximum, type)
        case .countDistinct: (.countDistinct, .integer)
        }
    }
}
