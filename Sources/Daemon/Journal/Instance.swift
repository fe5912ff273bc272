// Who writes the journal: a process tells by its name, and by the last takeover it has seen, whether another is its successor.
import Glibc

/// This process among all that ever wrote the journal.
package struct Instance {
    package let name: String
    /// The offset of the last takeover that this process has seen once it had fenced all others: a later one of another process is a
    /// successor. nil until then: a predecessor's takeover may become visible at any time before.
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

    /// Looks at the takeovers of the journal read so far. Throws when a successor is among them.
    func look(at last: (takeover: Takeover, offset: Int64)?) throws(DaemonFailure) {
        if let last, last.offset > lastSeen ?? .max, last.takeover.instance != name {
            throw DaemonFailure(
                .successor, "fenced: \(last.takeover.instance) has taken over this group; this process wrote nothing after that")
        }
    }

    /// Looks once more, at the whole journal, when this process has fenced all others: what it finds now are predecessors.
    mutating func takeOver(after last: (takeover: Takeover, offset: Int64)?) throws(DaemonFailure) {
        try look(at: last)
        lastSeen = last?.offset ?? -1
    }
}
