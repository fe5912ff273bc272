// Goal: what a service manager hears (sd_notify(3)). Method: a datagram socket as it would open one.

import Glibc
import Testing

@testable import Daemon

/// A Unix datagram socket that is bound and read.
final class DatagramSocket {
    let path: String
    private let descriptor: Int32

    /// An absolute path or, with @, an abstract name.
    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + name.count)
        let code = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) } }
        try #require(code == 0, "\(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// What has come so far, a text for each datagram.
    func readAll() -> [String] {
        var states: [String] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return states }
            states.append(String(decoding: bytes[..<count], as: UTF8.self))
        }
    }
}

@Suite(.quiet) struct ServiceManagerTests {
    private let folder = TemporaryFolder()

    @Test func oneLife() throws {
        let socket = try DatagramSocket("\(folder.path)/notify")
        let manager = ServiceManager(socket: socket.path)
        manager.progress("reading")
        // The second within the pause is kept back.
        manager.progress("reading on")
        manager.ready("at commit 7")
        manager.stopping()
        #expect(
            socket.readAll() == [
                "STATUS=reading\nEXTEND_TIMEOUT_USEC=60000000", "READY=1\nSTATUS=at commit 7",
                "STOPPING=1\nSTATUS=finishing the commit under way",
            ])
    }

    /// What is done lies between two datagrams, the first with the instant of the monotonic clock that systemd asks for.
    @Test func reloading() throws {
        let socket = try DatagramSocket("\(folder.path)/notify")
        let manager = ServiceManager(socket: socket.path)
        var heard: [String] = []
        manager.reloading { heard = socket.readAll() }
        #expect(heard + socket.readAll() == [], "it is not ready, and must not say so")
        manager.ready("at commit 7")
        let before = monotonicNanoseconds() / 1000
        manager.reloading { heard = socket.readAll() }
        let words = try #require(heard.last).split(separator: "\n")
        let instant = try #require(words.last.flatMap { UInt64($0.dropFirst("MONOTONIC_USEC=".count)) })
        #expect(words.first == "RELOADING=1" && words.count == 2 && (before...monotonicNanoseconds() / 1000).contains(instant))
        #expect(socket.readAll() == ["READY=1"])
    }

    /// The sentence is that of readiness; what is being done comes behind it while all is well.
    @Test func theStatusIsHowItIs() throws {
        let socket = try DatagramSocket("\(folder.path)/notify")
        let health = Health(reach: BrokerReach())
        let manager = ServiceManager(socket: socket.path, watchdogMicroseconds: "0", health: health)
        health.lives(at: 7)
        manager.ready("following the inputs")
        health.clockStands(off: 600_000)
        manager.progress("following the inputs")
        manager.stopping()
        let words = socket.readAll().map { $0.split(separator: "\n").first { $0.hasPrefix("STATUS=") } }
        #expect(
            words == [
                "STATUS=ready at commit 7; following the inputs",
                "STATUS=not ready: clock-stepped: the wall clock stepped by 600.0 s and is not followed",
                "STATUS=not ready: stopping: finishing the commit under way",
            ])
    }

    @Test func theWatchdogHearsOfProgress() throws {
        let socket = try DatagramSocket("@audienced-test-\(getpid())")
        func states(_ microseconds: String, _ process: String?) -> [String] {
            let manager = ServiceManager(socket: socket.path, watchdogMicroseconds: microseconds, watchdogProcess: process)
            manager.ready("r")
            manager.progress("p")
            // Half of the watchdog's time is over at once.
            manager.progress("q")
            return socket.readAll()
        }
        #expect(states("0", nil) == ["READY=1\nSTATUS=r", "STATUS=p\nWATCHDOG=1", "STATUS=q\nWATCHDOG=1"])
        #expect(states("60000000", String(getpid())) == ["READY=1\nSTATUS=r", "STATUS=p\nWATCHDOG=1"])
        // The watchdog of another process.
        #expect(states("0", "1") == ["READY=1\nSTATUS=r", "STATUS=p"])
    }

    /// Nobody there, no name, a name that is too long, a name of nothing: commits go on.
    @Test func withoutAServiceManager() {
        for path in [nil, "", "/nowhere/notify", String(repeating: "x", count: 200)] {
            let manager = ServiceManager(socket: path)
            manager.progress("p")
            manager.ready("r")
            manager.stopping()
        }
    }
}
