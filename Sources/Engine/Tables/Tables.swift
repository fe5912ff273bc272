// All tables: those of schemas, which changes name by number, and hidden ones, whose rows are only linked to.
import Campaigns

struct Tables: ~Copyable {
    private var tables = Vector<Table>()
    /// By schema.
    private var numbers: [String: TableNumber] = [:]
    /// The tables of the schemas, in the order of their first publication: what changes name them by.
    private var schemaTables = Vector<TableNumber>()
    /// The tables with links to a schema that has not arrived, by its name.
    private var waiting: [String: Set<TableNumber>] = [:]
    /// The hidden tables of keys, by the tuple that names them.
    private var keyTables: [NodeNumber: TableNumber] = [:]
    /// The hidden tables of identities, by namespace.
    private var namespaces: [String: TableNumber] = [:]

    @inline(__always)
    subscript(table: TableNumber) -> Table {
        unsafeAddress { UnsafePointer(tables.address(Int(table.value))) }
        unsafeMutableAddress { tables.address(Int(table.value)) }
    }

    @inline(__always)
    subscript(place: LinkPlace) -> TableLink {
        unsafeAddress { UnsafePointer(self[place.table].links.address(Int(place.number.value))) }
        unsafeMutableAddress { self[place.table].links.address(Int(place.number.value)) }
    }

    /// The numbers of all tables.
    var all: Numbers<Table> { tables.numbers }

    /// The table of a schema; nil when it was never published.
    func find(_ schema: String) -> TableNumber? { numbers[schema] }

    /// The table of a schema that was published.
    func number(of schema: String) -> TableNumber {
        guard let number = numbers[schema] else { preconditionFailure("schema \(schema) was published") }
        return number
    }

    /// The table of a schema by its number.
    @inline(__always)
    func number(of schema: SchemaNumber) -> TableNumber { schemaTables[schema.value] }

    /// The tables of all schemas, in the order of their first publication.
    var ofSchemas: [TableNumber] { (0..<schemaTables.count).map { schemaTables[$0] } }

    /// The hidden table of a namespace that there is.
    func find(namespace: String) -> TableNumber? { namespaces[namespace] }

    /// The table of a new schema, without columns.
    mutating func add(_ schema: Schema) -> TableNumber {
        let number = tables.nextNumber
        numbers[schema.name] = number
        schemaTables.append(number)
        tables.append(Table(schema: schema))
        return number
    }

    /// The hidden table of a namespace; nil when nobody has named it.
    func findNamespace(_ name: String) -> TableNumber? { namespaces[name] }

    /// The hidden table of a namespace, new if need be.
    mutating func namespace(_ name: String) -> TableNumber {
        if let found = namespaces[name] { return found }
        let number = tables.nextNumber
        namespaces[name] = number
        tables.append(Table(ofTexts: name))
        return number
    }

    /// A new hidden table. `isOfKeys`: its rows are there as soon as they are named.
    mutating func addHidden(named name: String, isOfKeys: Bool = false) -> TableNumber {
        let number = tables.nextNumber
        tables.append(Table(ofTexts: name, isLiveOnceNamed: isOfKeys))
        return number
    }

    /// The hidden table where rows meet that are equal on some values: named by what gives them on one side. New if need be.
    mutating func keys(of node: NodeNumber) -> TableNumber {
        if let found = keyTables[node] { return found }
        let number = addHidden(named: "keys", isOfKeys: true)
        keyTables[node] = number
        return number
    }

    // Links.

    /// Adds a link to a table.
    mutating func add(_ link: consuming TableLink, to table: TableNumber) -> LinkPlace {
        LinkPlace(table: table, number: self[table].add(link))
    }

    /// A table has a link to a schema that has not arrived.
    mutating func wait(for schema: String, _ table: TableNumber) {
        waiting[schema, default: []].insert(table)
    }

    /// The tables with links to a schema that has arrived, in their order; they wait no more.
    mutating func takeWaiting(for schema: String) -> [TableNumber] {
        waiting.removeValue(forKey: schema)?.sorted() ?? []
    }

    /// The table that a link leads to, whose schema has arrived.
    @inline(__always)
    func target(of link: LinkPlace) -> TableNumber {
        guard let target = self[link].target else { preconditionFailure("the definition was checked against the catalog") }
        return target
    }

    /// The row that a link leads to, whether it is there or not; nil when it leads to none.
    @inline(__always)
    func follow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber? { self[link.table].follow(link.number, row) }

    /// The live row that a link leads to; nil when there is none.
    @inline(__always)
    func record(behind link: LinkPlace, _ row: RowNumber) -> RowNumber? {
        guard let found = follow(link, row), self[target(of: link)].isLive(found) else { return nil }
        return found
    }
}

/// The number of a schema, in the order of their first publication: what changes name tables by.
typealias SchemaNumber = Number<Schema>
