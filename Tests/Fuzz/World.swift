// The tables, rows and campaigns that inputs meet: small, and with every type of field, link and aggregate among them.
import Campaigns
import Engine
import Wire

@testable import Daemon

enum World {
    /// A field of every type, a link within the table, and a version; a table with a key of several fields that are no texts.
    static let schemas = [
        """
        {"name": "every", "primaryKey": ["id"], "version": "v", "fields": [
         {"name": "id", "type": "string"}, {"name": "s", "type": "string"},
         {"name": "i", "type": "integer"}, {"name": "d", "type": "double"}, {"name": "b", "type": "boolean"},
         {"name": "day", "type": "date"},
         {"name": "at", "type": "datetime"}, {"name": "us", "type": "datetime", "unit": "microseconds"},
         {"name": "e", "type": "enum", "values": ["x", "y"]}, {"name": "v", "type": "integer"}, {"name": "up", "type": "string"}],
         "identities": [{"field": "s", "namespace": "S"}],
         "links": [{"name": "parent", "to": "every", "on": {"up": "id"}, "reverse": "children"}]}
        """,
        """
        {"name": "pairs", "primaryKey": ["n", "day"], "fields": [{"name": "n", "type": "integer"}, {"name": "day", "type": "date"},
         {"name": "owner", "type": "string"}, {"name": "x", "type": "double"}],
         "links": [{"name": "of", "to": "every", "on": {"owner": "id"}, "reverse": "pairs"}]}
        """,
    ].map(event("schema.published", "schema"))

    /// A campaign that reads every field: by value, in time, over links, and as attributes.
    static let campaign = event("campaign.published", "campaign")(
        """
        {"id": "c", "timezone": "Europe/Paris", "activities": [
         {"id": "all", "type": "build-audience", "dimension": "every"},
         {"id": "some", "type": "build-audience", "dimension": "every", "filter":
          "at >= DaysAgo(3) OR us < Now() OR day = DateOnly(at) OR i > 2 AND d <= 0.5 OR b OR e = 'x' \
          OR s LIKE '%a_b%' OR parent.i + i > 7"},
         {"id": "linked", "type": "build-audience", "dimension": "every", "filter":
          "SUM(pairs.x) > 0.1 OR MIN(children.at) < MonthsAgo(1) OR COUNT_DISTINCT(children.s) > 1 OR AVG(children.i) = 2 \
          OR MAX(pairs.day WHERE x > d) > day"},
         {"id": "save-all", "type": "save-audience", "from": "all", "audience": {"id": "all"}, "identity": {"field": "s", "namespace": "S"},
          "attributes": [{"name": "i", "source": "i"}, {"name": "d", "source": "d * i"}, {"name": "day", "source": "AddDays(day, i)"},
           {"name": "at", "source": "ToString(at) || Upper(s)"}, {"name": "us", "source": "us"}, {"name": "age", "source": "YearsOld(day)"},
           {"name": "sum", "source": "SUM(children.i)"}, {"name": "up", "source": "parent.parent.d"}]},
         {"id": "save-some", "type": "save-audience", "from": "some", "audience": {"id": "some"},
          "identity": {"field": "s", "namespace": "S"}},
         {"id": "save-linked", "type": "save-audience", "from": "linked", "audience": {"id": "linked"},
          "identity": {"field": "s", "namespace": "S"}}]}
        """)

    static let rows = [
        #"{"table": "every", "op": "u", "row": {"id": "1", "s": "a@x", "i": 3, "d": 0.5, "b": true, "day": "2000-02-29", "at": "2026-06-14T12:00:00Z", "us": 1781438400000000, "e": "x", "v": 1, "up": "2"}}"#,
        #"{"table": "every", "op": "u", "row": {"id": "2", "s": "b@x", "i": -9223372036854775808, "d": 1e308, "b": false, "day": "9999-12-31", "at": "0001-01-01T00:00:00Z", "e": "y", "up": "2"}}"#,
        #"{"table": "every", "op": "u", "row": {"id": "3", "s": "b@x", "up": "1"}}"#,
        #"{"table": "pairs", "op": "u", "row": {"n": 1, "day": "2026-06-15", "owner": "1", "x": 0.1}}"#,
        #"{"table": "pairs", "op": "u", "row": {"n": -1, "day": "0001-01-01", "owner": "1", "x": -1e308}}"#,
    ]

    /// Noon of a summer day.
    static let clock = InstantText.milliseconds(of: "2026-06-15T12:00:00Z")!

    private static func event(_ type: String, _ member: String) -> (String) -> String {
        { #"{"type": "\#(type)", "\#(member)": \#($0)}"# }
    }

    /// Read from the system once.
    static func zone(_ name: String) -> TimeZoneRules? { Zones.rules[name] }
}

/// A state machine, and what it has said so far checked.
final class Shop {
    let machine = StateMachine(group: "fuzz", zone: World.zone)
    /// The changes decoded since the last commit.
    let batch = DecodedBatch()
    private let reader = JSONReader()

    /// With the schemas, and nothing else.
    init() {
        for event in World.schemas { control(event.utf8) }
        machine.apply(batch, clock: World.clock)
        batch.removeAll()
    }

    func control(_ event: some Collection<UInt8>, headers: ContentHeaders = ContentHeaders()) {
        withPadded(event) { bytes in
            let record = InputRecord(topic: "campaign-publish", partition: 0, offset: 0, timestamp: 0, key: nil, value: bytes)
            let event = machine.control.decode(bytes, headers: headers)
            if case .clock(let instant) = machine.apply(event, of: record) { advance(to: instant) }
        }
        checkOutput()
    }

    /// Decodes a change; the reason when it is refused.
    @discardableResult
    func change(
        _ value: (some Collection<UInt8>)?, key: UnsafeRawBufferPointer? = nil, headers: ContentHeaders = ContentHeaders(),
        mapped: String? = nil
    ) -> String? {
        func decode(_ bytes: UnsafeRawBufferPointer?) -> String? {
            do throws(Refusal) {
                try machine.changes.decode(bytes, key: key, headers: headers, mapped: mapped, into: batch.changes)
                return nil
            } catch {
                return error.reason
            }
        }
        return value.map { withPadded($0, decode) } ?? decode(nil)
    }

    /// Applies the changes decoded, a while later, and commits.
    func commit() {
        machine.apply(batch, clock: max(machine.engine.clock, World.clock))
        batch.removeAll()
        machine.commit()
        checkOutput()
    }

    /// Moves the clock, with the commits that lie on the way: of very many only the first.
    func advance(to instant: Int64) {
        guard instant > machine.engine.clock else { return }
        for stop in machine.engine.commitInstants(until: instant) { machine.commit(at: stop) }
        machine.apply(batch, clock: instant)
        batch.removeAll()
        machine.commit()
        checkOutput()
    }

    /// What goes out is JSON, and short where a broker asks for it.
    private func checkOutput() {
        machine.takeOutput().forEach { record in
            for header in record.headers where (header.value?.count ?? 0) > 64 * 1024 {
                fatalError("a header of \(header.value!.count) bytes")
            }
            guard record.topic != .deadLetters, let value = record.value else { return }
            require(withPadded(value) { reader.tree($0) } != nil, "no JSON: \(String(decoding: value, as: UTF8.self))")
        }
    }
}
