// Goal: any JSON object, with columns of any names, on a topic that is mapped or not, with headers or without, is told apart as the table
// of contract §3 says. Method: random objects whose members are named like envelopes, at all depths; what the decoder makes of each, and
// what a plain reading of the table on trees makes of it, which shares nothing with the decoder.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct ShapeTests {
    @Test(arguments: 0..<8)
    func anyObjectIsToldApartAsTheTableSays(part: Int) {
        var made = ShapeMaker(seed: UInt64(part + 1))
        var met: [String: Int] = [:]
        let decoder = ChangeDecoder()
        for (number, name) in PlainTable.tables.enumerated() {
            decoder.publish(Schema(name, PlainTable.columns.map { Field(name: $0, type: .string) }), table: number)
        }
        for number in 0..<20_000 {
            let record = made.record()
            let expected = PlainTable(mapped: record.mapped, headers: record.headers).outcome(of: record.value)
            met[expected.word, default: 0] += 1
            let found = outcome(of: record, decoder)
            if found != expected {
                let value = record.value.map(text) ?? "null"
                Issue.record("\(number): \(value), mapped: \(record.mapped ?? "no"), \(record.headers): \(found), not \(expected)")
                return
            }
        }
        // Each line of the table was met, and not by accident only.
        for word in Outcome.words { #expect(met[word, default: 0] > 50, "\(word): \(met)") }
    }

    private func outcome(of record: ShapeMaker.Record, _ decoder: ChangeDecoder) -> Outcome {
        decoder.beginBatch()
        let before = decoder.ignoredRecords
        let batch = ChangeBatch()
        let reason = decoder.reason(
            record.value.map(text), key: #"{"id":"k"}"#, headers: record.headers.map { ($0.key, $0.value) }, mapped: record.mapped,
            into: batch)
        if reason != nil { return batch.count == 0 && batch.cells.count == 0 ? .refused : .changes(["left something behind"]) }
        let counted = decoder.ignoredRecords.filter { !before.contains($0) }
        if let kind = counted.first?.kind {
            return batch.count == 0 && counted.count == 1 ? .ignored(kind) : .changes(["counted and applied"])
        }
        return .changes(batch.story(PlainTable.tables))
    }

    private func text(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .boolean(let truth): "\(truth)"
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "\"\(text)\""
        case .array(let items): "[\(items.map(text).joined(separator: ","))]"
        case .object(let members): "{\(members.map { "\"\($0.name)\":\(text($0.value))" }.joined(separator: ","))}"
        }
    }
}

/// What a record becomes.
private enum Outcome: Equatable {
    case refused
    case ignored(IgnoredRecords.Kind)
    /// As `ChangeBatch.story` writes them.
    case changes([String])

    static let words = IgnoredRecords.Kind.allCases.map { "\($0)" } + ["refused", "u", "d", "t", "d u"]

    var word: String {
        switch self {
        case .refused: "refused"
        case .ignored(let kind): "\(kind)"
        case .changes(let changes): changes.map { String($0.prefix(1)) }.joined(separator: " ")
        }
    }
}

/// Contract §1 and the table of contract §3, read on trees.
private struct PlainTable {
    static let tables = ["t", "s"]
    static let columns = [
        "id", "op", "row", "table", "type", "data", "specversion", "source", "schema", "payload", "before", "after", "ts_ms", "status",
        "event_count",
        "ddl", "tableChanges", "data_collections", "__deleted", "_change_request_type", "iodebeziumop", "iodebeziumtable",
    ]

    var mapped: String?
    var headers: [String: String]

    func outcome(of value: JSON?) -> Outcome {
        guard let value else { return tombstone }
        guard case .object = value else { return .refused }
        let content = headers["content-type"]
        if content == "application/cloudevents+json" || (content == nil && value["specversion"] != nil && value["data"] != nil) {
            guard let data = value["data"] else { return .refused }
            if data == .null { return tombstone }
            guard case .object = data else { return .refused }
            if let code = value["iodebeziumop"] { return images(data, code, table: value["iodebeziumtable"]) }
            if let type = data["type"], let outer = value["type"], outer != .null, outer != type { return .refused }
            return row(data)
        }
        if let code = headers["ce_iodebeziumop"] {
            return images(value, .string(code), table: headers["ce_iodebeziumtable"].map(JSON.string))
        }
        if let type = headers["ce_type"], let own = value["type"], own != .string(type) { return .refused }
        return row(value)
    }

    private var tombstone: Outcome { mapped.map { .changes([delete($0, "k")]) } ?? .ignored(.tombstone) }

    private func images(_ data: JSON, _ code: JSON, table: JSON?) -> Outcome {
        guard case .string(let code) = code, ["c", "u", "r", "d", "t", "m"].contains(code) else { return .refused }
        return debezium(opened(data) ?? data, code, table: table)
    }

    /// Connect's payload.
    private func opened(_ value: JSON) -> JSON? {
        guard case .object? = value["payload"], let schema = value["schema"] else { return nil }
        switch schema {
        case .null, .object: return value["payload"]
        default: return nil
        }
    }

    private func row(_ value: JSON) -> Outcome {
        if let request = value["_change_request_type"] {
            guard case .string(let letter) = request, ["u", "U", "d", "D"].contains(letter), let mapped else { return .refused }
            return letter.lowercased() == "u" ? upsert(mapped, value) : deleted(mapped, value)
        }
        if let operation = value["op"], let row = value["row"] {
            var table = mapped
            switch value["table"] {
            case nil, .null, .string(""): break
            case .string(let own): table = own
            default: return .refused
            }
            guard let table, Self.tables.contains(table), case .object = row else { return .refused }
            return operation == .string("u") ? upsert(table, row) : operation == .string("d") ? deleted(table, row) : .refused
        }
        return connector(opened(value) ?? value)
    }

    private func connector(_ value: JSON) -> Outcome {
        guard case .object(let members) = value else { return .refused }
        let names = Set(members.map(\.name))
        let source: JSON? = if case .object? = value["source"] { value["source"] } else { nil }
        if case .string(let code)? = value["op"], ["c", "u", "r", "d", "t", "m"].contains(code), let source {
            return debezium(value, code, table: source["table"])
        }
        if names == ["ts_ms"] { return .ignored(.heartbeat) }
        if value["status"] == .string("BEGIN") || value["status"] == .string("END"), names.isSuperset(of: ["id", "event_count"]),
            names.isSubset(of: ["status", "id", "event_count", "ts_ms", "data_collections"])
        {
            return .ignored(.transactionMark)
        }
        if source != nil && (names.contains("ddl") || names.contains("tableChanges")) { return .ignored(.schemaChange) }
        guard let mapped else { return .refused }
        let isDeleted = value["__deleted"] == .boolean(true) || value["__deleted"] == .string("true")
        return isDeleted ? deleted(mapped, value) : upsert(mapped, value)
    }

    private func debezium(_ event: JSON, _ code: String, table named: JSON?) -> Outcome {
        if code == "m" { return .ignored(.message) }
        var table = mapped
        if table == nil, case .string(let own)? = named { table = own }
        guard let table, Self.tables.contains(table) else { return .refused }
        if code == "t" { return .changes(["t \(table)"]) }
        guard case .object? = event[code == "d" ? "before" : "after"] else { return .refused }
        if code == "d" { return deleted(table, event["before"]!) }
        let upserted = upsert(table, event["after"]!)
        guard code == "u", case .object? = event["before"], case .changes(let changes) = upserted else { return upserted }
        switch event["before"]?["id"] {
        case nil, .null: return upserted
        case .string(let old): return event["after"]!["id"] == .string(old) ? upserted : .changes([delete(table, old)] + changes)
        default: return .refused
        }
    }

    private func upsert(_ table: String, _ row: JSON) -> Outcome {
        var cells: [String] = []
        for column in Self.columns {
            switch row[column] {
            case nil, .null: cells.append("null")
            case .string(let text): cells.append(text)
            default: return .refused
            }
        }
        return cells[0] == "null" ? .refused : .changes([(["u \(table)"] + cells).joined(separator: " ")])
    }

    private func deleted(_ table: String, _ row: JSON) -> Outcome {
        guard case .string(let id)? = row["id"] else { return .refused }
        return .changes([delete(table, id)])
    }

    private func delete(_ table: String, _ id: String) -> String {
        (["d \(table)", id] + Self.columns.dropFirst().map { _ in "null" }).joined(separator: " ")
    }
}

/// Random records.
private struct ShapeMaker {
    struct Record {
        var value: JSON?
        var mapped: String?
        var headers: [String: String]
    }

    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    private mutating func number(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }

    private mutating func chance(_ percent: Int) -> Bool { number(100) < percent }
    private mutating func pick<Item>(_ items: [Item]) -> Item { items[number(items.count)] }

    mutating func record() -> Record {
        var headers: [String: String] = [:]
        if chance(30) { headers["content-type"] = pick(["application/json", "application/cloudevents+json"]) }
        if chance(15) { headers["ce_type"] = pick(["a", "b"]) }
        if chance(10) {
            headers["ce_iodebeziumop"] = pick(["c", "u", "d", "t", "m", "x"])
            if chance(80) { headers["ce_iodebeziumtable"] = pick(["t", "s", "gone"]) }
        }
        let value: JSON? = chance(3) ? nil : chance(3) ? pick([.null, .string("t"), .array([]), .integer(1)]) : object(depth: 0)
        return Record(value: value, mapped: chance(50) ? pick(PlainTable.tables) : nil, headers: headers)
    }

    /// An object that looks like one of the formats, more or less.
    private mutating func object(depth: Int) -> JSON {
        var names: Set<String> = []
        switch number(depth < 3 ? 10 : 2) {
        case 0, 1: names = ["id"]
        case 2: names = ["table", "op", "row"]
        case 3: names = ["_change_request_type", "id"]
        case 4, 5: names = ["before", "after", "op", "source"]
        case 6: names = ["schema", "payload"]
        case 7: names = ["specversion", "data", "type"]
        case 8: names = pick([["specversion", "data", "iodebeziumop", "iodebeziumtable"], ["before", "after"]])
        default: names = pick([["ts_ms"], ["status", "id", "event_count"], ["source", "ddl"], ["source", "tableChanges"]])
        }
        for _ in 0..<pick([0, 0, 0, 1, 2]) { names.insert(pick(PlainTable.columns + ["unknown"])) }
        if chance(10), let gone = names.sorted().first { names.remove(gone) }
        var members: [JSON.Member] = []
        for name in names.sorted() { members.insert(JSON.Member(name, value(of: name, depth: depth)), at: number(members.count + 1)) }
        return .object(members)
    }

    private mutating func value(of name: String, depth: Int) -> JSON {
        if chance(4) { return pick([.null, .string("x"), .integer(1), .boolean(true), .array([]), .object([])]) }
        switch name {
        case "id": return .string(pick(["1", "2"]))
        case "op", "iodebeziumop": return .string(pick(["c", "u", "u", "r", "d", "t", "m", "insert"]))
        case "_change_request_type": return .string(pick(["u", "U", "d", "D", "i"]))
        case "table", "iodebeziumtable": return pick([.string("t"), .string("s"), .string("gone"), .string(""), .null])
        case "type": return .string(pick(["a", "b"]))
        case "status": return .string(pick(["BEGIN", "END", "open"]))
        case "__deleted": return pick([.boolean(true), .string("true"), .boolean(false), .string("false")])
        case "source": return chance(80) ? .object([JSON.Member("table", value(of: "table", depth: depth))]) : .string("web")
        case "schema": return pick([.null, .object([]), .object([]), .string("public")])
        case "row", "payload", "data": return chance(85) ? object(depth: depth + 1) : pick([.null, .string("x")])
        case "before", "after":
            return chance(75) ? .object([JSON.Member("id", value(of: "id", depth: depth))]) : pick([.null, .string("x"), .object([])])
        default: return .string("v")
        }
    }
}
