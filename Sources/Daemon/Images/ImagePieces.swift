// Pieces of an image's sections: what is read as one. A piece that is longer than a block is cut, and only its last block has rows.
import Engine
import Storage

extension ImageWriter {
    /// Adds a piece. `count`: how many rows or texts are in it, at least one.
    mutating func append(piece: [UInt8], count: Int, to section: ImageSection) throws {
        precondition(count > 0, "a piece has something in it")
        var start = 0
        repeat {
            let end = min(start + Self.maximumPayloadBytes, piece.count)
            let rows = end == piece.count ? count : 0
            try piece.withUnsafeBytes { try append(UnsafeRawBufferPointer(rebasing: $0[start..<end]), rows: rows, to: section) }
            start = end
        } while start < piece.count
    }
}

extension ImageReader {
    /// Hands over the pieces of a section, one after the other.
    func forEachPiece(of section: ImageSection, _ body: (_ piece: UnsafeRawBufferPointer, _ count: Int) throws -> Void) throws {
        guard let extent = sections.first(where: { $0.section == section }) else { return }
        var begun: [UInt8] = []
        for number in 0..<extent.blocks {
            let block = try block(number, of: section)
            if begun.isEmpty && block.rows > 0 {
                try body(block.bytes, block.rows)
                continue
            }
            begun += block.bytes
            if block.rows == 0 { continue }
            try begun.withUnsafeBytes { try body($0, block.rows) }
            begun = []
        }
        if !begun.isEmpty { throw FactsError("\(section) ends within a piece") }
    }
}
