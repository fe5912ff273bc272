// combine: rows of several inbounds as one population. The rows of the inbounds meet: by key, at the record that they lead to; by columns,
// and where an exclusion matches, at the row of a hidden table that stands for their values (Tables/DerivedLinks). There it is asked
// whether any row of an inbound leads to it, and what the rows of a union or intersection carry, and are called, is that of the first of
// those (Tables/Choices).
import Campaigns

/// The rows of an inbound, and the links to where they meet those of others.
struct Meeting {
    var inbound: Population
    /// None: they are what they lead to.
    var links: [LinkPlace]
}

extension Combine: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        engine.populations(of: self, inbounds.rows)
    }
}

extension Engine {
    fileprivate mutating func populations(of combine: Combine, _ inbounds: [Population]) -> [String: Population] {
        let (main, complement) =
            combine.operation == .exclusion
            ? exclusion(of: combine, inbounds)
            : combine.by == nil ? unionByKey(combine.operation, inbounds) : unionByColumns(combine, inbounds)
        return combine.hasComplement ? [Transition.main: main, Combine.complement: complement] : [Transition.main: main]
    }

    // Union and intersection.

    private mutating func unionByKey(
        _ operation: Combine.Operation, _ inbounds: [Population]
    ) -> (main: Population, complement: Population) {
        let meetings = inbounds.map { Meeting(inbound: $0, links: $0.frame.record) }
        var frame = combined(meetings, Frame(table: recordTable(of: inbounds[0].frame)))
        if inbounds.allSatisfy({ $0.frame.record.isEmpty && $0.frame.rowId == nil }) { frame.rowId = nil }
        return allOrAny(operation, meetings, frame)
    }

    /// "Rows equal on all expressions are one; a null equals nothing (such rows stay in a union, never match in an intersection)": such a
    /// row meets nobody at a row of its own.
    private mutating func unionByColumns(_ combine: Combine, _ inbounds: [Population]) -> (main: Population, complement: Population) {
        let meetings = meetings(of: combine, inbounds)
        var frame = combined(meetings, Frame(table: tables.target(of: meetings[0].links[0])))
        let dimension = recordTable(of: inbounds[0].frame)
        let record = ofFirst(meetings) { engine, inbound in
            // A row of another dimension is never the first of an intersection; its number is none of a record.
            guard engine.recordTable(of: inbound.frame) == dimension else { return nil }
            return engine.behind(inbound.frame.record[...], engine.intern(Node(operation: .rowNumber, table: dimension)))
        }
        frame.record = [valueLink(record, to: dimension)]
        let placeCount = inbounds.reduce(1) { max($0, $1.frame.placeCount) }
        var places = meetings.indices.makeIterator()
        frame.place = ofFirst(meetings) { engine, inbound in
            engine.place(inbound.frame.place, after: Int64(places.next()!) * placeCount, inbound.frame.table)
        }
        frame.placeCount = placeCount * Int64(inbounds.count)
        return allOrAny(combine.operation, meetings, frame)
    }

    private mutating func meetings(of combine: Combine, _ inbounds: [Population]) -> [Meeting] {
        var nodes: [NodeNumber] = []
        for (place, inbound) in inbounds.enumerated() { nodes.append(valuesOrOwn(combine.by![place], of: inbound, place)) }
        // Rows may be those where others have met. Named by the latest table, where they meet is later than any of them: no row leads,
        // over others or not, to its own table, where one with a row of its own would lead to ever more.
        let latest = inbounds.indices.reduce(0) { inbounds[$1].frame.table > inbounds[$0].frame.table ? $1 : $0 }
        let keys = tables.keys(of: nodes[latest])
        return inbounds.indices.map { Meeting(inbound: inbounds[$0], links: [valueLink(nodes[$0], to: keys)]) }
    }

    /// The tuple of a row's values, or where one is null one that is of that row alone.
    private mutating func valuesOrOwn(_ expressions: [Expression], of inbound: Population, _ place: Int) -> NodeNumber {
        let table = inbound.frame.table
        let values = expressions.map { build($0, in: inbound.frame) }
        let own = [
            build(.literal(.null), table: table), build(.literal(.integer(Int64(place))), table: table),
            intern(Node(operation: .rowNumber, table: table)),
        ]
        let operands = [
            junction(.or, anyNull(of: values), table), tuple(own, table, nullsAreValues: true), tuple(values, table),
        ]
        return intern(Node(operation: .choose, table: table), operands: operands)
    }

    /// The number of the place of a row that has one of its own already, behind those of the inbounds before.
    private mutating func place(_ place: NodeNumber?, after first: Int64, _ table: TableNumber) -> NodeNumber {
        let offset = build(.literal(.integer(first)), table: table)
        guard let place else { return offset }
        return intern(
            Node(operation: .arithmetic, detail: ArithmeticOperator.add.rawValue, table: table, a: place.value, b: offset.value))
    }

    private mutating func allOrAny(
        _ operation: Combine.Operation, _ meetings: [Meeting], _ frame: Frame
    ) -> (main: Population, complement: Population) {
        var has: [NodeNumber] = []
        for meeting in meetings { has.append(isLedTo(by: meeting)) }
        let any = junction(.or, has, frame.table)
        let main = operation == .union ? any : junction(.and, has, frame.table)
        return (Population(frame: frame, who: main), Population(frame: frame, who: without(any, [main], frame.table)))
    }

    /// "The row comes from the first inbound that has the key (in it, the lowest row id); a carried column it lacks comes from the next
    /// inbound that has it, else null": of each column the first inbound that has both (decision 39).
    private mutating func combined(_ meetings: [Meeting], _ frame: Frame) -> Frame {
        var frame = frame
        for name in Set(meetings.flatMap(\.inbound.frame.columns.keys)).sorted() {
            frame.columns[name] = ofFirst(meetings) { _, inbound in inbound.frame.columns[name] }
        }
        frame.rowId = ofFirst(meetings) { engine, inbound in engine.rowId(of: inbound.frame) }
        return frame
    }

    /// What the first inbound that leads to a row, and has something to say, says of its own row; as a node of where they meet.
    private mutating func ofFirst(
        _ meetings: [Meeting], _ value: (inout Engine, Population) -> NodeNumber?
    ) -> NodeNumber {
        var table: TableNumber?
        var choices: [NodeNumber] = []
        for meeting in meetings {
            let has = isLedTo(by: meeting)
            table = plan.nodes[has].table
            if let value = value(&self, meeting.inbound) { choices += [has, ofLowest(value, meeting)] }
        }
        let nothing = build(.literal(.null), table: table!)
        return intern(Node(operation: .choose, table: table!), operands: choices + [nothing])
    }

    // Where rows meet.

    /// Whether rows of an inbound lead to a row, as a node of that.
    mutating func isLedTo(by meeting: Meeting) -> NodeNumber {
        meeting.links.isEmpty ? meeting.inbound.who : atLeast(1, count(of: meeting.inbound.who, leadingOver: meeting.links))
    }

    mutating func atLeast(_ number: Int64, _ count: NodeNumber) -> NodeNumber {
        let table = plan.nodes[count].table
        let constant = build(.literal(.integer(number)), table: table)
        return intern(Node(operation: .compare, comparison: .greaterOrEqual, table: table, a: count.value, b: constant.value))
    }

    /// A node of an inbound's rows as one of where they lead: of the row with the lowest row id, where several lead there.
    mutating func ofLowest(_ value: NodeNumber, _ meeting: Meeting) -> NodeNumber {
        meeting.links.isEmpty ? value : follow(lowestLink(meeting), value)
    }

    /// The link to the row with the lowest row id.
    mutating func lowestLink(_ meeting: Meeting) -> LinkPlace {
        let frame = meeting.inbound.frame
        return firstLink(
            ChoiceKey(
                condition: condition(of: meeting.inbound.who, leadingOver: meeting.links), record: meeting.links, rowId: rowId(of: frame),
                place: frame.place))
    }

    // For an explanation (Explain/ExplainSteps.swift).

    /// The ways from rows of an output to those of the inbounds: to where they meet, and back from there. Of an exclusion the rows are
    /// those of the primary; what matches by values is where rows are equal on those.
    mutating func ways(
        to frame: Frame, of combine: Combine, _ populations: [Transition: Population]
    ) -> [(inbound: Transition, links: (mine: [LinkPlace], theirs: [LinkPlace]))] {
        let inbounds = combine.from.map { populations[$0]! }
        guard combine.operation == .exclusion else {
            let links = combine.by == nil ? inbounds.map(\.frame.record) : meetings(of: combine, inbounds).map(\.links)
            return zip(combine.from, links).map { ($0, ([], $1)) }
        }
        var ways = [(combine.from[0], (mine: [LinkPlace](), theirs: [LinkPlace]()))]
        for (place, other) in inbounds.enumerated().dropFirst() {
            let pair = combine.matches[place - 1].map { ($0.map(\.primary), $0.map(\.other)) } ?? combine.by.map { ($0[0], $0[place]) }
            if let (mine, theirs) = pair {
                let (node, link) = meeting(inbounds[0], mine, other, theirs)
                ways.append((combine.from[place], (mine: [valueLink(node, to: tables.target(of: link))], theirs: [link])))
            } else {
                ways.append((combine.from[place], (mine: frame.record, theirs: other.frame.record)))
            }
        }
        return ways
    }

    // Exclusion.

    /// "Rows of the primary, duplicates kept, that match nothing in any other inbound (by key, or `match`); complement: the rows removed."
    /// Rows without a key are dropped if any inbound is matched by key (decision 40).
    private mutating func exclusion(of combine: Combine, _ inbounds: [Population]) -> (main: Population, complement: Population) {
        let (primary, frame) = (inbounds[0], inbounds[0].frame)
        var who = primary.who
        if !frame.record.isEmpty, combine.by == nil, combine.matches.contains(where: { $0 == nil }) {
            who = junction(.and, [who, recordNode(of: frame)], frame.table)
        }
        var others: [NodeNumber] = []
        for (place, other) in inbounds.enumerated().dropFirst() {
            if let match = combine.matches[place - 1] {
                others.append(isMatched(primary, match.map(\.primary), by: other, match.map(\.other)))
            } else if let by = combine.by {
                others.append(isMatched(primary, by[0], by: other, by[place]))
            } else {
                let meeting = Meeting(inbound: other, links: other.frame.record)
                others.append(behind(frame.record[...], whetherLedTo(by: meeting)))
            }
        }
        let removed = junction(.and, [who, junction(.or, others, frame.table)], frame.table)
        return (Population(frame: frame, who: without(who, others, frame.table)), Population(frame: frame, who: removed))
    }

    /// Whether rows of the other inbound are equal to a row of the primary on some values.
    private mutating func isMatched(
        _ primary: Population, _ mine: [Expression], by other: Population, _ theirs: [Expression]
    ) -> NodeNumber {
        let (node, link) = meeting(primary, mine, other, theirs)
        return follow(valueLink(node, to: tables.target(of: link)), whetherLedTo(by: Meeting(inbound: other, links: [link])))
    }

    /// The tuple of the primary's values, and the link of the other's rows to where those that are equal meet.
    private mutating func meeting(
        _ primary: Population, _ mine: [Expression], _ other: Population, _ theirs: [Expression]
    ) -> (node: NodeNumber, link: LinkPlace) {
        let node = tuple(mine.map { build($0, in: primary.frame) }, primary.frame.table)
        return (node, valueLink(tuple(theirs.map { build($0, in: other.frame) }, other.frame.table), to: tables.keys(of: node)))
    }

    /// The same as a condition of its own, which is told behind links only when it changes, however often the count does.
    mutating func whetherLedTo(by meeting: Meeting) -> NodeNumber {
        if meeting.links.isEmpty { return meeting.inbound.who }
        let node = isLedTo(by: meeting)
        let table = plan.nodes[node].table
        return memberNode(plan.conditions.intern(table: table, node: node), table)
    }
}
