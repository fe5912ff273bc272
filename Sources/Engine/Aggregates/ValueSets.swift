// The values of MIN, MAX and COUNT_DISTINCT: those of each parent in order, with how many records have them.

/// The distinct values of one parent in order, each with how many records have it.
struct ValueSet {
    struct Entry: BitwiseCopyable {
        /// A place in the order, or the code of a text.
        var key: Int64
        var count: Int64
    }

    var entries: [Entry] = []
}

extension Engine {
    /// The place of a field's value in its order, or the code of its text; nil for null.
    mutating func valueKey(_ number: NodeNumber, _ row: RowNumber) -> Int64? {
        let node = plan.nodes[number]
        if node.operation == .follow {
            guard let parent = tables.record(behind: node.link, row) else { return nil }
            return valueKey(node.behind, parent)
        }
        if tables[node.table].columns[node.column].isText { return tables[node.table].columns[node.column].key(row) }
        return columnValue(node.table, node.column, row).sortKey
    }

    /// So many records more or less with a value. Texts are in the order of their bytes.
    mutating func changeValues(_ number: Number<Accumulator>, _ place: UInt32, _ key: Int64, by count: Int64) {
        let isText = plan.accumulators[number].kind == .text
        var (low, high) = (0, states.valueSets[place].entries.count)
        while low < high {
            let middle = (low + high) / 2
            let other = states.valueSets[place].entries[middle].key
            let isBefore: Bool
            if isText && other != key {
                let node = plan.accumulators[number].value!
                isBefore = isLess(text(of: node, Int32(other)), text(of: node, Int32(key)))
            } else {
                isBefore = other < key
            }
            if isBefore { low = middle + 1 } else { high = middle }
        }
        if low < states.valueSets[place].entries.count && states.valueSets[place].entries[low].key == key {
            states.valueSets[place].entries[low].count += count
            if states.valueSets[place].entries[low].count == 0 { states.valueSets[place].entries.remove(at: low) }
        } else {
            precondition(count > 0, "a value that was counted is there")
            states.valueSets[place].entries.insert(ValueSet.Entry(key: key, count: count), at: low)
        }
    }

    /// The text of a code of the field that a value node ends in.
    func text(of number: NodeNumber, _ code: Int32) -> UnsafeRawBufferPointer {
        let node = plan.nodes[number]
        if node.isAccumulator { return text(of: plan.accumulators[node.accumulator].value!, code) }
        return node.operation == .follow ? text(of: node.behind, code) : columnText(node.table, node.column, code)
    }

    /// The text of a code of a column; the code of a key is the number of its row.
    private func columnText(_ table: TableNumber, _ column: ColumnNumber, _ code: Int32) -> UnsafeRawBufferPointer {
        switch tables[table].columns[column].kind {
        case .ownKey: return tables[table].key(of: RowNumber(code))
        case .foreignKey: return tables[tables[table].columns[column].target!].key(of: RowNumber(code))
        default: return tables[table].columns[column].texts.text(code)
        }
    }
}
