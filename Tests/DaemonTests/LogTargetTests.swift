// Goal: who reads the log, or does not, holds nobody up; what was dropped is counted. Method: a pipe that is filled, then read.

import Glibc
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(1))) struct LogTargetTests {
    @Test func whatAFullPipeDoesNotTakeIsDroppedAndCounted() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let target = LogTarget(descriptor: ends[1]) { " warning log lines were dropped count=\($0)\n" }
        let line = String(repeating: "x", count: 999) + "\n"
        for _ in 0..<200 { target.write(line) }
        var read = [UInt8](repeating: 0, count: 1 << 20)
        let first = Glibc.read(ends[0], &read, read.count)
        // A pipe has 64 KiB.
        #expect(first >= 1000 && first <= 1 << 16)
        target.write("the end\n")
        let second = Glibc.read(ends[0], &read, read.count)
        let words = String(decoding: read[..<max(0, second)], as: UTF8.self)
        let whole = first / 1000
        #expect(words.hasSuffix(" warning log lines were dropped count=\(200 - whole)\nthe end\n"))
        close(ends[0])
        // Nobody is there any more: SIGPIPE is ignored by the program, and by this test.
        signal(SIGPIPE, SIG_IGN)
        target.write("to nobody\n")
        close(ends[1])
    }
}
