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
                let change = batch.changes[number]
                let table = tables.number(of: change.schema)
                switch change.operation {
                case .upsert: upsert(change, table, number, batch)
                case .delete: delete(change, table, number, batch)
                case .truncate: truncate(table, number, batch)
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
            let table = tables.number(of: change.schema)
            for column in change.columns {
                let cell = batch.cell(change, column)
                guard cell.kind == .text else { continue }
                switch tables[table].columns[column].kind {
                case .ownKey: body(tables[table].keys, cell.hash)
                case .foreignKey: body(tables[tables[table].columns[column].target!].keys, cell.hash)
                default: body(tables[table].columns[column].texts, cell.hash)
                }
            }
        }
    }

    private mutating func upsert(_ change: Change, _ table: TableNumber, _ number: Int, _ batch: ChangeBatch) {
        let row = internKey(change, table, batch)
        tables[table].growToKeys()
        guard takeVersion(change, of: row, in: table, number, batch) else { return }
        statistics.rowsApplied += 1
        tables[table].applied += 1
        let isNew = !tables[table].isLive(row)
        if change.keepsFields { keepFields(change, batch, table, row, isNew: isNew) }
        // Texts first: what has changed is a question of codes.
        scratch.codes.grow(to: Int(change.cellCount), filling: 0)
        var mask: SignalBits = isNew ? .max : 0
        var anyChanged = isNew
        for column in change.columns {
            if internCell(batch.cell(change, column), batch, table, column, row) {
                anyChanged = true
                mask |= tables[table].columns[column].bit
            }
        }
        if !anyChanged { return }
        if mask & tables[table].reads.bits == 0 {
            write(change, batch, table, row, isNew: isNew)
            return
        }
        self.change(table, row, mask) { $0.write(change, batch, table, row, isNew: isNew) }
    }

    /// The row of a change's key, which gets a number when it is new.
    private mutating func internKey(_ change: Change, _ table: TableNumber, _ batch: ChangeBatch) -> RowNumber {
        if tables[table].isTextKey {
            let cell = batch.cells[Int(change.firstCell) + tables[table].schema.primaryKey[0]]
            let text = batch.text(cell)
            if text.count > Limits.keyTextBytes { tables[table].noteLongKey() }
            return tables[table].row(ofKey: text, hash: cell.hash)
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
        if KeyText.mayBeLong(keyBytes: bytes.count) { tables[table].noteLongKey() }
        return tables[table].row(ofKey: bytes, hash: textHash(bytes))
    }

    /// Puts the values held in the place of the cells that leave their field as it is.
    private func keepFields(_ change: Change, _ batch: ChangeBatch, _ table: TableNumber, _ row: RowNumber, isNew: Bool) {
        for column in change.columns {
            let cell = Int(change.firstCell + column.value)
            guard batch.cells[cell].kind == .unchanged else { continue }
            let held = isNew ? .null : columnValue(table, column, row)
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
    private mutating func internCell(
        _ cell: Cell, _ batch: ChangeBatch, _ table: TableNumber, _ column: ColumnNumber, _ row: RowNumber
    ) -> Bool {
        let kind = tables[table].columns[column].kind
        switch kind {
        case .ownKey:
            return false
        case .text, .foreignKey:
            var code = Column.nullCode
            if cell.kind == .text { code = internText(batch.text(cell), hash: cell.hash, table, column) }
            scratch.codes[column.value] = code
            return tables[table].columns[column].codes[row] != code
        case .boolean, .date:
            let code = cell.kind == .null ? Column.nullCode : Int32(truncatingIfNeeded: cell.word)
            scratch.codes[column.value] = code
            return tables[table].columns[column].codes[row] != code
        case .integer, .double, .instant:
            let isNull = tables[table].columns[column].isNullWord(row)
            if cell.kind == .null { return !isNull }
            return isNull || tables[table].columns[column].words[row] != cell.word
        }
    }

    /// The code of a text in a column's dictionary; where it is a key, that of its row.
    @inline(__always)
    mutating func internText(_ text: UnsafeRawBufferPointer, hash: UInt32, _ table: TableNumber, _ column: ColumnNumber) -> Int32 {
        switch tables[table].columns[column].kind {
        case .ownKey: return tables[table].row(ofKey: text, hash: hash).value
        case .foreignKey: return tables[tables[table].columns[column].target!].row(ofKey: text, hash: hash).value
        default: return tables[table].intern(text, hash: hash, in: column)
        }
    }

    /// Writes the fields, and keeps links and the order in time.
    private mutating func write(_ change: Change, _ batch: ChangeBatch, _ table: TableNumber, _ row: RowNumber, isNew: Bool) {
        plan.found.noteWrite()
        if !isNew { unlink(table, row) }
        for column in change.columns {
            let cell = batch.cell(change, column)
            switch tables[table].columns[column].kind {
            case .ownKey:
                break
            case .integer, .double, .instant:
                if cell.kind == .null {
                    tables[table].setNull(column, row)
                } else {
                    tables[table].set(column, row, toWord: cell.word)
                }
            default:
                tables[table].set(column, row, toCode: scratch.codes[column.value])
            }
        }
        if isNew { becomeLive(table, row) } else { link(table, row) }
        plan.found.noteWrite()
    }

    /// A row that has its values becomes live.
    mutating func becomeLive(_ table: TableNumber, _ row: RowNumber) {
        tables[table].becomeLive(row)
        link(table, row)
        plan.found.noteWrite()
    }

    /// Takes a row out of the chains and indexes that hang on its values.
    private mutating func unlink(_ table: TableNumber, _ row: RowNumber) {
        tables[table].leaveOrders(row)
        for number in tables[table].links.numbers {
            let link = LinkPlace(table: table, number: number)
            guard tables[link].watchers > 0 && !tables[link].isDerived, let parent = tables.follow(link, row) else { continue }
            tables[link].remove(row, under: parent)
        }
    }

    /// Puts a row into the chains and indexes that hang on its values.
    private mutating func link(_ table: TableNumber, _ row: RowNumber) {
        for number in tables[table].links.numbers {
            let link = LinkPlace(table: table, number: number)
            if tables[link].isByKey { tables[link].set(row, to: linkedRow(link, row) ?? RowNumber.none) }
            if tables[link].watchers > 0 && !tables[link].isDerived, let parent = tables.follow(link, row) {
                tables[link].insert(row, under: parent)
            }
        }
        tables[table].joinOrders(row)
    }

    /// The row of the target that the link's fields name; it gets a number if it has none. nil when one of them is null.
    mutating func linkedRow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber? {
        let target = tables.target(of: link)
        scratch.keyBytes.removeAll()
        let isTextKey = tables[target].isTextKey
        for column in tables[link].columns {
            let value = columnValue(link.table, column, row)
            if value.isNull { return nil }
            if isTextKey {
                scratch.keyBytes.append(contentsOf: value.text)
            } else if value.kind == .text {
                scratch.keyBytes.appendKey(text: value.text)
            } else {
                scratch.keyBytes.appendKey(word: value.integer)
            }
        }
        let bytes = UnsafeRawBufferPointer(start: scratch.keyBytes.base, count: scratch.keyBytes.count)
        return tables[target].row(ofKey: bytes, hash: textHash(bytes))
    }

    private mutating func delete(_ change: Change, _ table: TableNumber, _ number: Int, _ batch: ChangeBatch) {
        let row = internKey(change, table, batch)
        tables[table].growToKeys()
        guard takeVersion(change, of: row, in: table, number, batch) else { return }
        statistics.rowsApplied += 1
        tables[table].applied += 1
        delete(table, row)
        holdVersion(of: row, in: table, number, batch)
    }

    /// Deletes every row of a table. It carries no version, so those held stay.
    private mutating func truncate(_ table: TableNumber, _ number: Int, _ batch: ChangeBatch) {
        statistics.rowsApplied += 1
        tables[table].applied += 1
        for row in tables[table].rows where tables[table].isLive(row) {
            delete(table, row)
            holdVersion(of: row, in: table, number, batch)
        }
    }

    /// Deletes a row that may be live: it leaves every condition first, while its values are still there.
    mutating func delete(_ table: TableNumber, _ row: RowNumber) {
        guard tables[table].isLive(row) else { return }
        remove(table, row) { $0.erase(table, row) }
    }

    /// Takes the values of a row.
    private mutating func erase(_ table: TableNumber, _ row: RowNumber) {
        unlink(table, row)
        plan.found.noteWrite()
        tables[table].eraseValues(of: row)
        tables[table].becomeDeleted(row)
        plan.found.noteWrite()
    }
}
