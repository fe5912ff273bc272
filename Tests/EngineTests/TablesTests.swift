// Goal: tables are found by their schema, by the number that changes call them, and by namespace, each once. Method: random schemas and
// namespaces of the same names against dictionaries.
import Campaigns
import Testing

@testable import Engine

@Suite struct TablesTests {
    private static func schema(_ name: String) -> Schema {
        Schema(name: name, fields: [], primaryKey: [], version: nil, identities: [], links: [])
    }

    @Test func hiddenTablesTakeNoNumberOfChanges() {
        var tables = Tables()
        let people = tables.add(Self.schema("people"))
        let hidden = tables.namespace("Email")
        let sales = tables.add(Self.schema("sales"))
        #expect(tables.number(of: 0 as SchemaNumber) == people && tables.number(of: 1 as SchemaNumber) == sales)
        #expect(tables.find("sales") == sales && tables.number(of: "sales") == sales)
        #expect(tables.find("Email") == nil && tables.find("") == nil)
        #expect(tables[hidden].schema.fields.isEmpty && tables[hidden].isTextKey)
    }

    @Test func aSecondNamespaceOfTheNameIsTheSameTable() {
        var tables = Tables()
        let email = tables.namespace("Email")
        let other = tables.namespace("email")
        #expect(tables.namespace("Email") == email && other != email)
        // A schema may be called what a namespace is.
        let schema = tables.add(Self.schema("Email"))
        #expect(schema != email && tables.namespace("Email") == email && tables.find("Email") == schema)
        #expect(Array(tables.all) == [email, other, schema])
    }

    @Test func randomTablesAreFoundAgain() {
        var random = RandomNumbers(seed: 22)
        var tables = Tables()
        var names: [String] = []
        var (schemas, namespaces): (Set<String>, Set<String>) = ([], [])
        for _ in 0..<200 {
            let name = "t\(random.number(0...40))"
            if random.chance(50) {
                let number = tables.namespace(name)
                if namespaces.insert(name).inserted { #expect(Array(tables.all).last == number) }
                #expect(tables[number].schema.name == name)
            } else if schemas.insert(name).inserted {
                #expect(tables.find(name) == nil)
                let number = tables.add(Self.schema(name))
                #expect(tables.number(of: name) == number && tables[number].schema.name == name)
                names.append(name)
            }
            #expect(Array(tables.all).count == schemas.count + namespaces.count)
        }
        for (place, name) in names.enumerated() { #expect(tables.find(name) == tables.number(of: SchemaNumber(place))) }
    }
}
