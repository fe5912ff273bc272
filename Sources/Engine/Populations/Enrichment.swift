// enrichment: "Adds carried columns, never adds or removes rows." Columns are nodes of the row. A collection leads each record to the first
// few of the records linked to it, a link a line (Tables/Choices). A join leads rows to the values that they must be equal on, and those to
// the lowest row of the other side (Tables/DerivedLinks).
import Campaigns

extension Enrichment: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        [Transition.main: engine.population(of: self, inbounds.first, joined: { inbounds[$0] })]
    }
}

extension Engine {
    fileprivate mutating func population(
        of enrichment: Enrichment, _ inbound: Population, joined: (Transition) -> Population
    ) -> Population {
        var enriched = inbound
        for column in enrichment.columns { enriched.frame.columns[column.name] = build(column.value, in: inbound.frame) }
        for collection in enrichment.collections { add(collection, to: &enriched.frame, inbound.frame) }
        for join in enrichment.joins {
            let other: Population
            switch join.from {
            case .transition(let transition): other = joined(transition)
            case .schema(let name): other = everyone(of: tables.number(of: name))
            }
            add(join, to: &enriched.frame, inbound.frame, other)
        }
        return enriched
    }

    /// All records of a table.
    mutating func everyone(of table: TableNumber) -> Population {
        Population(frame: Frame(table: table), who: build(.literal(.boolean(true)), table: table))
    }

    // Collections.

    private mutating func add(_ collection: Enrichment.Collection, to enriched: inout Frame, _ frame: Frame) {
        let linked = linked(collection.path, from: recordTable(of: frame))
        let lines = linked.frame
        var parts = [linked.who]
        if let filter = collection.filter { parts.append(build(filter, in: lines)) }
        if !lines.record.isEmpty { parts.append(recordNode(of: lines)) }
        let who = junction(.and, parts, lines.table)
        let schema = tables[recordTable(of: lines)].schema
        for line in 0..<collection.lines {
            let key = ChoiceKey(
                condition: condition(of: who, leadingOver: linked.back), record: linked.back,
                rowId: behind(lines.record[...], intern(Node(operation: .keyText, table: recordTable(of: lines)))), place: nil,
                value: collection.sort.map { build($0.by, in: lines) }, isDescending: collection.sort?.isDescending ?? false, line: line)
            let link = firstLink(key)
            for field in collection.fields {
                let value = behind(lines.record[...], intern(.column(ColumnNumber(field), of: recordTable(of: lines))))
                let name = Enrichment.Collection.columnName(collection.alias, line: line + 1, field: schema.fields[field].name)
                enriched.columns[name] = behind(frame.record[...], follow(link, value))
            }
        }
    }

    /// The records at the end of some links from the records of a table, and the links that lead back to those.
    private mutating func linked(_ path: [AggregateStep], from table: TableNumber) -> (frame: Frame, who: NodeNumber, back: [LinkPlace]) {
        var frame = Frame(table: table)
        var who = everyone(of: table).who
        var back: [LinkPlace] = []
        for step in path {
            let link = linkPlace(step.link)
            if step.isForward {
                frame.record.append(link)
            } else if frame.record.isEmpty {
                frame = Frame(table: link.table)
                who = everyone(of: link.table).who
                back.insert(link, at: 0)
            } else {
                let number = pairs(of: Population(frame: frame, who: who), back: link)
                frame = Frame(table: plan.pairs[number].table, record: [plan.pairs[number].linked])
                who = pairNode(number)
                back.insert(plan.pairs[number].row, at: 0)
            }
        }
        return (frame, who, back)
    }

    // Joins.

    /// "The one row of another transition, or record of a schema, equal on all `on` pairs; several matches: lowest row id or key […]; none:
    /// nulls."
    private mutating func add(_ join: Enrichment.Join, to enriched: inout Frame, _ frame: Frame, _ other: Population) {
        let theirs = tuple(join.on.map { build($0.target, in: other.frame) }, other.frame.table)
        let keys = tables.keys(of: theirs)
        let meeting = Meeting(inbound: other, links: [valueLink(theirs, to: keys)])
        let mine = valueLink(tuple(join.on.map { build($0.source, in: frame) }, frame.table), to: keys)
        for column in join.columns {
            enriched.columns[column.name] = follow(mine, ofLowest(build(column.value, in: other.frame), meeting))
        }
        enriched.ambiguous.append(follow(mine, atLeast(2, count(of: other.who, leadingOver: meeting.links))))
    }
}
