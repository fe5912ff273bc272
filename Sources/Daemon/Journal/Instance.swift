// Who writes the journal: a process tells by its name, and by the last takeover it has seen, whether another is its successor.
import Glibc

/// This process among all that ever wrote the journal.
package struct Instance {
    package let name: String
    /// The offset of the last takeover that this process has seen when it last was, or was about to become, the writer: a later one of
    /// another process is a successor. nil until the journal was read.
    private var lastSeen: Int64?

    package init(name: String) {
        self.name = name
    }

    /// Named after host, process and the instant it began.
    init() {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.init(name: "\(text)/\(getpid())/\(wallMilliseconds())")
    }

    /// Looks at the takeovers of the journal read so far. Throws when a successor is among them. The first look takes what it finds for
    /// predecessors.
    mutating func look(at last: (takeover: Takeover, offset: Int64)?) throws(DaemonFailure) {
        let lastSeen = lastSeen ?? .max
        if let last, last.offset > lastSeen, last.takeover.instance != name {
            throw DaemonFailure(
                .successor, "fenced: \(last.takeover.instance) has taken over this group; this process wrote nothing after that")
        }
        self.lastSeen = last?.offset ?? -1
    }
}
