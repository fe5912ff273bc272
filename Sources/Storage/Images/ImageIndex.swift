// The index of an image (layout: ImageFormat.swift): which sections there are, and where each block lies.

/// What the writer notes block by block, and the reader finds again.
struct ImageIndex: Equatable {
    /// Where a block lies, and what it is known by.
    struct Entry: Equatable {
        var section: ImageSection
        var number: UInt32
        var offset: Int
        var rows: UInt32
        var storedBytes: Int
        var hash: UInt64
    }

    /// In the order of their first blocks.
    private(set) var extents: [ImageSection.Extent] = []
    /// In the order of the file.
    private(set) var entries: [Entry] = []
    /// The place of each section among the extents.
    private var places: [ImageSection: Int] = [:]
    /// Per extent, the places of its blocks among the entries.
    private var blocks: [[Int]] = []

    private static let extentBytes = 32
    private static let entryBytes = 40

    /// The number that the next block of a section has.
    func nextNumber(of section: ImageSection) -> UInt32 {
        UInt32(places[section].map { blocks[$0].count } ?? 0)
    }

    /// Notes a block behind those noted before.
    mutating func append(_ entry: Entry, rawBytes: Int) {
        let place = places[entry.section] ?? extents.count
        if place == extents.count {
            places[entry.section] = place
            extents.append(ImageSection.Extent(section: entry.section))
            blocks.append([])
        }
        extents[place].blocks += 1
        extents[place].rows += Int(entry.rows)
        extents[place].bytes += rawBytes
        blocks[place].append(entries.count)
        entries.append(entry)
    }

    /// A block of a section; nil when there is none of that number.
    func entry(_ number: Int, of section: ImageSection) -> Entry? {
        guard let place = places[section], blocks[place].indices.contains(number) else { return nil }
        return entries[blocks[place][number]]
    }

    /// The payload of the index's block.
    var payload: [UInt8] {
        var payload = ByteWriter()
        payload.append(UInt32(extents.count))
        payload.append(UInt32(entries.count))
        for extent in extents {
            payload.append(extent.section.kind)
            payload.append(UInt32(extent.blocks))
            payload.append(extent.section.part)
            payload.append(Int64(extent.rows))
            payload.append(Int64(extent.bytes))
        }
        for entry in entries {
            payload.append(entry.section.kind)
            payload.append(entry.number)
            payload.append(entry.section.part)
            payload.append(Int64(entry.offset))
            payload.append(entry.rows)
            payload.append(UInt32(entry.storedBytes))
            payload.append(entry.hash)
        }
        return payload.bytes
    }

    init() {}

    /// Reads the payload. Blocks must fill the file from the header to the index, and be what the sections are said to have.
    init(payload: UnsafeRawBufferPointer, endOffset: Int) throws(ImageError.Cause) {
        var reader = ByteReader(payload)
        let maximumBlocks = endOffset / ImageFormat.alignment
        guard let extentCount: UInt32 = reader.number(), let entryCount: UInt32 = reader.number(), extentCount <= entryCount,
            entryCount <= maximumBlocks,
            payload.count == 8 + Int(extentCount) * Self.extentBytes + Int(entryCount) * Self.entryBytes
        else { throw "it has another size than its counts say" }

        for _ in 0..<extentCount {
            guard let extent = Self.extent(&reader, maximumBlocks: maximumBlocks), places[extent.section] == nil else {
                throw "it says of a section what cannot be"
            }
            places[extent.section] = extents.count
            extents.append(extent)
            blocks.append([])
        }
        var (offset, rows) = (ImageFormat.pageBytes, [Int](repeating: 0, count: extents.count))
        for _ in 0..<entryCount {
            guard let entry = Self.entry(&reader), let place = places[entry.section], entry.number == blocks[place].count,
                entry.offset == offset
            else { throw "it says of a block what cannot be" }
            offset += ImageFormat.blockBytes(storedBytes: entry.storedBytes)
            rows[place] += Int(entry.rows)
            blocks[place].append(entries.count)
            entries.append(entry)
        }
        for (place, extent) in extents.enumerated() where extent.blocks != blocks[place].count || extent.rows != rows[place] {
            throw "it does not have the blocks and rows of \(extent.section) that it counts"
        }
        guard offset == endOffset else { throw "its blocks do not fill the file" }
    }

    private static func extent(_ reader: inout ByteReader, maximumBlocks: Int) -> ImageSection.Extent? {
        guard let kind: UInt32 = reader.number(), kind > 0, let blocks: UInt32 = reader.number(), let part: UInt64 = reader.number(),
            let rows: Int64 = reader.number(), let bytes: Int64 = reader.number(), 1...maximumBlocks ~= Int(blocks),
            0...Int64(blocks) * Int64(ImageFormat.maximumPayloadBytes) ~= bytes
        else { return nil }
        let section = ImageSection(kind: kind, part: part)
        return ImageSection.Extent(section: section, blocks: Int(blocks), rows: Int(rows), bytes: Int(bytes))
    }

    private static func entry(_ reader: inout ByteReader) -> Entry? {
        guard let kind: UInt32 = reader.number(), let number: UInt32 = reader.number(), let part: UInt64 = reader.number(),
            let offset: Int64 = reader.number(), let rows: UInt32 = reader.number(), let storedBytes: UInt32 = reader.number(),
            let hash: UInt64 = reader.number(), storedBytes <= ImageFormat.maximumPayloadBytes
        else { return nil }
        return Entry(
            section: ImageSection(kind: kind, part: part), number: number, offset: Int(offset), rows: rows,
            storedBytes: Int(storedBytes), hash: hash)
    }
}
