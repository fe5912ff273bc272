// Who writes the journal: each process that takes a deployment over says so in the journal, before its first commit. So one that was paused
// and wakes after a successor is ready finds that successor's record behind its own, and ends instead of taking the deployment back.
//
// A takeover is a record of the journal besides those of commits (JournalRecord.swift), in a transaction of its own, with the key
// "takeover":
//   format     2
//   takeover   {"instance": the process that took over: host, process id and the instant it began, milliseconds since the Unix epoch,
//               "program": what it runs, for people: where a release does not know the commits behind it, it names who wrote them}
// It has no sequence: it is no commit, and no replay repeats it.
import Campaigns

/// One record of a takeover.
package struct Takeover: Equatable {
    package static let key = "takeover"

    package var instance: String
    /// nil where one wrote it that did not say so yet.
    package var program: String?

    init(by instance: String, with program: String? = nil) {
        self.instance = instance
        self.program = program
    }

    /// The record's bytes.
    package var encoded: [UInt8] {
        var members = [JSON.Member("instance", .string(instance))]
        if let program { members.append(JSON.Member("program", .string(program))) }
        var text = JSONText()
        text.append(.object([JSON.Member("format", .integer(2)), JSON.Member("takeover", .object(members))]))
        return text.bytes
    }

    /// Reads a record; nil when it is none.
    init?(_ tree: JSON) {
        guard tree["format"] == .integer(2), case .string(let instance)? = tree["takeover"]?["instance"] else { return nil }
        self.instance = instance
        if case .string(let program)? = tree["takeover"]?["program"] { self.program = program }
    }
}
