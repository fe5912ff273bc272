// Goal: who reads an audience finds its members and what they carry, of all types, as the last commit told them; columns that are asked for
// later are filled then. Method: random customers; what a reader saves of what it read against what the writer's audience says.
import Campaigns
import Testing

@testable import Engine

@Suite struct AudienceTablesTests {
    private static let texts = [
        "Length(note)", "Length(note) / 3", "note = 'a'", "DateOnly(seen)", "seen", "note", "country",
    ]

    /// One of each type.
    private static func attributes() throws -> [Attribute] {
        try texts.enumerated().map { Attribute(name: "x\($0) \"\u{e9}", source: try Shop.read($1)) }
    }

    private func publishReader(_ shop: Shop, _ attributes: [Attribute], as id: String) {
        let columns = attributes.map { ReadAudience.Column(name: $0.name, type: $0.source.type) }
        let read = attributes.map { Attribute(name: $0.name, source: .carried($0.name, type: $0.source.type)) }
        shop.publish(id, [Shop.read("written", columns: columns, as: "read"), Shop.save("read", as: id, attributes: read)])
    }

    /// What the attributes of all members are, of some attributes alone.
    private func expected(_ shop: Shop, _ attributes: [Attribute]) -> [String: String] {
        shop.members("written").mapValues { text in
            let object = AttributeObject(Array(text.drop { $0 != "{" }.utf8))
            let parts = attributes.map { attribute in
                let name = JSONText.quoted(attribute.name)
                return String(decoding: name + [UInt8(ascii: ":")] + object.value(name)!, as: UTF8.self)
            }
            return "{\(parts.joined(separator: ","))}"
        }
    }

    private func changeSome(_ shop: Shop, _ random: inout RandomNumbers) {
        for _ in 0..<random.number(1...4) {
            let number = random.number(0...8)
            if random.chance(20) {
                shop.remove("c\(number)")
            } else {
                shop.customer(
                    number, email: random.pick(["a", "b", "c", "d", ""]), country: random.pick(["FR", "FR", "DE"]),
                    seen: random.chance(30) ? nil : Shop.start + Int64(random.number(-3...3)) * Shop.day + 1,
                    note: random.pick(["", "a", "\"\\\n", "null", "\u{1F600}"]))
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func aReaderFindsWhatMembersCarry(seed: UInt64) throws {
        var random = RandomNumbers(seed: seed)
        let attributes = try Self.attributes()
        let shop = Shop()
        shop.publish("writer", [Shop.build(Shop.isFrench), Shop.save("build", as: "written", attributes: attributes)])
        var readers: [String: [Attribute]] = [:]
        for step in 0..<250 {
            changeSome(shop, &random)
            shop.commit()
            if step % 10 == 5 {
                // One comes, asks for other columns, or goes.
                let id = random.pick(["first", "second"])
                if random.chance(25) {
                    shop.engine.delete(campaign: id, into: shop.difference)
                    readers[id] = nil
                } else {
                    readers[id] = random.shuffled(attributes).filter { _ in random.chance(50) }
                    publishReader(shop, readers[id]!, as: id)
                }
            }
            for (id, attributes) in readers {
                let found = shop.members(id).mapValues { String($0.drop { $0 != "{" }) }
                // Members whose record nobody has any more are none.
                #expect(found == expected(shop, attributes))
            }
        }
        for id in readers.keys { shop.engine.delete(campaign: id, into: shop.difference) }
        let table = try #require(shop.engine.audiences.tables["written"])
        #expect(!table.isFilled && shop.engine.tables[table.table].liveCount == 0)
    }

    /// An attribute of another type than those before it is read as what it is.
    @Test func anAttributeOfAnotherType() throws {
        let shop = Shop()
        shop.customer(1, seen: Shop.start, note: "a")
        shop.commit()
        for text in ["Length(note)", "note", "seen", "Length(note)"] {
            let attributes = [Attribute(name: "x", source: try Shop.read(text))]
            shop.publish("writer", [Shop.build(Shop.isFrench), Shop.save("build", as: "written", attributes: attributes)])
            publishReader(shop, attributes, as: "reader")
            #expect(shop.members("reader") == shop.members("written") && shop.members("reader").count == 1)
            #expect(shop.drift() == [])
            for id in ["reader", "writer"] { shop.engine.delete(campaign: id, into: shop.difference) }
        }
    }

    /// What members have of another type, as a campaign left them that is over, is null.
    @Test(arguments: [
        (ValueType.string, ["5", "true"]), (.boolean, ["5", "\"true\""]), (.integer, ["\"5\"", "true", "5.5"]),
        (.double, ["\"5\"", "false"]), (.date, ["true", "5", "\"x\""]), (.datetime, ["5", "\"2026-01-01\""]),
    ])
    func aValueOfAnotherType(type: ValueType, texts: [String]) {
        var column = Column(kind: .integer)
        for text in texts { #expect(column.content(ofJSON: Array(text.utf8)[...], type) == .null, "\(text)") }
    }
}
