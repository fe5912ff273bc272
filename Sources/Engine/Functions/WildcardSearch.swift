// Finding a long piece of a LIKE pattern that holds `_` (semantics §3). With a wildcard no border of the piece says where to go on, so
// instead all places where the piece may have begun are followed at once, one bit each (Baeza-Yates and Gonnet, shift-and): the time is the
// text times a 64th of the piece.

/// A piece whose every byte is itself, except for `_`, which is one character: a byte that begins one, and those that continue it.
struct WildcardSearch {
    private let piece: Slice<UnsafeRawBufferPointer>

    init(_ piece: Slice<UnsafeRawBufferPointer>) {
        self.piece = piece
    }

    /// Where the first match at or after a position ends; nil when there is none. The position is where a character begins.
    func firstEnd(in text: UnsafeRawBufferPointer, from position: Int) -> Int? {
        let words = (piece.count + 63) / 64
        // 256 sets of places in the piece where a byte fits, the set of all wildcards, and the places reached so far.
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words * 258) { memory in
            memory.initialize(repeating: 0)
            let wildcards = 256 * words
            for (place, byte) in piece.enumerated() {
                let (word, bit) = (place / 64, UInt64(1) << UInt64(place % 64))
                if byte == UInt8(ascii: "_") {
                    memory[wildcards + word] |= bit
                } else {
                    memory[Int(byte) * words + word] |= bit
                }
            }
            let reached = memory.baseAddress! + 257 * words
            let wild = UnsafePointer(memory.baseAddress! + wildcards)
            let lastBit = UInt64(1) << UInt64((piece.count - 1) % 64)
            for place in position..<max(position, text.count) {
                let byte = text[place]
                let fitting = UnsafePointer(memory.baseAddress! + Int(byte) * words)
                // A byte that continues a character stays in the wildcard that took the first one.
                let (moving, staying): (UInt64, UInt64) = FunctionEvaluator.isContinuation(byte) ? (0, .max) : (.max, 0)
                func step(_ word: Int, _ moved: UInt64) -> UInt64 {
                    moved & (fitting[word] | wild[word] & moving) | reached[word] & wild[word] & staying
                }
                // From the last word on, so that what moves into a word is still there. Every byte may be the first of the piece.
                for word in stride(from: words - 1, to: 0, by: -1) {
                    reached[word] = step(word, reached[word] << 1 | reached[word - 1] >> 63)
                }
                reached[0] = step(0, reached[0] << 1 | 1)
                guard reached[words - 1] & lastBit != 0 else { continue }
                var end = place + 1
                while end < text.count, FunctionEvaluator.isContinuation(text[end]) { end += 1 }
                return end
            }
            return nil
        }
    }
}
