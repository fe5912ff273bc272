// The shop that operators are measured in: customers, purchases that link to them, and notes that share e-mail addresses with some. Rows
// go to the engine without being text first.
import Campaigns
import Daemon
import Engine
import Storage
import Wire

final class OperatorShop {
    enum Table: Int {
        case customers, purchases, notes
    }

    private static let schemas = [
        """
        {"name": "customers", "primaryKey": ["id"], "identities": [{"field": "email", "namespace": "Email"}], "fields": [
          {"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "household", "type": "string"},
          {"name": "country", "type": "string"}, {"name": "age", "type": "integer"}]}
        """,
        """
        {"name": "purchases", "primaryKey": ["id"], "fields": [
          {"name": "id", "type": "string"}, {"name": "customer", "type": "string"}, {"name": "amount", "type": "integer"}],
         "links": [{"name": "buyer", "to": "customers", "on": {"customer": "id"}, "reverse": "purchases"}]}
        """,
        """
        {"name": "notes", "primaryKey": ["id"], "fields": [
          {"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "text", "type": "integer"}]}
        """,
    ]

    private let machine = StateMachine(group: "benchmark", zone: TimeZones.system.rules)
    private let batch = ChangeBatch()
    private let difference = Difference()
    /// Customers; there are as many purchases, and a tenth of the notes.
    let count: Int
    /// Whether everybody has one e-mail address, and one customer all purchases.
    let isHub: Bool

    init(count: Int, isHub: Bool) throws {
        (self.count, self.isHub) = (count, isHub)
        for schema in Self.schemas { try tell(#"{"type": "schema.published", "schema": \#(schema)}"#) }
        machine.engine.advance(to: Workload.start)
        var random = RandomNumbers(seed: 1)
        for number in 0..<count {
            customer(number, household: number / 2, age: random.below(100))
            purchase(number, of: isHub ? 0 : number / 4, amount: random.below(1000))
            if number % 10 == 0 { note(number / 10, about: number, text: 0) }
            if number % 4096 == 0 { commit() }
        }
        commit()
    }

    // Definitions.

    /// `activities`: as in a definition.
    func publish(_ id: String, _ activities: String) throws {
        try tell(#"{"type": "campaign.published", "campaign": {"id": "\#(id)", "activities": [\#(activities)]}}"#)
    }

    func delete(_ id: String) {
        machine.engine.delete(campaign: id, into: difference)
    }

    private func tell(_ event: String) throws {
        let bytes = Array(event.utf8)
        let padded = bytes + [UInt8](repeating: 0, count: LineFile.slackBytes)
        let refusedBefore = machine.deadLetters
        padded.withUnsafeBytes { all in
            let value = UnsafeRawBufferPointer(rebasing: all[..<bytes.count])
            let record = InputRecord(topic: "control", partition: 0, offset: 0, timestamp: -1, key: nil, value: value)
            _ = machine.apply(machine.control.decode(value), of: record)
        }
        if machine.deadLetters > refusedBefore { throw Failure("the engine refuses \(event)") }
        machine.output.removeAll()
    }

    // Rows.

    func customer(_ number: Int, household: Int, age: Int) {
        let first = batch.begin(cellCount: 5)
        text(first, "c\(number)")
        text(first + 1, email(of: number))
        text(first + 2, "h\(household)")
        text(first + 3, number % 10 == 0 ? "DE" : "FR")
        batch.set(first + 4, .integer(Int64(age)))
        batch.end(table: Table.customers.rawValue, isDelete: false, firstCell: first)
    }

    func purchase(_ number: Int, of customer: Int, amount: Int) {
        let first = batch.begin(cellCount: 3)
        text(first, "p\(number)")
        text(first + 1, "c\(customer)")
        batch.set(first + 2, .integer(Int64(amount)))
        batch.end(table: Table.purchases.rawValue, isDelete: false, firstCell: first)
    }

    func note(_ number: Int, about customer: Int, text value: Int) {
        let first = batch.begin(cellCount: 3)
        text(first, "n\(number)")
        text(first + 1, email(of: customer))
        batch.set(first + 2, .integer(Int64(value)))
        batch.end(table: Table.notes.rawValue, isDelete: false, firstCell: first)
    }

    private func email(of customer: Int) -> String { isHub ? "all@example.com" : "\(customer)@example.com" }

    private func text(_ cell: Int, _ text: String) {
        var text = text
        text.withUTF8 { batch.setText(cell, UnsafeRawBufferPointer($0)) }
    }

    /// Applies what was written, and ends the commit. Returns how many members changed.
    @discardableResult
    func commit() -> Int {
        machine.engine.apply(batch)
        batch.removeAll()
        machine.engine.commit(into: difference)
        return difference.members.count + difference.requests.count
    }
}
