// Goal: what the tests of replay, journal, processing and loop share. Method: JSON and records as texts, folders that go away with their
// value, a seeded generator, and the definitions that most tests use.

import Campaigns
import Glibc
import Testing

@testable import Daemon
@testable import Engine
@testable import Storage
@testable import Wire

/// For suites whose subject logs: the daemon's lines are for operators, `swift test` prints results.
struct Quiet: SuiteTrait {
    func prepare(for test: Testing.Test) async throws { Log.show(from: nil) }
}

extension Trait where Self == Quiet {
    static var quiet: Quiet { Quiet() }
}

/// Calls the body with bytes behind which 64 more are readable, as the parsers ask for.
func withPadded<Result, Failure: Error>(
    _ text: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count + 64, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    memory.copyBytes(from: text.utf8)
    return try body(UnsafeRawBufferPointer(rebasing: memory[..<text.utf8.count]))
}

/// A JSON text as a tree; traps when it is none.
func json(_ text: String) -> JSON {
    guard let tree = withPadded(text, { JSONReader().tree($0) }) else { fatalError("no JSON: \(text)") }
    return tree
}

func written(_ value: JSON) -> String {
    var text = JSONText()
    text.append(value)
    return String(decoding: text.bytes, as: UTF8.self)
}

extension JSON {
    /// A text along members: `["headers", "ce_id"]`.
    func text(_ path: String...) -> String? {
        var value: JSON? = self
        for name in path { value = value?[name] }
        if case .string(let text)? = value { return text }
        return nil
    }
}

/// The same numbers for the same seed, everywhere (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// A folder that is empty and goes away with the value.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/audienced-daemon-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "no folder for the test")
    }

    deinit { Self.removeTree(path) }

    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        for name in (try? Folders.names(in: path)) ?? [] { removeTree(path + "/" + name) }
        rmdir(path)
    }

    func write(_ name: String, _ text: String) throws {
        try AtomicFile.write(Array(text.utf8), to: "\(path)/\(name)")
    }

    func read(_ name: String) throws -> String {
        String(decoding: try OpenFile.reading("\(path)/\(name)").read(maximumBytes: Int.max), as: UTF8.self)
    }
}

func zones(_ name: String) -> TimeZoneRules? { name == "UTC" ? .utc : nil }

/// Definitions: a table of people, a campaign of those with n > 0.
enum Sample {
    static let schema =
        #"{"name":"people","primaryKey":["id"],"version":"v","identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"n","type":"integer"},{"name":"v","type":"integer"}]}"#

    static func campaign(_ id: String, audience: String, label: String? = nil, filter: String = "n > 0") -> String {
        #"{"id":"\#(id)","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"\#(filter)"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"\#(audience)","label":"\#(label ?? audience)"},"identity":{"field":"email","namespace":"Email"},"attributes":[{"source":"n","name":"n"}]}]}"#
    }

    static func row(_ id: String, n: Int, v: Int? = nil, op: String = "u", table: String = "people", time: Int64? = nil) -> String {
        let time = time.map { ",\"time\":\($0)" } ?? ""
        let version = v.map { ",\"v\":\($0)" } ?? ""
        return #"{"table":"\#(table)","op":"\#(op)","row":{"id":"\#(id)","email":"\#(id)@x","n":\#(n)\#(version)}\#(time)}"#
    }

    static func publish(schema: String = Sample.schema, time: Int64? = nil) -> String {
        #"{"type":"schema.published","schema":\#(schema)\#(time.map { ",\"time\":\($0)" } ?? "")}"#
    }

    static func publish(campaign: String, time: Int64? = nil) -> String {
        #"{"type":"campaign.published","campaign":\#(campaign)\#(time.map { ",\"time\":\($0)" } ?? "")}"#
    }

    static func barrier(_ id: String, time: Int64? = nil) -> String {
        #"{"type":"barrier.requested","id":"\#(id)"\#(time.map { ",\"time\":\($0)" } ?? "")}"#
    }
}
