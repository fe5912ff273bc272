// Explaining: where the rows of somebody stand on the way to an audience. One begins where the audience is saved, and goes back: from a row
// to the rows that it came from. Whether a row is in at a transition is what the population's condition says of it, as it is kept; nothing
// is decided anew, so the answer is the engine's own.
import Campaigns

/// How much one explanation may look at.
public struct ExplainBounds: Sendable {
    /// Linked records.
    public var records: Int

    public init(records: Int = 10_000) {
        self.records = records
    }
}

/// An explanation in the making.
struct Explaining {
    let campaign: Campaign
    let save: SaveAudience
    let populations: [Transition: Population]
    /// The transitions that lead to the audience.
    let wanted: Set<Transition>
    /// How many linked records may still be looked at.
    var recordsLeft: Int
    var isTruncated = false
    var lookedThrough: [LinkPlace: [RowNumber: [RowNumber]]] = [:]
}

extension Engine {
    /// Explains an identity. Changes must be committed.
    /// - Parameter audience: its number.
    public mutating func explain(
        audience: Int, namespace: String, identity: [UInt8], within bounds: ExplainBounds = ExplainBounds()
    ) -> Explanation {
        explain(audience, bounds) { engine, explaining, save in
            engine.subjects(of: identity, namespace: namespace, save, explaining)
        } keptIdentity: { _, save in
            save.namespace == namespace ? identity : nil
        }
    }

    /// Explains the record of a key, as its key text is written, of the schema whose records are saved. Changes must be committed.
    public mutating func explain(audience: Int, key: String, within bounds: ExplainBounds = ExplainBounds()) -> Explanation {
        explain(audience, bounds) { engine, explaining, _ in
            engine.subjects(ofKey: key, explaining)
        } keptIdentity: { engine, save in
            engine.identity(ofKey: key, savedBy: save)
        }
    }

    /// Rows at a transition.
    struct Subjects {
        var transition: Transition
        var rows: [RowNumber]
    }

    private mutating func explain(
        _ audience: Int, _ bounds: ExplainBounds, _ subjects: (inout Engine, inout Explaining, Number<Save>) -> Subjects,
        keptIdentity: (inout Engine, SaveAudience) -> [UInt8]?
    ) -> Explanation {
        precondition(!hasChanges, "changes are committed before somebody asks")
        var explanation = Explanation()
        for contribution in audiences[audience].contributions {
            guard let state = audiences.campaigns[contribution.campaign],
                let save = state.definition.saves.first(where: { $0.audience == audiences[audience].id })
            else { continue }
            var told = Explanation.Contribution(
                campaign: contribution.campaign, version: contribution.version, activity: save.id, standing: standing(of: contribution))
            if let number = contribution.save {
                let populations = populations(of: state.definition)
                var explaining = Explaining(
                    campaign: state.definition, save: save, populations: populations,
                    wanted: Explaining.wanted(by: save, in: state.definition), recordsLeft: bounds.records)
                let found = subjects(&self, &explaining, number)
                told.rows = rows(found, number, &explaining)
                explanation.isTruncated = explanation.isTruncated || explaining.isTruncated
                explanation.lookedThrough.merge(explaining.lookedThrough) { $0.merging($1) { rows, _ in rows } }
                told.isMember = isMember(number, found, told.rows)
            }
            if told.standing != .live, !told.isMember {
                told.keptIdentity = keptIdentity(&self, save)
                told.isMember = told.keptIdentity.map { hasMember(contribution, $0) } ?? false
            }
            explanation.contributions.append(told)
        }
        return explanation
    }

    private func standing(of contribution: Contribution) -> Explanation.Standing {
        guard let save = contribution.save else { return .fixed }
        return audiences.saves[save].isFrozen ? .frozen : audiences.saves[save].isAppend ? .append : .live
    }

    /// Whether a live save has members by some rows.
    private func isMember(_ number: Number<Save>, _ subjects: Subjects, _ rows: [Explanation.Row]) -> Bool {
        guard !audiences.saves[number].isFrozen, subjects.transition == audiences.saves[number].definition.from else { return false }
        let (condition, link) = (audiences.saves[number].condition, audiences.saves[number].link)
        return subjects.rows.contains { row in
            tables[link.table].memberships.contains(row, condition) && tables[link].rows[row].orNil != nil
        }
    }

    /// Whether members that are kept have an identity among them.
    private mutating func hasMember(_ contribution: Contribution, _ identity: [UInt8]) -> Bool {
        if case .live(let save) = contribution.source, audiences.saves[save].isAppend {
            let namespace = tables.findNamespace(contribution.namespace)
            return identityRow(identity, in: namespace).map { audiences.saves[save].kept[$0] != nil } ?? false
        }
        let members = members(of: contribution)
        return members.place(of: identity) != nil
    }

    // Where to begin.

    private func identityRow(_ identity: [UInt8], in namespace: TableNumber?) -> RowNumber? {
        namespace.flatMap { rowNamed(identity, in: $0) }
    }

    /// The row of a key, whether it is live or not.
    func rowNamed(_ key: [UInt8], in table: TableNumber) -> RowNumber? {
        key.withUnsafeBytes { tables[table].keys.find($0, hash: textHash($0)) }.map { RowNumber($0) }
    }

    /// The rows that stand for an identity, in the population or not. Where rows come of what has passed before, the nearest transition
    /// before that has records with the identity.
    private mutating func subjects(
        of identity: [UInt8], namespace: String, _ number: Number<Save>, _ explaining: Explaining
    ) -> Subjects {
        let link = audiences.saves[number].link
        var rows: [RowNumber] = []
        if audiences.saves[number].definition.namespace == namespace, let row = identityRow(identity, in: tables.target(of: link)) {
            var next = tables[link].children.first(under: row)
            while let child = next {
                if tables[link.table].isLive(child) { rows.append(child) }
                next = tables[link].children.next(child)
            }
        }
        let frame = explaining.populations[explaining.save.from]!.frame
        let table = recordTable(of: frame)
        // Where each row is its own record, all that have the identity were found, in the population or not.
        if rows.isEmpty, !frame.record.isEmpty || frame.table != table, explaining.save.namespace == namespace {
            return subjects(of: records(of: table, with: identity, link), in: table, explaining)
        }
        return Subjects(transition: explaining.save.from, rows: rows)
    }

    /// The records that have an identity by the field that a save takes it from.
    private func records(of table: TableNumber, with identity: [UInt8], _ link: LinkPlace) -> [RowNumber] {
        guard let column = tables[link].recordColumn, let row = identityRow(identity, in: tables.target(of: link)) else { return [] }
        return tables[table].columns[column].rows(naming: row).filter { tables[table].isLive($0) }
    }

    private mutating func subjects(ofKey key: String, _ explaining: Explaining) -> Subjects {
        let table = recordTable(of: explaining.populations[explaining.save.from]!.frame)
        guard let row = record(ofKey: key, in: table) else { return Subjects(transition: explaining.save.from, rows: []) }
        return subjects(of: [row], in: table, explaining)
    }

    /// The identity that the record of a key has now, where a save takes it from a field of the record; members that are kept are known
    /// by that alone. nil: there is no such record, it has none, or the save takes it from elsewhere.
    private mutating func identity(ofKey key: String, savedBy save: SaveAudience) -> [UInt8]? {
        guard case .field(let path) = save.identity, path.steps.isEmpty else { return nil }
        let table = tables.number(of: path.schema)
        guard let row = record(ofKey: key, in: table) else { return nil }
        let value = columnValue(table, ColumnNumber(path.field), row)
        return value.isNull ? nil : Array(value.text)
    }

    /// The rows that lead to some records, at the transition nearest to the audience that has any.
    private mutating func subjects(of records: [RowNumber], in table: TableNumber, _ explaining: Explaining) -> Subjects {
        var next = [explaining.save.from]
        var seen: Set<Transition> = []
        while !next.isEmpty {
            let transition = next.removeFirst()
            guard seen.insert(transition).inserted else { continue }
            let frame = explaining.populations[transition]!.frame
            if recordTable(of: frame) == table {
                var rows: [RowNumber] = []
                for record in records { rows += self.rows(leadingTo: record, over: frame.record) }
                if !rows.isEmpty { return Subjects(transition: transition, rows: rows) }
            }
            next += explaining.campaign.activities.first { $0.id == transition.activity }?.inbounds ?? []
        }
        return Subjects(transition: explaining.save.from, rows: [])
    }

    /// The live rows that lead to a record over some links; where nobody keeps who does, all rows are looked at.
    mutating func rows(leadingTo record: RowNumber, over links: [LinkPlace]) -> [RowNumber] {
        guard let first = links.first else { return [record] }
        guard links.allSatisfy({ isKept($0) }) else { return [] }
        let table = first.table
        if links.allSatisfy({ tables[$0].watchers > 0 }) {
            let base = scratch.rows.count
            pushRows(leadingTo: record, links, links.count)
            let found = (base..<scratch.rows.count).map { scratch.rows[$0] }.filter { tables[table].isLive($0) }
            scratch.rows.truncate(to: base)
            return found.sorted()
        }
        // Back from link to link: of each a table is looked through, which a few numbers beside one another make fast.
        var found = [record]
        for link in links.reversed() { found = rows(over: link, toAny: found) }
        return found
    }

    /// The live rows that a link leads to any of some rows from, ascending: all rows of its table are looked at.
    private mutating func rows(over link: LinkPlace, toAny targets: [RowNumber]) -> [RowNumber] {
        statistics.rowsVisitedByExplaining += tables[link.table].states.count * min(targets.count, 5)
        if targets.count <= 4 { return targets.flatMap { tables[link.table].rows(over: link.number, to: $0) }.sorted() }
        var wanted = RowSet()
        for target in targets { wanted.insert(target) }
        return tables[link.table].rows.filter { row in
            tables[link.table].isLive(row) && tables.follow(link, row).map { wanted.contains($0) } == true
        }
    }

    // What is kept.

    /// Whether it is known where a link leads: one that is derived or chosen is kept while somebody asks for it.
    func isKept(_ link: LinkPlace) -> Bool {
        let isOfColumns = tables[link].choice == nil && !tables[link].isDerived
        return isOfColumns || tables[link].watchers > 0
    }

    /// Whether all that a node reads is kept: a branch of a campaign that nobody takes is not.
    func isKnown(_ number: NodeNumber) -> Bool {
        var seen: Set<NodeNumber> = []
        func isKnown(_ number: NodeNumber) -> Bool {
            guard seen.insert(number).inserted else { return true }
            let node = plan.nodes[number]
            switch node.operation {
            case .follow: return isKept(node.link) && isKnown(node.behind)
            case .member: return plan.conditions[node.condition].memberReaders > 0
            case .isPair: return plan.operators[plan.pairs[node.pairs].rowOperator].readers > 0
            case .isOpen: return plan.operators[plan.gates[node.gate].number].readers > 0
            case .recordCount: return plan.gates[node.counter].readers > 0
            case .count, .sum, .average, .minimum, .maximum, .countDistinct: return plan.accumulators[node.accumulator].references > 0
            default: return plan.nodes.parts(of: node).allSatisfy(isKnown)
            }
        }
        return isKnown(number)
    }

    mutating func isTrue(_ node: NodeNumber, _ row: RowNumber) -> Bool {
        scratch.texts.reset()
        return truth(node, row) == .yes
    }

    // Rows.

    private mutating func rows(_ subjects: Subjects, _ number: Number<Save>, _ explaining: inout Explaining) -> [Explanation.Row] {
        let population = explaining.populations[subjects.transition]!
        let table = population.frame.table
        var found: [(row: RowNumber, isIn: Bool)] = []
        for row in subjects.rows {
            found.append((row, isKnown(population.who) && isTrue(population.who, row)))
        }
        let shown = found.filter(\.isIn) + found.filter { !$0.isIn }
        if shown.count > Explanation.mostRows { explaining.isTruncated = true }
        var told: [Explanation.Row] = []
        for (row, isIn) in shown.prefix(Explanation.mostRows) {
            let steps = steps(of: row, at: subjects.transition, &explaining)
            told.append(
                Explanation.Row(
                    name: name(of: row, in: population.frame),
                    place: tables.find(tables[table].schema.name) == table ? Int(row.value) : nil, transition: subjects.transition,
                    isIn: isIn && steps[steps.count - 1].result == .passed, steps: steps))
        }
        return told
    }

    /// The record that a row leads to.
    mutating func name(of row: RowNumber, in frame: Frame) -> Explanation.Name {
        let table = recordTable(of: frame)
        let schema = tables[table].schema.name
        guard frame.record.allSatisfy({ isKept($0) }), let record = plainEnd(of: row, over: frame.record), tables[table].isLive(record)
        else {
            return Explanation.Name(schema: schema, key: nil)
        }
        scratch.texts.reset()
        return Explanation.Name(schema: schema, key: String(decoding: keyTextValue(table, record).text, as: UTF8.self))
    }
}

extension Explaining {
    /// The transitions that lead to what a save takes, that among them.
    fileprivate static func wanted(by save: SaveAudience, in campaign: Campaign) -> Set<Transition> {
        var wanted: Set<Transition> = [save.from]
        for activity in campaign.activities.reversed() where wanted.contains(where: { $0.activity == activity.id }) {
            // Of the others only whether they are active is asked.
            if case .andJoin(let join) = activity { wanted.insert(join.from[0]) } else { wanted.formUnion(activity.inbounds) }
        }
        return wanted
    }

    /// The activities on the way, in their order.
    var way: [Activity] {
        campaign.activities.filter { activity in wanted.contains { $0.activity == activity.id } }
    }
}
