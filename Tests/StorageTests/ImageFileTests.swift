// Goal: an image is read as it was written, for ever, or refused with its place; no bytes make the reader trap. Method: random images; a
// small one of every sort of block with each bit flipped and at every length; blocks moved; hashes made right over what is wrong; files of
// each format that was released.

import Testing

@testable import Storage

@Suite struct ImageFileTests {
    @Test(arguments: 0..<40) func readsWhatWasWritten(seed: Int) throws {
        let sample = ImageSample.random(sequence: Int64(seed), seed: UInt64(seed))
        for compression in [ImageWriter.Compression.none, .zstd] {
            #expect(try readImage(sample.file(compression)) == sample.ordered)
        }
    }

    @Test func saysWhatASectionHas() throws {
        var state = DiskState()
        state.place(try ImageSample.small(sequence: 5).file(.zstd), at: "/data/image")
        let image = try ImageReader(path: "/data/image", knowing: [1, 2, 3], files: SimulatedDisk(state))
        #expect(
            image.sections == [
                .init(section: ImageSection(kind: 1), blocks: 1, rows: 0, bytes: 27),
                .init(section: ImageSection(kind: 2, part: 7), blocks: 2, rows: 67, bytes: 500),
                .init(section: ImageSection(kind: 3, part: 7 << 32 | 1), blocks: 1, rows: 2, bytes: 3),
                .init(section: ImageSection(kind: 3, part: 8 << 32), blocks: 1, rows: 0, bytes: 0),
            ])
    }

    /// The parts of a file, by where they begin.
    private func places(in file: [UInt8]) throws -> [(offset: Int, place: ImageError.Place)] {
        var state = DiskState()
        state.place(file, at: "/data/image")
        let image = try ImageReader(path: "/data/image", knowing: ImageSample.kinds, files: SimulatedDisk(state))
        let blocks = image.index.entries.map { entry in
            (offset: entry.offset, place: ImageError.Place.block(entry.section, number: Int(entry.number)))
        }
        let end = try #require(image.index.entries.last)
        let index = end.offset + ImageFormat.blockBytes(storedBytes: end.storedBytes)
        return [(0, .header)] + blocks + [(index, .index), (file.count - ImageFormat.pageBytes, .footer)]
    }

    @Test(arguments: [ImageWriter.Compression.none, .zstd]) func everyBitCounts(compression: ImageWriter.Compression) throws {
        var file = try ImageSample.small(sequence: 5).file(compression)
        let places = try places(in: file)
        for offset in file.indices {
            let place = places.last { $0.offset <= offset }?.place
            for bit in 0..<8 {
                file[offset] ^= 1 << bit
                var found: ImageError?
                do { _ = try readImage(file) } catch { found = error }
                // One record of a failure is enough to know where to look.
                guard found?.kind == .damaged, found?.place == place else {
                    Issue.record("bit \(bit) of byte \(offset): \(found?.description ?? "accepted")")
                    return
                }
                file[offset] ^= 1 << bit
            }
        }
        #expect(try readImage(file) == ImageSample.small(sequence: 5).ordered)
    }

    @Test func everyByteCounts() throws {
        let file = try ImageSample.small(sequence: 5).file(.none)
        for length in file.indices {
            let error = #expect(throws: ImageError.self) { _ = try readImage(Array(file[..<length])) }
            #expect(error?.kind == .damaged)
        }
        for more in [1, 64, 4096] {
            #expect(throws: ImageError.self) { _ = try readImage(file + [UInt8](repeating: 0, count: more)) }
            #expect(throws: ImageError.self) { _ = try readImage(file + file.suffix(more)) }
        }
    }

    @Test func aBlockOfAnotherPlaceOrFileIsRefused() throws {
        var sample = ImageSample.small(sequence: 5)
        sample.blocks = (0..<4).map { .init(section: ImageSection(kind: 2, part: $0 / 2), rows: 1, bytes: Array("block \($0)".utf8)) }
        let (file, other) = (try sample.file(.none), try sample.file(.none, identifier: 2))
        let block = ImageFormat.blockBytes(storedBytes: 7)
        for target in 0..<4 {
            for source in 0..<8 where source != target {
                var moved = file
                let place = ImageFormat.pageBytes + target * block
                let from = ImageFormat.pageBytes + source % 4 * block
                moved.replaceSubrange(place..<(place + block), with: (source < 4 ? file : other)[from..<(from + block)])
                let error = #expect(throws: ImageError.self) { _ = try readImage(moved) }
                #expect(error?.place == .block(ImageSection(kind: 2, part: UInt64(target / 2)), number: target % 2))
            }
        }
    }

    @Test func damageIsSaidWithItsPlaceAndWhatToDo() throws {
        var file = try ImageSample.small(sequence: 5).file(.none)
        let before = ImageFormat.blockBytes(storedBytes: 27) + ImageFormat.blockBytes(storedBytes: 200)
        file[ImageFormat.pageBytes + before + ImageFormat.headBytes] ^= 1
        let error = #expect(throws: ImageError.self) { _ = try readImage(file) }
        #expect(
            error?.description == """
                cannot use the image /data/image: block 0 of section 3 part 30064771073: its bytes have another hash than they had when it \
                was written — the image before it is taken, if there is one; check the disk (dmesg, smartctl)
                """)
    }

    @Test func aSectionThatNobodyKnows() throws {
        var sample = ImageSample.small(sequence: 5)
        let file = try sample.file(.none)
        let error = #expect(throws: ImageError.self) { _ = try readImage(file, knowing: [1, 2]) }
        #expect(error?.kind == .newer)
        #expect(
            error?.cause == "it has section 3 part 30064771073, written by audienced 0.1 (0123456789ab), which this program does not know")
        sample.blocks.removeLast()
        #expect(try readImage(file, knowing: [1, 2, 3]) == sample.ordered)
        // Passed over, but not believed: it is damage all the same.
        var damaged = file
        let last = try #require(try places(in: file).dropLast(2).last)
        damaged[last.offset + ImageFormat.headBytes] ^= 1
        #expect(throws: ImageError.self) { _ = try readImage(damaged, knowing: [1, 2, 3]) }
    }

    // Hashes that are right over what is wrong.

    private func sealed(_ file: [UInt8], header change: (inout [UInt8]) -> Void) -> [UInt8] {
        var page = Array(file[..<ImageFormat.pageBytes])
        change(&page)
        var hash = ByteWriter()
        hash.append(page[16...].withUnsafeBytes { ImageFormat.hash($0, seed: 0) })
        page.replaceSubrange(8..<16, with: hash.bytes)
        return page + file[ImageFormat.pageBytes...]
    }

    @Test func aNewerFormatIsRefusedAsSuch() throws {
        let file = try ImageSample.small(sequence: 5).file(.none)
        let error = #expect(throws: ImageError.self) { _ = try readImage(sealed(file) { $0[16] = 2 }) }
        #expect(error?.kind == .newer)
        #expect(
            error?.description == """
                cannot use the image /data/image: header: it has format 2, written by audienced 0.1 (0123456789ab), and this program knows \
                formats up to 1 — start the program that wrote it, or a newer one; to begin from an older image, move this one out of the \
                folder
                """)
        // Of one that names nobody it is nothing less.
        let nameless = #expect(throws: ImageError.self) {
            _ = try readImage(sealed(file) { $0.replaceSubrange(16..<4096, with: [2, 0, 0, 0] + [UInt8](repeating: 255, count: 4076)) })
        }
        #expect(nameless?.kind == .newer && nameless?.cause.contains("a program that it does not name") == true)
        #expect(throws: ImageError.self) { _ = try readImage(sealed(file) { $0[16] = 0 }) }
        #expect(throws: ImageError.self) { _ = try readImage(sealed(file) { $0.replaceSubrange(56..<60, with: [255, 255, 255, 255]) }) }
    }

    @Test func anIndexThatCountsTooMuchIsRefused() throws {
        var index = ImageIndex()
        let section = ImageSection(kind: 2)
        for number in 0..<3 as Range<UInt32> {
            let offset = ImageFormat.pageBytes + Int(number) * 64
            index.append(.init(section: section, number: number, offset: offset, rows: 1, storedBytes: 9, hash: 1), rawBytes: 9)
        }
        let end = ImageFormat.pageBytes + 3 * 64
        func isRefused(_ payload: [UInt8], end: Int = end) -> Bool {
            do {
                _ = try payload.withBytes { (bytes) throws(ImageError.Cause) in try ImageIndex(payload: bytes, endOffset: end) }
                return false
            } catch {
                return true
            }
        }
        let payload = index.payload
        #expect(!isRefused(payload))
        #expect(isRefused(payload, end: end + 64) && isRefused(payload, end: end - 64) && isRefused(Array(payload.dropLast())))
        // With any other number it is refused, but for what only the blocks can tell: their sizes and hashes, the bytes of a section.
        for place in stride(from: 0, to: payload.count, by: 4) {
            for value in [[255, 255, 255, 255], [0, 0, 0, 128], [0, 0, 0, 0]] as [[UInt8]] {
                var changed = payload
                changed.replaceSubrange(place..<(place + 4), with: value)
                if changed == payload { continue }
                let isOfBlock = place >= 40 && (place - 40) % 40 >= 28
                let isBytesOfSection = 32..<40 ~= place
                #expect(isRefused(changed) || isOfBlock || isBytesOfSection, "\(place): \(value)")
            }
        }
    }

    @Test func aFooterOfManyEndsIsLonger() throws {
        var sample = ImageSample.small(sequence: 5)
        sample.footer.ends = (0..<3000).map { .init(topic: "audience-members", partition: $0, offset: Int64($0)) }
        #expect(try readImage(sample.file(.none)) == sample.ordered)
        sample.footer.fingerprint = String(repeating: "f", count: ImageFormat.maximumFooterBytes)
        #expect(throws: StorageError.self) { try sample.file(.none) }
    }

    @Test func namesThatTheHeaderCannotHoldAreRefused() {
        var sample = ImageSample.small(sequence: 5)
        sample.header.group = String(repeating: "g", count: ImageFormat.pageBytes)
        #expect(throws: StorageError.self) { try sample.file(.none) }
    }

    // Formats that were released.

    private static let golden = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Golden"

    @Test(arguments: ["1-raw", "1-zstd"]) func everyFormatIsReadForEver(name: String) throws {
        #expect(try readImage(content("\(Self.golden)/\(name).image")) == ImageSample.small(sequence: 8123).ordered)
    }

    /// Another file from the same facts is another format: raise `ImageFormat.current`, and keep the file of before.
    @Test func whatIsWrittenIsTheNewestFormat() throws {
        let name = "\(Self.golden)/\(ImageFormat.current)-raw.image"
        #expect(try content(name) == ImageSample.small(sequence: 8123).file(.none))
    }
}
