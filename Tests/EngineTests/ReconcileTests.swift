// Goal: a reconciliation says, with cause `repair`, exactly how audiences differ from members that were committed, and takes those where
// nothing else says who they are. Method: campaigns of each kind beside members that no state has given.
import Campaigns
import Testing

@testable import Engine

@Suite struct ReconcileTests {
    /// What was committed: the rows by identity.
    private func committed(_ members: [String: Int32]) -> CommittedMembers {
        let all = CommittedMembers(namespace: "Email")
        // Each was in once before, with other rows; one is not any more.
        for identity in ["gone@x.fr"] + members.keys.sorted() { take(identity, 9, into: all) }
        for (identity, rows) in members.sorted(by: { $0.key < $1.key }) { take(identity, rows, into: all) }
        Array("gone@x.fr".utf8).withUnsafeBytes { all.remove(identity: $0) }
        return all
    }

    private func take(_ identity: String, _ rows: Int32, into all: CommittedMembers) {
        Array(identity.utf8).withUnsafeBytes { all.take(identity: $0, rows: rows, attributes: Array("{}".utf8)) }
    }

    private func events(_ shop: Shop) -> [String] {
        shop.difference.members.map { member in
            let identity = shop.difference.withTexts(of: member) { identity, _ in String(decoding: identity, as: UTF8.self) }
            return "\(shop.engine.audience(member.audience).id) \(identity) \(member.status) \(member.rows) \(member.cause)"
        }
    }

    /// Customers 1 to 3 in a mirror, an append, a frozen audience and one whose campaign is stopped; 4 in none.
    private func shop() -> Shop {
        let shop = Shop()
        for number in 1...4 { shop.customer(number, country: number < 4 ? "FR" : "DE") }
        shop.commit()
        let modes = [("mirror", SaveAudience.Mode.mirror), ("append", .append), ("frozen", .frozen(nil)), ("stopped", .mirror)]
        for (audience, mode) in modes {
            shop.publish(audience, [Shop.build(Shop.isFrench), Shop.save("build", as: audience, mode: mode)])
        }
        shop.engine.stop(campaign: "stopped")
        return shop
    }

    @Test func whatWasCommittedIsSaidNoMore() {
        let shop = shop()
        let right = committed(["1@x.fr": 1, "2@x.fr": 1, "3@x.fr": 1])
        let all = ["mirror", "append", "frozen", "stopped"]
        shop.engine.reconcile(with: Dictionary(uniqueKeysWithValues: all.map { ($0, right) }), into: shop.difference)
        #expect(shop.difference.isEmpty)
        #expect(all.allSatisfy { shop.members($0).count == 3 })
    }

    @Test func theDifferenceIsSaidAndMemoryIsTaken() {
        let shop = shop()
        let other = ["1@x.fr": Int32(1), "2@x.fr": 7, "4@x.fr": 2]
        let all = ["mirror", "append", "frozen", "stopped"]
        shop.engine.reconcile(with: Dictionary(uniqueKeysWithValues: all.map { ($0, committed(other)) }), into: shop.difference)
        #expect(
            events(shop) == [
                // Who is in its population is as that says, and who was one stays.
                "append 2@x.fr existing 1 repair", "append 3@x.fr realized 1 repair",
                "mirror 2@x.fr existing 1 repair", "mirror 3@x.fr realized 1 repair", "mirror 4@x.fr exited 0 repair",
            ])
        #expect(shop.members("mirror").keys.sorted() == ["1@x.fr", "2@x.fr", "3@x.fr"])
        #expect(shop.members("append").keys.sorted() == ["1@x.fr", "2@x.fr", "3@x.fr", "4@x.fr"])
        for audience in ["frozen", "stopped"] {
            #expect(shop.members(audience) == ["1@x.fr": "1 {}", "2@x.fr": "7 {}", "4@x.fr": "2 {}"])
        }
        // From then on it goes on as ever.
        shop.customer(4)
        shop.customer(1, country: "DE")
        shop.commit()
        let expected = ["append 4@x.fr existing 1 change", "mirror 1@x.fr exited 0 change", "mirror 4@x.fr realized 1 change"]
        #expect(events(shop) == expected)
    }

    /// Of what others have said of the audience nothing was committed, or all of it under another namespace.
    @Test func audiencesOfWhichNothingWasCommitted() {
        let shop = shop()
        shop.engine.delete(campaign: "stopped", into: shop.difference)
        let elsewhere = CommittedMembers(namespace: "Phone")
        take("+33", 1, into: elsewhere)
        shop.engine.reconcile(with: ["mirror": elsewhere, "stopped": committed(["1@x.fr": 1])], into: shop.difference)
        let entered = (1...3).map { "\($0)@x.fr realized 1 repair" }
        #expect(
            events(shop) == entered.map { "append " + $0 } + entered.map { "mirror " + $0 } + ["mirror +33 exited 0 repair"]
                + ["stopped 1@x.fr exited 0 repair"])
        #expect(shop.members("frozen").isEmpty && shop.engine.isAudience("stopped") && !shop.engine.isAudience("never"))
    }

    /// Far more events than members are gone through on the way.
    @Test func manyEventsOfFewMembers() {
        let shop = shop()
        let all = CommittedMembers(namespace: "Email")
        for number in 0..<200_000 { take("\(number % 5)@x.fr", Int32(number % 3 + 1), into: all) }
        for identity in ["0@x.fr", "4@x.fr"] { Array(identity.utf8).withUnsafeBytes { all.remove(identity: $0) } }
        for number in 1...3 { take("\(number)@x.fr", 1, into: all) }
        #expect(!all.isEmpty)
        shop.engine.reconcile(with: ["mirror": all], into: shop.difference)
        #expect(!events(shop).contains { $0.hasPrefix("mirror") })
    }
}
