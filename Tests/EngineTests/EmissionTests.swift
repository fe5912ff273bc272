// Goal: what waits to be said is said in the order, and with the counts, that contract §4 has, and a member that changes meanwhile is said
// once. Method: audiences of a shop by hand, few events a commit; Simulation does the same beside every random history.
import Campaigns
import Testing

@testable import Engine

@Suite struct EmissionTests {
    private let shop = Shop()
    private let emission = Emission()

    /// What one more commit says: events, and updates with what is said and waits.
    private func say(limit: Int) -> [String] {
        emission.pass(shop.difference, of: shop.engine, limit: limit)
        defer { shop.difference.removeAll() }
        let events = shop.difference.members.map { member in
            let identity = shop.difference.withTexts(of: member) { identity, _ in String(decoding: identity, as: UTF8.self) }
            return "\(shop.engine.audience(member.audience).id) \(identity) \(member.status)"
        }
        let updates = shop.difference.updates.map { update in
            let state = shop.engine.audience(update.audience)
            return "\(state.id) \(state.size - update.membersWaiting)\(update.isComplete ? "" : " of \(state.size)")"
        }
        return events + updates + shop.difference.retired.map { "\(shop.engine.audience($0).id) retired" }
    }

    /// Customers 1 to 5 in `all`, and 1 in `first`, with those of `all` who are read by `behind`.
    private func publish() {
        for number in 1...5 { shop.customer(number, country: number == 1 ? "FR" : "DE") }
        shop.publish("all", [Shop.build(), Shop.save("build", as: "all")])
        shop.publish("first", [Shop.build(Shop.isFrench), Shop.save("build", as: "first")])
        shop.publish("behind", [Shop.read("all", as: "read"), Shop.save("read", as: "behind")])
        shop.commit()
    }

    @Test func littleFirstThenMuchThenWhatReadsIt() {
        publish()
        #expect(say(limit: 3) == ["all 1@x.fr realized", "all 2@x.fr realized", "first 1@x.fr realized", "all 2 of 5", "first 1"])
        #expect(emission.isWaiting)
        #expect(say(limit: 3) == ["all 3@x.fr realized", "all 4@x.fr realized", "all 5@x.fr realized", "all 5"])
        #expect(say(limit: 3) == ["behind 1@x.fr realized", "behind 2@x.fr realized", "behind 3@x.fr realized", "behind 3 of 5"])
        #expect(say(limit: 3) == ["behind 4@x.fr realized", "behind 5@x.fr realized", "behind 5"])
        #expect(!emission.isWaiting && say(limit: 3) == [])
    }

    /// One that waits is said as it is by then, or not at all; one that was said is said at once.
    @Test func whatChangesMeanwhile() {
        publish()
        #expect(say(limit: 3).count == 5)
        shop.customer(5, email: "6@x.fr", country: "DE")
        shop.customer(1, email: "0@x.fr")
        shop.commit()
        #expect(
            say(limit: 10) == [
                "all 0@x.fr realized", "all 1@x.fr exited", "all 3@x.fr realized", "all 4@x.fr realized", "all 6@x.fr realized",
                "behind 0@x.fr realized", "behind 2@x.fr realized", "behind 3@x.fr realized", "behind 4@x.fr realized",
                "behind 6@x.fr realized", "first 0@x.fr realized", "first 1@x.fr exited", "all 5", "behind 5", "first 1",
            ], "5@x.fr waits, and is not said; of those behind 1@x.fr neither")
        #expect(!emission.isWaiting)
    }

    /// Somebody of whom nothing waits, in an audience that reads one that does.
    @Test func whatHangsOnOneThatWaits() {
        for number in 1...6 { shop.customer(number, country: "DE") }
        let note = [Attribute(name: "note", source: Shop.field("customers", 4, .string))]
        shop.publish("all", [Shop.build(), Shop.save("build", as: "all")])
        shop.publish("behind", [Shop.read("all", as: "read"), Shop.save("read", as: "behind", attributes: note)])
        shop.publish("beside", [Shop.build(), Shop.save("build", as: "beside", attributes: note)])
        shop.commit()
        while emission.isWaiting || !shop.difference.isEmpty { _ = say(limit: 100) }
        for number in 2...6 { shop.customer(number, email: "m\(number)@x.fr", country: "DE") }
        shop.commit()
        #expect(say(limit: 4).last == "all 2 of 6")
        shop.customer(1, country: "DE", note: "new")
        shop.commit()
        let next = say(limit: 4)
        #expect(next.contains("beside 1@x.fr existing") && next.filter { $0.hasPrefix("behind") }.isEmpty)
        var told: [String] = []
        while emission.isWaiting { told += say(limit: 4) }
        #expect(told.count { $0 == "behind 1@x.fr existing" } == 1 && told.last == "behind 6")
    }

    @Test func anAudienceIsRetiredBehindItsLastMember() {
        publish()
        while emission.isWaiting || !shop.difference.isEmpty { _ = say(limit: 100) }
        shop.engine.delete(campaign: "behind", into: shop.difference)
        #expect(say(limit: 4).last == "behind 1 of 0")
        #expect(say(limit: 4) == ["behind 5@x.fr exited", "behind 0", "behind retired"])
    }

    /// Many members are put in order another way than few.
    @Test func manyMembersAreInOrder() {
        for number in 0..<5000 { shop.customer(number * 7919 % 5000, country: number % 2 == 0 ? "FR" : "DE") }
        shop.publish("all", [Shop.build(), Shop.save("build", as: "all")])
        shop.publish("first", [Shop.build(Shop.isFrench), Shop.save("build", as: "first")])
        shop.commit()
        let identities = shop.difference.members.map { member in
            let identity = shop.difference.withTexts(of: member) { identity, _ in String(decoding: identity, as: UTF8.self) }
            return "\(shop.engine.audience(member.audience).id) \(identity)"
        }
        #expect(identities.count == 7500 && identities == identities.sorted())
    }

    /// A commit that says nothing more than it has is left as it is, whatever the limit.
    @Test func whatIsSmallPasses() {
        publish()
        #expect(say(limit: 11).count == 14 && !emission.isWaiting)
        shop.customer(2, email: "7@x.fr", country: "DE")
        shop.commit()
        let events = ["all 2@x.fr exited", "all 7@x.fr realized", "behind 2@x.fr exited", "behind 7@x.fr realized"]
        #expect(say(limit: 4) == events + ["all 5", "behind 5"])
    }
}
