// Goal: whatever call fails, and whether it fails once or from then on, the error is said, the images of before are there, and the next
// image is written as ever. Method: publishing an image, and choosing one, with each call in turn failing.

import Glibc
import Testing

@testable import Storage

@Suite struct ImageFaultTests {
    private static let (home, second) = ("/data", "/also")

    /// A disk with the images of commits 1 and 2 in both homes, and the store that wrote them.
    private func before() throws -> (disk: SimulatedDisk, store: ImageStore) {
        let disk = SimulatedDisk()
        var store = ImageStore(folder: Self.home, also: Self.second, instance: 7, files: disk, synchronizedBytes: 1)
        for sequence in 1...2 as ClosedRange<Int64> { _ = try ImageSample.small(sequence: sequence).publish(to: &store) }
        return (disk, store)
    }

    private func whole(in folder: String, on disk: SimulatedDisk) throws -> [Int64] {
        var home = ImageHome(folder: folder, files: SimulatedDisk(disk.state), instance: 8)
        return try home.sequences().filter { sequence in
            try ImageSample(reading: home.open(sequence, knowing: nil)) == ImageSample.small(sequence: sequence).ordered
        }
    }

    @Test(arguments: [ENOSPC, EIO], [false, true])
    func everyCallOfPublishing(errorNumber: Int32, lasts: Bool) throws {
        let (calm, before) = try before()
        let first = calm.calls
        var store = before
        _ = try ImageSample.small(sequence: 3).publish(to: &store)
        let count = calm.calls - first
        #expect(count > 40, "a disk that is never asked proves nothing")

        for call in 0..<count {
            let (disk, store) = try self.before()
            var before = store
            disk.fault = .init(call: disk.calls + call, errorNumber: errorNumber, lasts: lasts)
            var (failures, isPublished) = ([StorageError](), false)
            do {
                failures = try ImageSample.small(sequence: 3).publish(to: &before).failures
                isPublished = true
            } catch {
                failures = [error]
            }
            #expect(!failures.isEmpty, "call \(call)")
            #expect(lasts || failures.allSatisfy { $0.errorNumber == errorNumber || $0.cause.contains("cannot") }, "call \(call)")
            let kept = try whole(in: Self.home, on: disk)
            #expect(kept.contains(2) && kept.contains(isPublished ? 3 : 1), "call \(call)")
            #expect(Set(try whole(in: Self.second, on: disk)).isSuperset(of: [2]), "call \(call)")
            // Where names can still be taken away, nothing is left.
            #expect(lasts || !disk.paths.contains { $0.hasSuffix(AtomicFile.temporarySuffix) }, "call \(call)")

            disk.fault = nil
            #expect(before.removeLeftovers() == [])
            #expect(try ImageSample.small(sequence: 4).publish(to: &before).failures == [], "call \(call)")
            for folder in [Self.home, Self.second] {
                let kept = try whole(in: folder, on: disk)
                #expect(kept.count == 2 && kept.first == 4, "call \(call): \(kept)")
            }
            #expect(!disk.paths.contains { $0.hasSuffix(AtomicFile.temporarySuffix) })
        }
    }

    /// After an error a writer does nothing any more: a second fsync that succeeds would prove nothing.
    @Test func aFailedWriterStaysFailed() throws {
        var (disk, store) = try before()
        var writer = try store.begin(ImageSample.small(sequence: 3).header)
        disk.fault = .init(call: disk.calls, errorNumber: EIO, lasts: false)
        var failures: [StorageError] = []
        do { try writer.finishBody() } catch { failures.append(error) }
        let calls = disk.calls
        do { try ImageSample.small(sequence: 3).append(to: &writer) } catch { failures.append(error) }
        do { try writer.finishBody() } catch { failures.append(error) }
        #expect(disk.calls == calls)
        do { _ = try store.publish(writer, ImageSample.small(sequence: 3).footer) } catch { failures.append(error) }
        #expect(failures.count == 4 && failures.allSatisfy { $0 == failures[0] && $0.errorNumber == EIO })
        #expect(try whole(in: Self.home, on: disk) == [2, 1])
    }

    @Test(arguments: [false, true]) func everyCallOfChoosing(lasts: Bool) throws {
        let (calm, _) = try before()
        let first = calm.calls
        var store = ImageStore(folder: Self.home, also: Self.second, instance: 8, files: calm)
        #expect(try store.newest(knowing: ImageSample.kinds).image != nil)
        for call in 0..<(calm.calls - first) {
            let (disk, _) = try before()
            let names = disk.paths
            var store = ImageStore(folder: Self.home, also: Self.second, instance: 8, files: disk)
            disk.fault = .init(call: disk.calls + call, errorNumber: EIO, lasts: lasts)
            let choice = try store.newest(knowing: ImageSample.kinds)
            #expect(choice.refused.first?.kind == .unreadable, "call \(call)")
            #expect(lasts || choice.image?.header.sequence == 2, "call \(call)")
            #expect(disk.paths == names, "what cannot be read may be whole, and keeps its name")
        }
    }

    @Test func aSecondHomeThatIsAwayStopsNothing() throws {
        let (disk, _) = try before()
        var store = ImageStore(folder: Self.home, also: Self.second, instance: 8, files: AbsentFolder(disk: disk, folder: Self.second))
        #expect(try store.newest(knowing: ImageSample.kinds).image?.header.sequence == 2)
        for sequence in 3...5 as ClosedRange<Int64> {
            let publication = try ImageSample.small(sequence: sequence).publish(to: &store)
            #expect(publication.failures.map(\.errorNumber) == [ENOENT])
        }
        #expect(try whole(in: Self.home, on: disk) == [5, 4])
        #expect(try whole(in: Self.second, on: disk) == [2, 1])
    }
}

/// A disk on which one folder is not mounted.
private struct AbsentFolder: FileSystem {
    let disk: SimulatedDisk
    let folder: String

    private func check(_ path: String) throws(StorageError) {
        if path.hasPrefix(folder) { throw StorageError(operation: "use", path: path, errorNumber: ENOENT) }
    }

    func createFolder(_ path: String) throws(StorageError) { try check(path) }
    func create(_ path: String) throws(StorageError) -> any FileInWriting {
        try check(path)
        return try disk.create(path)
    }
    func open(_ path: String) throws(StorageError) -> any FileInReading {
        try check(path)
        return try disk.open(path)
    }
    func rename(_ path: String, to newPath: String) throws(StorageError) {
        try check(path)
        try disk.rename(path, to: newPath)
    }
    func remove(_ path: String) throws(StorageError) {
        try check(path)
        try disk.remove(path)
    }
    func synchronizeFolder(_ path: String) throws(StorageError) {
        try check(path)
        try disk.synchronizeFolder(path)
    }
    func names(in path: String) throws(StorageError) -> [String] { path == folder ? [] : try disk.names(in: path) }
    func isFolder(_ path: String) -> Bool { path != folder && disk.isFolder(path) }
    func writtenMilliseconds(_ path: String) -> Int64? { path == folder ? nil : disk.writtenMilliseconds(path) }
}
