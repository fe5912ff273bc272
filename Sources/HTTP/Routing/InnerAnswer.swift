// The answer to a question that a handler asks another handler.
import Synchronization

/// Takes one answer; what comes later is thrown away.
final class InnerAnswer: Sendable {
    private let taker: Mutex<(@Sendable (Response) -> Void)?>

    init(_ taker: @escaping @Sendable (Response) -> Void) {
        self.taker = Mutex(taker)
    }

    var isTaken: Bool { taker.withLock { $0 == nil } }

    func take(_ response: Response) {
        let taker = taker.withLock { taker in
            defer { taker = nil }
            return taker
        }
        if let taker { taker(response) } else { response.discard() }
    }
}
