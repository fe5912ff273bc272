// Goal: audiences are found by their ids and numbered as they come, and a difference says them in the order of ids by bytes. Method: random
// ids against a sorted array.
import Campaigns
import Testing

@testable import Engine

@Suite struct AudiencesTests {
    private static func save(_ audience: String, label: String = "") -> SaveAudience {
        SaveAudience(
            id: "save", position: 0, from: Transition(activity: "build"), audience: audience, label: label,
            identity: .literal(.string("")), namespace: "Email", attributes: [])
    }

    @Test func anAudienceIsFoundByWhatDefinitionsCallIt() {
        var audiences = Audiences()
        #expect(audiences.count == 0 && audiences.find("a") == nil)
        let first = audiences.number(of: Self.save("b", label: "first"))
        let second = audiences.number(of: Self.save("a"))
        #expect(audiences.number(of: Self.save("b", label: "second")) == first && audiences.count == 2)
        #expect(audiences.find("b") == first && audiences.find("a") == second && audiences.find("c") == nil)
        audiences[first].size = 5
        #expect(audiences[first].size == 5 && audiences[second].size == 0)
        #expect(audiences[first].label == "first" && audiences[first].id == "b" && audiences[first].isRetired)
        #expect(audiences.nextValidityEdge == .max)
    }

    @Test func theOrderIsThatOfBytes() {
        var random = RandomNumbers(seed: 30)
        let letters = ["a", "b", "A", "Z", "_", "-", "0", "10"]
        var audiences = Audiences()
        var ids: [String] = []
        for _ in 0..<300 {
            let id = (0..<random.number(1...3)).map { _ in random.pick(letters) }.joined()
            if let known = ids.firstIndex(of: id) {
                #expect(audiences.number(of: Self.save(id)) == known)
            } else {
                #expect(audiences.number(of: Self.save(id)) == ids.count)
                ids.append(id)
            }
        }
        #expect(ids.count > 100)
        for (number, id) in ids.enumerated() { #expect(audiences[number].id == id) }
        let difference = Difference()
        for count in [0, 1, 2, 50, ids.count] {
            difference.removeAll()
            let changed = random.shuffled(Array(ids.indices)).prefix(count)
            for audience in changed {
                difference.updates.append(Difference.Update(audience: audience))
                difference.retired.append(audience)
            }
            for audience in random.shuffled(Array(changed)) {
                for identity in ["2", "1"] {
                    Array(identity.utf8).withUnsafeBytes {
                        difference.append(
                            audience: audience, namespace: difference.namespace("Email"), status: .realized, cause: .change, rows: 1,
                            identity: $0, attributes: $0)
                    }
                }
            }
            difference.sort(audiences)
            let sorted = changed.map { ids[$0] }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(difference.updates.map { ids[$0.audience] } == sorted)
            #expect(difference.retired.map { ids[$0] } == sorted)
            let members = difference.members.map { member in
                ids[member.audience] + difference.withTexts(of: member) { identity, _ in String(decoding: identity, as: UTF8.self) }
            }
            #expect(members == sorted.flatMap { [$0 + "1", $0 + "2"] })
        }
    }
}
