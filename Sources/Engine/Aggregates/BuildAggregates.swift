// From aggregates to accumulators: one per distinct way, filter, family and value, shared by all who ask for it.
import Campaigns

extension Engine {
    /// COUNT and COUNT_DISTINCT of nothing are 0, also where the record behind a first link is missing.
    mutating func buildAggregate(_ aggregate: Aggregate, _ table: TableNumber) -> NodeNumber {
        guard let first = aggregate.steps.first else { preconditionFailure("an aggregate has steps") }
        if first.isForward {
            var rest = aggregate
            rest.steps.removeFirst()
            let behind = follow(first.link, .aggregate(rest))
            guard aggregate.function == .count || aggregate.function == .countDistinct else { return behind }
            return intern(Node(operation: .coalesce, table: table), operands: [behind, build(.literal(.integer(0)), table: table)])
        }
        let operation: Node.Operation
        switch aggregate.function {
        case .count: operation = .count
        case .sum: operation = .sum
        case .average: operation = .average
        case .minimum: operation = .minimum
        case .maximum: operation = .maximum
        case .countDistinct: operation = .countDistinct
        }
        return intern(Node(operation: operation, table: table, a: accumulator(aggregate, table).value))
    }

    /// The accumulator of an aggregate that begins with links back, down to the table whose records are counted, or lead on to what is.
    private mutating func accumulator(_ aggregate: Aggregate, _ table: TableNumber) -> Number<Accumulator> {
        let back = aggregate.steps.prefix { !$0.isForward }
        let tail = aggregate.steps.dropFirst(back.count).prefix(while: \.isForward)
        let rest = aggregate.steps.dropFirst(back.count + tail.count)
        let child = tables.number(of: back.last!.link.schema)
        // Up from the child: every record on the way must be there.
        let links = back.reversed().map { linkPlace($0.link) }
        // On from it, to the record at the end.
        var steps: [LinkPlace] = []
        var end = child
        for step in tail {
            steps.append(linkPlace(step.link))
            end = tables.target(of: steps.last!)
        }
        var (inner, value): (Number<Accumulator>?, NodeNumber?) = (nil, nil)
        var filter = aggregate.filter
        if !rest.isEmpty {
            var innerAggregate = aggregate
            innerAggregate.steps = Array(rest)
            let held = accumulator(innerAggregate, end)
            inner = held
            filter = nil
            value = behind(steps[...], intern(Node(operation: family(aggregate.function).content, table: end, a: held.value)))
        } else if let field = aggregate.field, aggregate.function != .count {
            value = behind(steps[...], intern(.column(ColumnNumber(field), of: end)))
        }
        let condition = plan.conditions.intern(table: child, node: contributes(filter, links, steps, end))
        let isCount = aggregate.function == .count
        let key = AccumulatorKey(
            parent: table, links: links, condition: condition, family: isCount && inner != nil ? .sum : family(aggregate.function),
            value: value)
        if let found = plan.accumulators.find(key) { return found }
        let kind = inner.map { plan.accumulators[$0].kind } ?? (isCount ? .integer : fieldKind(aggregate.field!, end))
        return plan.accumulators.add(
            Accumulator(
                key: key, child: child, path: pathNode(links), kind: kind, inner: inner, tail: inner == nil ? [] : steps,
                isCount: isCount), as: key)
    }

    /// The node of how many rows that meet a condition lead to each row at the end of some links.
    mutating func count(of who: NodeNumber, leadingOver links: [LinkPlace]) -> NodeNumber {
        let (child, table) = (plan.nodes[who].table, tables.target(of: links[links.count - 1]))
        let key = AccumulatorKey(parent: table, links: links, condition: condition(of: who, leadingOver: links), family: .count, value: nil)
        let path = pathNode(links)
        let number =
            plan.accumulators.find(key)
            ?? plan.accumulators.add(
                Accumulator(key: key, child: child, path: path, kind: .integer, inner: nil, tail: [], isCount: true), as: key)
        return intern(Node(operation: .count, table: table, a: number.value))
    }

    /// The condition of the rows that meet one and lead over some links: all rows on the way are there.
    mutating func condition(of who: NodeNumber, leadingOver links: [LinkPlace]) -> Number<Condition> {
        let table = plan.nodes[who].table
        var parts = [who]
        if links.count > 1 { parts.append(recordNode(of: Frame(table: table, record: Array(links.dropLast())))) }
        return plan.conditions.intern(table: table, node: junction(.and, parts, table))
    }

    private func family(_ function: AggregateFunction) -> Accumulator.Family {
        switch function {
        case .count: .count
        case .sum, .average: .sum
        case .minimum, .maximum, .countDistinct: .values
        }
    }

    /// The node of the condition that a record must meet to contribute: the filter, about the record that `steps` lead to, and that every
    /// record on the way up by `links`, and on by `steps`, is there.
    private mutating func contributes(
        _ filter: Expression?, _ links: [LinkPlace], _ steps: [LinkPlace], _ end: TableNumber
    ) -> NodeNumber {
        var parts = [behind(steps[...], build(filter ?? .literal(.boolean(true)), table: end))]
        var up: NodeNumber?
        for link in links.dropLast().reversed() { up = follow(link, up ?? build(.literal(.boolean(true)), table: tables.target(of: link))) }
        if let up { parts.append(up) }
        return junction(.and, parts, links[0].table)
    }

    private func fieldKind(_ field: Int, _ table: TableNumber) -> Value.Kind {
        switch tables[table].columns[field].kind {
        case .text, .ownKey, .foreignKey: return .text
        case .boolean: return .boolean
        case .date: return .date
        case .integer: return .integer
        case .double: return .double
        case .instant: return .instant
        }
    }

    /// A node that reads everything that decides which parent a record counts for: fields, and what was chosen.
    mutating func pathNode(_ links: [LinkPlace]) -> NodeNumber {
        var node: NodeNumber?
        for link in links.reversed() {
            let table = link.table
            var parts: [NodeNumber] = []
            for column in tables[link].columns {
                let field = intern(.column(column, of: table))
                parts.append(intern(Node(operation: .isNull, table: table, a: field.value)))
            }
            if node == nil, tables[link].columns.isEmpty { node = build(.literal(.boolean(true)), table: tables.target(of: link)) }
            if let node { parts.append(follow(link, node)) }
            node = junction(.or, parts, table)
        }
        return node!
    }
}

extension Accumulator.Family {
    /// The node that stands for what an accumulator of this family holds, whatever is asked of it.
    fileprivate var content: Node.Operation {
        switch self {
        case .count: .count
        case .sum: .sum
        case .values: .minimum
        }
    }
}
