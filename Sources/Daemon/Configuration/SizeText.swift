// Sizes of memory as texts with a unit. What is not understood is nil, and nothing overflows.

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

    /// A size for people: in the largest unit of which there are ten.
    static func text(_ bytes: Int) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes >> shift >= 10 { return "\(bytes >> shift)\(unit)" }
        return String(bytes)
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
