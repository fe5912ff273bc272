// Journal records of format 3 as bytes (JournalRecord.swift says what they are). What is read is bounded and canonical: bytes that would be
// written otherwise are no record.

extension JournalRecord {
    /// What a record may have; which release reads and writes which is a row of `ReleasedFormatsTests`.
    enum Section: UInt8, CaseIterable {
        case commit = 1
        case control, changes, snapshots, repair, share
    }

    /// The record's bytes.
    var encoded: [UInt8] {
        var bytes = JournalBytes()
        bytes.bytes.append(UInt8(JournalRecord.currentFormat))
        func append(_ section: Section, _ write: (inout JournalBytes) -> Void) {
            var content = JournalBytes()
            write(&content)
            bytes.bytes.append(section.rawValue)
            bytes.append(UInt64(content.bytes.count))
            bytes.bytes += content.bytes
        }
        append(.commit) { content in
            content.append(UInt64(sequence))
            content.append(signed: clock)
            content.append(UInt64(bitPattern: fingerprint.semantics))
            content.append(word: fingerprint.mapping.hash)
            content.append(text: fingerprint.timezones)
        }
        if let control {
            append(.control) { content in
                content.append(control)
                content.bytes.append(control.isRefused ? 1 : 0)
            }
        }
        if !changes.isEmpty { append(.changes) { $0.append(changes) } }
        if !snapshots.isEmpty {
            append(.snapshots) { content in
                for snapshot in snapshots {
                    content.append(text: snapshot.audience)
                    content.append(UInt64(snapshot.sequence))
                }
            }
        }
        if isRepair { append(.repair) { _ in } }
        if let share {
            append(.share) { content in
                content.append(UInt64(share.limit))
                content.bytes.append((share.leavesEvents ? 1 : 0) | (share.isSliced ? 2 : 0))
            }
        }
        return bytes.bytes
    }

    /// Reads a record; nil when it is none of format 3, or one of a newer program.
    init?(bytes: UnsafeRawBufferPointer) {
        var reader = JournalBytesReader(bytes)
        guard reader.byte() == UInt8(JournalRecord.currentFormat), var commit = reader.section(.commit),
            let sequence = commit.offset(), let clock = commit.signed(), let semantics = commit.number(), let mapping = commit.word(),
            let timezones = commit.text(), commit.isAtEnd
        else { return nil }
        var control: Range?
        if var section = reader.section(.control) {
            guard var range = section.range(topic: nil, partition: 0), let refused = section.byte(), refused <= 1, section.isAtEnd else {
                return nil
            }
            range.isRefused = refused == 1
            control = range
        }
        var changes: [Range] = []
        if var section = reader.section(.changes) {
            guard let ranges = section.ranges() else { return nil }
            changes = ranges
        }
        var snapshots: [Announcement] = []
        if var section = reader.section(.snapshots) {
            repeat {
                guard let audience = section.text(), let sequence = section.offset() else { return nil }
                snapshots.append(Announcement(audience: audience, sequence: sequence))
            } while !section.isAtEnd
        }
        let repair = reader.section(.repair)
        guard repair?.isAtEnd ?? true else { return nil }
        var share: Share?
        if var section = reader.section(.share) {
            guard let limit = section.offset(), limit > 0, let flags = section.byte(), flags <= 3, section.isAtEnd else { return nil }
            share = Share(limit: Int(limit), leavesEvents: flags & 1 != 0, isSliced: flags & 2 != 0)
        }
        guard reader.isAtEnd else { return nil }
        self.init(
            sequence: sequence, clock: clock, control: control, changes: changes, snapshots: snapshots, isRepair: repair != nil,
            share: share,
            fingerprint: Fingerprint(
                semantics: Int64(bitPattern: semantics), timezones: timezones, mapping: Mapping(hash: mapping)))
    }
}

/// Writes what a record is made of.
private struct JournalBytes {
    var bytes: [UInt8] = []

    mutating func append(_ number: UInt64) {
        var left = number
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(left))
    }

    mutating func append(signed number: Int64) { append(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    mutating func append(word: UInt64) { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }

    mutating func append(text: String) {
        append(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    mutating func append(_ range: JournalRecord.Range) {
        append(UInt64(range.from))
        append(UInt64(range.to - range.from))
        append(UInt64(range.records))
        append(word: range.hash)
    }

    /// Those of a topic that follow one another are under its name together.
    mutating func append(_ ranges: [JournalRecord.Range]) {
        var first = 0
        while first < ranges.count {
            guard let topic = ranges[first].topic else { preconditionFailure("changes come of topics that have names") }
            let end = ranges[first...].firstIndex { $0.topic != topic } ?? ranges.count
            append(text: topic)
            append(UInt64(end - first))
            for range in ranges[first..<end] {
                append(UInt64(range.partition))
                append(range)
            }
            first = end
        }
    }
}

/// Reads it, from bytes that may be anything: nil where it is not there.
private struct JournalBytesReader {
    private var left: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { left = bytes }

    var isAtEnd: Bool { left.isEmpty }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count <= left.count else { return nil }
        defer { left = UnsafeRawBufferPointer(rebasing: left.dropFirst(count)) }
        return UnsafeRawBufferPointer(rebasing: left.prefix(count))
    }

    mutating func byte() -> UInt8? { take(1)?[0] }

    mutating func number() -> UInt64? {
        var number: UInt64 = 0
        for place in 0..<10 {
            guard let byte = byte() else { return nil }
            let bits = UInt64(byte & 0x7f)
            if place == 9 && bits > 1 { return nil }
            number |= bits << (7 * place)
            // A last byte of zero says nothing: there is a shorter form.
            if byte < 0x80 { return byte == 0 && place > 0 ? nil : number }
        }
        return nil
    }

    mutating func signed() -> Int64? { number().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) } }

    /// A number that is an offset, a sequence or a count.
    mutating func offset() -> Int64? { number().flatMap { Int64(exactly: $0) } }

    mutating func word() -> UInt64? { take(8).map { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) } }

    mutating func text() -> String? {
        guard let count = offset(), count <= left.count, let bytes = take(Int(count)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// What the next section has, when it is this one.
    mutating func section(_ section: JournalRecord.Section) -> JournalBytesReader? {
        guard left.first == section.rawValue else { return nil }
        var rest = self
        guard rest.byte() != nil, let count = rest.offset(), let content = rest.take(Int(count)) else { return nil }
        self = rest
        return JournalBytesReader(content)
    }

    mutating func range(topic: String?, partition: Int32) -> JournalRecord.Range? {
        guard let from = offset(), let length = offset(), let records = offset(), let hash = word() else { return nil }
        let (to, isTooLong) = from.addingReportingOverflow(length)
        guard !isTooLong else { return nil }
        return JournalRecord.Range(topic: topic, partition: partition, from: from, to: to, records: Int(records), hash: hash)
    }

    mutating func ranges() -> [JournalRecord.Range]? {
        var ranges: [JournalRecord.Range] = []
        repeat {
            guard let topic = text(), topic != ranges.last?.topic, let count = offset(), count > 0 else { return nil }
            for _ in 0..<count {
                guard let partition = offset().flatMap({ Int32(exactly: $0) }) else { return nil }
                guard let range = range(topic: topic, partition: partition) else { return nil }
                ranges.append(range)
            }
        } while !isAtEnd
        return ranges
    }
}
