// A state machine in a test: control events and changes as texts in, what it says in short out.
import Campaigns
import Testing

@testable import Daemon
@testable import Engine
@testable import Wire

/// A state machine with what tests ask of it.
final class House {
    var machine: StateMachine
    let batch = DecodedBatch()

    init(limits: OutputLimits = .none, zone: @escaping (String) -> TimeZoneRules? = zones) {
        machine = StateMachine(group: "g", limits: limits, zone: zone)
    }

    /// Applies a control event; what the caller has to do, in short.
    @discardableResult
    func control(_ text: String) -> String {
        withPadded(text) { bytes in
            let record = InputRecord(topic: "campaign-publish", partition: 0, offset: 9, timestamp: 5, key: nil, value: bytes)
            switch machine.apply(machine.control.decode(bytes), of: record) {
            case .nothing: return "nothing"
            case .barrier(let id, let after): return "barrier \(id) \(after.count)"
            case .clock(let instant): return "clock \(instant)"
            }
        }
    }

    func change(_ text: String) {
        withPadded(text) { bytes in
            do throws(Refusal) { try machine.changes.decode(bytes, into: batch.changes) } catch { Issue.record("\(error.reason)") }
        }
    }

    func apply(clock: Int64) {
        machine.apply(batch, clock: clock)
        batch.removeAll()
    }

    func commit(clock: Int64 = 1000) {
        apply(clock: clock)
        machine.commit()
    }

    /// The records since it was asked last: header `ce_id`, type and value.
    func take() -> [(id: String, type: String, value: JSON)] {
        defer { machine.output.removeAll() }
        return House.records(machine.output)
    }

    static func records(_ output: OutputBatch) -> [(id: String, type: String, value: JSON)] {
        var all: [(id: String, type: String, value: JSON)] = []
        output.forEach { record in
            func header(_ name: String) -> String? {
                record.headers.first { String(decoding: $0.name, as: UTF8.self) == name }.flatMap {
                    $0.value.map { String(decoding: $0, as: UTF8.self) }
                }
            }
            let text = String(decoding: record.value!, as: UTF8.self)
            if record.topic == .deadLetters {
                all.append(("dlq", header("__connect.errors.stage")!, withPadded(text) { JSONReader().tree($0) } ?? .string(text)))
            } else {
                all.append((header("ce_id")!, header("ce_type")!, json(text)))
            }
        }
        return all
    }

    /// The same in short: `1-0 schema.live`.
    func news() -> [String] { take().map { "\($0.id) \($0.type)" } }

    var sequence: Int64 { machine.sequence }
    var deadLetters: Int { machine.deadLetters }
    var rejected: Int { machine.rejected }
    var hasChanges: Bool { machine.hasChanges }
    var clock: Int64 { machine.engine.clock }
    var staleRows: Int { machine.engine.statistics.rowsStale }
    func isTable(_ name: String) -> Bool { machine.isTable(name) }
    func rowCount(of table: String) -> Int { machine.engine.rowCount(of: table) }
    func isLive(_ campaign: String) -> Bool { machine.engine.campaign(campaign) != nil }
}
