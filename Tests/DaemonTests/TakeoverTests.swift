// Goal: who took over is in the journal, and a process that was overtaken notices (Takeover.swift). Method: the record's bytes, and the
// looks of one process at journals that others wrote to.

import Campaigns
import Testing

@testable import Daemon

@Suite struct TakeoverTests {
    @Test func theBytesOfARecord() throws {
        let takeover = Takeover(by: "host/1/2")
        let text = String(decoding: takeover.encoded, as: UTF8.self)
        #expect(text == #"{"format":2,"takeover":{"instance":"host/1/2"}}"#)
        #expect(Takeover(json(text)) == takeover)
        let named = Takeover(by: "host/1/2", with: "audienced 0.1.0")
        let more = String(decoding: named.encoded, as: UTF8.self)
        #expect(more == #"{"format":2,"takeover":{"instance":"host/1/2","program":"audienced 0.1.0"}}"#)
        #expect(Takeover(json(more)) == named)
        // Neither is taken for the other.
        #expect(JournalRecord(json(text)) == nil)
        #expect(takeover.encoded.withUnsafeBytes { JournalRecord(bytes: $0) } == nil)
        let commit = #"{"format":2,"sequence":1,"clock":0,"control":null,"changes":[],"semantics":1,"timezones":"","mapping":""}"#
        #expect(JournalRecord(json(commit)) != nil && Takeover(json(commit)) == nil)
        for wrong in [
            #"{"takeover":{"instance":"a"}}"#, #"{"format":3,"takeover":{"instance":"a"}}"#, #"{"format":2,"takeover":{}}"#, "[]",
        ] {
            #expect(Takeover(json(wrong)) == nil)
        }
    }

    /// Whether a process that saw the first takeover when it took over is overtaken by the second; of each the instance and offset.
    private func isOvertaken(_ first: (String, Int64)?, _ second: (String, Int64)?) throws -> Bool {
        var instance = Instance(name: "me")
        func last(_ seen: (String, Int64)?) -> (Takeover, Int64)? { seen.map { (Takeover(by: $0.0), $0.1) } }
        try instance.takeOver(after: last(first))
        do throws(DaemonFailure) {
            try instance.look(at: last(second))
            return false
        } catch {
            #expect(error.kind == .successor && error.cause.contains(second!.0))
            return true
        }
    }

    @Test func onlyALaterTakeoverOfAnotherIsASuccessor() throws {
        #expect(try !isOvertaken(nil, nil))
        #expect(try isOvertaken(nil, ("you", 0)))
        #expect(try !isOvertaken(nil, ("me", 0)))
        #expect(try !isOvertaken(("you", 7), ("you", 7)))
        #expect(try !isOvertaken(("you", 7), ("me", 9)))
        #expect(try isOvertaken(("you", 7), ("you", 9)))
        #expect(try isOvertaken(("you", 7), ("another", 8)))
        #expect(try isOvertaken(("me", 7), ("another", 9)))
    }

    /// A predecessor was killed when its takeover was committed and its end not yet written: others see it only once they fence.
    @Test func aPredecessorsTakeoverMayBeSeenLate() throws {
        var instance = Instance(name: "me")
        try instance.look(at: nil)
        try instance.look(at: (Takeover(by: "you"), 7))
        try instance.takeOver(after: (Takeover(by: "you"), 7))
        try instance.look(at: (Takeover(by: "you"), 7))
        #expect(throws: DaemonFailure.self) { try instance.look(at: (Takeover(by: "you"), 8)) }
    }

    @Test func eachProcessHasAName() {
        let name = Instance().name
        #expect(name.split(separator: "/").count == 3 && !name.hasPrefix("/"))
    }
}
