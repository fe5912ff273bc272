// The access rules that hold now: tokens may be replaced while the server runs.
import Synchronization

/// Requests read it on the server's thread; whoever reads the tokens anew replaces it.
final class CurrentAccess: Sendable {
    private let value: Mutex<Access>

    init(_ access: Access) { value = Mutex(access) }

    var now: Access { value.withLock { $0 } }

    func replace(tokens: [Token]) { value.withLock { $0.tokens = tokens } }
}
