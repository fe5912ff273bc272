// Goal: the newest image that is whole is chosen, two are kept, in both homes, and nothing of others is touched. Method: stores on a
// simulated disk, with images damaged, missing and strange; one round on the real one.

import Glibc
import Testing

@testable import Storage

@Suite struct ImageStoreTests {
    private static let (home, second) = ("/data", "/also")

    private func store(on disk: SimulatedDisk, instance: UInt64 = 7) -> ImageStore {
        ImageStore(folder: Self.home, also: Self.second, instance: instance, files: disk)
    }

    private func path(_ folder: String, _ sequence: Int64, _ rest: String = "") -> String {
        let digits = String(sequence)
        return "\(folder)/\(String(repeating: "0", count: 20 - digits.count))\(digits).image\(rest)"
    }

    /// A disk with the images of these commits, and the store that wrote them.
    private func written(_ sequences: [Int64]) throws -> (disk: SimulatedDisk, store: ImageStore) {
        let disk = SimulatedDisk()
        var store = store(on: disk)
        for sequence in sequences { #expect(try ImageSample.small(sequence: sequence).publish(to: &store).failures == []) }
        return (disk, store)
    }

    private func damage(_ path: String, on disk: SimulatedDisk) throws {
        let number = try #require(disk.state.names[path])
        disk.state.files[number].content[5000] ^= 1
    }

    private func newest(_ store: inout ImageStore) throws -> (sequence: Int64?, refused: [ImageError]) {
        let choice = try store.newest(knowing: ImageSample.kinds)
        if let image = choice.image {
            #expect(try ImageSample(reading: image) == ImageSample.small(sequence: image.header.sequence).ordered)
        }
        return (choice.image?.header.sequence, choice.refused)
    }

    @Test func keepsTwoInBothHomes() throws {
        let (disk, _) = try written([3, 5, 900, 901])
        #expect(disk.paths == [path(Self.second, 900), path(Self.second, 901), path(Self.home, 900), path(Self.home, 901)])
        var store = store(on: disk)
        #expect(try newest(&store) == (901, []))
        // The copies are of their own, and smaller.
        let sizes = [Self.home, Self.second].map { disk.content(path($0, 901))?.count ?? 0 }
        #expect(sizes[0] > sizes[1])
    }

    @Test func anImageCountsOnceItIsPublished() throws {
        var (disk, store) = try written([1, 2])
        var writer = try store.begin(ImageSample.small(sequence: 3).header)
        try ImageSample.small(sequence: 3).append(to: &writer)
        try writer.finishBody()
        let temporary = path(Self.home, 3, ".0000000000000007.temporary")
        #expect(disk.paths.contains(temporary))
        var other = self.store(on: disk)
        #expect(try newest(&other) == (2, []))
        let publication = try store.publish(writer, ImageSample.small(sequence: 3).footer)
        #expect(publication == .init(byteCount: disk.content(path(Self.home, 3))?.count ?? 0, removed: [1], failures: []))
        #expect(!disk.paths.contains(temporary))
        #expect(try newest(&other) == (3, []))
    }

    @Test func givingUpLeavesNothing() throws {
        let (disk, store) = try written([1])
        let before = disk.paths
        for steps in 0..<3 {
            var writer = try store.begin(ImageSample.small(sequence: 2).header)
            #expect(disk.paths != before)
            if steps > 0 { try ImageSample.small(sequence: 2).append(to: &writer) }
            if steps > 1 { try writer.finishBody() }
            _ = consume writer
            #expect(disk.paths == before)
        }
    }

    @Test func leftoversOfAnybodyAreRemovedAndNothingElse() throws {
        let (disk, store) = try written([1])
        let others = ["/data/lock", path(Self.home, 4, ".damaged"), "/data/4.image.temporary", "/also/notes.temporary", "/data/x.image"]
        for path in others { disk.state.place([1], at: path) }
        let expected = disk.paths
        for leftover in [path(Self.home, 2, ".00000000000000aa.temporary"), path(Self.second, 2, ".00000000000000aa.temporary")] {
            disk.state.place([1], at: leftover)
        }
        #expect(store.removeLeftovers() == [])
        #expect(disk.paths == expected)
    }

    @Test func aDamagedImageIsMovedAsideAndTheOneBeforeTaken() throws {
        let (disk, _) = try written([1, 2])
        try damage(path(Self.home, 2), on: disk)
        try damage(path(Self.second, 2), on: disk)
        var store = store(on: disk)
        let (sequence, refused) = try newest(&store)
        #expect(sequence == 1)
        #expect(refused.map(\.path) == [path(Self.home, 2), path(Self.second, 2)] && refused.allSatisfy { $0.kind == .damaged })
        #expect(disk.paths.contains(path(Self.home, 2, ".damaged")) && !disk.paths.contains(path(Self.home, 2)))
        // The next ones are written beside it as ever.
        for sequence in 3...5 as ClosedRange<Int64> {
            #expect(try ImageSample.small(sequence: sequence).publish(to: &store).failures == [])
        }
        #expect(try newest(&store) == (5, []))
        #expect(disk.paths.count { $0.hasSuffix(".image") } == 4)
    }

    @Test func theSecondHomeIsTakenWhereItHasMore() throws {
        let (disk, _) = try written([1, 2])
        try damage(path(Self.home, 2), on: disk)
        var store = store(on: disk)
        #expect(try newest(&store).sequence == 2)
        // Another machine begins with nothing of its own.
        var other = ImageStore(folder: "/elsewhere", also: Self.second, instance: 8, files: disk)
        #expect(try newest(&other) == (2, []))
        #expect(try ImageSample.small(sequence: 3).publish(to: &other).failures == [])
        #expect(disk.paths.filter { $0.hasPrefix(Self.second) } == [path(Self.second, 2), path(Self.second, 3)])
        #expect(try newest(&other) == (3, []))
    }

    @Test func withoutImagesThereIsNone() throws {
        var store = store(on: SimulatedDisk())
        #expect(try newest(&store) == (nil, []))
    }

    @Test func anImageWhoseNameLiesIsDamaged() throws {
        let (disk, _) = try written([1, 2])
        disk.state.place(try #require(disk.content(path(Self.home, 1))), at: path(Self.home, 3))
        var store = store(on: disk)
        let (sequence, refused) = try newest(&store)
        #expect(sequence == 2 && refused.map(\.place) == [.header])
    }

    @Test func anImageOfANewerProgramStopsTheStartAndStays() throws {
        let (disk, _) = try written([1, 2])
        let before = disk.paths
        var store = store(on: disk)
        let error = #expect(throws: ImageError.self) { _ = try store.newest(knowing: [1, 2]) }
        #expect(error?.kind == .newer)
        #expect(disk.paths == before)
    }

    /// What this process has neither written nor read does not count: it may be damaged.
    @Test func whatIsRemovedIsOlderThanTwoThatAreWhole() throws {
        let (disk, _) = try written([1, 2])
        try damage(path(Self.home, 2), on: disk)
        // A process that did not look at what is there.
        var store = store(on: disk)
        let publication = try ImageSample.small(sequence: 3).publish(to: &store)
        #expect(publication.removed == [])
        #expect(publication.failures.map(\.path) == [path(Self.home, 2)])
        #expect(disk.paths.filter { $0.hasPrefix(Self.home) } == [path(Self.home, 1), path(Self.home, 2, ".damaged"), path(Self.home, 3)])
    }

    @Test func theRealDisk() throws {
        let (folder, also) = (TemporaryFolder(), TemporaryFolder())
        var store = ImageStore(folder: folder.path + "/checkpoints", also: also.path)
        var sample = ImageSample.random(sequence: 0, seed: 1)
        // More than the disk is waited for at once.
        for number in 0..<40 {
            let bytes = [UInt8](repeating: UInt8(number), count: ImageWriter.maximumPayloadBytes)
            sample.blocks.append(.init(section: ImageSection(kind: 1), rows: number, bytes: bytes))
        }
        for sequence in 1...3 as ClosedRange<Int64> {
            sample.header.sequence = sequence
            let publication = try sample.publish(to: &store)
            #expect(publication.failures == [] && publication.byteCount > 40 << 20)
        }
        let image = try #require(try store.newest(knowing: ImageSample.kinds).image)
        #expect(try ImageSample(reading: image) == sample.ordered)
        #expect(image.byteCount > 40 << 20)
        let opened = try ImageReader(path: path(also.path, 3), knowing: ImageSample.kinds)
        #expect(try ImageSample(reading: opened) == sample.ordered)
        #expect(try Folders.names(in: folder.path + "/checkpoints") == ["\(path("", 2).dropFirst())", "\(path("", 3).dropFirst())"])
        var status = stat()
        #expect(stat(image.path, &status) == 0 && status.st_mode & 0o077 == 0)
    }
}
