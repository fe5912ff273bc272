// Goal: one process per data directory, and a second one is told whose it is. Method: flock belongs to the open file, so a second open in
// this process counts as another process; flock(1) is a real one.

import Glibc
import Testing

@testable import Storage

@Suite struct DirectoryLockTests {
    let folder = TemporaryFolder()

    @Test func aSecondOneIsRefusedUntilTheFirstEnds() throws {
        let data = folder.path + "/data"
        func hold() throws {
            let lock = try DirectoryLock(folder: data)
            defer { withExtendedLifetime(lock) {} }
            #expect(lock.folder == data)
            let error = #expect(throws: DirectoryLockError.self) { _ = try DirectoryLock(folder: data) }
            #expect(error == .inUse(folder: data, processIdentifier: getpid()))
            #expect(error?.description.hasPrefix("the data directory \(data) is in use by process \(getpid()) — ") == true)
            #expect(try text(data + "/lock") == "\(getpid())\n")
        }
        try hold()
        try hold()
    }

    @Test func anotherProcessCountsToo() throws {
        let data = folder.path
        func isFreeForOthers() -> Int32 { system("flock --nonblock --conflict-exit-code 9 \(data)/lock true") }
        func hold() throws {
            let lock = try DirectoryLock(folder: data)
            withExtendedLifetime(lock) { #expect(isFreeForOthers() == 9 << 8) }
        }
        try hold()
        #expect(isFreeForOthers() == 0)
    }

    @Test func aHolderThatHasNotWrittenItsIdIsNamedAsAnother() throws {
        let path = try folder.file("lock", "")
        let file = try OpenFile.sharing(path)
        #expect(file.withDescriptor { flock($0, LOCK_EX | LOCK_NB) } == 0)
        let error = #expect(throws: DirectoryLockError.self) { _ = try DirectoryLock(folder: folder.path) }
        #expect(error == .inUse(folder: folder.path, processIdentifier: nil))
    }

    @Test func whatCannotBeLockedSaysWhy() throws {
        let path = try folder.file("plain", "x")
        let error = #expect(throws: DirectoryLockError.self) { _ = try DirectoryLock(folder: path) }
        guard case .failed(let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.path == path)
    }
}
