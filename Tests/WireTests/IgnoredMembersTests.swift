// Goal: "ignored members are counted by table and name" (contract §2), within bounds, and each name asks for new definitions once.
// Method: records in batches, as the loop decodes them; the counts.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct IgnoredMembersTests {
    private let decoder = ChangeDecoder()
    private let batch = ChangeBatch()

    init() {
        decoder.publish(Schema("t", [Field(name: "id", type: .string)]), table: 0)
        decoder.publish(Schema("u", [Field(name: "id", type: .string)]), table: 1)
    }

    private func read(_ members: String, table: String = "t") {
        #expect(decoder.reason(#"{"id":"a",\#(members)}"#, mapped: table, into: batch) == nil)
    }

    private func member(_ table: String, _ name: String?, _ count: Int) -> IgnoredMember {
        IgnoredMember(table: table, name: name, count: count)
    }

    @Test func byTableAndName() {
        read(#""x":1,"y":{"x":2}"#)
        read(#""y":1,"x":1,"x":2"#)
        read(#""x":1"#, table: "u")
        #expect(decoder.ignoredMembers == [member("t", "x", 3), member("t", "y", 2), member("u", "x", 1)])
        #expect(decoder.ignoredMemberCount == 6)
    }

    @Test func namesAreBounded() {
        let long = String(repeating: "n", count: Limits.identifierCharacters + 1)
        for number in 0..<150 { read(#""m\#(number)":1,"\#(long)":2"#) }
        read(#""m0":1,"m149":1"#)
        #expect(decoder.ignoredMembers.count == 101)
        #expect(decoder.ignoredMembers.first == member("t", "m0", 2) && decoder.ignoredMembers.last == member("t", nil, 201))
    }

    @Test func eachNameAsksForNewDefinitionsOnce() {
        func asks(_ members: String) -> Bool {
            decoder.beginBatch()
            read(members)
            return decoder.sawUnknown
        }
        #expect(asks(#""x":1"#) && !asks(#""x":1"#) && asks(#""x":1,"y":1"#) && !asks(#""y":1"#))
        decoder.expectNewDefinitions()
        #expect(asks(#""x":1"#) && asks(#""y":1"#) && !asks(#""x":1,"y":1"#))
        // No schema can know a name that is no identifier's length; names beyond the bound may be new each time.
        #expect(!asks(#""\#(String(repeating: "n", count: 200))":1"#))
        for number in 0..<100 { _ = asks(#""m\#(number)":1"#) }
        #expect(asks(#""beyond":1"#) && asks(#""beyond":1"#))
        decoder.beginBatch()
        #expect(decoder.reason(#"{"table":"none","op":"u","row":{}}"#, into: batch) != nil && decoder.sawUnknown)
        decoder.beginBatch()
        #expect(decoder.reason(#"{"table":"none","op":"u","row":{}}"#, into: batch) != nil && decoder.sawUnknown)
    }

    @Test func aBatchThatIsDecodedAgainCountsOnce() {
        func decode(again: Bool) {
            decoder.beginBatch(again: again)
            read(#""x":1"#)
            #expect(decoder.reason(#"{"op":"m","source":{}}"#, into: batch) == nil)
            #expect(decoder.reason(nil, into: batch) == nil)
        }
        decode(again: false)
        decode(again: true)
        #expect(decoder.ignoredMembers == [member("t", "x", 1)] && decoder.ignored(.message) == 1 && decoder.ignored(.tombstone) == 1)
        decode(again: false)
        #expect(decoder.ignoredMembers == [member("t", "x", 2)] && decoder.ignored(.message) == 2 && decoder.ignored(.tombstone) == 2)
        // The schema learns the name in between: it was never ignored.
        decoder.beginBatch()
        read(#""z":1"#)
        decoder.publish(Schema("t", [Field(name: "id", type: .string), Field(name: "z", type: .integer)]), table: 0)
        decoder.beginBatch(again: true)
        read(#""z":1"#)
        #expect(decoder.ignoredMembers == [member("t", "x", 2)])
    }
}
