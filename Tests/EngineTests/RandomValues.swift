// Random values from small pools, so that rows, links and identities collide and comparisons come out equal.
import Campaigns
import Oracle

struct RandomValues {
    /// Where the clock begins; dates and instants lie around it.
    let base: Int64
    /// A zone in which something happens to the clock then.
    let zone: String
    /// Whether time goes by in minutes, so that an hour that repeats is lived through twice.
    let isSlow: Bool
    /// Whether numbers at the edge of their types, and of each other's, are as many as small ones.
    let isExtreme: Bool

    static let day: Int64 = 86_400_000
    /// Before changes of daylight time, month ends, the day that Samoa skipped, and the first and the last year there is; each with a
    /// zone that it is about.
    private static let bases = [
        ("2026-03-28T12:00:00Z", "Europe/Paris"), ("2026-10-24T22:30:00Z", "Europe/Paris"), ("2024-02-27T23:00:00Z", "UTC"),
        ("2026-01-29T00:00:00Z", "Europe/Paris"), ("2011-12-28T10:00:00Z", "Pacific/Apia"), ("2026-06-15T08:00:00Z", "UTC"),
        ("2018-02-16T02:00:00Z", "America/Sao_Paulo"), ("2026-04-04T11:00:00Z", "Australia/Lord_Howe"),
        ("0001-01-03T00:00:00Z", "Europe/Paris"), ("9999-12-20T00:00:00Z", "UTC"),
    ]
    /// Hours before clocks are put back or forward.
    private static let edges = [
        ("2026-10-24T23:30:00Z", "Europe/Paris"), ("2026-11-01T04:00:00Z", "America/New_York"),
        ("2018-02-18T00:30:00Z", "America/Sao_Paulo"),
        ("2026-04-04T13:30:00Z", "Australia/Lord_Howe"), ("2026-11-01T03:30:00Z", "America/Havana"),
        ("2026-03-29T00:00:00Z", "Europe/Paris"),
        ("2024-03-29T20:00:00Z", "Europe/Paris"),
    ]

    private static let plainTexts = ["", "a", "b", "A", "ab", "a\"\n", "\u{e9}", "e\u{301}", "\u{1f600}", "\u{ffff}"]
    /// What functions of texts read, and characters that change their length or number with their case.
    private static let awkwardTexts = [
        "stra\u{df}e", "\u{130}I\u{131}", "\u{149}", "\u{1c6}ab", "\u{391}\u{3a3}", "\u{fb03}", "o'NEIL 2nd", " \t a b\r\n",
        "\u{a0}a\u{2003}", "aXbXXa", "a%_b",
        "x@a@b.c", "@", "a@", "12", "-1.5e3", "1e999", "9223372036854775808", "2026-02-28", "2026-02-30", "2026-03-29T01:30:00+01:00",
        "\u{660}\u{661}",
        "\u{bd}x", "\u{0}\u{1f}\u{7f}\\", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
    ]

    init(_ random: inout RandomNumbers) {
        isSlow = random.chance(20)
        let last = RandomValues.bases.count - 1
        let (text, zone) =
            if isSlow {
                random.pick(RandomValues.edges)
            } else {
                RandomValues.bases[random.chance(4) ? random.number(last - 1...last) : random.number(0...last - 2)]
            }
        base = InstantText.milliseconds(of: text)!
        self.zone = zone
        isExtreme = random.chance(20)
    }

    /// A value of a field; nil is null.
    func value(of field: Field, _ random: inout RandomNumbers) -> Datum? {
        if random.chance(18) { return nil }
        if field.name == "email" || field.name == "phone" { return .text(identity(&random)) }
        return value(of: field.type, isKey: field.name.hasPrefix("f"), enumeration: field.values, &random)
    }

    /// A value of a primary key's field.
    func key(of field: Field, _ random: inout RandomNumbers) -> Datum {
        // As long as a key text may be, and longer.
        if field.type == .string, random.chance(3) {
            return .text([UInt8](repeating: UInt8(ascii: "k"), count: random.number(1024...1025)))
        }
        return value(of: field.type, isKey: true, enumeration: field.values, &random)
    }

    private func identity(_ random: inout RandomNumbers) -> [UInt8] {
        switch random.number(0...39) {
        case 0...2: []
        case 3: [UInt8](repeating: UInt8(ascii: "x"), count: 1024)
        case 4: [UInt8](repeating: UInt8(ascii: "x"), count: 1025)
        // One é in two ways: equal strings for Swift, different texts here.
        case 5...7: Array("\u{e9}".utf8)
        case 8...10: Array("e\u{301}".utf8)
        default: Array(random.pick(["x@a", "y@a", "X@a", "z"]).utf8)
        }
    }

    func value(of type: FieldType, isKey: Bool, enumeration: [String], _ random: inout RandomNumbers) -> Datum {
        switch type {
        case .string:
            if isKey { return .text(Array(random.pick(["a", "b", "c", "10", "9", "\u{e9}", "e\u{301}", ""]).utf8)) }
            return .text(Array(random.pick(random.chance(65) ? RandomValues.plainTexts : RandomValues.awkwardTexts).utf8))
        case .enum: return .text(Array(random.pick(enumeration.isEmpty ? ["e1", "e2"] : enumeration).utf8))
        case .boolean: return .boolean(random.chance(50))
        case .integer: return .integer(isKey ? Int64(random.pick([1, 2, 9, 10])) : integer(&random))
        case .double: return .double(double(&random))
        case .date: return .date(day(&random, isKey: isKey))
        case .datetime: return .instant(isKey ? base + Int64(random.number(0...2)) * RandomValues.day : instant(&random))
        }
    }

    func integer(_ random: inout RandomNumbers) -> Int64 {
        random.chance(isExtreme ? 50 : 92)
            ? Int64(random.number(-2...6))
            : random.pick([1 << 53, 1 << 53 + 1, -(1 << 53) - 1, Int64.max, Int64.max - 1, Int64.min, 9_223_372_036_854_774_784])
    }

    func double(_ random: inout RandomNumbers) -> Double {
        random.chance(isExtreme ? 50 : 85)
            ? random.pick([0, 1, 2, 3, 1.5, 0.1, 0.2, 0.3, -0.0, -1, -2.5, 5])
            : random.pick([0x1p53, 0x1p53 + 2, 1e308, -1e308, 1.7e308, 0x1p-1074, -0x1p-1074, 0x1.1p-1022, 1e22, 0x1p63, -0x1p63, 1e-30])
    }

    func day(_ random: inout RandomNumbers, isKey: Bool = false) -> Int32 {
        let away =
            if isKey {
                random.number(0...2)
            } else if random.chance(5) {
                -random.pick([365, 366, 18 * 365, 6574, 6575])
            } else {
                random.chance(60) ? random.number(-4...5) : random.number(-35...35)
            }
        return min(max(Int32(base / RandomValues.day) + Int32(away), CivilDate.minimum), CivilDate.maximum)
    }

    func instant(_ random: inout RandomNumbers) -> Int64 {
        let days = Int64(random.chance(60) ? random.number(-4...5) : random.number(-35...35))
        if isSlow, random.chance(70) { return base + days * RandomValues.day + Int64(random.number(-4...20)) * 900_000 }
        let within: Int64 = random.pick([0, 0, 0, 1, -1, 3_600_000, 1800_000, 7_200_000, 12 * 3_600_000, -3_600_000, 500])
        return min(max(base + days * RandomValues.day + within, InstantText.minimum), InstantText.maximum)
    }
}
