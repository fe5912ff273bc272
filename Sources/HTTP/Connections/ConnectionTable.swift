// What every open connection waits for, and until when. The library counts how long a connection stands still, which a client that sends a
// byte now and then never does; and it forgets connections that wait for our answer. So we keep the time ourselves.
internal import CMicrohttpd
import Glibc
import Synchronization

/// All open connections by their descriptors. Its lock is held for moments, and nothing of the library is called under it.
final class ConnectionTable: Sendable {
    enum Phase: Sendable {
        /// A head has to come.
        case head
        /// The rest of a body has to come.
        case body
        /// A handler has to answer.
        case answer
        /// An answer goes out.
        case sending
        /// Events go out as they come.
        case stream
    }

    private struct Entry {
        var phase: Phase
        var deadline: ContinuousClock.Instant
        var exchange: Exchange?
    }

    /// What is to be told to exchanges, without the lock.
    struct Findings {
        var late: [Exchange] = []
        var gone: [Exchange] = []
        var streams: [Exchange] = []
    }

    private let bounds: ServerBounds
    private let entries = Mutex<[Int32: Entry]>([:])

    init(_ bounds: ServerBounds) {
        self.bounds = bounds
    }

    func opened(_ descriptor: Int32) {
        entries.withLock { $0[descriptor] = Entry(phase: .head, deadline: .now + bounds.head, exchange: nil) }
    }

    /// The first line of a head is there: the rest has to follow, also on a connection that was kept.
    func began(_ descriptor: Int32) {
        entries.withLock { entries in
            if let entry = entries[descriptor] { entries[descriptor]?.deadline = min(entry.deadline, .now + bounds.head) }
        }
    }

    /// Called before the descriptor is closed, so nobody shuts down another connection of the same number.
    func closed(_ descriptor: Int32) {
        entries.withLock { $0[descriptor] = nil }
    }

    func enter(_ phase: Phase, _ exchange: Exchange) {
        let time: Duration =
            switch phase {
            case .head: bounds.head
            case .body: bounds.body
            case .answer: bounds.answer
            case .sending, .stream: bounds.sending
            }
        entries.withLock { $0[exchange.descriptor] = Entry(phase: phase, deadline: .now + time, exchange: exchange) }
    }

    /// The connection may stand still for a while, then a head has to come; the library ends one that stands still for longer.
    func completed(_ descriptor: Int32) {
        entries.withLock {
            if $0[descriptor] != nil { $0[descriptor] = Entry(phase: .head, deadline: .now + bounds.idle + bounds.head, exchange: nil) }
        }
    }

    /// The exchanges that are under way.
    var exchanges: [Exchange] { entries.withLock { $0.values.compactMap(\.exchange) } }
    var isEmpty: Bool { entries.withLock(\.isEmpty) }

    /// Ends what took too long to come, and finds what is to be told. The library sees a socket that was shut down, and closes it.
    func sweep() -> Findings {
        let now = ContinuousClock.now
        return entries.withLock { entries in
            var findings = Findings()
            var watched: [pollfd] = []
            for (descriptor, entry) in entries {
                if entry.phase == .answer || entry.phase == .stream {
                    watched.append(pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: Self.hungUp), revents: 0))
                }
                if entry.phase == .stream, let exchange = entry.exchange { findings.streams.append(exchange) }
                guard entry.deadline <= now else { continue }
                switch entry.phase {
                case .answer, .stream: if let exchange = entry.exchange { findings.late.append(exchange) }
                case .body:
                    Self.tellSlowBody(descriptor)
                    shutdown(descriptor, Int32(SHUT_RDWR))
                case .head, .sending: shutdown(descriptor, Int32(SHUT_RDWR))
                }
            }
            if !watched.isEmpty, poll(&watched, nfds_t(watched.count), 0) > 0 {
                for found in watched where found.revents != 0 {
                    if let exchange = entries[found.fd]?.exchange { findings.gone.append(exchange) }
                }
            }
            return findings
        }
    }

    /// Of Linux; `POLLRDHUP` is hidden behind a feature macro.
    private static let hungUp: Int32 = 0x2000

    /// In the middle of a body the library takes no answer, and sends nothing itself.
    private static func tellSlowBody(_ descriptor: Int32) {
        var text = JSONBytes.of(ProblemDocument(.bodyTooSlow, "the body was not there in time").json)
        let head = [
            "HTTP/1.1 408 Request Timeout", "Content-Type: \(MediaType.problem)", "Content-Length: \(text.count)",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff", "Connection: close", "", "",
        ]
        text.insert(contentsOf: Array(head.joined(separator: "\r\n").utf8), at: 0)
        _ = send(descriptor, text, text.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
}
