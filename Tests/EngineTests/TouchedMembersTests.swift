// Goal: a member is noted once in a commit, as it was when it was first touched, for the reason of the last touch. Method: random touches
// against an array; hashes of attributes that look alike.
import Testing

@testable import Engine

@Suite struct TouchedMembersTests {
    @Test func theFirstTouchIsKeptAndTheLastCause() {
        var random = RandomNumbers(seed: 29)
        var touched = TouchedMembers()
        for _ in 0..<20 {
            var model: [(owner: UInt32, member: TouchedMember)] = []
            for number in 0..<random.pick([1, 800]) {
                // The numbers of saves, and those of audiences that merge.
                let owner = UInt32(random.number(0...3)) | (random.chance(30) ? 1 << 31 : 0)
                let member = TouchedMember(
                    save: random.any(0...3), identity: random.any(0...random.pick([9, 1_000_000])), rows: Int32(number),
                    attributes: AttributesHash(of: [UInt8(number % 7)]), cause: random.pick([Cause.change, .time]))
                let place = model.firstIndex { $0.owner == owner && $0.member.identity == member.identity }
                #expect(touched.find(owner, member.identity, member.cause) == place)
                if let place {
                    model[place].member.cause = member.cause
                } else {
                    touched.add(member, owner)
                    model.append((owner, member))
                }
            }
            #expect(touched.count == model.count)
            for (place, (_, member)) in model.enumerated() where place < touched.count {
                let found = touched[place]
                #expect(found.save == member.save && found.identity == member.identity && found.rows == member.rows)
                #expect(found.attributes == member.attributes && found.cause == member.cause)
            }
            touched.removeAll()
            #expect(touched.count == 0)
            if let first = model.first { #expect(touched.find(first.owner, first.member.identity, .change) == nil) }
        }
    }

    @Test func attributesThatDifferHaveOtherHashes() {
        let texts =
            ["", "{}", "{ }", #"{"a":1}"#, #"{"a":2}"#, #"{"b":1}"#, #"{"a":1,"b":1}"#, "\u{0}", "\u{0}\u{0}"]
            + (0..<300).map { String(repeating: "x", count: $0) + "y" }
        let hashes = texts.map { AttributesHash(of: Array($0.utf8)) }
        for (place, hash) in hashes.enumerated() {
            #expect(hashes.firstIndex(of: hash) == place)
            #expect(AttributesHash(of: Array(texts[place].utf8)) == hash)
        }
    }
}
