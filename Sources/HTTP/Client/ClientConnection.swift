// One connection of a client: connects, writes and reads within a time, and closes itself.
import Glibc

final class ClientConnection {
    private let descriptor: Int32
    private let base: String
    private let milliseconds: Int32

    init(_ address: ClientAddress, base: String, timeout: Duration) throws(ClientError) {
        self.base = base
        let (seconds, attoseconds) = timeout.components
        milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        descriptor = try Self.connect(Self.addresses(of: address, base), base, milliseconds)
    }

    deinit { close(descriptor) }

    private static func addresses(of address: ClientAddress, _ base: String) throws(ClientError) -> [SocketAddress] {
        switch address {
        case .unix(let path):
            guard let found = SocketAddress(path: path) else { throw .malformedAddress(base) }
            return [found]
        case .tcp(let host, let port, _):
            switch SocketAddresses.find(host: host, port: port, toListen: false) {
            case .success(let found): return found.all
            case .failure(let cause): throw .noServer(address: base, cause: cause.text)
            }
        }
    }

    /// The first address that somebody listens on.
    private static func connect(_ addresses: [SocketAddress], _ base: String, _ milliseconds: Int32) throws(ClientError) -> Int32 {
        var cause = "the name has no address"
        for address in addresses {
            let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
            guard descriptor >= 0 else {
                cause = String(cString: strerror(errno))
                continue
            }
            var error: Int32 = address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 ? 0 : errno
            if error == EINPROGRESS {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                var length = socklen_t(MemoryLayout<Int32>.size)
                if poll(&wait, 1, milliseconds) > 0 {
                    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
                } else {
                    error = ETIMEDOUT
                }
            }
            if error == 0 { return descriptor }
            close(descriptor)
            cause = String(cString: strerror(error))
        }
        throw .noServer(address: base, cause: cause)
    }

    func write(_ bytes: [UInt8]) throws(ClientError) {
        var position = 0
        while position < bytes.count {
            let written = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + position }, bytes.count - position, Int32(MSG_NOSIGNAL))
            }
            if written > 0 {
                position += written
            } else if errno == EAGAIN {
                try wait(POLLOUT | POLLIN)
                // A server that refuses a long body answers before it has read it, and reads no more.
                if hasAnswer { return }
            } else if errno == EPIPE || errno == ECONNRESET {
                return
            } else if errno != EINTR {
                throw .brokenAnswer(address: base, cause: String(cString: strerror(errno)))
            }
        }
    }

    private var hasAnswer: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) > 0
    }

    /// Appends the next bytes; returns false at the end.
    func read(into bytes: inout [UInt8]) throws(ClientError) -> Bool {
        let room = 64 << 10
        while true {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: room))
            let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress.map { $0 + start }, room, 0) }
            let error = errno
            bytes.removeLast(room - max(0, count))
            if count > 0 { return true }
            if count == 0 { return false }
            switch error {
            case EAGAIN: try wait(POLLIN)
            case EINTR: continue
            default: throw .brokenAnswer(address: base, cause: String(cString: strerror(error)))
            }
        }
    }

    func broken(_ cause: String) -> ClientError { .brokenAnswer(address: base, cause: cause) }

    private func wait(_ events: Int32) throws(ClientError) {
        var wait = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        let count = poll(&wait, 1, milliseconds)
        if count == 0 { throw .timeout(address: base) }
    }
}
