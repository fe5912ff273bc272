// The parts of a condition with their values: which of them decide, what they read of the row, what they say of the clock, and the linked
// records that counted.
import Campaigns

extension Engine {
    /// A condition of a row, with its parts. The row is `.none` where it is about none.
    mutating func condition(
        _ expression: Expression, _ row: RowNumber, in frame: Frame, _ explaining: inout Explaining
    ) -> Explanation.Part {
        var part = part(expression, row, in: frame, &explaining)
        part.decide()
        return part
    }

    private mutating func part(
        _ expression: Expression, _ row: RowNumber, in frame: Frame, _ explaining: inout Explaining
    ) -> Explanation.Part {
        let value: Bool? =
            switch truth(of: expression, row, in: frame) {
            case .yes: true
            case .no: false
            case .unknown: nil
            }
        var part = Explanation.Part(expression: expression, value: value)
        if expression.isJunction {
            for inner in expression.flatParts { part.parts.append(self.part(inner, row, in: frame, &explaining)) }
        } else {
            look(at: expression, row, in: frame, &part, &explaining)
        }
        return part
    }

    /// Notes what a condition that is made of no others reads.
    private mutating func look(
        at expression: Expression, _ row: RowNumber, in frame: Frame, _ part: inout Explanation.Part, _ explaining: inout Explaining
    ) {
        if expression.isRowless {
            if expression.readsClock, expression.type != .boolean {
                part.clock.append((expression, literal(of: expression, row, in: frame)))
            } else {
                for inner in expression.parts { look(at: inner, row, in: frame, &part, &explaining) }
            }
            return
        }
        switch expression {
        case .field, .carried:
            guard !part.values.contains(where: { $0.expression == expression }) else { return }
            part.values.append((expression, literal(of: expression, row, in: frame)))
        case .aggregate(let aggregate): part.collections.append(collection(aggregate, row, in: frame, &explaining))
        default: for inner in expression.parts { look(at: inner, row, in: frame, &part, &explaining) }
        }
    }

    private mutating func truth(of expression: Expression, _ row: RowNumber, in frame: Frame) -> Truth {
        let node = build(expression, in: frame)
        guard isKnown(node) else { return .unknown }
        refreshTerms(of: node)
        scratch.texts.reset()
        return truth(node, row)
    }

    /// The value of an expression on a row; null where what it reads is not kept.
    mutating func literal(of expression: Expression, _ row: RowNumber, in frame: Frame) -> Literal {
        let node = build(expression, in: frame)
        guard isKnown(node) else { return .null }
        refreshTerms(of: node)
        scratch.texts.reset()
        return Literal(value(node, row))
    }

    /// Evaluates terms that nobody reads but who asks now: the clock leaves them alone.
    mutating func refreshTerms(of number: NodeNumber) {
        var seen: Set<NodeNumber> = []
        func terms(of number: NodeNumber) -> [Number<ClockTerm>] {
            guard seen.insert(number).inserted else { return [] }
            let node = plan.nodes[number]
            if node.operation == .term { return terms(of: plan.terms[node.term].node) + [node.term] }
            if node.operation == .follow { return terms(of: node.behind) }
            return plan.nodes.parts(of: node).flatMap(terms)
        }
        for term in terms(of: number) where plan.terms[term].readers == 0 { evaluateTerm(term) }
    }

    // Linked records.

    private mutating func collection(
        _ aggregate: Aggregate, _ row: RowNumber, in frame: Frame, _ explaining: inout Explaining
    ) -> Explanation.Collection {
        let target = recordTable(at: aggregate.steps)
        var collection = Explanation.Collection(
            schema: tables[target].schema.name, aggregate: aggregate,
            actual: literal(of: .aggregate(aggregate), row, in: frame))
        guard let record = plainRecord(of: row, over: frame.record) else { return collection }
        var records = [record]
        for step in aggregate.steps { records = linked(records, step, &explaining, &collection.isTruncated) }
        collection.of = records.count
        let fields = aggregate.fieldsOfRecords
        var shown: [(record: RowNumber, counts: Bool, rank: Int64)] = []
        let inner = Frame(table: target)
        for record in records {
            let counts = aggregate.filter.map { truth(of: $0, record, in: inner) == .yes } ?? true
            if counts { collection.counting += 1 }
            shown.append((record, counts, newness(of: record, fields, inner)))
        }
        shown.sort { a, b in a.counts != b.counts ? a.counts : a.rank != b.rank ? a.rank > b.rank : a.record < b.record }
        for (record, counts, _) in shown.prefix(Explanation.mostRecordsShown) {
            var values: [(expression: Expression, value: Literal)] = []
            for field in fields { values.append((.field(field), literal(of: .field(field), record, in: inner))) }
            collection.records.append(Explanation.Record(name: name(of: record, in: inner), values: values, counts: counts))
        }
        return collection
    }

    /// The table of the records at the end of some steps.
    private func recordTable(at steps: [AggregateStep]) -> TableNumber {
        let last = steps[steps.count - 1]
        let table = tables.number(of: last.link.schema)
        let isForward = last.isForward && !last.link.isReversed
        return isForward ? tables.target(of: LinkPlace(table: table, number: tables[table].schemaLinks[last.link.link])) : table
    }

    /// The first date or instant that is asked of a record: the newest are shown.
    private mutating func newness(of record: RowNumber, _ fields: [FieldPath], _ frame: Frame) -> Int64 {
        for field in fields where field.type == .datetime || field.type == .date {
            scratch.texts.reset()
            return value(build(.field(field), in: frame), record).sortKey ?? .min
        }
        return .min
    }

    /// The records that a step leads to from some, as many as may be looked at.
    private mutating func linked(
        _ records: [RowNumber], _ step: AggregateStep, _ explaining: inout Explaining, _ isTruncated: inout Bool
    ) -> [RowNumber] {
        var found: [RowNumber] = []
        if step.isForward {
            let link = linkPlace(step.link)
            found = records.compactMap { tables.record(behind: link, $0) }
        } else {
            let table = tables.number(of: step.link.schema)
            let link = LinkPlace(table: table, number: tables[table].schemaLinks[step.link.link])
            for record in records where found.count <= explaining.recordsLeft { found += rows(over: link, to: record, &explaining) }
        }
        if found.count > explaining.recordsLeft {
            found.removeLast(found.count - explaining.recordsLeft)
            isTruncated = true
            explaining.isTruncated = true
        }
        explaining.recordsLeft -= found.count
        return found
    }

    /// The live rows that a link leads to a record from; what a table was looked through for is noted.
    private mutating func rows(over link: LinkPlace, to record: RowNumber, _ explaining: inout Explaining) -> [RowNumber] {
        if tables[link].watchers > 0 { return rows(leadingTo: record, over: [link]) }
        if let known = explaining.lookedThrough[link]?[record] { return known }
        let found = rows(leadingTo: record, over: [link])
        explaining.lookedThrough[link, default: [:]][record] = found
        return found
    }
}

extension Explanation.Part {
    /// Marks what decides: the parts that would make the whole another if they were another. What matters of it is whether it is `true`;
    /// under a NOT, whether it is false.
    fileprivate mutating func decide(asking asked: Bool = true) {
        isDeciding = true
        let holds = value == asked
        for place in parts.indices {
            let partHolds = parts[place].value == asked
            switch expression {
            case .and where asked, .or where !asked:
                if holds || !partHolds { parts[place].decide(asking: asked) }
            case .and, .or:
                if !holds || partHolds { parts[place].decide(asking: asked) }
            case .except:
                let isRight = (parts[place].value == true) == (place == 0)
                if value == true || !isRight { parts[place].decide() }
            default: parts[place].decide(asking: !asked)
            }
        }
    }
}

extension Expression {
    /// Whether its parts are conditions that are told one by one.
    fileprivate var isJunction: Bool {
        switch self {
        case .and, .except: true
        case .or: testedForEmpty == nil
        case .not(let condition): condition.isJunction
        default: false
        }
    }

    /// Its parts; those of one of the same kind among them in its place.
    fileprivate var flatParts: [Expression] {
        switch self {
        case .and(let parts): parts.flatMap { if case .and = $0 { $0.flatParts } else { [$0] } }
        case .or(let parts): parts.flatMap { if case .or = $0, $0.isJunction { $0.flatParts } else { [$0] } }
        default: parts
        }
    }
}

extension Aggregate {
    /// The fields that its filter and itself read of its records, each once.
    fileprivate var fieldsOfRecords: [FieldPath] {
        var found: [FieldPath] = []
        func note(_ expression: Expression) {
            if case .field(let path) = expression {
                if !found.contains(path) { found.append(path) }
            } else {
                expression.parts.forEach(note)
            }
        }
        if let filter { note(filter) }
        return found
    }
}
