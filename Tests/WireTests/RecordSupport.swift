// Goal: what the tests of formats share. Method: whole records (key, headers, value) as texts or bytes through the decoder.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

extension ChangeDecoder {
    /// How many members were ignored, whatever their names.
    var ignoredMemberCount: Int { ignoredMembers.reduce(0) { $0 + $1.count } }

    /// How many records of a kind were ignored.
    func ignored(_ kind: IgnoredRecords.Kind) -> Int { ignoredRecords.first { $0.kind == kind }?.count ?? 0 }

    /// Decodes one record; the reason when it is refused. nil is a null value or key.
    func reason(
        bytes value: [UInt8]?, key: [UInt8]? = nil, headers: [(String, String)] = [], mapped: String? = nil, into batch: ChangeBatch
    ) -> String? {
        // The parser reads beyond the value only; what follows a key or header is anything.
        var memory: [UnsafeMutableRawBufferPointer] = []
        defer { memory.forEach { $0.deallocate() } }
        func keep(_ bytes: [UInt8], slack: Int) -> UnsafeRawBufferPointer {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + slack, alignment: 64)
            copy.initializeMemory(as: UInt8.self, repeating: 0xff)
            copy.copyBytes(from: bytes)
            memory.append(copy)
            return UnsafeRawBufferPointer(rebasing: copy[..<bytes.count])
        }
        var content = ContentHeaders()
        for (name, value) in headers { content.take(name: keep(Array(name.utf8), slack: 0), value: keep(Array(value.utf8), slack: 0)) }
        do throws(Refusal) {
            try decode(
                value.map { keep($0, slack: 64) }, key: key.map { keep($0, slack: 0) }, headers: content, mapped: mapped, into: batch)
            return nil
        } catch {
            // Whatever is refused, its dead letter tells of which kind it is.
            #expect(RefusalKind(reason: error.reason.cut(toBytes: Limits.reasonBytes), origin: .change) == error.kind, "\(error.reason)")
            return error.reason
        }
    }

    func reason(
        _ value: String?, key: String? = nil, headers: [(String, String)] = [], mapped: String? = nil, into batch: ChangeBatch
    ) -> String? {
        reason(bytes: value.map { Array($0.utf8) }, key: key.map { Array($0.utf8) }, headers: headers, mapped: mapped, into: batch)
    }
}

extension ChangeBatch {
    /// Its changes in short: `u t a 1 null`, `d t a`, `t t`; cells of fields by their order.
    func story(_ tables: [String]) -> [String] {
        zip(0..<count, plain).map { (number: Int, change: PlainChange) -> String in
            let letter =
                switch changes[number].operation {
                case .upsert: "u"
                case .delete: "d"
                case .truncate: "t"
                }
            return ([letter, tables[change.table]] + change.cells.map(shown)).joined(separator: " ")
        }
    }

    private func shown(_ cell: Literal) -> String {
        switch cell {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): value
        case .date(let value): "\(value)"
        case .instant(let value): "\(value)"
        }
    }
}
