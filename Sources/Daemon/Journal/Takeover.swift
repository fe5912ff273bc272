// Who writes the journal: each process that takes a deployment over says so in the journal, before its first commit. So one that was paused
// and wakes after a successor is ready finds that successor's record behind its own, and ends instead of taking the deployment back.
//
// A takeover is a record of the journal besides those of commits (JournalRecord.swift), in a transaction of its own, with the key
// "takeover":
//   format     2
//   takeover   {"instance": the process that took over: host, process id and the instant it began, milliseconds since the Unix epoch}
// It has no sequence: it is no commit, and no replay repeats it.
import Campaigns
import Glibc

/// One record of a takeover.
struct Takeover: Equatable {
    static let key = "takeover"

    var instance: String

    init(by instance: String) {
        self.instance = instance
    }

    /// The record's bytes.
    var encoded: [UInt8] {
        var text = JSONText()
        text.append(
            .object([
                JSON.Member("format", .integer(2)), JSON.Member("takeover", .object([JSON.Member("instance", .string(instance))])),
            ]))
        return text.bytes
    }

    /// Reads a record; nil when it is none.
    init?(_ tree: JSON) {
        guard tree["format"] == .integer(2), case .string(let instance)? = tree["takeover"]?["instance"] else { return nil }
        self.instance = instance
    }
}

/// This process among all that ever wrote the journal.
struct Instance {
    let name: String
    /// The offset of the last takeover that this process has seen when it last was, or was about to become, the writer: a later one of
    /// another process is a successor. nil until the journal was read.
    private var lastSeen: Int64?

    init(name: String) {
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
