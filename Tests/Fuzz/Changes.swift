// The target `changes`. An input is lines; one is a record: a letter that says where it comes from, its key up to a tab, and its value. An
// empty line commits.
import Engine
import Wire

@testable import Daemon

func fuzzChanges(_ input: UnsafeRawBufferPointer) {
    let shop = Shop()
    for row in World.rows { shop.change(row.utf8) }
    shop.control(World.campaign.utf8)
    for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        guard let letter = line.first else {
            shop.commit()
            continue
        }
        let record = SourceLetter(letter)
        let parts = line.dropFirst().split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? parts[1] : nil
        if record.isReplayed {
            replay(value ?? parts[0], shop)
        } else {
            let key = parts[0].isEmpty ? nil : UnsafeRawBufferPointer(rebasing: parts[0])
            let changes = shop.batch.changes.count
            let reason = shop.change(value, key: key, headers: record.headers, mapped: record.table)
            require(reason == nil || shop.batch.changes.count == changes, "a refused record has left a change")
            require((reason?.utf8.count ?? 0) < 4096, "a reason of \(reason!.utf8.count) bytes")
        }
    }
    shop.commit()
    shop.advance(to: World.clock + 40 * 86_400_000)
}

/// A line of `replay`: it is looked at, and read as what it is.
private func replay(_ line: Slice<UnsafeRawBufferPointer>, _ shop: Shop) {
    let reader = ReplayLineReader(changes: shop.machine.changes, control: shop.machine.control)
    withPadded(line) { bytes in
        if reader.read(bytes).isControl {
            _ = reader.decodeControl()
        } else {
            try? reader.decodeChange(into: shop.batch.changes)
        }
    }
}

/// The bits of a printable letter from `@` on: which table the topic is mapped to, and what the headers say.
private struct SourceLetter {
    var table: String?
    var headers = ContentHeaders()
    var isReplayed: Bool

    init(_ letter: UInt8) {
        table = [nil, "every", "pairs", "nobody"][Int(letter & 3)]
        isReplayed = letter & 0x10 != 0
        switch letter >> 2 & 3 {
        case 1: take("content-type", "application/cloudevents+json; charset=utf-8")
        case 2: take("ce_type", "row")
        case 3: take("content-type", "application/cloudevents-batch+json")
        default: break
        }
        if letter & 0x20 != 0 {
            take("ce_iodebeziumop", "u")
            take("ce_iodebeziumtable", "pairs")
        }
    }

    private mutating func take(_ name: StaticString, _ value: StaticString) {
        func bytes(_ text: StaticString) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        }
        headers.take(name: bytes(name), value: bytes(value))
    }
}
