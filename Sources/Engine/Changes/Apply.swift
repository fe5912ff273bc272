// Row changes: from the cells of a batch to the columns, and from what changed to what it flips. A change of fields that nothing
// reads writes the row and does nothing else.
import Campaigns

extension Engine {
    /// Applies the changes of a batch, in order. The clock stands already.
    public mutating func apply(_ batch: ChangeBatch) {
        apply(batch, changes: 0..<batch.count)
    }

    /// Applies some changes of a batch, in order.
    public mutating func apply(_ batch: ChangeBatch, changes: Range<Int>) {
        pending.cause = .change
        var first = changes.lowerBound
        while first < changes.upperBound {
            let end = min(first + Engine.changesPerBlock, changes.upperBound)
            prefetch(batch, first..<end)
            for number in first..<end {
                var change = batch.changes[number]
                change.table = tables.table(ofChange: change.table)
                switch change.operation {
                case .upsert: upsert(change, number, batch)
                case .delete: delete(change, number, batch)
                case .truncate: truncate(change.table, number, batch)
                }
            }
            first = end
        }
    }

    /// So many changes that what is fetched for them ahead of time stays in the nearest caches.
    private static let changesPerBlock = 32

    /// Asks for what interning the texts of some changes will read: for all of them one step, then the next.
    private func prefetch(_ batch: ChangeBatch, _ changes: Range<Int>) {
        forEachText(batch, changes) { $0.prefetchSlot($1) }
        forEachText(batch, changes) { $0.prefetchEnd($1) }
        forEachText(batch, changes) { $0.prefetchText($1) }
    }

    @inline(__always)
    private func forEachText(_ batch: ChangeBatch, _ changes: Range<Int>, _ body: (borrowing TextDictionary, UInt32) -> Void) {
        for number in changes {
            let change = batch.changes[number]
            let table = tables.table(ofChange: change.table)
            for field in 0..<Int(change.cellCount) {
                let cell = batch.cells[Int(change.firstCell) + field]
                guard cell.kind == .text else { continue }
                switch tables[table].columns[field].kind {
                case .ownKey: body(tables[table].keys, cell.hash)
                case .foreignKey: body(tables[tables[table].columns[field].target].keys, cell.hash)
                default: body(tables[table].columns[field].texts, cell.hash)
                }
            }
        }
    }

    private mutating func upsert(_ change: Change, _ number: Int, _ batch: ChangeBatch) {
        let table = change.table
        let row = internKey(change, batch)
        tables[table].growToKeys()
        guard takeVersion(change, number, batch, row) else { return }
        statistics.rowsApplied += 1
        let isNew = !tables[table].isLive(row)
        if change.keepsFields { keepFields(change, batch, row, isNew: isNew) }
        // Texts first: what has changed is a question of codes.
        let fields = Int(change.cellCount)
        scratch.codes.grow(to: fields, filling: 0)
        var mask: SignalBits = isNew ? .max : 0
        var anyChanged = isNew
        for field in 0..<fields {
            let cell = batch.cells[Int(change.firstCell) + field]
            if internField(cell, batch, table, field, row) {
                anyChanged = true
                mask |= tables[table].columnBits[field]
            }
        }
        if !anyChanged { return }
        if mask & tables[table].reads.bits == 0 {
            write(change, batch, row, isNew: isNew)
            return
        }
        self.change(table, row, mask) { $0.write(change, batch, row, isNew: isNew) }
    }

    /// The row of a change's key, which gets a number when it is new.
    private mutating func internKey(_ change: Change, _ batch: ChangeBatch) -> Int32 {
        let table = change.table
        if tables[table].isTextKey {
            let cell = batch.cells[Int(change.firstCell) + tables[table].schema.primaryKey[0]]
            let text = batch.text(cell)
            if text.count > Limits.keyTextBytes { tables[table].hasLongKeys = true }
            return tables[table].keys.intern(text, hash: cell.hash)
        }
        scratch.keyBytes.removeAll()
        for field in tables[table].schema.primaryKey {
            let cell = batch.cells[Int(change.firstCell) + field]
            if cell.kind == .text {
                scratch.keyBytes.appendKey(text: batch.text(cell))
            } else {
                scratch.keyBytes.appendKey(word: cell.word)
            }
        }
        let bytes = UnsafeRawBufferPointer(start: scratch.keyBytes.base, count: scratch.keyBytes.count)
        if KeyText.mayBeLong(keyBytes: bytes.count) { tables[table].hasLongKeys = true }
        return tables[table].keys.intern(bytes, hash: textHash(bytes))
    }

    /// Puts the values held in the place of the cells that leave their field as it is.
    private func keepFields(_ change: Change, _ batch: ChangeBatch, _ row: Int32, isNew: Bool) {
        for field in 0..<Int(change.cellCount) {
            let cell = Int(change.firstCell) + field
            guard batch.cells[cell].kind == .unchanged else { continue }
            let held = isNew ? .null : columnValue(change.table, Int32(field), row)
            switch held.kind {
            case .null: batch.set(cell, .null)
            case .boolean: batch.set(cell, .boolean(held.bits != 0))
            case .integer: batch.set(cell, .integer(held.integer))
            case .double: batch.set(cell, .double(held.double))
            case .text: batch.setText(cell, held.text)
            case .date: batch.set(cell, .date(Int32(truncatingIfNeeded: held.integer)))
            case .instant: batch.set(cell, .instant(held.integer))
            }
        }
    }

    /// Interns a cell's text, if it is one, and says whether the field's value differs from the one held.
    @inline(__always)
    private mutating func internField(_ cell: Cell, _ batch: ChangeBatch, _ table: Int32, _ field: Int, _ row: Int32) -> Bool {
        let kind = tables[table].columns[field].kind
        switch kind {
        case .ownKey:
            return false
        case .text, .foreignKey:
            var code = Column.nullCode
            if cell.kind == .text { code = internText(batch.text(cell), hash: cell.hash, table, field) }
            scratch.codes[field] = code
            return tables[table].columns[field].codes[row] != code
        case .boolean, .date:
            let code = cell.kind == .null ? Column.nullCode : Int32(truncatingIfNeeded: cell.word)
            scratch.codes[field] = code
            return tables[table].columns[field].codes[row] != code
        case .integer, .double, .instant:
            let isNull = tables[table].columns[field].isNullWord(row)
            if cell.kind == .null { return !isNull }
            return isNull || tables[table].columns[field].words[row] != cell.word
        }
    }

    /// The code of a text in a field's dictionary.
    @inline(__always)
    mutating func internText(_ text: UnsafeRawBufferPointer, hash: UInt32, _ table: Int32, _ field: Int) -> Int32 {
        switch tables[table].columns[field].kind {
        case .ownKey: return tables[table].keys.intern(text, hash: hash)
        case .foreignKey: return tables[tables[table].columns[field].target].keys.intern(text, hash: hash)
        default: return tables[table].columns[field].texts.intern(text, hash: hash)
        }
    }

    /// Writes the fields, and keeps links and the order in time.
    private mutating func write(_ change: Change, _ batch: ChangeBatch, _ row: Int32, isNew: Bool) {
        let table = change.table
        plan.found.noteWrite()
        if !isNew { unlink(table, row) }
        for field in 0..<Int(change.cellCount) {
            let cell = batch.cells[Int(change.firstCell) + field]
            switch tables[table].columns[field].kind {
            case .ownKey:
                break
            case .integer, .double, .instant:
                if cell.kind == .null {
                    tables[table].columns[field].setNull(row)
                } else {
                    tables[table].columns[field].setWord(row, cell.word)
                }
            default:
                tables[table].columns[field].codes[row] = scratch.codes[field]
            }
        }
        if isNew {
            tables[table].states[row] = Table.RowState.live.rawValue
            tables[table].liveCount += 1
        }
        link(table, row)
        plan.found.noteWrite()
    }

    /// Takes a row out of the chains and indexes that hang on its values.
    private mutating func unlink(_ table: Int32, _ row: Int32) {
        leaveOrders(table, row)
        for place in 0..<Int32(tables[table].links.count)
        where tables[table].links[place].watchers > 0 && !tables[table].links[place].isDerived {
            let parent = tables[table].follow(place, row)
            if parent >= 0 { tables[table].links[place].children.remove(row, under: parent) }
        }
    }

    /// Puts a row into the chains and indexes that hang on its values.
    private mutating func link(_ table: Int32, _ row: Int32) {
        for place in 0..<Int32(tables[table].links.count) {
            if tables[table].links[place].isByKey { tables[table].links[place].rows[row] = linkedRow(table, place, row) }
            if tables[table].links[place].watchers > 0 && !tables[table].links[place].isDerived {
                let parent = tables[table].follow(place, row)
                if parent >= 0 { tables[table].links[place].children.insert(row, under: parent) }
            }
        }
        joinOrders(table, row)
    }

    /// The row of the target that the link's fields name; it gets a number if it has none. -1 when one of them is null.
    mutating func linkedRow(_ table: Int32, _ link: Int32, _ row: Int32) -> Int32 {
        let target = tables[table].links[link].target
        scratch.keyBytes.removeAll()
        let isTextKey = tables[target].isTextKey
        for column in tables[table].links[link].columns {
            let value = columnValue(table, Int32(column), row)
            if value.isNull { return -1 }
            if isTextKey {
                scratch.keyBytes.append(contentsOf: value.text)
            } else if value.kind == .text {
                scratch.keyBytes.appendKey(text: value.text)
            } else {
                scratch.keyBytes.appendKey(word: value.integer)
            }
        }
        let bytes = UnsafeRawBufferPointer(start: scratch.keyBytes.base, count: scratch.keyBytes.count)
        return tables[target].keys.intern(bytes, hash: textHash(bytes))
    }

    private mutating func delete(_ change: Change, _ number: Int, _ batch: ChangeBatch) {
        let table = change.table
        let row = internKey(change, batch)
        tables[table].growToKeys()
        guard takeVersion(change, number, batch, row) else { return }
        statistics.rowsApplied += 1
        delete(table, row)
        holdVersion(of: row, in: table, number, batch)
    }

    /// Deletes every row of a table. It carries no version, so those held stay.
    private mutating func truncate(_ table: Int32, _ number: Int, _ batch: ChangeBatch) {
        statistics.rowsApplied += 1
        for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
            delete(table, row)
            holdVersion(of: row, in: table, number, batch)
        }
    }

    /// Deletes a row that may be live: it leaves every condition first, while its values are still there.
    mutating func delete(_ table: Int32, _ row: Int32) {
        guard tables[table].isLive(row) else { return }
        remove(table, row) { $0.erase(table, row) }
    }

    /// Takes the values of a row.
    private mutating func erase(_ table: Int32, _ row: Int32) {
        unlink(table, row)
        plan.found.noteWrite()
        for field in 0..<tables[table].columns.count { tables[table].columns[field].setNull(row) }
        for link in 0..<tables[table].links.count where tables[table].links[link].isByKey { tables[table].links[link].rows[row] = -1 }
        tables[table].states[row] = Table.RowState.deleted.rawValue
        tables[table].liveCount -= 1
        plan.found.noteWrite()
    }
}
