// Derived links: where a row leads by a text that is computed of it, not read from the columns of a key. The text may lie behind other
// links, or be carried, so such a link moves when what it reads is told. Identities are links of this kind: from the rows of a population
// to the hidden table of their namespace, whose row numbers are what the engine knows identities by.
//
// Kept while an audience asks for it: 4 bytes a row, and the rows of each identity as a chain. One that moves costs a look and two steps
// in chains.
import Campaigns

extension Engine {
    /// The link that leads the rows of a frame to their identities, new if need be.
    mutating func identityLink(_ identity: Expression, namespace: String, in frame: Frame) -> LinkPlace {
        let (table, node, target) = (frame.table, build(identity, in: frame), tables.namespace(namespace))
        for number in tables[table].links.numbers where tables[table].links[number].node == node {
            let link = LinkPlace(table: table, number: number)
            if tables[link].target == target && tables[link].record == frame.record { return link }
        }
        var link = TableLink()
        link.target = target
        link.node = node
        link.record = frame.record
        let recordTable = recordTable(of: frame)
        if case .field(let path) = identity, path.steps.isEmpty {
            let column = ColumnNumber(path.field)
            if tables[recordTable].columns[column].target == target { link.recordColumn = column }
        }
        return tables.add(link, to: table)
    }

    /// Adds (1) or takes away (-1) one reader of a derived link. Returns the signals that move it. The first reader fills it, with the last
    /// one it is given up.
    mutating func retainDerivedLink(_ link: LinkPlace, _ count: Int32) -> ReadSet {
        let table = link.table
        var reads = ReadSet.existence.union(retain(tables[link].node!, count))
        reads.formUnion(retain(recordNode(of: Frame(table: table, record: tables[link].record)), count))
        tables[table].reads.add(.existence, count)
        tables[link].watchers += Int(count)
        if count > 0 && tables[link].watchers == 1 {
            tables[link].reads = reads
            tables[table].derivedLinks.append(link.number)
            tables[link].rows.grow(to: tables[table].states.count, filling: .noRecord)
            for row in tables[table].rows where tables[table].isLive(row) { move(link, row, to: derivedRow(link, row)) }
        } else if count < 0 && tables[link].watchers == 0 {
            tables[table].derivedLinks.removeFirst(link.number)
            tables[link].rows = PerRow<RowNumber>()
            tables[link].children = RowChains()
        }
        return reads
    }

    /// Moves the derived links of a row, of which signals have changed and whose values are the new ones.
    @inline(__always)
    mutating func moveLinks(_ table: TableNumber, _ row: RowNumber, _ signals: Signals) {
        for place in 0..<tables[table].derivedLinks.count {
            let link = LinkPlace(table: table, number: tables[table].derivedLinks[place])
            if tables[link].reads.meets(signals) { moveLink(link, row) }
        }
    }

    /// Moves a derived link to where it leads now. Who stands behind the old end and the new one is told before.
    mutating func moveLink(_ link: LinkPlace, _ row: RowNumber) {
        let (old, new) = (tables[link].rows[row], derivedRow(link, row))
        guard new != old else { return }
        regroup(link, row, from: old, to: new)
        move(link, row, to: new)
    }

    private mutating func move(_ link: LinkPlace, _ row: RowNumber, to new: RowNumber) {
        plan.found.noteMove()
        if let old = tables[link].rows[row].orNil { tables[link].children.remove(row, under: old) }
        tables[link].rows[row] = new
        if let new = new.orNil { tables[link].children.insert(row, under: new) }
    }

    /// Where a derived link leads: `noRecord`; `noValue`, where the text is null, empty, or longer than an identity may be, or the key of
    /// the record is longer than one may be (contract §10); or a row of the target, which gets a number when it is new.
    private mutating func derivedRow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber {
        guard tables[link.table].isLive(row) else { return .noRecord }
        var (table, record) = (link.table, row)
        for place in tables[link].record.indices {
            let step = tables[link].record[place]
            guard let next = tables.record(behind: step, record) else { return .noRecord }
            (table, record) = (tables.target(of: step), next)
        }
        if hasLongKey(table, record) { return .noValue }
        let target = tables.target(of: link)
        if let column = tables[link].recordColumn {
            guard let named = tables[table].columns[column].target(of: record) else { return .noValue }
            return isIdentity(tables[target].key(of: named)) ? named : .noValue
        }
        scratch.texts.reset()
        let value = value(tables[link].node!, row)
        guard value.kind == .text, isIdentity(value.text) else { return .noValue }
        // A part of a text of the same namespace lies in the memory that grows when a new one comes.
        scratch.keyBytes.removeAll()
        scratch.keyBytes.append(contentsOf: value.text)
        let text = UnsafeRawBufferPointer(start: scratch.keyBytes.base, count: scratch.keyBytes.count)
        return tables[target].row(ofKey: text, hash: textHash(text))
    }

    private func isIdentity(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count > 0 && text.count <= Limits.identityBytes
    }
}
