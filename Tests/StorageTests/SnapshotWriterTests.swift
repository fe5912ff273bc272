// Goal: a snapshot is there whole or not at all, its manifest tells the truth, and its bytes depend on the members alone. Method: snapshots
// in a folder of the test, read back with the decompressor; digests are compared with the vectors of FIPS 180-4.

import Testing

@testable import Storage

@Suite struct SnapshotWriterTests {
    let folder = TemporaryFolder()

    private func lines(_ count: Int) -> [[UInt8]] {
        (0..<count).map { Array("{\"identity\":{\"namespace\":\"Email\",\"id\":\"u\($0)@x.fr\"},\"rows\":1,\"attributes\":{}}\n".utf8) }
    }

    private func write(_ sequence: Int64, _ pieces: [[UInt8]], members: String = "\"audience\":\"a\"") throws -> Snapshot {
        var writer = try SnapshotWriter(folder: folder.path, audience: "a", sequence: sequence, formats: ["ndjson"])
        for piece in pieces { try writer.append(piece, to: 0) }
        return try writer.finish(manifestMembers: members)
    }

    @Test func writesMembersAndManifest() throws {
        let lines = lines(10_000)
        let snapshot = try write(8123, lines)
        #expect(snapshot.folder == folder.path + "/a/8123")
        #expect(try Folders.names(in: folder.path + "/a") == ["8123"])
        #expect(try Folders.names(in: snapshot.folder) == ["manifest.json", "members.ndjson.zst"])
        let file = snapshot.folder + "/members.ndjson.zst"
        let compressed = try content(file)
        #expect(try Decompression.bytes(ofFile: file) == lines.flatMap { $0 })
        #expect(compressed.count < lines.count * 20)
        let digest = Digest.sha256(of: compressed)
        #expect(snapshot.files == [Snapshot.File(name: "members.ndjson.zst", bytes: compressed.count, sha256: digest)])
        let files = "[{\"name\":\"members.ndjson.zst\",\"sha256\":\"\(digest)\",\"bytes\":\(compressed.count)}]"
        #expect(snapshot.manifest == "{\"audience\":\"a\",\"files\":\(files)}")
        #expect(try text(snapshot.folder + "/manifest.json") == snapshot.manifest + "\n")
    }

    @Test func aFileForEachFormat() throws {
        var writer = try SnapshotWriter(folder: folder.path, audience: "a", sequence: 2, formats: ["csv", "ndjson"])
        try writer.append(Array("first".utf8), to: 0)
        try writer.append(Array("second".utf8), to: 1)
        try writer.append(Array(" and more".utf8), to: 0)
        let snapshot = try writer.finish(manifestMembers: "")
        #expect(snapshot.files.map(\.name) == ["members.csv.zst", "members.ndjson.zst"])
        #expect(try Folders.names(in: snapshot.folder) == ["manifest.json", "members.csv.zst", "members.ndjson.zst"])
        for (file, text) in zip(snapshot.files, ["first and more", "second"]) {
            let path = "\(snapshot.folder)/\(file.name)"
            #expect(try Decompression.bytes(ofFile: path) == Array(text.utf8))
            #expect(try Digest.sha256(ofFile: path) == file.sha256)
            #expect(snapshot.manifest.contains("{\"name\":\"\(file.name)\",\"sha256\":\"\(file.sha256)\",\"bytes\":\(file.bytes)}"))
        }
    }

    @Test func anEmptyAudienceHasAnEmptyFile() throws {
        let snapshot = try write(0, [], members: "")
        #expect(snapshot.manifest.hasPrefix("{\"files\":["))
        #expect(try Decompression.bytes(ofFile: snapshot.folder + "/members.ndjson.zst") == [])
    }

    @Test func bytesDoNotDependOnHowMembersAreAppended() throws {
        let lines = lines(20_000)
        let whole = lines.flatMap { $0 }
        let single = try write(1, lines)
        let together = try write(2, [whole])
        #expect(single.files == together.files)
        let halves = try write(3, [Array(whole.prefix(777_777)), Array(whole.dropFirst(777_777))])
        #expect(single.files == halves.files)
    }

    @Test func replacesOneOfTheSameSequence() throws {
        _ = try write(7, lines(3))
        let second = try write(7, lines(5))
        #expect(try Decompression.bytes(ofFile: second.folder + "/members.ndjson.zst") == lines(5).flatMap { $0 })
        #expect(try Folders.names(in: folder.path + "/a") == ["7"])
    }

    @Test func nothingIsSeenBeforeTheEndAndNothingStaysWithoutIt() throws {
        func abandon() throws {
            let writer = try SnapshotWriter(folder: folder.path, audience: "a", sequence: 9, formats: ["ndjson", "csv"])
            try writer.append(lines(1)[0], to: 0)
            #expect(try Folders.names(in: folder.path + "/a") == [".9.temporary"])
        }
        try abandon()
        #expect(try Folders.names(in: folder.path + "/a") == [])
    }

    @Test func leftoversOfACrashAreRemoved() throws {
        for name in [".3.temporary", ".2.replaced"] {
            try Folders.create("\(folder.path)/a/\(name)")
            try AtomicFile.write("half", to: "\(folder.path)/a/\(name)/members.ndjson.zst")
        }
        _ = try write(4, [])
        #expect(try Folders.names(in: folder.path + "/a") == ["4"])
    }

    @Test(arguments: ["", "..", "a/b", "/etc", ".a"]) func refusesWhatIsNoAudience(_ audience: String) {
        #expect(throws: StorageError.self) { _ = try SnapshotWriter(folder: folder.path, audience: audience, sequence: 1, formats: []) }
    }

    @Test func damageIsFound() throws {
        let snapshot = try write(1, lines(100))
        let compressed = try content(snapshot.folder + "/members.ndjson.zst")
        var flipped = compressed
        flipped[flipped.count / 2] ^= 1
        for bytes in [flipped, Array(compressed.dropLast()), Array(compressed.prefix(compressed.count / 2)), []] {
            let path = try folder.file("damaged", bytes)
            #expect(throws: StorageError.self) { try Decompression.bytes(ofFile: path) }
        }
    }

    @Test func digestsOfKnownTexts() throws {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Digest.sha256(of: [UInt8]()) == empty)
        #expect(Digest.sha256(of: Array("abc".utf8)) == abc)
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(Digest.sha256(of: letters) == million)
        #expect(try Digest.sha256(ofFile: folder.file("letters", letters)) == million)
        var digest = Digest()
        for letter in Array("abc".utf8) { [letter].withUnsafeBytes { digest.append($0) } }
        let inPieces = digest.finish()
        #expect(inPieces == abc)
    }
}
