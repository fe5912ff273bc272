// Orders of rows and records (semantics §2, §4).

enum Orders {
    /// Places in *stable order*: "by `h(seed + "/" + rowId)`, unsigned ascending, then by row id".
    static func stable(_ places: [Int], of rows: [PopulationRow], seed: String) -> [Int] {
        let hashes = Dictionary(uniqueKeysWithValues: places.map { ($0, PlainDigests.h(Array("\(seed)/".utf8) + rows[$0].id)) })
        return sorted(places) { a, b in
            if hashes[a] != hashes[b] { return hashes[a]! < hashes[b]! ? -1 : 1 }
            return PopulationRow.isLower(rows[a], rows[b]) ? -1 : PopulationRow.isLower(rows[b], rows[a]) ? 1 : 0
        }
    }

    /// Places by a value of each: "nulls last", either way, and ties as they stand.
    static func byValue(_ places: [Int], isDescending: Bool = false, _ value: (Int) -> Datum?) -> [Int] {
        let values = Dictionary(uniqueKeysWithValues: places.map { ($0, value($0)) })
        return sorted(places) { a, b in
            guard let first = values[a]!, let second = values[b]! else { return (values[a]! == nil ? 1 : 0) - (values[b]! == nil ? 1 : 0) }
            return isDescending ? second.order(first) : first.order(second)
        }
    }

    /// Ties stay as they stand.
    private static func sorted(_ places: [Int], _ order: (Int, Int) -> Int) -> [Int] {
        places.indices.sorted { a, b in
            let found = order(places[a], places[b])
            return found == 0 ? a < b : found < 0
        }.map { places[$0] }
    }
}
