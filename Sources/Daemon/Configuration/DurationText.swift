// Durations as texts: ISO 8601. What is not understood is nil, and nothing overflows.

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
