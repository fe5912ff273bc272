// Goal: lines come out of a compressed file as they went in, however its bytes are cut, and damage is told. Method: what the writer wrote,
// in pieces of every size, shortened, and with a byte that is another one.
import Testing

@testable import Storage

@Suite struct CompressedLinesTests {
    private func compressed(_ lines: [String]) throws -> [UInt8] {
        let folder = TemporaryFolder()
        let writer = try CompressedWriter(path: "\(folder.path)/file", in: DiskFiles())
        for line in lines { try Array("\(line)\n".utf8).withUnsafeBytes { try writer.append($0) } }
        _ = try writer.finish()
        return try content("\(folder.path)/file")
    }

    private func read(_ bytes: [UInt8], by size: Int) throws -> [String] {
        let reader = CompressedLines()
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { piece in
                try reader.append(piece) { lines.append(String(decoding: $0, as: UTF8.self)) }
            }
        }
        try reader.finish()
        return lines
    }

    private let lines = (0..<20_000).map { "{\"id\":\"\($0 * 7919 % 100_003)@x.fr\",\"n\":\($0)}" } + ["", "last"]

    @Test(arguments: [1000, 4096, 1 << 20]) func linesComeOutAsTheyWentIn(size: Int) throws {
        #expect(try read(try compressed(lines), by: size) == lines)
    }

    @Test func cutAnywhereOrByByte() throws {
        let few = try compressed(Array(lines.prefix(20)))
        #expect(try read(few, by: 1) == Array(lines.prefix(20)))
        for count in 0..<few.count {
            #expect(throws: CompressedLines.Damage.self) { try read(Array(few[..<count]), by: 64) }
        }
    }

    @Test func aByteThatIsAnotherOne() throws {
        let few = try compressed(Array(lines.prefix(20)))
        for place in few.indices {
            var damaged = few
            damaged[place] ^= 0x10
            // Only what says how large the decoder's window is may be another without the content being another.
            guard let found = try? read(damaged, by: 64) else { continue }
            #expect(found == Array(lines.prefix(20)))
        }
    }
}
