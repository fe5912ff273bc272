// The values of MIN, MAX and COUNT_DISTINCT: those of each parent in order, with how many records have them.

extension Engine {
    /// The place of a field's value in its order, or the code of its text; nil for null.
    mutating func valueKey(_ number: Int32, _ row: Int32) -> Int64? {
        let node = nodes[number]
        if node.operation == .follow {
            let parent = tables[node.table].follow(node.a, row)
            guard parent >= 0, tables[tables[node.table].links[node.a].target].isLive(parent) else { return nil }
            return valueKey(node.b, parent)
        }
        if tables[node.table].columns[node.a].isText { return tables[node.table].columns[node.a].key(row) }
        return columnValue(node.table, node.a, row).sortKey
    }

    /// So many records more or less with a value. Texts are in the order of their bytes.
    mutating func changeValues(_ number: Int32, _ place: UInt32, _ key: Int64, by count: Int64) {
        let isText = accumulators[number].kind == .text
        var (low, high) = (0, valueSets[Int(place)].entries.count)
        while low < high {
            let middle = (low + high) / 2
            let other = valueSets[Int(place)].entries[middle].key
            let isBefore: Bool
            if isText && other != key {
                let node = accumulators[number].value
                isBefore = isLess(text(of: node, Int32(other)), text(of: node, Int32(key)))
            } else {
                isBefore = other < key
            }
            if isBefore { low = middle + 1 } else { high = middle }
        }
        if low < valueSets[Int(place)].entries.count && valueSets[Int(place)].entries[low].key == key {
            valueSets[Int(place)].entries[low].count += count
            if valueSets[Int(place)].entries[low].count == 0 { valueSets[Int(place)].entries.remove(at: low) }
        } else {
            precondition(count > 0, "a value that was counted is there")
            valueSets[Int(place)].entries.insert(ValueSet.Entry(key: key, count: count), at: low)
        }
    }

    /// The text of a code of the field that a value node ends in.
    func text(of number: Int32, _ code: Int32) -> UnsafeRawBufferPointer {
        let node = nodes[number]
        if node.isAccumulator { return text(of: accumulators[node.a].value, code) }
        return node.operation == .follow ? text(of: node.b, code) : fieldText(node.table, node.a, code)
    }

    /// The text of a code of a field.
    private func fieldText(_ table: Int32, _ field: Int32, _ code: Int32) -> UnsafeRawBufferPointer {
        switch tables[table].columns[field].kind {
        case .ownKey: return tables[table].keys.text(code)
        case .foreignKey: return tables[tables[table].columns[field].target].keys.text(code)
        default: return tables[table].columns[field].texts.text(code)
        }
    }
}
