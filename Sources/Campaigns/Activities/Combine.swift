// combine: "Inbounds in the order of `from`; the primary first. By key: same dimension, else refused; one row per key […]; the row comes
// from the first inbound that has the key; a carried column it lacks comes from the next inbound that has it, else null." By columns, and
// `match` across dimensions, are refused by name.

/// combine: the rows of several inbounds as one population.
public struct Combine: Equatable, Sendable {
    /// What becomes of a key by the inbounds that have it.
    public enum Operation: String, CaseIterable, Sendable {
        case union, intersection, exclusion
    }

    /// The output of what the operation leaves out.
    public static let complement = "complement"

    /// Its name within the campaign.
    public var id: String
    /// What is done.
    public var operation: Operation
    /// The primary first.
    public var from: [Transition]
    /// What makes rows one, of each inbound as many expressions, which compare by value; nil: the key does.
    public var by: [[Expression]]?
    /// Of an exclusion, for each inbound after the primary: what its rows must be equal on to a row of the primary, instead of `by` or the
    /// key; nil where they go by those.
    public var matches: [[Match]?]
    /// intersection: the union minus it; exclusion: the rows removed. A union has none.
    public var hasComplement: Bool

    /// A pair of expressions that must be equal.
    public struct Match: Equatable, Sendable {
        /// Of a row of the primary.
        public var primary: Expression
        /// Of a row of the other inbound.
        public var other: Expression

        public init(primary: Expression, other: Expression) {
            self.primary = primary
            self.other = other
        }
    }

    public init(
        id: String, operation: Operation, from: [Transition], by: [[Expression]]? = nil, matches: [[Match]?]? = nil,
        hasComplement: Bool = false
    ) {
        self.id = id
        self.operation = operation
        self.from = from
        self.by = by
        self.matches = matches ?? from.dropFirst().map { _ in nil }
        self.hasComplement = hasComplement
    }
}

extension ActivityReader {
    mutating func readCombine(_ item: ActivityItem) {
        let reader = item.reader
        let operation = reader.choice("operation", of: Combine.Operation.self)
        var inbounds = self.inbounds(item, atLeast: 2)
        movePrimary(reader, &inbounds)
        let hasComplement = reader.boolean("complement", default: false)
        if operation == .union, hasComplement {
            reader.problem("complement", "a union removes nothing", hint: "leave it out")
        }
        readBy(reader, operation)
        let shapes = inbounds.map(\.shape)
        let shape = shapes.count >= 2 && shapes.allSatisfy({ $0 != nil }) ? combined(shapes.map { $0! }, operation, inbounds, reader) : nil
        let outputs: [String: Shape?] =
            hasComplement ? [Transition.main: shape, Combine.complement: shape] : [Transition.main: shape]
        count(parts: inbounds.count * (shape?.columns.count ?? 0), of: item)
        let combine = operation.map { operation in
            Combine(id: item.name, operation: operation, from: inbounds.map(\.transition), hasComplement: hasComplement)
        }
        add(item, outputs: outputs, combine.map(Activity.combine))
    }

    private func readBy(_ reader: DefinitionReader, _ operation: Combine.Operation?) {
        switch reader.value("by") {
        case nil, .string("key")?: break
        case .array(let items)? where !items.isEmpty && items.allSatisfy({ if case .string = $0 { true } else { false } }):
            reader.problem("by", "combining by columns is not supported yet", hint: #"by: "key""#)
        default: reader.problem("by", #"must be "key" or a list of expressions"#)
        }
        guard reader.has("match") else { return }
        if let operation, operation != .exclusion {
            reader.problem("match", "is for exclusion only")
        } else {
            reader.problem("match", "match is not supported yet", hint: "change the dimension first")
        }
    }

    /// What comes out of inbounds of one dimension: "columns of one name have one type, else refused" (decision 39); of an exclusion the
    /// columns of the primary alone (decision 40).
    private func combined(_ shapes: [Shape], _ operation: Combine.Operation?, _ inbounds: [Inbound], _ reader: DefinitionReader) -> Shape? {
        var result = shapes[0]
        // One of who is in and two of what is carried: a choice, among the inbounds; two where rows lead to the records.
        result.levels = shapes.reduce(0) { max($0, $1.levels) } + 5
        for (shape, inbound) in zip(shapes, inbounds).dropFirst() {
            if shape.dimension.name != result.dimension.name {
                reader.problem(
                    "from",
                    "\(quoted(inbound.transition.text)) is of dimension \(shape.dimension.name), \(quoted(inbounds[0].transition.text)) of "
                        + result.dimension.name, hint: "change the dimension first")
                return nil
            }
            if operation == .exclusion { continue }
            for (name, type) in shape.columns.sorted(by: { $0.key < $1.key }) {
                if let known = result.columns[name], known != type {
                    reader.problem("from", "column \(quoted(name)) is \(known) in one inbound and \(type) in another")
                }
                result.columns[name] = result.columns[name] ?? type
            }
        }
        return result
    }
}
