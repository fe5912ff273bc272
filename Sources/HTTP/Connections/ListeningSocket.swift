// Opens the socket that the server listens on, and takes away a socket file that nobody listens on any more.
import Glibc

/// An open socket with its address. `close()` belongs to it, unless somebody else has closed the descriptor: then `removeFile()`.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let address: BoundAddress
    /// Which file our socket is: another one at its path is another server's.
    private let file: (path: String, device: UInt, inode: UInt)?

    private static let backlog: Int32 = 511
    private static let fileMode: mode_t = 0o660
    /// A machine that vanished acknowledges nothing: its connection ends this long after a heartbeat was sent to it.
    static let unacknowledgedMilliseconds: Int32 = 30_000
    /// Of Linux.
    static let userTimeoutOption: Int32 = 18

    static func open(_ listen: Listen) throws(ServerError) -> ListeningSocket {
        switch listen {
        case .tcp(let host, let port): try openTCP(host, port, shown: listen.description)
        case .unix(let path): try openUnix(path, shown: listen.description)
        }
    }

    /// Removes the socket file if it is still ours.
    func removeFile() {
        guard let file else { return }
        var status = stat()
        if lstat(file.path, &status) == 0, status.st_dev == file.device, status.st_ino == file.inode { unlink(file.path) }
    }

    func close() {
        Glibc.close(descriptor)
        removeFile()
    }

    private static func failure(_ shown: String) -> ServerError {
        errno == EADDRINUSE ? .addressInUse(address: shown) : .cannotListen(address: shown, cause: String(cString: strerror(errno)))
    }

    private static func openTCP(_ host: String, _ port: UInt16, shown: String) throws(ServerError) -> ListeningSocket {
        let addresses: SocketAddresses
        switch SocketAddresses.find(host: host, port: port, toListen: true) {
        case .success(let found): addresses = found
        case .failure(let cause): throw .cannotListen(address: shown, cause: cause.text)
        }
        guard let first = addresses.all.first else { throw .cannotListen(address: shown, cause: "the name has no address") }
        let descriptor = socket(first.family, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw failure(shown) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        // What is accepted inherits it.
        var timeout = unacknowledgedMilliseconds
        setsockopt(descriptor, Int32(IPPROTO_TCP), userTimeoutOption, &timeout, socklen_t(MemoryLayout<Int32>.size))
        guard first.withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0,
            let bound = SocketAddress.local(of: descriptor)
        else {
            let error = failure(shown)
            Glibc.close(descriptor)
            throw error
        }
        let kind = BoundAddress.Kind.tcp(host: bound.host, port: bound.port, isAny: bound.isAny)
        let address = BoundAddress(kind: kind, givenHost: host, isLocal: bound.isLoopback)
        return ListeningSocket(descriptor: descriptor, address: address, file: nil)
    }

    private static func openUnix(_ path: String, shown: String) throws(ServerError) -> ListeningSocket {
        guard let address = SocketAddress(path: path) else {
            throw .cannotListen(address: shown, cause: "the path is empty or longer than 107 bytes")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw failure(shown) }
        do throws(ServerError) {
            try removeStale(path, address, shown: shown)
            // Nobody can connect before `listen`, so the mode is right before anybody comes.
            var status = stat()
            guard address.withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0, chmod(path, fileMode) == 0, lstat(path, &status) == 0,
                listen(descriptor, backlog) == 0
            else { throw failure(shown) }
            let bound = BoundAddress(kind: .unix(path: path), givenHost: nil, isLocal: true)
            return ListeningSocket(
                descriptor: descriptor, address: bound, file: (path, UInt(status.st_dev), UInt(status.st_ino)))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// A server that was killed leaves its file; one that answers is none of ours to remove.
    private static func removeStale(_ path: String, _ address: SocketAddress, shown: String) throws(ServerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .cannotListen(address: shown, cause: "a file is there that is no socket") }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard probe >= 0 else { throw failure(shown) }
        defer { Glibc.close(probe) }
        // Refused: nobody listens. Everything else, also a full backlog, is somebody.
        guard address.withPointer({ Glibc.connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED else { throw .addressInUse(address: shown) }
        guard unlink(path) == 0 else { throw failure(shown) }
    }
}
