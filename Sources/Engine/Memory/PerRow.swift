// Numbers of rows, and what is kept under them.

/// The kind of rows, which are no values of their own: a row is what columns, links and lists keep under its number.
enum TableRow {}

/// The number of a row in its table, which is the number of its key too: a row has one as soon as its key is mentioned.
typealias RowNumber = Number<TableRow>

extension RowNumber {
    /// No row, in the four bytes of one: in memory that is kept per row. In hand it is nil.
    static var none: RowNumber { RowNumber(-1) }

    /// nil where it is none.
    @inline(__always)
    var orNil: RowNumber? { value < 0 ? nil : self }
}

/// An array by row number, for as many rows as it was grown to.
struct PerRow<Element: BitwiseCopyable>: ~Copyable {
    private var elements = Vector<Element>()

    @inline(__always)
    subscript(row: RowNumber) -> Element {
        unsafeAddress { UnsafePointer(elements.address(Int(row.value))) }
        unsafeMutableAddress { elements.address(Int(row.value)) }
    }

    /// What is kept for a row; the value given, where it was not grown to that row.
    @inline(__always)
    subscript(row: RowNumber, default value: Element) -> Element {
        Int(row.value) < elements.count ? elements[row.value] : value
    }

    /// How many rows there is room for.
    @inline(__always)
    var count: Int { elements.count }

    /// What it takes.
    var byteCount: Int { elements.byteCount }

    /// What is kept for the 64 rows of a block, or as many of them as it was grown to; those of the block are among them. Valid until it
    /// grows.
    @inline(__always)
    func block(of block: RowBlock) -> UnsafeBufferPointer<Element> {
        let count = min(64, elements.count - Int(block.first))
        precondition(count == 64 || count > 0 && block.bits >> UInt64(count) == 0, "a block is of rows that there is room for")
        return UnsafeBufferPointer(start: elements.base + Int(block.first), count: count)
    }

    /// Makes room for so many rows.
    @inline(__always)
    mutating func grow(to rows: Int, filling value: Element) {
        elements.grow(to: rows, filling: value)
    }

    /// Makes room for a row.
    @inline(__always)
    mutating func grow(toHold row: RowNumber, filling value: Element) {
        elements.grow(to: Int(row.value) + 1, filling: value)
    }
}

extension PerRow where Element: FixedWidthInteger {
    /// Makes room for a row; of those between nothing is written.
    @inline(__always)
    mutating func grow(zerosToHold row: RowNumber) {
        elements.grow(zerosTo: Int(row.value) + 1)
    }
}

// Looked through as a whole.

extension PerRow where Element == Int32 {
    /// The rows for which a number is kept, ascending.
    func rows(with number: Int32) -> [RowNumber] { elements.places(of: number).map { RowNumber($0) } }
}

extension PerRow where Element == RowNumber {
    /// The rows for which a row is kept, ascending.
    func rows(with row: RowNumber) -> [RowNumber] { elements.places(of: row).map { RowNumber($0) } }
}

extension Vector where Element: BitwiseCopyable {
    /// The places of elements of four bytes that are the same as one: ten millions in a millisecond. 16 at a time are compared, and what
    /// that comes to is asked for once in a block, since asking takes longer than many comparisons.
    fileprivate func places(of element: Element) -> [Int] {
        precondition(MemoryLayout<Element>.size == 4 && MemoryLayout<Element>.stride == 4)
        let words = UnsafeRawPointer(base)
        let wanted = withUnsafeBytes(of: element) { $0.loadUnaligned(as: Int32.self) }
        let wantedLanes = SIMD16<Int32>(repeating: wanted)
        let block = 512
        var found: [Int] = []
        var start = 0
        while start < count {
            let end = Swift.min(start + block, count)
            var hits = SIMDMask<SIMD16<Int32>>(repeating: end - start < block)
            var place = start
            while place + 16 <= end {
                hits = hits .| (words.loadUnaligned(fromByteOffset: place &* 4, as: SIMD16<Int32>.self) .== wantedLanes)
                place &+= 16
            }
            if any(hits) {
                for place in start..<end where words.load(fromByteOffset: place &* 4, as: Int32.self) == wanted { found.append(place) }
            }
            start = end
        }
        return found
    }
}

// As an image has it.

extension PerRow {
    /// Appends what is kept of some rows; `value` of those that it was not grown to.
    func append(_ rows: Range<Int>, to bytes: inout [UInt8], default value: Element) {
        let there = rows.clamped(to: 0..<count)
        bytes.append(contentsOf: elements.bytes(of: there))
        for _ in 0..<rows.count - there.count { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
    }

    /// Sets what is kept of some rows, which it was grown to.
    mutating func fill(_ rows: Range<Int>, from reader: inout ByteReader) throws(FactsError) {
        elements.fill(rows, from: try reader.take(rows.count * MemoryLayout<Element>.stride))
    }
}
