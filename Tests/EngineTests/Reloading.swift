// An engine made anew from the facts of one: bytes out, bytes in, as an image has them.
import Campaigns

@testable import Engine

extension Engine {
    /// An engine with the same facts. `bytes`: about how many texts are in a block; `rows`: how many rows, a multiple of 64.
    mutating func reloaded(bytes most: Int, rows: Int) throws -> Engine {
        let facts = try facts().reread(self)
        var loading = try EngineLoading(facts, fewRows: fewRows)
        for (place, count) in texts(of: facts) {
            var code = 0
            while code < count {
                var bytes: [UInt8] = []
                let end = append(place, of: facts, from: code, count: count, bytes: most, to: &bytes)
                try bytes.withUnsafeBytes { try loading.add(place, count: end - code, from: $0) }
                code = end
            }
        }
        try loading.beginRows()
        beginCopying(facts.copied(inGroupsOf: rows))
        for table in facts.tables.indices {
            for first in stride(from: 0, to: facts.tables[table].rows, by: rows) {
                let group = first..<min(first + rows, facts.tables[table].rows)
                var bytes: [UInt8] = []
                copy(table: table, rows: group, to: &bytes)
                try bytes.withUnsafeBytes { try loading.fill(table: table, rows: group, from: $0) }
            }
        }
        var engine = try loading.finish(zones: zones)
        engine.statistics = statistics
        return engine
    }
}

extension Engine {
    /// All entries of a list, made piece by piece.
    func entries(of list: LiveList) -> FactsEntries {
        var (all, next) = (FactsEntries(), Int32?(0))
        while let first = next {
            var piece = FactsEntries()
            next = append(list, from: first, bytes: 20, to: &piece)
            all.append(piece)
        }
        return all
    }
}

extension EngineFacts {
    /// The same facts, to be copied in other groups.
    func copied(inGroupsOf rows: Int) -> EngineFacts {
        var facts = self
        for table in facts.tables.indices { facts.tables[table].rowsOfGroup = rows }
        return facts
    }

    /// The same facts, once they were text and lists of pieces.
    fileprivate func reread(_ engine: borrowing Engine) throws -> EngineFacts {
        var text = FactsText(self)
        for (place, list) in text.lists.enumerated() {
            var read = FactsList([])
            func take(_ piece: [UInt8], _ count: Int) throws { try piece.withUnsafeBytes { try read.append(count, from: $0) } }
            if let live = list.live {
                try engine.entries(of: live).forEachPiece(bytes: 20, take)
            } else {
                try list.forEachPiece(bytes: 20, take)
            }
            text.lists[place] = read
        }
        let definitions = Dictionary(uniqueKeysWithValues: campaigns.map { ($0.definition.id, $0.definition) })
        return try EngineFacts(text, schemas: tables.map(\.schema), definitions: definitions)
    }
}
