// Derived links: where a row leads by what is computed of it, not read from the columns of a key. What it is computed of may lie behind
// other links, or be carried, so such a link moves when what it reads is told.
//
//   identity   from the rows of a population to the hidden table of a namespace, whose row numbers are what the engine knows identities by.
//              Nothing hangs on such a link but audiences: it moves at once.
//   values     to the hidden table of the values of some expressions (keys), which rows of other tables or populations lead to as well:
//              rows that are equal on them meet there. Whatever is asked of records behind links is asked behind these too, so they move
//              at the end of the commit, by an operator.
//   record     to a record whose row number is computed: the first of several ways. As values.
//
// Kept while somebody asks for it: 4 bytes a row, and the rows of each end as a chain. One that moves costs a look and two steps in chains.
import Campaigns

extension Engine {
    /// The link that leads the rows of a frame to their identities, new if need be. `ofRecord`: only rows with a key have one, whose text
    /// is not longer than one may be.
    mutating func identityLink(
        _ identity: Expression, namespace: String, in frame: Frame, ofRecord: Bool = true
    ) -> LinkPlace {
        let (table, node, target) = (frame.table, build(identity, in: frame), tables.namespace(namespace))
        let record = ofRecord ? frame.record : nil
        if let found = derivedLink(table, node, to: target, isSettled: false, record: record) { return found }
        var recordColumn: ColumnNumber?
        if ofRecord, case .field(let path) = identity, path.steps.isEmpty {
            let column = ColumnNumber(path.field)
            if tables[recordTable(of: frame)].columns[column].target == target { recordColumn = column }
        }
        return tables.add(TableLink(to: target, by: node, record: record, recordColumn: recordColumn), to: table)
    }

    /// The link that leads rows to a row of a hidden table by the bytes of a node's value, or to the row of a table whose number it is; new
    /// if need be.
    mutating func valueLink(_ node: NodeNumber, to target: TableNumber) -> LinkPlace {
        let table = plan.nodes[node].table
        if let found = derivedLink(table, node, to: target, isSettled: true, record: nil) { return found }
        let place = tables.add(TableLink(to: target, by: node), to: table)
        tables[place].settle(by: plan.operators.add(.link(place)))
        tables[target].addIncoming(place)
        return place
    }

    /// `record`: nil of one that is settled, or of rows with a key or without.
    private func derivedLink(
        _ table: TableNumber, _ node: NodeNumber, to target: TableNumber, isSettled: Bool, record: [LinkPlace]?
    ) -> LinkPlace? {
        for number in tables[table].links.numbers where tables[table].links[number].node == node {
            let link = LinkPlace(table: table, number: number)
            if tables[link].target == target, tables[link].isSettled == isSettled, tables[link].record == record { return link }
        }
        return nil
    }

    /// Adds (1) or takes away (-1) one reader of a derived link. Returns the signals that move it. The first reader fills it, with the last
    /// one it is given up.
    mutating func retainDerivedLink(_ link: LinkPlace, _ count: Int32) -> ReadSet {
        let table = link.table
        var reads = ReadSet.existence.union(addReaders(of: tables[link].node!, count))
        if !tables[link].isSettled {
            reads.formUnion(addReaders(of: recordNode(of: Frame(table: table, record: tables[link].record ?? [])), count))
        }
        tables[table].reads.add(.existence, count)
        tables[link].addWatcher(count)
        if count > 0 && tables[link].watchers == 1 {
            tables[link].move(by: reads)
            tables[table].addDerived(link.number)
            if let number = tables[link].settledBy { plan.operators.open(number, reading: reads) }
            fillLink(link)
        } else if count < 0 && tables[link].watchers == 0 {
            tables[table].removeDerived(link.number)
            if let number = tables[link].settledBy { plan.operators.close(number) }
        }
        return reads
    }

    /// Leads all live rows where a derived link leads them, which has led none.
    private mutating func fillLink(_ link: LinkPlace) {
        let table = link.table
        guard let column = tables[link].recordColumn, tables[link].record == [], !tables[table].hasLongKeys else {
            for block in tables[table].blocks { fillLink(link, tables[table].liveRows(of: block)) }
            return
        }
        // The codes of the record's own column are the rows: they are taken over, 64 at a time.
        let target = tables.target(of: link)
        var identities = Vector<RowNumber>(capacity: 64)
        for block in tables[table].blocks {
            let rows = tables[table].liveRows(of: block)
            identities.removeAll()
            tables[table].columns[column].appendIdentities(of: rows, in: tables[target].keys, to: &identities)
            tables[link].fill(rows, with: identities)
        }
        plan.found.noteMove()
    }

    /// Leads some live rows where a derived link leads them. The places of their identities in a large dictionary are in no cache, so they
    /// are asked for ahead of time, for all rows at once.
    private mutating func fillLink(_ link: LinkPlace, _ rows: RowBlock) {
        if tables[link].isSettled {
            for row in rows { move(link, row, to: rowOfValue(link, row)) }
            return
        }
        let target = tables.target(of: link)
        var texts = Vector<UInt8>()
        var ends = Vector<Int>(capacity: 64)
        var hashes = Vector<UInt32>(capacity: 64)
        var named = rows
        for row in rows {
            switch identity(link, row) {
            case .row(let end):
                move(link, row, to: end)
                named.bits &= ~(1 << UInt64(row.value & 63))
            case .text(let text):
                texts.append(contentsOf: text)
                ends.append(texts.count)
                hashes.append(textHash(text))
            }
        }
        for place in 0..<hashes.count { tables[target].keys.prefetchSlot(hashes[place]) }
        for place in 0..<hashes.count { tables[target].keys.prefetchEnd(hashes[place]) }
        for place in 0..<hashes.count { tables[target].keys.prefetchText(hashes[place]) }
        var (start, place) = (0, 0)
        for row in named {
            let text = texts.bytes(of: start..<ends[place])
            move(link, row, to: rowOfKey(text, hash: hashes[place], in: target))
            (start, place) = (ends[place], place + 1)
        }
    }

    /// Moves the derived links of a row, of which signals have changed and whose values are the new ones.
    @inline(__always)
    mutating func moveLinks(_ table: TableNumber, _ row: RowNumber, _ signals: Signals) {
        for place in 0..<tables[table].derivedLinks.count {
            let link = LinkPlace(table: table, number: tables[table].derivedLinks[place])
            if tables[link].reads.meets(signals) { linkChanged(link, row) }
        }
    }

    /// Where a derived link leads may have changed: it moves now, or at the end of the commit.
    mutating func linkChanged(_ link: LinkPlace, _ row: RowNumber) {
        guard let number = tables[link].settledBy else { return moveLink(link, row) }
        if !Omission.markingLinks.isOn { mark(number, row) }
    }

    /// Moves a link to an identity to where it leads now. Who stands behind the old end and the new one is told before.
    private mutating func moveLink(_ link: LinkPlace, _ row: RowNumber) {
        let (old, new) = (tables[link].rows[row], derivedRow(link, row))
        guard new != old else { return }
        regroup(link, row, from: old, to: new)
        move(link, row, to: new)
    }

    /// Moves a link at the end of the commit. Where it leads is a value of the row like any other: what hangs on it is taken back, and
    /// given again.
    mutating func settleLink(_ link: LinkPlace, _ row: RowNumber) {
        guard tables[link].watchers > 0 else { return }
        let (old, new) = (tables[link].rows[row], derivedRow(link, row))
        guard new != old else { return }
        guard tables[link.table].isLive(row) else { return move(link, row, to: new) }
        change(link.table, row, tables[link].bit) { $0.move(link, row, to: new) }
    }

    private mutating func move(_ link: LinkPlace, _ row: RowNumber, to new: RowNumber) {
        plan.found.noteMove()
        tables[link].move(row, to: new)
    }

    /// Where a derived link leads: `noRecord`; `noValue`; or a row of the target, which gets a number when it is new.
    private mutating func derivedRow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber {
        guard tables[link.table].isLive(row) else { return .noRecord }
        return tables[link].isSettled ? rowOfValue(link, row) : identityRow(link, row)
    }

    private mutating func rowOfValue(_ link: LinkPlace, _ row: RowNumber) -> RowNumber {
        let target = tables.target(of: link)
        scratch.texts.reset()
        let value = value(tables[link].node!, row)
        if value.kind == .integer { return RowNumber(Int(value.integer)) }
        guard value.kind == .text else { return .noValue }
        return internKey(value.text, in: target)
    }

    /// Where a link to an identity leads a row.
    private enum Identity {
        case row(RowNumber)
        /// To the row of a text, which is valid until the next value is asked for.
        case text(UnsafeRawBufferPointer)
    }

    private mutating func identityRow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber {
        switch identity(link, row) {
        case .row(let end): end
        case .text(let text): internKey(text, in: tables.target(of: link))
        }
    }

    /// `noValue`, where the text is null, empty, or longer than an identity may be, or the key of the record is longer than one may be
    /// (contract §10).
    private mutating func identity(_ link: LinkPlace, _ row: RowNumber) -> Identity {
        var (table, record) = (link.table, row)
        for step in tables[link].record ?? [] {
            guard let next = tables.record(behind: step, record) else { return .row(.noRecord) }
            (table, record) = (tables.target(of: step), next)
        }
        if tables[link].record != nil, hasLongKey(table, record) { return .row(.noValue) }
        if let column = tables[link].recordColumn {
            guard let named = tables[table].columns[column].target(of: record) else { return .row(.noValue) }
            return .row(isIdentity(tables[tables.target(of: link)].key(of: named)) ? named : .noValue)
        }
        scratch.texts.reset()
        let value = value(tables[link].node!, row)
        guard value.kind == .text, isIdentity(value.text) else { return .row(.noValue) }
        return .text(value.text)
    }

    /// The row of a key of a hidden table, which gets a number when it is new.
    private mutating func internKey(_ key: UnsafeRawBufferPointer, in target: TableNumber) -> RowNumber {
        // A part of a text of the same table lies in the memory that grows when a new one comes.
        scratch.keyBytes.removeAll()
        scratch.keyBytes.append(contentsOf: key)
        let text = scratch.keyBytes.bytes(of: 0..<scratch.keyBytes.count)
        return rowOfKey(text, hash: textHash(text), in: target)
    }

    private mutating func rowOfKey(_ text: UnsafeRawBufferPointer, hash: UInt32, in target: TableNumber) -> RowNumber {
        let row = tables[target].row(ofKey: text, hash: hash)
        if tables[target].isLiveOnceNamed, !tables[target].isLive(row) {
            // Whoever is about rows of keys hears of a new one as of any other.
            tables[target].growToKeys()
            change(target, row, .max) { $0.becomeLive(target, row) }
        }
        return row
    }

}

@inline(__always)
private func isIdentity(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count > 0 && text.count <= Limits.identityBytes
}

extension Column {
    /// Appends for each of some rows the identity that it names, whose text is its key; `noValue` where it names none.
    fileprivate func appendIdentities(of block: RowBlock, in keys: borrowing TextDictionary, to identities: inout Vector<RowNumber>) {
        if block.isEmpty { return }
        let codes = codes.block(of: block)
        for row in block {
            let code = codes[Int(row.value - block.first)]
            identities.append(code != Column.nullCode && isIdentity(keys.text(code)) ? RowNumber(code) : .noValue)
        }
    }
}
