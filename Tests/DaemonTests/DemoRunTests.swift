// Goal: `audienced demo` as a person starts it, in a pipe and on a terminal, and what it tells a service manager. Method: the program that
// was built beside the tests, its output in a file or a pseudo-terminal, a datagram socket that is read.

import Glibc
import Testing

@testable import Daemon

@Suite(.serialized, .waiting, .quiet) struct DemoRunTests {
    private let folder = TemporaryFolder()

    @Test(.enabled(if: getenv("AUDIENCED_TEST_DEMO") != nil, "it takes its half a minute; .ci/run sets AUDIENCED_TEST_DEMO"))
    func theWholeStoryInLines() throws {
        let socket = try DatagramSocket("\(folder.path)/notify")
        let path = "\(folder.path)/out"
        let output = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(output) }
        let process = ProgramProcess(["demo"], output: output, environment: ["NOTIFY_SOCKET": socket.path, "TERM": "xterm"])
        #expect(process.end() == 0)

        let text = try folder.read("out")
        #expect(!text.contains("\u{1b}"), "no control sequences where no terminal is")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[1] == DemoState.honesty)
        for part in [
            "customers enter recent-buyers, because the campaign was published",
            "+ ada@example.com enters recent-buyers, because a row changed",
            "- ben@example.com leaves recent-buyers, because time passed",
            "customers enter big-spenders, because the campaign was published",
            "- dan@example.com leaves big-spenders, because a row changed", "- dan@example.com leaves recent-buyers, because a row changed",
            "customers enter gift, because the campaign was published", "customers enter gift-holdout, because the campaign was published",
            "customers enter gift-france, because the campaign was published",
            "- eve@example.com leaves gift, because a row changed", "+ fay@example.com enters gift, because a row changed",
            "- eve@example.com leaves gift-france, because another audience changed",
            "+ fay@example.com enters gift-france, because another audience changed",
            "x the campaign sleepers is refused:", "hint: did you mean purchases?", "hint: did you mean email?", "audienced run --config",
        ] {
            #expect(lines.contains { $0.contains(part) }, "\(part)")
        }

        // Who entered less who left is who is in: the two output topics agree.
        var sizes: [String: Int] = [:]
        for line in lines {
            guard let match = line.firstMatch(of: /([+-]) (?:(\d+) customers|\S+) (?:enters?|leaves?) ([a-z-]+), because/) else { continue }
            sizes[String(match.3), default: 0] += (match.2.flatMap { Int($0) } ?? 1) * (match.1 == "+" ? 1 : -1)
        }
        let told = try #require(lines.last { $0.contains("members now: ") })
        let audiences = ["recent-buyers", "big-spenders", "gift", "gift-holdout", "gift-france", "buying-now"]
        #expect(told.hasSuffix(audiences.map { "\($0) \(sizes[$0] ?? -1)" }.joined(separator: ", ")))

        let states = socket.readAll()
        // Its status is the sentence of readiness.
        #expect(states.filter { $0.hasPrefix("READY=1") }.count == 1)
        #expect(states.contains { $0.hasPrefix("READY=1\nSTATUS=ready at commit ") }, "\(states.filter { $0.hasPrefix("READY=1") })")
    }

    @Test func aTerminalIsGivenBackAfterControlC() throws {
        let (master, slave) = try pseudoTerminal()
        defer { close(master) }
        let process = ProgramProcess(["demo"], output: slave, environment: ["TERM": "xterm"])
        close(slave)
        var shown = readUntil("Half a minute", from: master)
        kill(process.number, SIGINT)
        shown += readUntil(nil, from: master)
        #expect(process.end() == 0)
        let (enter, leave) = ("\u{1b}[?1049h\u{1b}[?25l", "\u{1b}[?25h\u{1b}[?1049l")
        #expect(shown.hasPrefix(enter) && shown.components(of: enter) == 1 && shown.components(of: leave) == 1)
        #expect(shown.contains("Stopped after"))
        #expect(shown.firstRange(of: leave)!.upperBound <= shown.firstRange(of: "Stopped after")!.lowerBound)
    }

    private func pseudoTerminal() throws -> (master: Int32, slave: Int32) {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (Int32, Int32) = (0, 0)
        let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK and TIOCGPTN, macros that Swift does not see
        #expect(master >= 0 && ioctl(master, setLock, &lock) == 0 && ioctl(master, getNumber, &number) == 0)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        return (master, slave)
    }

    /// Reads until a text has come or, without one, to the end.
    private func readUntil(_ text: String?, from descriptor: Int32) -> String {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            // The master of a pseudo-terminal that nobody has open reads as an error.
            if count <= 0 { break }
            all += chunk[..<count]
            if let text, String(decoding: all, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: all, as: UTF8.self)
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
