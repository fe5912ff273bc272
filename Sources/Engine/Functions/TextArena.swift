// Memory for texts that functions make: they live until the arena is reset, which costs nothing and frees nothing that is reused.
import Campaigns

struct TextArena: ~Copyable {
    /// Chunks never move: what was handed out stays valid.
    private var chunks: [UnsafeMutableRawBufferPointer] = []
    /// Bytes in use of the last chunk.
    private var used = 0

    /// How often it was reset.
    private(set) var generation: UInt64 = 0

    private static let chunkSize = 16 * 1024

    init() {}

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }

    /// Forgets every text. The first chunk stays, the others go.
    mutating func reset() {
        generation &+= 1
        used = 0
        guard chunks.count > 1 else { return }
        for chunk in chunks.dropFirst() { chunk.deallocate() }
        chunks.removeSubrange(1...)
    }

    /// Bytes of a text that is being written.
    struct Writer: ~Copyable {
        fileprivate let memory: UnsafeMutableRawBufferPointer
        fileprivate(set) var count = 0

        fileprivate init(memory: UnsafeMutableRawBufferPointer) {
            self.memory = memory
        }

        mutating func append(_ bytes: UnsafeRawBufferPointer) {
            precondition(count + bytes.count <= memory.count)
            guard let source = bytes.baseAddress, let target = memory.baseAddress else { return }
            target.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
            count += bytes.count
        }

        mutating func append(_ byte: UInt8) {
            memory[count] = byte
            count += 1
        }
    }

    /// A text of so many bytes; null when that is more than a text may grow to.
    mutating func text(count: Int, _ write: (inout Writer) -> Void) -> Value {
        count <= Limits.computedTextBytes ? text(upTo: count, write) : .null
    }

    /// A text of at most so many bytes, as long as what is written.
    mutating func text(upTo count: Int, _ write: (inout Writer) -> Void) -> Value {
        if chunks.isEmpty || count > chunks[chunks.count - 1].count - used {
            chunks.append(.allocate(byteCount: max(count, Self.chunkSize), alignment: 1))
            used = 0
        }
        let memory = UnsafeMutableRawBufferPointer(rebasing: chunks[chunks.count - 1][used..<used + count])
        var writer = Writer(memory: memory)
        write(&writer)
        used += writer.count
        return .text(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<writer.count]))
    }

    /// A text of these bytes.
    mutating func text(_ bytes: [UInt8]) -> Value {
        text(upTo: bytes.count) { writer in
            bytes.withUnsafeBytes { writer.append($0) }
        }
    }
}
