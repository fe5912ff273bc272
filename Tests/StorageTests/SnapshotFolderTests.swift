// Goal: what lies in a folder of snapshots is seen as it is, and only what nothing keeps is removed, whole. Method: snapshots with ages set
// on their manifests, and names beside them that are none.

import Glibc
import Testing

@testable import Storage

@Suite struct SnapshotFolderTests {
    private let folder = TemporaryFolder()
    private var snapshots: SnapshotFolder { SnapshotFolder(path: folder.path + "/snapshots") }

    private func write(_ audience: String, _ sequence: Int64, writtenMilliseconds: Int64 = 5_000) throws {
        var writer = try SnapshotWriter(folder: snapshots.path, audience: audience, sequence: sequence, formats: ["ndjson"])
        _ = try writer.finish(manifestMembers: "\"sequence\":\(sequence)")
        let time = timespec(tv_sec: Int(writtenMilliseconds / 1000), tv_nsec: Int(writtenMilliseconds % 1000) * 1_000_000)
        #expect(utimensat(AT_FDCWD, "\(snapshots.path)/\(audience)/\(sequence)/manifest.json", [time, time], 0) == 0)
    }

    @Test func nothingIsThereAtFirst() throws {
        #expect(try snapshots.audiences() == [])
        #expect(try snapshots.sequences(of: "a") == [])
        try snapshots.removeLeftovers()
        #expect(try snapshots.prune("a", keepingNewest: 1, writtenSince: .max) == 0)
    }

    @Test func sequencesAreNumbersInOrder() throws {
        for sequence: Int64 in [10, 9, 100] { try write("b", sequence) }
        try write("a", 1)
        for name in ["07", "+7", "-1", "x", "9223372036854775808"] { try Folders.create("\(snapshots.path)/b/\(name)") }
        try AtomicFile.write("not a folder", to: snapshots.path + "/readme")
        #expect(try snapshots.audiences() == ["a", "b"])
        #expect(try snapshots.sequences(of: "b") == [9, 10, 100])
        #expect(try snapshots.manifest(of: "b", sequence: 10).hasPrefix("{\"sequence\":10,\"files\":"))
        #expect(try snapshots.manifest(of: "b", sequence: 10).hasSuffix("}"))
        #expect(snapshots.writtenMilliseconds(of: "b", sequence: 10) == 5_000)
        #expect(snapshots.writtenMilliseconds(of: "b", sequence: 11) == nil)
        #expect(throws: StorageError.self) { try snapshots.manifest(of: "b", sequence: 11) }
    }

    @Test func eitherRuleKeepsASnapshot() throws {
        for sequence: Int64 in 1...5 { try write("a", sequence, writtenMilliseconds: sequence * 1000) }
        #expect(try snapshots.prune("a", keepingNewest: 5, writtenSince: .max) == 0)
        #expect(try snapshots.prune("a", keepingNewest: 1, writtenSince: 1000) == 0)
        #expect(try snapshots.prune("a", keepingNewest: 1, writtenSince: 3000) == 2)
        #expect(try snapshots.sequences(of: "a") == [3, 4, 5])
        #expect(try snapshots.prune("a", keepingNewest: 2, writtenSince: .max) == 1)
        #expect(try Folders.names(in: snapshots.path + "/a") == ["4", "5"])
    }

    @Test func whatIsNotOursStays() throws {
        try write("a", 9)
        try Folders.create(snapshots.path + "/a/3")
        try AtomicFile.write("mine", to: snapshots.path + "/a/3/file")
        #expect(try snapshots.prune("a", keepingNewest: 1, writtenSince: .max) == 0)
        #expect(try Folders.names(in: snapshots.path + "/a") == ["3", "9"])
    }

    @Test func leftoversOfEveryAudienceAreRemoved() throws {
        try write("a", 1)
        for name in ["a/.3.temporary", "b/.2.removed", "b/.1.replaced"] {
            try Folders.create("\(snapshots.path)/\(name)")
            try AtomicFile.write("half", to: "\(snapshots.path)/\(name)/members.ndjson.zst")
        }
        try snapshots.removeLeftovers()
        #expect(try Folders.names(in: snapshots.path + "/a") == ["1"])
        #expect(try Folders.names(in: snapshots.path + "/b") == [])
    }
}
