// Goal: a row leads to its identity while an audience asks: by namespace and what it is computed of, one link for all who ask the same,
// kept as values move. Method: audiences of a shop, and where the links that they ask for lead.
import Campaigns
import Testing

@testable import Engine

@Suite struct DerivedLinksTests {
    private static let email = Shop.field("customers", 1, .string)
    private static let note = Shop.field("customers", 4, .string)

    private func publish(
        _ shop: Shop, _ id: String, about schema: String = "customers", identity: Expression = email, namespace: String = "Email",
        change: ChangeDimension? = nil
    ) {
        let save = SaveAudience(
            id: "save", position: 1, from: Transition(activity: change?.id ?? "build"), audience: id, label: id, identity: identity,
            namespace: namespace, attributes: [])
        let activities =
            [Activity.build(BuildAudience(id: "build", dimension: schema, filter: nil))] + (change.map { [.changeDimension($0)] } ?? [])
            + [.save(save)]
        let campaign = Campaign(id: id, name: id, timezone: "UTC", activities: activities)
        _ = shop.engine.publish(campaign, zone: .utc, into: shop.difference)
    }

    /// Where each row that was ever live leads, by key, for each derived link of a table that is kept: an identity, `-` for no value, `?`
    /// for no record.
    private func links(_ shop: Shop, of schema: String = "customers") -> [[String: String]] {
        let table = shop.engine.tables.number(of: schema)
        return (0..<shop.engine.tables[table].derivedLinks.count).map { place in
            let link = LinkPlace(table: table, number: shop.engine.tables[table].derivedLinks[place])
            let target = shop.engine.tables.target(of: link)
            var found: [String: String] = [:]
            for row in shop.engine.tables[table].numberedRows {
                let end = shop.engine.tables[link].rows[row]
                let key = String(decoding: shop.engine.tables[table].key(of: row), as: UTF8.self)
                let identity = end.orNil.map { String(decoding: shop.engine.tables[target].key(of: $0), as: UTF8.self) }
                found[key] = identity ?? (end == .noRecord ? "?" : "-")
            }
            return found
        }
    }

    /// The keys of the rows that an identity leads back to.
    private func rows(_ shop: Shop, of identity: String, _ schema: String = "customers") -> Set<String> {
        let table = shop.engine.tables.number(of: schema)
        let link = LinkPlace(table: table, number: shop.engine.tables[table].derivedLinks[0])
        let target = shop.engine.tables.target(of: link)
        let number = Array(identity.utf8).withUnsafeBytes { shop.engine.tables[target].keys.find($0, hash: textHash($0)) }
        guard let number else { return [] }
        var found: Set<String> = []
        var next = shop.engine.tables[link].children.first(under: RowNumber(number))
        while let row = next {
            found.insert(String(decoding: shop.engine.tables[table].key(of: row), as: UTF8.self))
            next = shop.engine.tables[link].children.next(row)
        }
        return found
    }

    @Test func audiencesThatAskTheSameShareALink() {
        let shop = Shop()
        shop.customer(1, email: "a", note: "n")
        shop.commit()
        #expect(links(shop) == [])
        publish(shop, "first")
        publish(shop, "second")
        #expect(links(shop) == [["c1": "a"]])
        publish(shop, "note", identity: Self.note)
        publish(shop, "other", namespace: "Other")
        #expect(links(shop) == [["c1": "a"], ["c1": "n"], ["c1": "a"]])
        let table = shop.engine.tables.number(of: "customers")
        let targets = (0..<3).map { shop.engine.tables[table].links[shop.engine.tables[table].derivedLinks[$0]].target }
        #expect(targets[0] == targets[1] && targets[0] != targets[2], "a table for each namespace")
        for id in ["first", "note", "other"] { shop.engine.delete(campaign: id, into: shop.difference) }
        #expect(links(shop) == [["c1": "a"]])
        shop.engine.delete(campaign: "second", into: shop.difference)
        #expect(links(shop) == [])
        // Who asks again finds the rows as they are by then.
        shop.customer(1, email: "b")
        shop.commit()
        publish(shop, "first")
        #expect(links(shop) == [["c1": "b"]] && rows(shop, of: "b") == ["c1"] && rows(shop, of: "a") == [])
    }

    @Test(arguments: ["Email", "Other"])
    func whatIsNoIdentityIsNoValue(namespace: String) {
        let shop = Shop()
        publish(shop, "audience", namespace: namespace)
        let most = String(repeating: "é", count: 512)
        for (number, email) in ["", "a", most, most + "a", " "].enumerated() { shop.customer(number, email: email) }
        shop.commit()
        #expect(links(shop) == [["c0": "-", "c1": "a", "c2": most, "c3": "-", "c4": " "]])
        #expect(shop.engine.audience(0).size == 3 && shop.engine.audience(0).rejected == 2)
        shop.remove("c0")
        shop.remove("c1")
        shop.commit()
        #expect(links(shop) == [["c0": "?", "c1": "?", "c2": most, "c3": "-", "c4": " "]])
        #expect(shop.engine.audience(0).size == 2 && shop.engine.audience(0).rejected == 1 && rows(shop, of: "a") == [])
    }

    @Test func whoMovesLeavesThoseItStoodWith() {
        var random = RandomNumbers(seed: 46)
        let shop = Shop()
        publish(shop, "audience")
        var model: [String: String] = [:]
        for _ in 0..<400 {
            let number = random.number(0...9)
            if random.chance(70) {
                let email = random.pick(["a", "b", "c", ""])
                shop.customer(number, email: email, note: random.pick(["x", "y"]))
                model["c\(number)"] = email
            } else {
                shop.remove("c\(number)")
                model["c\(number)"] = nil
            }
            shop.commit()
            for identity in ["a", "b", "c", ""] {
                let expected = Set(model.filter { $0.value == identity }.map(\.key))
                if identity.isEmpty {
                    #expect(shop.engine.audience(0).rejected == expected.count)
                } else {
                    #expect(rows(shop, of: identity) == expected)
                }
            }
            #expect(shop.engine.audience(0).size == Set(model.values).subtracting([""]).count)
            #expect(shop.engine.audience(0).rows == model.values.count { $0 != "" })
        }
    }

    /// The buyers of purchases: the identity is another row's.
    @Test func behindARecordItMovesWithTheRecord() {
        let shop = Shop()
        let change = ChangeDimension(
            id: "change", from: Transition(activity: "build"),
            path: [AggregateStep(link: LinkStep(schema: "purchases", link: 0), isForward: true)], dimension: "customers")
        publish(shop, "audience", about: "purchases", change: change)
        shop.customer(1, email: "a")
        shop.purchase(1, of: 1)
        shop.purchase(2, of: 1)
        shop.purchase(3, of: 2)
        shop.commit()
        #expect(links(shop, of: "purchases") == [["p1": "a", "p2": "a", "p3": "?"]])
        #expect(rows(shop, of: "a", "purchases") == ["p1", "p2"])
        shop.customer(2, email: "")
        shop.commit()
        #expect(links(shop, of: "purchases") == [["p1": "a", "p2": "a", "p3": "-"]])
        #expect(shop.engine.audience(0).size == 1 && shop.engine.audience(0).rejected == 1)
        shop.customer(1, email: "b")
        shop.purchase(2, of: 2)
        shop.commit()
        #expect(links(shop, of: "purchases") == [["p1": "b", "p2": "-", "p3": "-"]] && rows(shop, of: "a", "purchases") == [])
        shop.remove("c1")
        shop.commit()
        #expect(links(shop, of: "purchases") == [["p1": "?", "p2": "-", "p3": "-"]])
        #expect(shop.engine.audience(0).size == 0 && shop.engine.audience(0).rejected == 2)
        #expect(links(shop) == [], "nobody asks for those of customers")
    }
}
