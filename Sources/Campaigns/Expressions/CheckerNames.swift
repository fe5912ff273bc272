// Paths and aggregates: names resolved against the catalog (semantics §3).

extension Checker {
    /// The links of a path of names, one after the other, and the schema they end in.
    private func walk(_ names: ArraySlice<String>) throws(ExpressionError) -> (walks: [Catalog.Walk], destination: Schema) {
        var destination = schema
        var walks: [Catalog.Walk] = []
        for name in names {
            guard let walk = catalog.walk(from: destination, name: name) else {
                throw unknown("link", name, from: destination)
            }
            walks.append(walk)
            destination = walk.destination
        }
        return (walks, destination)
    }

    private func unknown(_ what: String, _ name: String, from schema: Schema) -> ExpressionError {
        ExpressionError(
            "unknown \(what) \(quoted(name)) of \(schema.name)", hint: NearestName.hint(for: name, among: catalog.names(from: schema)))
    }

    private func field(_ name: String, of schema: Schema) throws(ExpressionError) -> Int {
        guard let field = schema.field(named: name) else { throw unknown("field", name, from: schema) }
        return field
    }

    /// Links to one record, any number of them, and a field.
    func path(_ names: [String]) throws(ExpressionError) -> Expression {
        let (walks, destination) = try walk(names.dropLast())
        if walks.contains(where: \.isMany) {
            throw ExpressionError(
                "\(quoted(names.joined(separator: "."))) goes through a collection", hint: "use EXISTS, COUNT, SUM, AVG, MIN or MAX")
        }
        let number = try field(names[names.count - 1], of: destination)
        return .field(
            FieldPath(steps: walks.map(\.step), schema: destination.name, field: number, type: destination.fields[number].valueType))
    }

    /// Aggregates over any number of links, at least one of them 1-N. "All conditions of one WHERE are about the same linked record";
    /// each path to a record counts (DECISIONS 26).
    mutating func aggregate(_ word: Syntax.AggregateWord, _ names: [String], _ filter: Syntax?) throws(ExpressionError) -> Expression {
        let (walks, linked) = try walk(word.countsRecords ? names[...] : names.dropLast())
        guard walks.contains(where: \.isMany) else {
            throw ExpressionError("\(word.rawValue)(\(names.joined(separator: "."))) needs a link to many records")
        }
        var number: Int?
        if !word.countsRecords { number = try field(names[names.count - 1], of: linked) }
        let type = number.map { linked.fields[$0].valueType } ?? .integer
        if word == .sum || word == .average, !type.isNumber {
            throw ExpressionError("\(word.rawValue) needs a number, not \(type)")
        }
        let (function, result) = word.function(of: type)
        let aggregate = Expression.aggregate(
            Aggregate(
                function: function, steps: walks.map { AggregateStep(link: $0.step, isForward: !$0.isMany) },
                filter: try linkedCondition(filter, about: linked), field: number, type: result))
        guard word == .exists else { return aggregate }
        try count(2)
        return .compare(.greaterOrEqual, aggregate, .literal(.integer(1)))
    }

    private mutating func linkedCondition(_ filter: Syntax?, about linked: Schema) throws(ExpressionError) -> Expression? {
        guard let filter else { return nil }
        let outer = schema
        schema = linked
        defer { schema = outer }
        return try condition(filter, "WHERE")
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
