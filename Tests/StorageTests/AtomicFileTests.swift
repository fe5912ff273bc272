// Goal: a file appears whole or not at all, and a failed one stays failed. Method: files in a folder of the test; what fails is a folder
// that is missing and a descriptor that takes nothing (/dev/full).

import Glibc
import Testing

@testable import Storage

@Suite struct AtomicFileTests {
    let folder = TemporaryFolder()

    @Test func replacesTheOldFileOnlyWhenFinished() throws {
        let path = try folder.file("state", "old")
        var file = try AtomicFile(replacing: path)
        try Array("new".utf8).withBytes { (bytes) throws(StorageError) in try file.append(bytes) }
        #expect(try text(path) == "old")
        try file.finish()
        #expect(try text(path) == "new")
        #expect(try Folders.names(in: folder.path) == ["state"])
    }

    @Test func leavesNothingWhenNotFinished() throws {
        func abandon() throws {
            var file = try AtomicFile(replacing: folder.path + "/state")
            try Array("half".utf8).withBytes { (bytes) throws(StorageError) in try file.append(bytes) }
        }
        try abandon()
        #expect(try Folders.names(in: folder.path) == [])
    }

    @Test func overwritesALeftoverOfACrash() throws {
        _ = try folder.file("state" + AtomicFile.temporarySuffix, "a longer text that a crash left")
        let path = try folder.file("state", "new")
        #expect(try text(path) == "new")
        #expect(try Folders.names(in: folder.path) == ["state"])
    }

    @Test func staysFailedAfterAFailure() throws {
        symlink("/dev/full", folder.path + "/state" + AtomicFile.temporarySuffix)
        var file = try AtomicFile(replacing: folder.path + "/state")
        var errors: [StorageError] = []
        for _ in 0..<2 {
            do {
                try Array("x".utf8).withBytes { (bytes) throws(StorageError) in try file.append(bytes) }
            } catch {
                errors.append(error)
            }
        }
        do {
            try file.finish()
        } catch {
            errors.append(error)
        }
        try #require(errors.count == 3)
        #expect(errors[0].errorNumber == ENOSPC)
        #expect(errors[0].description.hasPrefix("cannot write \(folder.path)/state.temporary: No space left on device — "))
        #expect(errors[1] == errors[0] && errors[2] == errors[0])
        #expect(!Folders.exists(folder.path + "/state"))
    }

    @Test func namesTheFileThatCannotBeCreated() throws {
        let path = folder.path + "/missing/state"
        let error = #expect(throws: StorageError.self) { try AtomicFile.write("x", to: path) }
        #expect(error?.operation == "create")
        #expect(error?.path == path + ".temporary")
        #expect(error?.errorNumber == ENOENT)
    }

    @Test func onlyTheOwnerReadsFiles() throws {
        let path = try folder.file("state", "x")
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o077 == 0)
    }

    @Test func linesAppearWhenClosed() throws {
        let path = folder.path + "/out/lines.ndjson"
        let writer = try LineWriter(path: path)
        var expected: [UInt8] = []
        // More than the buffer, in pieces, and one piece that is larger than it.
        for number in 0..<60_000 {
            let line = Array("{\"number\":\(number),\"pad\":\"xxxxxxxxxxxxxxxx\"}\n".utf8)
            expected += line
            try writer.append(line)
        }
        let large = [UInt8](repeating: UInt8(ascii: "y"), count: 3 << 20)
        try writer.append(large)
        expected += large
        try writer.append(Array("end\n".utf8))
        expected += Array("end\n".utf8)
        #expect(!Folders.exists(path))
        try writer.close()
        #expect(try content(path) == expected)
    }

    @Test func parentsOfPaths() {
        let parents = ["/a/b": "/a", "/a/b/": "/a", "/a": "/", "a": ".", "a/b": "a", "/": "/", "/a//b": "/a/"]
        for (path, parent) in parents { #expect(Folders.parent(of: path) == parent, "\(path)") }
    }

    @Test func createsFoldersBelowThoseThatExist() throws {
        let deep = folder.path + "/a/b/c"
        try Folders.create(deep)
        try Folders.create(deep)
        #expect(Folders.isFolder(deep))
        let path = try folder.file("plain", "x")
        #expect(throws: StorageError.self) { try Folders.create(path + "/below") }
        #expect(throws: StorageError.self) { try Folders.create(path) }
    }
}
