// Where an export goes: standard output, or a file that appears whole, when all is in it.
import Glibc
import Storage

final class ExportOutput {
    private let file: LineWriter?
    private var buffer: [UInt8] = []
    private static let bufferBytes = 64 << 10

    init(file path: String?) throws {
        file = try path.map { try LineWriter(path: $0) }
    }

    func append(_ text: String) throws {
        if let file { return try file.append(Array(text.utf8)) }
        buffer += text.utf8
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func close() throws {
        if let file { return try file.close() }
        try flush()
    }

    private func flush() throws {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw StorageError(operation: "write to", path: "standard output", errorNumber: errno) }
            start += max(0, count)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
