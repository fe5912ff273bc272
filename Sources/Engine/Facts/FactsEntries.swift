// Entries of a list as an image has them (FactsList.swift), which are made piece by piece and put into order at the end.

/// Entries, one after the other.
package struct FactsEntries: Sendable {
    private var bytes: [UInt8] = []
    /// Where each begins.
    private var starts: [Int] = []

    package init() {}

    /// How many bytes they take.
    package var byteCount: Int { bytes.count }

    mutating func append(_ text: UnsafeRawBufferPointer, number: Int64, more: [UInt8] = []) {
        starts.append(bytes.count)
        FactsEntries.append(text, number, more, to: &bytes)
    }

    /// Those of another come behind these.
    package mutating func append(_ other: FactsEntries) {
        let first = bytes.count
        bytes += other.bytes
        for start in other.starts { starts.append(first + start) }
    }

    /// Appends an entry as an image has it.
    static func append(_ text: some Collection<UInt8>, _ number: Int64, _ more: some Collection<UInt8>, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(text.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: text)
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(more.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: more)
    }

    /// Hands over all entries in pieces of about so many bytes, in the order of their texts, which differ.
    package func forEachPiece(bytes most: Int, _ body: (_ piece: [UInt8], _ count: Int) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { all in
            func text(_ start: Int) -> UnsafeRawBufferPointer {
                let count = Int(UInt32(littleEndian: all.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
                return UnsafeRawBufferPointer(rebasing: all[start + 4..<start + 4 + count])
            }
            var order = starts.indices.map { Int32($0) }
            order.sort { isLess(text(starts[Int($0)]), text(starts[Int($1)])) }
            var (piece, count) = ([UInt8](), 0)
            for place in order {
                let end = Int(place) + 1 < starts.count ? starts[Int(place) + 1] : all.count
                piece.append(contentsOf: all[starts[Int(place)]..<end])
                count += 1
                if piece.count < most { continue }
                try body(piece, count)
                piece.removeAll(keepingCapacity: true)
                count = 0
            }
            if count > 0 { try body(piece, count) }
        }
    }
}
