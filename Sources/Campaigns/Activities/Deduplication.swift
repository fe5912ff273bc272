// deduplication: "Rows equal on all `fields` are a group. Of each the best `keep` stay […], ties by stable order. […] When a kept row
// leaves, the runner-up takes its place in the same commit. `complement`: rows removed."

/// deduplication: of rows that are equal, the best few.
public struct Deduplication: ActivityDefinition {
    /// The output of the rows removed.
    public static let complement = "complement"

    /// What makes one row better than another; ties are decided by stable order.
    public enum Method: Equatable, Sendable {
        /// Stable order alone.
        case random
        /// The lowest value first, nulls last.
        case lowest(Expression)
        /// The highest value first, nulls last.
        case highest(Expression)
        /// Those that are neither null nor '' first.
        case nonEmpty(Expression)
        /// By the place of the value in a list, without those that are there twice; others last.
        case values(of: Expression, order: [Literal])
    }

    /// What becomes of a row of which a field is null.
    public enum Nulls: String, CaseIterable, Sendable {
        /// It is a group of its own.
        case keep
        /// Null equals null.
        case group
        /// It is removed.
        case drop
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// Rows that are equal on all are a group; at least one.
    public var fields: [Expression]
    /// How many stay of each group; nil: all.
    public var keep: Int?
    /// Which of them.
    public var method: Method
    /// What becomes of rows without a group.
    public var nulls: Nulls
    /// Whether the rows removed have an output.
    public var hasComplement: Bool
    /// Of the stable order: `<seed>/<row id>` is hashed.
    public var seed: String

    package var inbounds: [Transition] { [from] }

    public init(
        id: String, from: Transition, fields: [Expression], keep: Int? = 1, method: Method = .random, nulls: Nulls = .keep,
        hasComplement: Bool = false, seed: String
    ) {
        self.id = id
        self.from = from
        self.fields = fields
        self.keep = keep
        self.method = method
        self.nulls = nulls
        self.hasComplement = hasComplement
        self.seed = seed
    }
}

extension ActivityReader {
    mutating func readDeduplication(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let seed = reader.text("seed", isRequired: false)
        let keep = reader.has("keep") ? reader.count("keep") : 1
        let nulls = reader.choice("nulls", of: Deduplication.Nulls.self, isRequired: false) ?? .keep
        let hasComplement = reader.boolean("complement", default: false)
        let fields = reader.texts("fields", atLeast: 1).enumerated().compactMap { place, source in
            expression(source, at: reader.path(of: "fields[\(place)]"), about: shape)
        }
        let method = readMethod(reader, shape)
        var rest = shape
        if let shape {
            for value in fields + (method.value.map { [$0] } ?? []) { rest?.reach(value.levels(carried: shape.levels) + 2) }
        }
        count(parts: fields.count, of: item)
        let outputs = hasComplement ? [Transition.main: rest, Deduplication.complement: rest] : [Transition.main: rest]
        let deduplication = from.map { from in
            Deduplication(
                id: item.name, from: from, fields: fields, keep: keep == 0 ? nil : keep, method: method, nulls: nulls,
                hasComplement: hasComplement, seed: seed ?? "\(campaign)/\(item.name)")
        }
        add(item, outputs: outputs, deduplication.map(Activity.deduplication))
    }

    private func readMethod(_ reader: DefinitionReader, _ shape: Shape?) -> Deduplication.Method {
        switch reader.value("method") {
        case nil, .string("random")?: return .random
        case .object(let members)? where members.count == 1 && ["lowest", "highest", "nonEmpty", "values"].contains(members[0].name):
            guard let method = reader.child("method") else { return .random }
            let word = members[0].name
            if word == "values" { return readValues(method, shape) }
            guard let value = expression(method.text(word), at: method.path(of: word), about: shape) else { return .random }
            return word == "lowest" ? .lowest(value) : word == "highest" ? .highest(value) : .nonEmpty(value)
        default:
            reader.problem(
                "method", #"must be "random" or one of lowest, highest, nonEmpty and values"#, hint: #"{"lowest": "created"}"#)
            return .random
        }
    }

    private func readValues(_ method: DefinitionReader, _ shape: Shape?) -> Deduplication.Method {
        guard let values = method.child("values") else { return .random }
        let value = expression(values.text("of"), at: values.path(of: "of"), about: shape)
        let order = values.required("order") == nil ? [] : values.list("order")
        values.close()
        guard let value else { return .random }
        var literals: [Literal] = []
        var known: Set<Literal> = []
        // Nothing but null has the type of null, and that has no place in a list.
        for item in value.type == .null ? [] : order {
            guard let literal = item.literal(of: value.type) else {
                values.problem("order", "must be a list of values of type \(value.type)", hint: "those that `of` can have")
                break
            }
            if known.insert(literal.asInteger).inserted { literals.append(literal) }
        }
        return .values(of: value, order: literals)
    }
}

extension Deduplication.Method {
    /// What rows are ranked by.
    public var value: Expression? {
        switch self {
        case .random: nil
        case .lowest(let value), .highest(let value), .nonEmpty(let value), .values(let value, _): value
        }
    }
}

extension JSON {
    /// As a value of a type; integers and doubles mix. nil when it is none.
    fileprivate func literal(of type: ValueType) -> Literal? {
        switch (type, self) {
        case (.string, .string(let text)): .string(text)
        case (.boolean, .boolean(let truth)): .boolean(truth)
        case (.integer, .integer(let number)), (.double, .integer(let number)): .integer(number)
        case (.integer, .double(let number)), (.double, .double(let number)): .double(number)
        case (.date, .string(let text)): CivilDate.day(of: text).map(Literal.date)
        case (.datetime, _): instant.map(Literal.instant)
        default: nil
        }
    }
}

extension Literal {
    /// A double that is a whole number as that: "integer and double compare by value".
    fileprivate var asInteger: Literal {
        guard case .double(let number) = self, let whole = Int64(exactly: number) else { return self }
        return .integer(whole)
    }
}
