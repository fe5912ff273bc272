// Goal: a table has bits for what is read of it, and knows which rows are there and which versions they hold. Method: more bits than there
// are; random rows against dictionaries.
import Campaigns
import Testing

@testable import Engine

@Suite struct TableTests {
    @Test func fieldsAndLinksShareNoBitBeforeTheyMust() {
        var table = Table(ofTexts: "hidden")
        let bits = (0..<95).map { _ in table.takeBit() }
        let sources = (0..<32).map { _ in table.takeSourceBit() }
        // Each a bit, none of them existence, all different.
        #expect((bits + sources).allSatisfy { $0.nonzeroBitCount == 1 })
        #expect((bits + sources).reduce(SignalBits.existence, |) == .max)
        // Past those, fields share with fields and accumulators with accumulators.
        for _ in 0..<200 {
            #expect(bits.contains(table.takeBit()))
            #expect(sources.contains(table.takeSourceBit()))
        }
    }

    private static func text(_ row: Int, in table: inout Table) -> RowNumber {
        Array("k\(row)".utf8).withUnsafeBytes { table.row(ofKey: $0, hash: UInt32(row)) }
    }

    @Test func rowsComeAndGoAndTheirVersionsStayForAWhile() {
        var random = RandomNumbers(seed: 50)
        var table = Table(
            schema: Schema(
                name: "versioned", fields: [Field(name: "id", type: .string), Field(name: "version", type: .integer)], primaryKey: [0],
                version: 1, identities: [], links: []))
        var live: Set<RowNumber> = []
        var versions: [RowNumber: Int64] = [:]
        var forgotten: [RowNumber: Int64] = [:]
        for _ in 0..<2000 {
            let row = Self.text(random.number(0...40), in: &table)
            table.growToKeys()
            switch random.number(0...3) {
            case 0 where live.contains(row):
                table.becomeDeleted(row)
                live.remove(row)
                forgotten[row] = Int64(random.number(0...100))
                table.forgetVersion(of: row, at: forgotten[row]!)
            case 1 where !live.contains(row):
                table.becomeLive(row)
                live.insert(row)
            case 2:
                versions[row] = Int64(random.number(0...9))
                table.hold(version: versions[row]!, of: row)
            default: break
            }
            let (isLive, instant) = (table.isLive(row), Int64(random.number(0...100)))
            #expect(isLive == live.contains(row) && table.liveCount == live.count)
            #expect(table.versions[row] == versions[row, default: .min])
            let hasForgotten = table.hasForgottenVersion(of: row, at: instant)
            #expect(hasForgotten == (instant >= forgotten[row, default: .max]))
        }
        let before = table.hasLongKeys
        table.noteLongKey()
        let after = table.hasLongKeys
        #expect(!before && after)
    }

    @Test func columnsAndLinksGetNumbersRoomAndBitsOnce() {
        var table = Table(ofTexts: "hidden")
        let row = Self.text(0, in: &table)
        table.growToKeys()
        let (text, word) = (table.add(Column(kind: .text)), table.add(Column(kind: .integer)))
        #expect(text == 0 && word == 1)
        let code = Array("hello".utf8).withUnsafeBytes { table.intern($0, hash: 1, in: text) }
        #expect(Array("hello".utf8).withUnsafeBytes { table.intern($0, hash: 1, in: text) } == code)
        table.set(text, row, toCode: code)
        table.set(word, row, toWord: 7)
        #expect(table.columns[text].key(row) == Int64(code) && table.columns[word].key(row) == 7)
        let bit = table.bit(of: word)
        #expect(bit != table.bit(of: text) && bit == table.bit(of: word))
        let (declared, derived) = (table.linkNumber(ofSchemaLink: 0), table.add(TableLink(to: 3, by: 0)))
        #expect(declared == table.linkNumber(ofSchemaLink: 0) && derived != declared && table.schemaLinks == [declared])
        #expect(table.bit(of: derived) == table.bit(of: derived) && table.bit(of: derived) != bit)
        // Only a derived link that somebody asks for has room.
        let room = table.states.count
        #expect(table.links[derived].rows.count == 0)
        table.addDerived(derived)
        #expect(table.links[derived].rows.count == room)
        table.removeDerived(derived)
        #expect(table.links[derived].rows.count == 0 && table.derivedLinks.isEmpty)
        table.eraseValues(of: row)
        #expect(table.columns[text].key(row) == nil && table.columns[word].key(row) == nil)
    }
}
