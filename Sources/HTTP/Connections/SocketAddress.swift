// Socket addresses: the one place that looks into the system's structures.
import Glibc

/// An address of a socket, of any family.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private var length: socklen_t

    /// Of a Unix socket; nil when the path does not fit.
    init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !path.isEmpty, path.utf8.count < capacity, !path.utf8.contains(0) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: &address) { target.copyMemory(from: $0) } }
    }

    fileprivate init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(self.length))
        withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: bytes) }
    }

    private init?(_ descriptor: Int32, _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var given = length
        let code = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask(descriptor, $0, &given) }
        }
        length = given
        if code != 0 { return nil }
    }

    /// Where a socket is bound.
    static func local(of descriptor: Int32) -> SocketAddress? { SocketAddress(descriptor, getsockname) }

    var family: Int32 { Int32(storage.ss_family) }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// The address in digits; an address of IPv4 within IPv6 is shown as that.
    var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
            guard let start = text.baseAddress,
                withPointer({ getnameinfo($0, $1, start, socklen_t(text.count), nil, 0, NI_NUMERICHOST) }) == 0
            else { return "" }
            let host = String(cString: start)
            return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
        }
    }

    var port: UInt16 {
        // At the same place in both families.
        withUnsafeBytes(of: storage) { bytes in UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }
    }

    /// `127.0.0.1:8080`, `[::1]:8080`
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var isLoopback: Bool { host == "::1" || family == AF_INET && host.hasPrefix("127.") }
    var isAny: Bool { host == "::" || host == "0.0.0.0" }

    /// Who is at the other end: `127.0.0.1:51234`, or the user of a Unix socket.
    static func peer(of descriptor: Int32) -> String {
        guard let address = SocketAddress(descriptor, getpeername) else { return "unknown" }
        guard address.family == AF_UNIX else { return address.text }
        // `struct ucred`, which Swift does not see: process, user and group.
        var credentials: (process: pid_t, user: uid_t, group: gid_t) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return "unix" }
        return "unix:uid=\(credentials.user)"
    }
}

/// The addresses of a name.
struct SocketAddresses {
    struct Failure: Error {
        let text: String
    }

    let all: [SocketAddress]

    static func find(host: String, port: UInt16, toListen: Bool) -> Result<SocketAddresses, Failure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (toListen ? AI_PASSIVE : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { return .failure(Failure(text: String(cString: gai_strerror(code)))) }
        defer { freeaddrinfo(list) }
        var all: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr { all.append(SocketAddress(address, entry.pointee.ai_addrlen)) }
            next = entry.pointee.ai_next
        }
        // IPv4 first: 127.0.0.1 is what people call localhost.
        return .success(SocketAddresses(all: all.filter { $0.family == AF_INET } + all.filter { $0.family != AF_INET }))
    }
}
