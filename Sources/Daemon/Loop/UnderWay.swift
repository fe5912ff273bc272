// What the daemon is doing that may last, in words: what a stop that cannot wait for it names as given up.
import Synchronization

enum UnderWay {
    private static let text = Mutex("the start")

    /// What is being done now.
    static var current: String { text.withLock { $0 } }

    static func begin(_ what: String) { text.withLock { $0 = what } }

    /// Nothing that could last is being done.
    static func end() { begin("nothing") }
}
