// An input file of lines (NDJSON) mapped into memory, for `replay`: no copy, and readable bytes behind the last one.
//
// simdjson loads up to 64 bytes from wherever a line ends. So an anonymous region is reserved that is a page longer than the file, and
// the file is mapped over its start: what lies behind the file reads as zeros, on the file's last page and on the page after it.

import CSearch
import Glibc

/// A file mapped read-only. The mapping ends with the last reference; `bytes` must not be used after that. A file that is truncated
/// while it is mapped ends the process with SIGBUS: inputs of a replay must not be written to any more.
public final class LineFile: @unchecked Sendable {
    // Unchecked since pointers are not Sendable: nothing changes after init, and the pages are read-only.

    /// How many zero bytes are readable behind `bytes`, at least.
    public static let slackBytes = 64

    /// What some editors put at the start of a text in UTF-8.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// The file that is mapped.
    public let path: String
    /// The content of the file behind a byte order mark at its start; empty for an empty one.
    public let bytes: UnsafeRawBufferPointer

    private let region: UnsafeMutableRawPointer
    private let regionBytes: Int

    /// Maps the file, which must be a regular one.
    public init(path: String) throws(StorageError) {
        let file = try OpenFile.reading(path)
        guard let size = try file.regularSize() else {
            throw StorageError(operation: "map", path: path, cause: "this is no regular file", hint: "copy its content into one")
        }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        assert(page >= Self.slackBytes)
        let regionBytes = (size + page - 1) / page * page + page
        guard let region = mmap(nil, regionBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), !Self.isFailed(region) else {
            throw StorageError(operation: "reserve memory for", path: path, errorNumber: errno)
        }
        if size > 0 {
            let failure = file.withDescriptor { descriptor in
                Self.isFailed(mmap(region, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0)) ? errno : 0
            }
            guard failure == 0 else {
                munmap(region, regionBytes)
                throw StorageError(operation: "map", path: path, errorNumber: failure)
            }
            // Only advice: read ahead, and forget what was read.
            _ = madvise(region, size, Int32(MADV_SEQUENTIAL))
        }
        self.path = path
        self.region = region
        self.regionBytes = regionBytes
        let content = UnsafeRawBufferPointer(start: region, count: size)
        let start = content.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        bytes = UnsafeRawBufferPointer(rebasing: content[start...])
    }

    deinit {
        munmap(region, regionBytes)
    }

    /// Calls the body with the lines that have one of these parts, in no order, and with a line that has several more than once.
    public func forEachLine(containing parts: [StaticString], _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let base = bytes.baseAddress else { return }
        let newline: UInt8 = 0x0a
        for part in parts {
            var start = 0
            while let found = memmem(base + start, bytes.count - start, part.utf8Start, part.utf8CodeUnitCount) {
                let place = UnsafeRawPointer(found) - base
                let lineStart = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
                let lineEnd = memchr(base + place, Int32(newline), bytes.count - place).map { UnsafeRawPointer($0) - base } ?? bytes.count
                body(UnsafeRawBufferPointer(rebasing: bytes[lineStart..<lineEnd]))
                start = lineEnd
            }
        }
    }

    /// MAP_FAILED, which is a cast in C and not visible here.
    private static func isFailed(_ pointer: UnsafeMutableRawPointer?) -> Bool {
        pointer == UnsafeMutableRawPointer(bitPattern: -1)
    }
}
