// All tables: those of schemas, which changes name by number, and hidden ones, whose rows are only linked to.
import Campaigns

struct Tables: ~Copyable {
    private var tables = Vector<Table>()
    /// By schema.
    private var numbers: [String: Int32] = [:]
    /// The tables of the schemas, in the order of their first publication: what changes name them by.
    private var schemaTables = Vector<Int32>()
    /// The hidden tables of identities, by namespace.
    private var namespaces: [String: Int32] = [:]

    @inline(__always)
    subscript(table: Int32) -> Table {
        unsafeAddress { UnsafePointer(tables.address(Int(table))) }
        unsafeMutableAddress { tables.address(Int(table)) }
    }

    /// The numbers of all tables.
    var all: Range<Int32> { 0..<Int32(tables.count) }

    /// The table of a schema; nil when it was never published.
    func find(_ schema: String) -> Int32? { numbers[schema] }

    /// The table of a schema that was published.
    func number(of schema: String) -> Int32 {
        guard let number = numbers[schema] else { preconditionFailure("schema \(schema) was published") }
        return number
    }

    /// The table of a change, which names it by the order of schemas.
    @inline(__always)
    func table(ofChange number: Int32) -> Int32 { schemaTables[number] }

    /// The table of a new schema, without columns.
    mutating func add(_ schema: Schema) -> Int32 {
        let number = Int32(tables.count)
        numbers[schema.name] = number
        schemaTables.append(number)
        tables.append(Table(schema: schema))
        return number
    }

    /// The hidden table of a namespace, new if need be.
    mutating func namespace(_ name: String) -> Int32 {
        if let found = namespaces[name] { return found }
        let number = Int32(tables.count)
        namespaces[name] = number
        tables.append(Table(ofTexts: name))
        return number
    }
}
