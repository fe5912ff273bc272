// Goal: what the tests of this module share. Method: every test has a folder of its own below /tmp, removed when the value ends.

import Glibc

@testable import Storage

/// A folder that is empty and goes away with the value.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/audienced-storage-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "no folder for the test")
    }

    deinit { Self.removeTree(path) }

    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        for name in (try? Folders.names(in: path)) ?? [] { removeTree(path + "/" + name) }
        rmdir(path)
    }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        try AtomicFile.write(bytes, to: file)
        return file
    }

    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }
}

/// The bytes of a file.
func content(_ path: String) throws -> [UInt8] {
    try OpenFile.reading(path).read(maximumBytes: Int.max)
}

/// The text of a file.
func text(_ path: String) throws -> String {
    String(decoding: try content(path), as: UTF8.self)
}
