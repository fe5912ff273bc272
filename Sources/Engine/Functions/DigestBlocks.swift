// What MD5 and SHA-256 read of a message.

/// The blocks of 16 words that both digests read: the message, a bit, zeros, and the message's length in bits.
enum DigestBlocks {
    static func forEach(of message: UnsafeRawBufferPointer, isBigEndian: Bool, _ body: ([UInt32]) -> Void) {
        var words = [UInt32](repeating: 0, count: 16)
        func read(_ block: UnsafeRawBufferPointer) {
            for place in 0..<16 {
                let word = block.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)
                words[place] = isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
            }
            body(words)
        }
        var start = 0
        while message.count - start >= 64 {
            read(.init(rebasing: message[start..<start + 64]))
            start += 64
        }
        var tail = Array(message[start...]) + [0x80]
        while tail.count % 64 != 56 { tail.append(0) }
        let bits = UInt64(message.count) * 8
        withUnsafeBytes(of: isBigEndian ? bits.bigEndian : bits.littleEndian) { tail.append(contentsOf: $0) }
        tail.withUnsafeBytes { tail in
            for start in stride(from: 0, to: tail.count, by: 64) { read(.init(rebasing: tail[start..<start + 64])) }
        }
    }
}
