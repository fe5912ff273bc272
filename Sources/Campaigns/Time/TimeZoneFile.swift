// TZif data (RFC 8536) to transitions and a rule. Every read is checked against the end of the bytes.

struct TimeZoneFile {
    /// Before the first transition, in seconds east of UTC.
    private(set) var firstOffset: Int64 = 0
    private(set) var transitions: [TimeZoneTransition] = []
    /// What holds after the last transition; nil when that one holds for ever.
    private(set) var rule: TimeZoneRule?

    private static let headerSize = 44

    private struct Header {
        var utcIndicators: Int
        var standardIndicators: Int
        var leapSeconds: Int
        var transitions: Int
        var types: Int
        var nameBytes: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count == TimeZoneFile.headerSize, bytes.starts(with: Array("TZif".utf8)),
                bytes[bytes.startIndex + 4] >= UInt8(ascii: "2")
            else { return nil }
            let counts = (0..<6).map { Int(TimeZoneFile.bigEndian(bytes, bytes.startIndex + 20 + $0 * 4, 4)) }
            (utcIndicators, standardIndicators, leapSeconds) = (counts[0], counts[1], counts[2])
            (transitions, types, nameBytes) = (counts[3], counts[4], counts[5])
        }

        /// Bytes of the data behind the header. The counts have 32 bits, so that nothing overflows here.
        func dataSize(timeSize: Int) -> Int {
            transitions * (timeSize + 1) + types * 6 + nameBytes + leapSeconds * (timeSize + 4) + standardIndicators + utcIndicators
        }
    }

    init?(_ bytes: [UInt8]) {
        guard let old = Header(bytes.prefix(Self.headerSize)) else { return nil }
        let start = Self.headerSize + old.dataSize(timeSize: 4)
        guard start <= bytes.count, let header = Header(bytes[start...].prefix(Self.headerSize)) else { return nil }
        let data = start + Self.headerSize
        let end = data + header.dataSize(timeSize: 8)
        guard end <= bytes.count, header.types > 0, readTransitions(bytes, header, at: data), readFooter(bytes[end...]) else { return nil }
    }

    /// The transitions and their offsets; false when they are malformed.
    private mutating func readTransitions(_ bytes: [UInt8], _ header: Header, at data: Int) -> Bool {
        let indexes = data + header.transitions * 8
        let types = indexes + header.transitions
        var offsets: [Int64] = []
        var firstStandard: Int64?
        for type in 0..<header.types {
            let offset = Int64(Int32(truncatingIfNeeded: Self.bigEndian(bytes[...], types + type * 6, 4)))
            guard abs(offset) <= 26 * 3600 else { return false }
            offsets.append(offset)
            if firstStandard == nil, bytes[types + type * 6 + 4] == 0 { firstStandard = offset }
        }
        // Before the first transition standard time holds, as far as anybody knows.
        firstOffset = firstStandard ?? offsets[0]
        for number in 0..<header.transitions {
            let at = Int64(truncatingIfNeeded: Self.bigEndian(bytes[...], data + number * 8, 8))
            let type = Int(bytes[indexes + number])
            // Some data begin with a transition at the Big Bang, -2^59; sums with offsets must not overflow.
            guard type < offsets.count, abs(at / 2) <= 1 << 59, at > transitions.last?.at ?? Int64.min else { return false }
            transitions.append(TimeZoneTransition(at: at, offset: offsets[type]))
        }
        return true
    }

    /// The footer: a rule between two line feeds; an empty one is none. False when it is malformed.
    private mutating func readFooter(_ bytes: ArraySlice<UInt8>) -> Bool {
        let lineFeed = UInt8(ascii: "\n")
        guard bytes.first == lineFeed, let end = bytes.dropFirst().firstIndex(of: lineFeed) else { return false }
        let text = bytes[(bytes.startIndex + 1)..<end]
        if text.isEmpty { return true }
        guard let rule = TimeZoneRule(text) else { return false }
        if transitions.isEmpty { firstOffset = rule.standardOffset }
        self.rule = rule
        return true
    }

    /// A number of so many bytes, which the caller knows to be there.
    private static func bigEndian(_ bytes: ArraySlice<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        bytes[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
