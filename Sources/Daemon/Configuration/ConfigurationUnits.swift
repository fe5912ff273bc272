// Texts with a unit: ISO 8601 durations, sizes of memory, addresses to listen on. Each returns nil for what it does not understand and
// never overflows.

/// ISO 8601 durations of a fixed length.
enum DurationText {
    /// The longest duration: a hundred years of days.
    private static let maximumSeconds: Int64 = 36_525 * 86_400

    /// `P7D`, `PT1H30M`, `P1DT0.5S`, `P2W`. Years and months have no fixed length and are not understood; nothing negative is.
    static func parse(_ text: String) -> Duration? {
        var rest = text.utf8[...]
        guard rest.popFirst() == UInt8(ascii: "P"), !rest.isEmpty else { return nil }
        var units: [(letter: UInt8, seconds: Int64)] = [(UInt8(ascii: "W"), 7 * 86_400), (UInt8(ascii: "D"), 86_400)]
        var sum = Duration.zero
        var isTime = false
        while !rest.isEmpty {
            if !isTime, rest.first == UInt8(ascii: "T") {
                isTime = true
                units = [(UInt8(ascii: "H"), 3_600), (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1)]
                rest = rest.dropFirst()
            }
            guard let whole = number(&rest) else { return nil }
            var milliseconds: Int64 = 0
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                guard let fraction = fraction(&rest), rest.first == UInt8(ascii: "S") else { return nil }
                milliseconds = fraction
            }
            // Units come in their order, each once.
            guard let letter = rest.popFirst(), let index = units.firstIndex(where: { $0.letter == letter }) else { return nil }
            guard whole <= maximumSeconds / units[index].seconds else { return nil }
            sum += .seconds(whole * units[index].seconds) + .milliseconds(milliseconds)
            units.removeFirst(index + 1)
        }
        return sum <= .seconds(maximumSeconds) ? sum : nil
    }

    /// One that is longer than zero.
    static func parsePositive(_ text: String) -> Duration? {
        parse(text).flatMap { $0 > .zero ? $0 : nil }
    }

    /// What a duration in the notation of Go, systemd or people (`1h30m`, `7 days`, `30s`), or in small letters, was meant to be.
    static func likely(_ text: String) -> String? {
        if parsePositive(text.uppercased()) != nil { return text.uppercased() }
        let letters: [(names: [String], letter: Character)] = [
            (["w", "week", "weeks"], "W"), (["d", "day", "days"], "D"), (["h", "hr", "hour", "hours"], "H"),
            (["m", "min", "mins", "minute", "minutes"], "M"), (["s", "sec", "secs", "second", "seconds"], "S"),
        ]
        var date = ""
        var time = ""
        var rest = text.lowercased().filter { $0 != " " }[...]
        while !rest.isEmpty {
            let number = rest.prefix { ("0"..."9").contains($0) }
            let unit = rest.dropFirst(number.count).prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(number.count + unit.count)
            guard !number.isEmpty, let letter = letters.first(where: { $0.names.contains(String(unit)) })?.letter else { return nil }
            if letter == "W" || letter == "D" { date += "\(number)\(letter)" } else { time += "\(number)\(letter)" }
        }
        let iso = "P" + date + (time.isEmpty ? "" : "T" + time)
        return parsePositive(iso) == nil ? nil : iso
    }

    private static func number(_ rest: inout Substring.UTF8View) -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        rest = rest.dropFirst(digits.count)
        return Int64(Substring(digits))
    }

    /// Up to three digits behind the point, as milliseconds.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Int64? {
        let before = rest.count
        guard let value = number(&rest), before - rest.count <= 3 else { return nil }
        return value * [100, 10, 1][before - rest.count - 1]
    }
}

/// Sizes of memory.
enum SizeText {
    /// `4GiB`, `512MiB`, or a number of bytes. In bytes.
    static func parse(_ text: String) -> Int? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let units = ["": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40]
        guard let number = Int(Substring(digits)), let shift = units[String(text.dropFirst(digits.count))] else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }

    /// What a size in another notation (`4GB`, `512m`, `4 gib`) was meant to be; nil for one in this notation.
    static func likely(_ text: String) -> String? {
        guard parse(text) == nil else { return nil }
        let text = text.uppercased().filter { $0 != " " }
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count)
        guard let letter = unit.first, "KMGT".contains(letter), ["", "B", "IB"].contains(unit.dropFirst()) else { return nil }
        return parse("\(digits)\(letter)iB") == nil ? nil : "\(digits)\(letter)iB"
    }
}

extension Configuration.Listen {
    /// The longest path of a Unix socket: 108 bytes with the zero behind it.
    static let maximumPathBytes = 107

    /// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `unix:/run/audienced/http.sock`.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), (2...Self.maximumPathBytes).contains(path.utf8.count), !path.utf8.contains(0) else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let portText = text[text.index(after: colon)...]
        let isNumber = portText.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let port = UInt16(portText) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            // Without brackets nobody knows which colon the port is behind.
            return nil
        }
        let isPlain = host.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "[") }
        guard !host.isEmpty, host.utf8.count <= 253, isPlain else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    /// Whether other machines can come in.
    var isReachableByOthers: Bool {
        switch self {
        case .unix: false
        case .tcp(let host, _): !(host == "::1" || host.lowercased() == "localhost" || Self.isLoopback(host))
        }
    }

    /// `127.0.0.1` and the others of 127.0.0.0/8.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } && parts[0] == "127"
    }

    /// What a port alone, or an address with a scheme before it, was meant to be.
    static func likely(_ text: String) -> String? {
        if UInt16(text) != nil { return "127.0.0.1:\(text)" }
        if text.hasPrefix(":"), UInt16(text.dropFirst()) != nil { return "127.0.0.1\(text)" }
        let bare = text.hasPrefix("http://") ? String(text.dropFirst(7)) : text
        return bare != text && Self(bare) != nil ? bare : nil
    }
}
