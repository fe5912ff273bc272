// Derived links: where a row leads by a text that is computed of it, not read from the columns of a key. The text may lie behind other
// links, or be carried, so such a link moves when what it reads is told. Identities are links of this kind: from the rows of a population
// to the hidden table of their namespace, whose row numbers are what the engine knows identities by.
//
// Kept while an audience asks for it: 4 bytes a row, and the rows of each identity as a chain. One that moves costs a look and two steps
// in chains.
import Campaigns

extension Engine {
    /// The place of the link that leads the rows of a frame to their identities, new if need be.
    mutating func identityLink(_ identity: Expression, namespace: String, in frame: Frame) -> Int32 {
        let (table, node, target) = (frame.table, build(identity, in: frame), tables.namespace(namespace))
        for place in 0..<Int32(tables[table].links.count) where tables[table].links[place].node == node {
            if tables[table].links[place].target == target && tables[table].links[place].record == frame.record { return place }
        }
        var link = TableLink()
        link.target = target
        link.node = node
        link.record = frame.record
        let place = recordTable(of: frame)
        if case .field(let path) = identity, path.steps.isEmpty, tables[place].columns[path.field].target == target {
            link.recordColumn = Int32(path.field)
        }
        tables[table].links.append(link)
        return Int32(tables[table].links.count - 1)
    }

    /// Adds (1) or takes away (-1) one reader of a derived link. Returns the signals that move it. The first reader fills it, with the last
    /// one it is given up.
    mutating func retainDerivedLink(_ table: Int32, _ link: Int32, _ count: Int32) -> ReadSet {
        var reads = ReadSet.existence.union(retain(tables[table].links[link].node!, count))
        reads.formUnion(retain(recordNode(of: Frame(table: table, record: tables[table].links[link].record)), count))
        tables[table].reads.add(.existence, count)
        tables[table].links[link].watchers += Int(count)
        if count > 0 && tables[table].links[link].watchers == 1 {
            tables[table].links[link].reads = reads
            tables[table].derivedLinks.append(link)
            let rows = tables[table].states.count
            tables[table].links[link].rows.grow(to: rows, filling: TableLink.noRecord)
            for row in 0..<Int32(rows) where tables[table].isLive(row) { move(table, link, row, to: derivedRow(table, link, row)) }
        } else if count < 0 && tables[table].links[link].watchers == 0 {
            tables[table].derivedLinks.removeFirst(link)
            tables[table].links[link].rows = Vector<Int32>()
            tables[table].links[link].children = RowChains()
        }
        return reads
    }

    /// Moves the derived links of a row, of which signals have changed and whose values are the new ones.
    @inline(__always)
    mutating func moveLinks(_ table: Int32, _ row: Int32, _ signals: Signals) {
        for place in 0..<tables[table].derivedLinks.count {
            let link = tables[table].derivedLinks[place]
            if tables[table].links[link].reads.meets(signals) { moveLink(table, link, row) }
        }
    }

    /// Moves a derived link to where it leads now. Who stands behind the old end and the new one is told before.
    mutating func moveLink(_ table: Int32, _ link: Int32, _ row: Int32) {
        let (old, new) = (tables[table].links[link].rows[row], derivedRow(table, link, row))
        guard new != old else { return }
        regroup(table, link, row, from: old, to: new)
        move(table, link, row, to: new)
    }

    private mutating func move(_ table: Int32, _ link: Int32, _ row: Int32, to new: Int32) {
        plan.found.noteMove()
        let old = tables[table].links[link].rows[row]
        if old >= 0 { tables[table].links[link].children.remove(row, under: old) }
        tables[table].links[link].rows[row] = new
        if new >= 0 { tables[table].links[link].children.insert(row, under: new) }
    }

    /// Where a derived link leads: `noRecord`; `noValue`, where the text is null, empty, or longer than an identity may be, or the key of
    /// the record is longer than one may be (contract §10); or a row of the target, which gets a number when it is new.
    private mutating func derivedRow(_ table: Int32, _ link: Int32, _ row: Int32) -> Int32 {
        guard tables[table].isLive(row) else { return TableLink.noRecord }
        var (place, record) = (table, row)
        for number in 0..<tables[table].links[link].record.count {
            let step = tables[table].links[link].record[number]
            record = tables[place].follow(step.link, record)
            place = tables[place].links[step.link].target
            guard record >= 0, tables[place].isLive(record) else { return TableLink.noRecord }
        }
        if hasLongKey(place, record) { return TableLink.noValue }
        let target = tables[table].links[link].target
        let column = tables[table].links[link].recordColumn
        if column >= 0 {
            let code = tables[place].columns[column].codes[record]
            return code != Column.nullCode && isIdentity(tables[target].keys.text(code)) ? code : TableLink.noValue
        }
        scratch.texts.reset()
        let value = value(tables[table].links[link].node!, row)
        guard value.kind == .text, isIdentity(value.text) else { return TableLink.noValue }
        return tables[target].keys.intern(value.text, hash: textHash(value.text))
    }

    private func isIdentity(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count > 0 && text.count <= Limits.identityBytes
    }
}
