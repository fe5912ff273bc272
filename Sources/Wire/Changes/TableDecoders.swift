// The tables that are known, by name.
import Campaigns
import Engine

/// Each lives at an address of its own, so that finding one for a record counts no reference.
struct TableDecoders: ~Copyable {
    private var tables: [UnsafeMutablePointer<TableDecoder>] = []
    /// Codes of table names; per code the engine's number of the table.
    private var names = TextDictionary()
    private var numbers: [Int] = []
    /// The table found last, since records of one table come in runs.
    private var last: UnsafeMutablePointer<TableDecoder>?

    init() {}

    deinit {
        for table in tables {
            table.deinitialize(count: 1)
            table.deallocate()
        }
    }

    /// Takes a new or extended schema; `table` is the engine's number of it.
    mutating func publish(_ schema: Schema, table: Int) {
        if table < tables.count {
            tables[table].pointee = TableDecoder(schema, table: table, ignored: tables[table].pointee.ignored)
        } else {
            tables.append(.allocate(capacity: 1))
            tables[table].initialize(to: TableDecoder(schema, table: table))
        }
        var name = schema.name
        let code = name.withUTF8 { names.intern(UnsafeRawBufferPointer($0), hash: textHash(UnsafeRawBufferPointer($0))) }
        if Int(code) == numbers.count { numbers.append(table) }
        last = nil
    }

    /// Whether a name is that of a table.
    func contains(_ name: UnsafeRawBufferPointer) -> Bool { names.find(name, hash: textHash(name)) != nil }

    @inline(__always)
    mutating func find(_ name: UnsafeRawBufferPointer) -> UnsafeMutablePointer<TableDecoder>? {
        if let last, last.pointee.isNamed(name) { return last }
        guard let code = names.find(name, hash: textHash(name)) else { return nil }
        let table = tables[numbers[Int(code)]]
        last = table
        return table
    }

    // Members that their schema does not know.

    /// By table and name.
    var ignoredMembers: [IgnoredMember] { tables.flatMap { $0.pointee.ignored.list(table: $0.pointee.name) } }

    /// How many those are, by table; without tables that have none.
    var ignoredMemberCounts: [(table: String, count: Int)] {
        var counts: [(table: String, count: Int)] = []
        for table in tables where table.pointee.ignored.total > 0 {
            counts.append((table: table.pointee.name, count: table.pointee.ignored.total))
        }
        return counts
    }

    /// Keeps what was counted since the last time, or takes it back.
    func settleIgnored(keeping: Bool) {
        for table in tables { table.pointee.ignored.settle(keeping: keeping) }
    }

    func forgetSeen() {
        for table in tables { table.pointee.ignored.forgetSeen() }
    }
}
