// An engine with a table of people and what the encoder says of it, for tests of events.
import Campaigns

@testable import Engine
@testable import Wire

/// A table of people and the campaigns that follow it.
final class World {
    var engine = Engine()
    var catalog = Catalog()
    var encoder: EventEncoder
    let decoder = ChangeDecoder()
    let output = OutputBatch()
    private(set) var truncatedEvents = 0
    private let difference = Difference()
    private let batch = ChangeBatch()

    init(limits: OutputLimits = .none) {
        encoder = EventEncoder(group: "g", limits: limits)
        let definition = json(
            #"{"name":"people","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"note","type":"string"},{"name":"n","type":"integer"}]}"#
        )
        let schema = catalog.publish(definition).schema!
        engine.publish(schema: schema)
        decoder.publish(schema, table: 0)
    }

    /// Encodes the publish of a campaign that saves people with n > 0, or others.
    func publish(_ id: String, audience: String, label: String, filter: String = "n > 0", sequence: Int64, clock: Int64) -> Int {
        let definition = json(
            #"{"id":"\#(id)","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"\#(filter)"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"\#(audience)","label":"\#(label)"},"identity":{"field":"email","namespace":"Email"},"attributes":[{"source":"note","name":"note"},{"source":"n","name":"n"}]}]}"#
        )
        let read = readCampaign(definition, catalog: catalog) { $0 == "UTC" ? .utc : nil }
        guard let campaign = read.campaign else { fatalError("\(read.problems)") }
        engine.advance(to: clock)
        let version = engine.publish(campaign, zone: .utc, into: difference)
        encoder.begin(sequence: sequence, clock: clock)
        encoder.encode(difference, engine, into: output)
        return version
    }

    func delete(_ id: String, sequence: Int64, clock: Int64) {
        engine.delete(campaign: id, into: difference)
        encoder.begin(sequence: sequence, clock: clock)
        encoder.encode(difference, engine, into: output)
    }

    func upsert(_ id: String, email: String?, note: String = "", n: Int, op: String = "u") {
        let email = email.map { "\"\($0)\"" } ?? "null"
        let refusal = decoder.refusal(
            #"{"table":"people","op":"\#(op)","row":{"id":"\#(id)","email":\#(email),"note":"\#(note)","n":\#(n)}}"#, into: batch)
        precondition(refusal == nil)
    }

    func commit(sequence: Int64, clock: Int64) {
        engine.advance(to: clock)
        engine.apply(batch)
        batch.removeAll()
        encoder.begin(sequence: sequence, clock: clock)
        engine.commit(into: difference)
        encoder.encode(difference, engine, into: output)
    }

    /// The records made since it was asked last.
    func take() -> [PlainRecord] {
        truncatedEvents += output.truncatedEvents
        defer { output.removeAll() }
        return output.plain
    }
}
